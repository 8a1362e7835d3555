"""Things and places by name, out of the configuration beside the console; a code where none is."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Final

import structlog

from kiosk.documents import DocumentError, read

log = structlog.get_logger()
PAGES: Final = {
    "attract": "首页没有动",
    "home": "选事项",
    "search": "找事项",
    "guide": "看一次告知",
    "choose": "选情形",
    "card": "刷身份证",
    "enterprise": "企业登录",
    "consent": "看授权",
    "declined": "不同意授权",
    "fetching": "等数据",
    "choice": "填表",
    "province": "填表",
    "place": "填表",
    "date": "填表",
    "digits": "填表",
    "form": "填表",
    "materials": "看材料清单",
    "capture": "拍材料",
    "captured": "看拍的材料",
    "commit": "容缺承诺",
    "listed": "看清单",
    "delivery": "选怎么取件",
    "review": "核对",
    "objection": "对数据有异议",
    "sign": "签名",
    "sign_card": "刷卡签名",
    "submitting": "等提交",
    "receipt": "看回执",
    "trouble": "出了故障",
}
"""Where a visit was left, as an office says it; pages that ask one question are the form."""


class Names:
    """Names of things and places."""

    def __init__(self, config: Path | None) -> None:
        self._config = config
        self.thing = cache(self._thing)
        self.place = cache(self._place)

    def _thing(self, code: str) -> str:
        return self._name(("catalogue", "things", f"{code}.yaml"), code)

    def _place(self, code: str) -> str:
        return self._name(("jurisdictions", f"{code}.yaml"), code) if code else "没有写地区"

    def _name(self, parts: tuple[str, ...], code: str) -> str:
        if self._config is None or not code.replace("-", "").isalnum():
            return code
        path = self._config.joinpath(*parts)
        try:
            value = read(path).value if path.is_file() else {}
        except DocumentError as error:
            log.warning("names_unread", problem=str(error))
            return code
        return str(value.get("name", code)) if isinstance(value, dict) else code
