"""Dots as commands: pictures in rows and in columns, and never a real-time command inside them.

Real-time commands act wherever they stand in the stream, picture data included, so no picture may
hold their first two bytes (``10 04``, ``10 05``, ``10 14``): one dot is added there.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PIL import Image

from drivers.printer import composer, glyphs
from drivers.printer.layout import width

if TYPE_CHECKING:
    from collections.abc import Iterator

CELL = 24
"""Dots of a Chinese character; half as wide for ASCII."""

_INK_FROM = 112


def text_picture(clusters: tuple[str, ...], times: int) -> Image.Image:
    """Draw a line of characters `times` their normal size, dark on white."""
    height = times * CELL
    total = sum(map(width, clusters)) * height // 2
    picture = Image.new("L", (max(total, 8), height), 0)
    left = 0
    for cluster in clusters:
        cell = width(cluster) * height // 2
        picture.paste(glyphs.draw(cluster, height, cell), (left, 0))
        left += cell
    return picture.point(_ink_is_black, "1")


def in_line(cluster: str) -> bytes:
    """Return ESC * mode 33 (24 dots, double density) for one character in a line of text."""
    cell = width(cluster) * CELL // 2
    glyph = glyphs.draw(cluster, CELL, cell).point(lambda v: 255 if v >= _INK_FROM else 0, "1")
    columns = glyph.transpose(Image.Transpose.TRANSPOSE).tobytes()
    return harmless(b"\x1b*\x21" + cell.to_bytes(2, "little") + columns)


def rows(picture: Image.Image, slice_rows: int, *, doubled: bool = False) -> Iterator[bytes]:
    """Yield one GS v 0 command for each slice of a picture that is dark on white.

    Args:
        picture: What to print.
        slice_rows: Rows of one command at most.
        doubled: Whether the printer draws each dot twice as wide and high: a quarter of the bytes.
    """
    for top in range(0, picture.height, slice_rows):
        bottom = min(picture.height, top + slice_rows)
        part = picture.crop((0, top, picture.width, bottom))
        yield harmless(composer.raster(part, slice_rows, doubled=doubled))


def harmless(command: bytes) -> bytes:
    """Add a dot wherever picture data would be taken for a real-time command."""
    for act in (b"\x04", b"\x05", b"\x14"):
        command = command.replace(b"\x10" + act, b"\x18" + act)
    return command


def _ink_is_black(value: int) -> int:
    return 0 if value >= _INK_FROM else 255
