"""Which simulated devices there are beside the four of every terminal, and what one does to them.

Each is built by name from the file of simulated devices; its class is imported only then.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib import import_module
from types import MappingProxyType
from typing import Final, cast

from drivers.simulated.device import SimulatedDevice, Surroundings


@dataclass(frozen=True, kw_only=True, slots=True)
class Action:
    """A button of the control page: its words, and the command it posts."""

    label: str
    command: Mapping[str, object]


@dataclass(frozen=True, kw_only=True, slots=True)
class Kind:
    """One kind of simulated device.

    Attributes:
        title: What the page calls it.
        build: "module:function" that takes `Surroundings` and returns the device.
        actions: What the page offers, in this order.
        options: What its entry in the file of simulated devices may hold.
    """

    title: str
    build: str
    actions: tuple[Action, ...] = ()
    options: frozenset[str] = frozenset()


def build(kind: Kind, around: Surroundings) -> SimulatedDevice:
    """Build a device.

    Raises:
        ValueError: Its options cannot be used.
    """
    strange = around.options.keys() - kind.options
    if strange:
        there = ", ".join(sorted(kind.options)) or "none"
        raise ValueError(f"{around.link.name}: no such option {min(strange)}; there are {there}")
    module, _, name = kind.build.partition(":")
    maker: object = import_module(module)
    for step in name.split("."):
        maker = getattr(maker, step)
    return cast("Callable[[Surroundings], SimulatedDevice]", maker)(around)


def _does(label: str, **command: object) -> Action:
    return Action(label=label, command=command)


_CABLE: Final = (_does("拔掉插头", unplug=True), _does("插回去", replug=True))
_NO_FAULT: Final = _does("恢复正常", fault=None)

KINDS: Final[Mapping[str, Kind]] = MappingProxyType(
    {
        "ups": Kind(
            title="不间断电源",
            build="drivers.simulated.ups:SimulatedUps",
            options=frozenset({"protocol", "name", "tcp_port"}),
            actions=(
                _does("停电", power="lost"),
                _does("停电，电池快用完", power="lost", charge=5),
                _does("来电，电池充满", power="back", charge=100),
                _does("不应答一次", fail_next="silence"),
                _does("一次误报停电", fail_next="status:01"),
                *_CABLE,
            ),
        ),
        "panel": Kind(
            title="机柜：门、防拆、灯",
            build="drivers.simulated.panel:SimulatedBoard",
            options=frozenset({"profile"}),
            actions=(
                _does("打开前门", sensor="cabinetFrontDoor", word="open"),
                _does("关上前门", sensor="cabinetFrontDoor", word="closed"),
                _does("有人拆机", sensor="tamperSensor", word="on"),
                _does("拆机报警解除", sensor="tamperSensor", word="off"),
                _does("有人走近", sensor="proximitySensor", word="present"),
                _does("没有人", sensor="proximitySensor", word="notPresent"),
                *_CABLE,
            ),
        ),
        "keypad": Kind(
            title="触觉键盘和耳机",
            build="drivers.simulated.keypad:SimulatedKeypad",
            options=frozenset({"profile"}),
            actions=(
                *(
                    _does(label, press=key)
                    for label, key in (
                        ("上", "up"),
                        ("下", "down"),
                        ("左", "left"),
                        ("右", "right"),
                        ("选定", "select"),
                        ("帮助", "help"),
                        ("大声", "volumeUp"),
                        ("小声", "volumeDown"),
                    )
                ),
                _does("插上耳机", headset="in"),
                _does("拔下耳机", headset="out"),
                *_CABLE,
            ),
        ),
        "face-camera": Kind(
            title="人脸摄像头（画出来的脸）",
            build="drivers.simulated.face_camera:SimulatedFaceCamera",
            options=frozenset({"who", "scene"}),
            actions=(
                _does("没有人", scene="nobody"),
                _does("一个人", scene="one"),
                _does("两个人", scene="two"),
                _does("站得太远", scene="too_far"),
                _does("向左转头", scene="turned_left"),
                _does("向右转头", scene="turned_right"),
                _does("太暗", fault="dark"),
                _does("模糊", fault="blurred"),
                _does("画面卡住不动", fault="freeze"),
                _NO_FAULT,
                *_CABLE,
            ),
        ),
        "camera-scanner": Kind(
            title="摄像头扫码",
            build="drivers.simulated.camera_codes:SimulatedCodeCamera.simulated",
            actions=(
                _does("出示示例码", show="https://example.invalid/p/demo"),
                _does("模糊的示例码", show="https://example.invalid/p/demo", look="blurred"),
                _does("收起手机", hide=True),
                _does("画面卡住不动", fault="freeze"),
                _does("全黑", fault="black"),
                _NO_FAULT,
                *_CABLE,
            ),
        ),
        "social-card": Kind(
            title="社会保障卡卡座",
            build="drivers.simulated.social_card:SimulatedSocialSlot",
            actions=(
                _does("插入社保卡", insert=True),
                _does("插入银行卡", insert="bank"),
                _does("插入锁住的卡", insert="blocked"),
                _does("插入不应答的卡", insert="mute"),
                _does("拿走卡", take_out=True),
                *_CABLE,
            ),
        ),
        "a4-printer": Kind(
            title="A4 打印机",
            build="drivers.simulated.a4_printer:SimulatedA4Printer",
            actions=(
                _does("装满纸", paper="ok"),
                _does("快没纸", paper="low"),
                _does("没纸", paper="out"),
                _does("卡纸", jam=True),
                _does("取出卡纸", jam=False),
                _does("墨粉少", toner="low"),
                _does("墨粉满", toner="ok"),
                _does("脱机", offline=True),
                _does("联机", offline=False),
                *_CABLE,
            ),
        ),
    }
)
"""The kinds by the name of the device, which is also its name in the file of ports."""
