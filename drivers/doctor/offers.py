"""Which of what is plugged in could be the device that is missing, and how to bind it; pure.

What is offered is what the host takes: a name that moves when cables do is refused by
`drivers.service.options.port`, so for such a thing the rule of udev is told that gives it another.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from drivers.doctor.seen import Plugged
from drivers.service.options import path_of, port

MOST: Final = 4
"""Most things that are offered for one device."""

_SERIAL: Final[Mapping[str, str]] = {"serial": ""}
_CAMERA: Final[Mapping[str, str]] = {"camera": ""}
_TAKES: Final[Mapping[str, Mapping[str, str]]] = {
    "document-camera": _CAMERA,
    "face-camera": _CAMERA,
    "camera-scanner": _CAMERA,
    "keypad": {"input": ""},
    "scanner": {"serial": "", "hidraw": "hid-pos:", "input": "hid-keyboard:"},
    "receipt-printer": {"serial": "", "printer": "usb:"},
    "a4-printer": {"queue": ""},
    "social-card": {},
}
"""The kinds of things a device can be bound to, and what stands before the path of each."""

_MATCHES: Final[Mapping[str, str]] = {
    "hidraw": 'SUBSYSTEM=="hidraw"',
    "printer": 'SUBSYSTEM=="usbmisc", KERNEL=="lp*"',
}
"""What a rule of udev begins with, by kind of a thing that has no link of its own."""

_ONE_HAND: Final = frozenset({"input", "hidraw"})
"""Kinds under which one and the same HID device is seen."""


def free(there: Sequence[Plugged], ports: Iterable[str]) -> list[Plugged]:
    """Return what is plugged in and bound by none of these ports.

    Args:
        there: what is plugged in.
        ports: ports, and the nodes they lead to; the other faces of a HID device are bound with it.
    """
    paths = {path_of(one) for one in ports}
    bound = [one for one in there if {one.name, one.node} & paths]
    hands = {one.place for one in bound if one.kind in _ONE_HAND and one.place}
    return [
        one
        for one in there
        if one not in bound and not (one.kind in _ONE_HAND and one.place in hands)
    ]


def offers(device: str, there: Sequence[Plugged]) -> list[str]:
    """Return what to write for a device, or to do before, for each free thing it could be."""
    takes = _TAKES.get(device, _SERIAL)
    return [_offer(device, takes[one.kind], one) for one in there if one.kind in takes][:MOST]


def _offer(device: str, prefix: str, one: Plugged) -> str:
    if port(prefix + one.name) is None:
        return prefix + one.name
    stable = f"{prefix}/dev/yiduan/{device}"
    return f"{stable}, once a rule of udev has named {one.name} so: {_rule(device, one)}"


def _rule(device: str, one: Plugged) -> str:
    """Return a rule by the ids of the device, for the group of the host's unit."""
    vendor, _, product = one.usb.partition(":")
    parts = [_MATCHES.get(one.kind, f'KERNEL=="{one.node.removeprefix("/dev/")}"')]
    if vendor:
        parts += [f'ATTRS{{idVendor}}=="{vendor}"', f'ATTRS{{idProduct}}=="{product}"']
    return ", ".join([*parts, f'SYMLINK+="yiduan/{device}"', 'GROUP="kiosk-devices"'])
