"""Slips that printer tests share; every person and number in them is made up."""

from __future__ import annotations

from typing import Any

from drivers.printer.receipt import Receipt, parse

URL = "https://yiduan.example.cn/p/L01261122A017.0123456789abcdef"

SLIP: dict[str, Any] = {
    "title": "新生儿出生一件事",
    "lines": [
        {"big": "已提交"},
        {"label": "申报编号", "value": "4107 0020 2611 2200 17"},
        {"label": "姓名", "value": "陈小云"},
        {"rule": True},
        {"text": "扫码查最新进度，任何一台自助机刷证也能查。"},
        {"qr": URL},
    ],
}

PRINTED = [
    "新生儿出生一件事",
    "已提交",
    "申报编号  4107 0020 2611 2200 17",
    "姓名      陈小云",
    "─" * 24,
    "扫码查最新进度，任何一台自助机刷证也能查。",
]
"""The lines of `SLIP` on 48 columns."""


def slip() -> Receipt:
    """Return `SLIP` as a device takes it."""
    return parse(SLIP)


def lines(*parts: dict[str, Any]) -> Receipt:
    """Return a slip without a title, of these lines."""
    return parse({"title": "", "lines": list(parts)})
