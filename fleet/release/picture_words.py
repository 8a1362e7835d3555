"""What pictures of a terminal are called, as an office says it."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from fleet.release.painting import Target
from fleet.release.pictures import Change, Page, Preview

SITES: Final = {
    "hall": "政务大厅",
    "bank": "银行",
    "post": "邮政",
    "telecom": "通信营业厅",
    "park": "园区",
    "mall": "商场",
    "building": "楼宇",
}
SIDES: Final = {"before": "改前", "after": "改后"}
CHANGES: Final[dict[Change, str]] = {
    "changed": "有变化",
    "new": "新增",
    "gone": "去掉",
    "same": "没有变化",
    "alone": "没有前一个可比",
}
_KINDS: Final = {
    "attract": "没人时的首页",
    "help": "找人帮忙",
    "out": "暂停服务",
}


def caption(page: Page) -> str:
    """Return what a picture shows."""
    if page.kind == "home":
        told = f"选事项 · {page.of} · 第 {page.leaf} 屏"
    elif page.kind == "guide":
        told = f"一次告知 · {page.of}"
    else:
        told = _KINDS.get(page.kind, page.kind)
    return f"{told} · 大字" if page.elder else told


def alternative(page: Page, side: str) -> str:
    """Return what stands for a picture where it is not seen: which page, which side, what of it."""
    told = SIDES[side] if page.change == "changed" else CHANGES[page.change]
    return f"{caption(page)}，{told}"


def terminal(preview: Preview) -> str:
    """Return which terminal it is."""
    way = "竖屏" if preview.height >= preview.width else "横屏"
    site = SITES.get(preview.site, preview.site)
    own = "，按这台机器自己的设置" if preview.own else ""
    return (
        f"{preview.name} · {site} · {preview.place}（{way} {preview.width}×{preview.height}{own}）"
    )


def asked(target: Target) -> str:
    """Return for which terminal pictures were asked for."""
    site = SITES.get(target.site, target.site) or "配置里默认的终端"
    told = f"{site} {target.jurisdiction}".strip()
    return f"{told}（横屏）" if target.landscape else told


def moment(preview: Preview) -> str:
    """Return when the terminal is seen."""
    at = datetime.fromisoformat(preview.at)
    return f"{at.year}年{at.month}月{at.day}日 {at:%H:%M}"


def summary(preview: Preview) -> str:
    """Return how many pages are what."""
    count = {change: len(preview.having(change)) for change in CHANGES}
    if preview.trouble:
        return f"共 {len(preview.pages)} 页。前一个配置画不出来，没法比：{preview.trouble}"
    if not preview.before:
        return f"共 {len(preview.pages)} 页。没有前一个可比。"
    told = "，".join(
        f"{CHANGES[own]} {count[own]} 页" for own in ("changed", "new", "gone") if count[own]
    )
    rest = f"没有变化 {count['same']} 页" if told else f"{count['same']} 页全都没有变化"
    return f"和 {preview.before} 比：{f'{told}，' if told else ''}{rest}。"
