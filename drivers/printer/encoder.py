"""A slip's printed lines as ESC/POS bytes for one model of printer.

The byte stream of a job: ``ESC @``, ``FS &`` (Chinese mode), then the lines, then feed and cut.
Chinese goes as GBK (or GB 18030 where the printer has it); a character the printer's font lacks,
as happens in names, goes as dots: inside a normal line as a 24-dot column picture (``ESC *``), in a
double-size line the whole line as a raster picture.

Real-time commands act even inside picture data, so no picture may hold their first two bytes
(``10 04``, ``10 05``, ``10 14``): one dot is added there.

A job is cut into bands of whole commands: between two bands a status question is safe.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import segno
from PIL import Image

from drivers.printer import composer, glyphs
from drivers.printer.layout import CodeRow, GapRow, RuleRow, TextRow, lay_out, width

if TYPE_CHECKING:
    from collections.abc import Iterator

    from drivers.printer.layout import Row
    from drivers.printer.profiles import Profile
    from drivers.printer.receipt import Receipt

INITIALISE = b"\x1b@"
CHINESE_MODE = b"\x1c&"
DOUBLE_SIZE = b"\x1d!\x11"
NORMAL_SIZE = b"\x1d!\x00"
LEFT = b"\x1ba\x00"
CENTRE = b"\x1ba\x01"
LINE_END = b"\n"

CELL = 24
"""Dots of a Chinese character; half as wide for ASCII."""

MODULE_DOTS = 8
"""Dots of a QR module where the code is small enough: 1 mm, easy for any camera."""

QUIET_MODULES = 4
"""White modules around a QR code (GB/T 18284)."""

QR_GAP = 36
"""Dots of paper above and below a QR code."""

_INK_FROM = 112


@dataclass(frozen=True, kw_only=True, slots=True)
class Job:
    """The bytes of one slip: first the bands, then the ending that cuts the paper."""

    bands: tuple[bytes, ...]
    ending: bytes

    @property
    def stream(self) -> bytes:
        """All bytes of the job in order."""
        return b"".join(self.bands) + self.ending


def encode(receipt: Receipt, profile: Profile) -> Job:
    """Return the bytes that print `receipt` on this model of printer."""
    commands = [INITIALISE + CHINESE_MODE + _spacing(profile.line_feed)]
    for row in lay_out(receipt, profile.columns):
        commands += _row(row, profile)
    ending = LEFT + _feed(CELL) + composer.cut()
    return Job(bands=tuple(_bands(commands, profile.band_bytes)), ending=ending)


def _bands(commands: list[bytes], size: int) -> Iterator[bytes]:
    """Join commands up to `size` bytes; a single longer command is a band of its own."""
    band = b""
    for command in commands:
        if band and len(band) + len(command) > size:
            yield band
            band = b""
        band += command
    yield band


def _row(row: Row, profile: Profile) -> list[bytes]:
    if isinstance(row, TextRow):
        return _big_line(row, profile) if row.big else [LEFT + _line(row, profile) + LINE_END]
    if isinstance(row, CodeRow):
        return [CENTRE + _feed(QR_GAP), *_qr(row.payload, profile), _feed(QR_GAP) + LEFT]
    if isinstance(row, RuleRow):
        return [LEFT + "─".encode("gbk") * (profile.columns // 2) + LINE_END]
    return [_feed(row.dots)] if isinstance(row, GapRow) else []


def _spacing(dots: int) -> bytes:
    return b"\x1b3" + bytes((dots,))


def _feed(dots: int) -> bytes:
    return b"\x1bJ" + bytes((dots,))


def _line(row: TextRow, profile: Profile) -> bytes:
    native = (_native(cluster, profile) for cluster in row.clusters)
    return b"".join(
        _column_picture(c) if n is None else n for c, n in zip(row.clusters, native, strict=True)
    )


def _native(cluster: str, profile: Profile) -> bytes | None:
    """Return the character as the printer's own text; None when it has no such glyph."""
    if len(cluster) == 1 and "\u0020" <= cluster <= "\u007e":
        return cluster.encode("ascii")
    try:
        coded = cluster.encode(profile.charset)
    except UnicodeEncodeError:
        return None
    whole = len(coded) == 2 or (profile.charset == "gb18030" and len(coded) == 4)
    return coded if len(cluster) == 1 and whole else None


def _big_line(row: TextRow, profile: Profile) -> list[bytes]:
    if all(_native(cluster, profile) is not None for cluster in row.clusters):
        text = CENTRE + DOUBLE_SIZE + _line(row, profile)
    else:
        return [CENTRE, *_raster(_picture(row.clusters), profile), _feed(CELL) + LEFT]
    before, after = _spacing(profile.big_line_feed), _spacing(profile.line_feed)
    return [before + text + LINE_END + NORMAL_SIZE + after + LEFT]


def _picture(clusters: tuple[str, ...]) -> Image.Image:
    """Draw a double-size line, dark on white."""
    height = 2 * CELL
    total = sum(map(width, clusters)) * CELL
    picture = Image.new("L", (max(total, 8), height), 0)
    left = 0
    for cluster in clusters:
        cell = width(cluster) * CELL
        picture.paste(glyphs.draw(cluster, height, cell), (left, 0))
        left += cell
    return picture.point(_ink_is_black, "1")


def _ink_is_black(value: int) -> int:
    return 0 if value >= _INK_FROM else 255


def _column_picture(cluster: str) -> bytes:
    """Return ESC * mode 33 (24 dots, double density) for one character in the line."""
    cell = width(cluster) * CELL // 2
    glyph = glyphs.draw(cluster, CELL, cell).point(lambda v: 255 if v >= _INK_FROM else 0, "1")
    columns = glyph.transpose(Image.Transpose.TRANSPOSE).tobytes()
    return _harmless(b"\x1b*\x21" + cell.to_bytes(2, "little") + columns)


def _qr(payload: str, profile: Profile) -> list[bytes]:
    code = segno.make(payload, error="m", micro=False, boost_error=False, encoding="utf-8")
    modules = len(code.matrix) + 2 * QUIET_MODULES
    dots = max(1, min(MODULE_DOTS, profile.dots // modules))
    if profile.qr == "native":
        return [composer.native_qr(payload, dots)]
    picture = Image.new("1", (modules, modules), 255)
    for y, line in enumerate(code.matrix):
        for x, module in enumerate(line):
            if module:
                picture.putpixel((x + QUIET_MODULES, y + QUIET_MODULES), 0)
    scaled = picture.resize((modules * dots, modules * dots), Image.Resampling.NEAREST)
    return list(_raster(scaled, profile))


def _raster(picture: Image.Image, profile: Profile) -> Iterator[bytes]:
    """Yield one GS v 0 command for each slice of the picture."""
    for top in range(0, picture.height, profile.raster_rows):
        bottom = min(picture.height, top + profile.raster_rows)
        part = picture.crop((0, top, picture.width, bottom))
        yield _harmless(composer.raster(part, profile.raster_rows))


def _harmless(command: bytes) -> bytes:
    """Add a dot wherever picture data would be taken for a real-time command."""
    for act in (b"\x04", b"\x05", b"\x14"):
        command = command.replace(b"\x10" + act, b"\x18" + act)
    return command
