"""A scanner that types: the kernel's key events of a HID keyboard become bytes. Pure.

Such a module cannot be told when to look and loses everything that is not ASCII; it is taken only
because some terminals have no other. Its keys are those of a US keyboard, its end is Enter.
The device must be held alone (`drivers.scanner.line`), or a code types into the screen.

An event is ``struct input_event`` of a 64-bit kernel, 24 bytes: seconds and microseconds (8 bytes
each), type and code (2 bytes each), value (4 bytes), native order.

Sources: linux/input-event-codes.h (key codes, EV_KEY, SYN_DROPPED); linux/input.h (the structure);
USB HID usage tables, keyboard page (US layout).
"""

from __future__ import annotations

import struct
from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from drivers.scanner.codec import (
    MAX_PAYLOAD,
    Damage,
    Event,
    Framing,
    Garbled,
    Overflow,
    Payload,
    Request,
)
from drivers.scanner.mute import MuteCodec
from drivers.scanner.symbology import ToldBy

EVENT: Final = struct.Struct("=qqHHi")

EV_SYN: Final = 0x00
EV_KEY: Final = 0x01
SYN_DROPPED: Final = 3
RELEASED: Final = 0
PRESSED: Final = 1

ENTER: Final = frozenset({28, 96})
SHIFT: Final = frozenset({42, 54})
_OTHER_MODIFIERS: Final = frozenset({29, 56, 97, 100, 125, 126})
"""Control, alt and meta: with them a key is no character."""
_SILENT: Final = frozenset({58, 69, 70})
"""The lock keys: modules strike them around a code, and they stand for nothing."""


def _row(first: int, plain: str, shifted: str) -> dict[int, bytes]:
    pairs = enumerate(zip(plain, shifted, strict=True), start=first)
    return {code: (low + high).encode("ascii") for code, (low, high) in pairs}


_KEYS: Final[Mapping[int, bytes]] = MappingProxyType(
    _row(2, "1234567890-=", "!@#$%^&*()_+")
    | _row(15, "\tqwertyuiop[]", "\tQWERTYUIOP{}")
    | _row(30, "asdfghjkl;'`", 'ASDFGHJKL:"~')
    | _row(43, "\\zxcvbnm,./", "|ZXCVBNM<>?")
    | _row(55, "*", "*")
    | _row(57, " ", " ")
    | _row(71, "789-456+1230.", "789-456+1230.")
    | _row(98, "/", "/")
)
"""Without shift and with it, by key code."""


def strokes(text: bytes) -> bytes:
    """Return the events of a module that types ASCII `text` and Enter; for the simulator.

    Raises:
        KeyError: There is no key for a character.
    """
    by_character = {pair[high]: (code, high) for code, pair in _KEYS.items() for high in (1, 0)}
    out = bytearray()
    for byte in text:
        code, high = by_character[byte]
        keys = [(42, PRESSED), (code, PRESSED), (code, RELEASED), (42, RELEASED)]
        out += b"".join(event(EV_KEY, *key) for key in (keys if high else keys[1:3]))
        out += event(EV_SYN, 0, 0)
    return bytes(out) + event(EV_KEY, 28, PRESSED) + event(EV_KEY, 28, RELEASED)


def event(kind: int, code: int, value: int) -> bytes:
    """Return one event as the kernel writes it, at time 0."""
    return EVENT.pack(0, 0, kind, code, value)


class KeyboardCodec(MuteCodec):
    """A module that types; see `drivers.scanner.codec.Codec`. It cannot be told anything."""

    @property
    def name(self) -> str:
        """The family's name."""
        return "hid-keyboard"

    def receiver(self, framing: Framing, told_by: ToldBy, suffix: bytes = b"") -> _Receiver:
        """Return an ear for key events; Enter is the only end."""
        del framing, told_by, suffix
        return _Receiver()


class _Receiver:
    """The host's ear; see `drivers.scanner.codec.Receiver`."""

    def __init__(self) -> None:
        self._pending = bytearray()
        self._text = bytearray()
        self._held: set[int] = set()
        self._damage: Damage | None = None
        self._too_long = False

    @property
    def in_record(self) -> bool:
        """Whether a code is being typed."""
        return bool(self._pending or self._text or self._damage or self._too_long)

    def expect(self, request: Request | None) -> None:
        """Do nothing: there are no answers."""

    def receive(self, data: bytes) -> list[Event]:
        """Take bytes as they came, return what is complete."""
        self._pending += data
        events: list[Event] = []
        while len(self._pending) >= EVENT.size:
            _, _, kind, code, value = EVENT.unpack_from(self._pending)
            del self._pending[: EVENT.size]
            if one := self._take(kind, code, value):
                events.append(one)
        return events

    def idle(self) -> list[Event]:
        """Nothing was typed for a while: a code without Enter was cut short."""
        begun = self.in_record
        self._forget()
        self._pending.clear()
        return [Garbled(damage=Damage.CUT_SHORT)] if begun else []

    def reset(self) -> None:
        """Forget what was begun; which keys are held is still known."""
        self._forget()

    def answers(self) -> bytes:
        """Return nothing: nothing can be said to a keyboard."""
        return b""

    def _take(self, kind: int, code: int, value: int) -> Event | None:
        if kind == EV_SYN and code == SYN_DROPPED:
            self._held.clear()
            self._damage = Damage.LOST
        if kind != EV_KEY:
            return None
        if code in SHIFT | _OTHER_MODIFIERS:
            (self._held.discard if value == RELEASED else self._held.add)(code)
        elif value == PRESSED:
            return self._strike(code)
        return None

    def _strike(self, code: int) -> Event | None:
        if code in ENTER:
            return self._end()
        if code in _SILENT:
            return None
        pair = _KEYS.get(code)
        if pair is None or self._held & _OTHER_MODIFIERS:
            self._damage = self._damage or Damage.NOT_ASCII
        elif len(self._text) < MAX_PAYLOAD:
            self._text.append(pair[bool(self._held & SHIFT)])
        else:
            self._too_long = True
        return None

    def _end(self) -> Event | None:
        text, damage, too_long = bytes(self._text), self._damage, self._too_long
        self._forget()
        if damage:
            return Garbled(damage=damage)
        if too_long:
            return Overflow()
        return Payload(data=text) if text else None

    def _forget(self) -> None:
        self._text.clear()
        self._damage = None
        self._too_long = False
