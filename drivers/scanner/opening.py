"""From the name of a port to a scanner on it.

======================================  ==========================================================
port                                    what is opened
======================================  ==========================================================
``/dev/serial/by-id/…``, ``socket://…``  a serial line, in the profile's family
``hid-keyboard:/dev/input/by-id/…``     a module that types, held alone by EVIOCGRAB
``hid-pos:/dev/…``                      a module of the HID point-of-sale class, over hidraw
======================================  ==========================================================
"""

from __future__ import annotations

from typing import Final

from drivers.scanner.codec import Codec
from drivers.scanner.device import Scanner
from drivers.scanner.keyboard import KeyboardCodec
from drivers.scanner.line import InputLine, Line
from drivers.scanner.pos_report import PosReportCodec
from drivers.scanner.profiles import FAMILIES, Profile
from drivers.scanner.symbology import ToldBy
from drivers.transport import Transport

KEYBOARD: Final = "hid-keyboard:"
POS: Final = "hid-pos:"

_KEYBOARD_PROFILE: Final = Profile(name="hid-keyboard", gap_s=0.5)
"""A module types a character in 1 to 20 ms; half a second without Enter is no code."""
_POS_PROFILE: Final = Profile(name="hid-pos", gap_s=0.1, symbology=ToldBy.AIM)
"""A report a millisecond at full speed; 0.1 s is a long time."""


def open_line(port: str, *, baudrate: int = 115200) -> Line:
    """Open the line a port names.

    Raises:
        TransportLost: There is no such port, or it cannot be held alone.
    """
    if port.startswith(KEYBOARD):
        return InputLine.keyboard(port.removeprefix(KEYBOARD))
    if port.startswith(POS):
        return InputLine.pos(port.removeprefix(POS))
    return Transport.open(port, baudrate=baudrate)


def codec_for(port: str, profile: Profile) -> Codec:
    """Return what speaks with the scanner on a port."""
    if port.startswith(KEYBOARD):
        return KeyboardCodec()
    if port.startswith(POS):
        return PosReportCodec()
    return FAMILIES[profile.family]


def scanner_on(line: Line, port: str, profile: Profile) -> Scanner:
    """Return the scanner on an open line."""
    return Scanner(line, profile=profile_for(port, profile), codec=codec_for(port, profile))


def profile_for(port: str, profile: Profile) -> Profile:
    """Return the profile that holds on a port: a HID module cannot be set to anything."""
    if port.startswith(KEYBOARD):
        return _KEYBOARD_PROFILE
    if port.startswith(POS):
        return _POS_PROFILE
    return profile
