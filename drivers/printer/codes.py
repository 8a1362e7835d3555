"""QR and bar codes as commands: drawn by the printer, or sent to it as a picture."""

from __future__ import annotations

from typing import TYPE_CHECKING

import segno
from PIL import Image

from drivers.printer import composer, pictures
from drivers.printer.bars import code_128_modules

if TYPE_CHECKING:
    from drivers.printer.profiles import Profile

MODULE_DOTS = 8
"""Dots of a QR module where the code is small enough: 1 mm, easy for any camera."""

QUIET_MODULES = 4
"""White modules around a QR code (GB/T 18284)."""

BAR_DOTS = (3, 2)
"""Dots of a bar code's narrowest bar, the wider first; below 0.25 mm no camera reads it."""

BAR_HEIGHT = 80
"""Dots of a bar code's bars: 1 cm."""

BAR_QUIET = 10
"""White modules left and right of a bar code (ISO/IEC 15417)."""


def qr(payload: str, profile: Profile) -> list[bytes]:
    """Return the commands of one QR code, model 2, error correction M."""
    native = profile.qr == "native"
    # The best of eight masks takes most of the time, and only the size is wanted of a native one.
    code = segno.make(
        payload,
        error="m",
        micro=False,
        boost_error=False,
        encoding="utf-8",
        mask=0 if native else None,
    )
    modules = len(code.matrix) + 2 * QUIET_MODULES
    dots = max(1, min(MODULE_DOTS, profile.dots // modules))
    if native:
        return [composer.native_qr(payload, dots)]
    doubled = dots > 1
    picture = Image.new("1", (modules, modules), 255)
    for y, line in enumerate(code.matrix):
        for x, module in enumerate(line):
            if module:
                picture.putpixel((x + QUIET_MODULES, y + QUIET_MODULES), 0)
    edge = modules * (dots // 2 if doubled else 1)
    scaled = picture.resize((edge, edge), Image.Resampling.NEAREST)
    return list(pictures.rows(scaled, profile.raster_rows, doubled=doubled))


def bars(payload: str, profile: Profile) -> list[bytes]:
    """Return the commands of one Code 128 bar code; none when the paper is too narrow for it."""
    if profile.barcode == "native":
        in_set_b = 11 * (len(payload) + 3) + 2
        if dots := _bar_dots(in_set_b, profile):
            return [_native_bars(payload, dots)]
    modules = code_128_modules(payload) or b""
    dots = _bar_dots(len(modules), profile)
    if not modules or not dots:
        return []
    quiet = bytes(BAR_QUIET)
    wide = quiet + modules + quiet
    picture = Image.frombytes("L", (len(wide), 1), wide).point(lambda ink: 0 if ink else 255, "1")
    scaled = picture.resize((len(wide) * dots, BAR_HEIGHT), Image.Resampling.NEAREST)
    return list(pictures.rows(scaled, profile.raster_rows))


def _bar_dots(modules: int, profile: Profile) -> int:
    """Return how wide the narrowest bar can be, 0 when the paper is too narrow."""
    wide = modules + 2 * BAR_QUIET
    return next((dots for dots in BAR_DOTS if wide * dots <= profile.dots), 0)


def _native_bars(payload: str, dots: int) -> bytes:
    """Return height, width, no text of its own, and GS k 73 in code set B."""
    data = b"{B" + payload.replace("{", "{{").encode("ascii")
    size = b"\x1dh" + bytes((BAR_HEIGHT,)) + b"\x1dw" + bytes((dots,)) + b"\x1dH\x00"
    return size + b"\x1dkI" + bytes((len(data),)) + data
