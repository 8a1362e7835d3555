"""Times, sources and hidden values as people read them on the pages."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from intake.receiving.numbers import CHINA
from standards.masking import mask_id, mask_mobile

_SOURCES: Final = {
    "id_card": "身份证",
    "card": "身份证",
    "account": "统一身份认证",
    "profile": "个人空间",
    "prior": "以前填过",
    "household": "户籍信息",
    "e_licence": "电子证照",
    "terminal": "终端",
    "user": "本人填写",
}
_ID_LENGTH: Final = 18
_MOBILE_LENGTH: Final = 11


def time_text(moment: datetime, now: datetime) -> str:
    """Return a moment as people say it: 今天 14:36, 11月22日 09:10, 2025年3月1日 09:10."""
    local, today = moment.astimezone(CHINA), now.astimezone(CHINA)
    clock = f"{local:%H:%M}"
    if local.date() == today.date():
        return f"今天 {clock}"
    if local.date() == today.date() + timedelta(days=1):
        return f"明天 {clock}"
    day = f"{local.month}月{local.day}日"
    return f"{day} {clock}" if local.year == today.year else f"{local.year}年{day} {clock}"


def late_text(due: datetime, now: datetime) -> str:
    """Return by how much a time has passed: 12 分钟, 3 小时, 2 天; empty while it has not."""
    minutes = int((now - due).total_seconds() // 60)
    if now <= due:
        return ""
    if minutes < 60:
        return f"{max(minutes, 1)} 分钟"
    return f"{minutes // 60} 小时" if minutes < 48 * 60 else f"{minutes // (24 * 60)} 天"


def source_text(source: str) -> str:
    """Return a source word as a clerk reads it."""
    register, _, authority = source.partition(":")
    match register:
        case "share" if authority:
            return f"{authority}共享"
        case "capture":
            return "拍照识别"
        case "produced":
            return "前一事项办出"
        case "derived":
            return "自动算出"
        case _:
            return _SOURCES.get(register, source)


def hidden(value: str) -> str:
    """Hide a value by its shape: an ID number, a mobile number, anything else."""
    if len(value) == _ID_LENGTH and value.isascii():
        return mask_id(value)
    if len(value) == _MOBILE_LENGTH and value.isdigit():
        return mask_mobile(value)
    if not value.isascii():
        return "*" * 6
    return "*" * 6 + (value[-4:] if len(value) > 8 else "")


def size_text(size: int) -> str:
    """Return a number of bytes in KB."""
    return f"{max(size / 1024, 1):.0f} KB"
