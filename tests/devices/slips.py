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


def newborn() -> Receipt:
    """Return the slip of a newborn's visit, as long as it gets in the hall: six items."""
    items = ("出生医学证明", "预防接种证", "户口登记", "医保参保登记", "社会保障卡", "生育津贴申领")
    number = "4107 0020 2611 2200 0017"
    items_told = [
        {"label": name, "value": f"{number} {place:02d}"} for place, name in enumerate(items, 1)
    ]
    return parse(
        {
            "title": "示范市政务服务",
            "lines": [
                {"big": "自助办理凭条"},
                {"text": f"已提交；申报编号 {number}"},
                {"label": "本机号", "value": "L0020261122ABCD"},
                {"rule": True},
                {"label": "办理", "value": "新生儿出生一件事"},
                *items_told,
                {"label": "申请人", "value": "陈*云"},
                {"label": "时间", "value": "2026-11-22 14:36"},
                {"label": "办理地点", "value": "政务服务大厅 20号自助机"},
                {"label": "指南版本", "value": "c47a3cce"},
                {"rule": True},
                {"text": "接下来"},
                {"text": "材料核对：提交后 2 个工作小时内"},
                {"text": "部门受理：收件后 1 个工作日内，扫码能看到"},
                {"rule": True},
                {"qr": URL},
                {"text": "扫码查最新；到任何一台自助机扫这张凭条也能查"},
                {"text": "咨询电话 12345"},
            ],
        }
    )
