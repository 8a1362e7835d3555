"""What settings are called in an office: the ones that a release changes for people."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from fleet.console.words import KINDS

SETTINGS: Final[Mapping[str, str]] = {
    "site": "场所",
    "jurisdiction": "地方",
    "terminal.name": "终端名称",
    "terminal.site_name": "地点名称",
    "timeouts.idle": "没人碰多久后提醒（秒）",
    "timeouts.warning": "提醒多久后结束办理（秒）",
    "timeouts.submit_wait": "提交最多等多久（秒）",
    "help.phone": "帮助电话",
    "help.hours": "帮助电话的时间",
    "help.attended": "现场有人的时间",
    "idle.greeting": "首页标题",
    "idle.first": "首页先列的事项",
    "sound.volume": "音量（%）",
    "sound.night_volume": "夜间音量（%）",
    "sound.night_begins": "夜间从几点",
    "sound.night_ends": "夜间到几点",
    "sound.speech": "朗读",
    "privacy.risk": "旁人看到的风险",
    "privacy.withheld": "这里不能办的事项",
    "privacy.second_person": "提醒旁边有人",
    "printers.receipt": "凭条打印机",
    "printers.a4": "A4 打印机",
    "power.battery_seconds": "停电后多久关机（秒）",
    "release.trial_seconds": "新配置试用多久（秒）",
}
"""By key; every one is a setting (`kiosk.settings.model`)."""


def called(key: str) -> str:
    """Return what a setting is called; its key where it has no name of ours."""
    return SETTINGS.get(key, key)


def value(told: str) -> str:
    """Return a value; nothing is said to be nothing."""
    return {"": "（空）", "True": "是", "False": "否"}.get(told, told)


def site(kind: str) -> str:
    """Return what a kind of site is called."""
    return KINDS.get(kind, kind)
