"""A slip's printed lines as ESC/POS bytes for one model of printer.

The byte stream of a job: ``ESC @``, ``FS &`` (Chinese mode), then the lines, then feed and cut,
then what holds the slip out where there is a presenter.
Chinese goes as GBK (or GB 18030 where the printer has it); a character the printer's font lacks,
as happens in names, goes as dots: inside a normal line as a 24-dot column picture (``ESC *``), in a
double-size line the whole line as a raster picture.

A job is cut into bands of whole commands: between two bands a status question is safe.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from drivers.printer import codes, pictures
from drivers.printer.layout import BarsRow, CodeRow, GapRow, RuleRow, TextRow, lay_out
from drivers.printer.pictures import CELL

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

CODE_GAP = 36
"""Dots of paper above and below a code."""


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
    commands = [INITIALISE + _mode(profile) + _spacing(profile.line_feed)]
    for row in lay_out(receipt, profile.columns):
        commands += _row(row, profile)
    out = profile.cut or _feed(4 * CELL)
    ending = LEFT + _feed(CELL) + out + profile.present
    *most, last = commands  # alone, for what goes wrong from there on may have left a whole slip
    return Job(bands=(*_bands(most, profile.band_bytes), last), ending=ending)


def _mode(profile: Profile) -> bytes:
    return b"" if profile.charset == "ascii" else CHINESE_MODE


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
        return _big_line(row, profile) if row.big else [LEFT + _line(row.clusters, profile)]
    if isinstance(row, CodeRow):
        return [CENTRE + _feed(CODE_GAP), *codes.qr(row.payload, profile), _feed(CODE_GAP) + LEFT]
    if isinstance(row, BarsRow):
        drawn = codes.bars(row.payload, profile)
        text = _line(tuple(row.payload), profile)
        return [CENTRE + _feed(CODE_GAP), *drawn, CENTRE + text + LEFT]
    if isinstance(row, RuleRow):
        return [LEFT + _rule(profile) + LINE_END]
    return [_feed(row.dots)] if isinstance(row, GapRow) else []


def _rule(profile: Profile) -> bytes:
    if profile.charset == "ascii":
        return b"-" * profile.columns
    return "─".encode("gbk") * (profile.columns // 2)


def _spacing(dots: int) -> bytes:
    return b"\x1b3" + bytes((dots,))


def _feed(dots: int) -> bytes:
    return b"\x1bJ" + bytes((dots,))


def _line(clusters: tuple[str, ...], profile: Profile) -> bytes:
    native = (_native(cluster, profile) for cluster in clusters)
    drawn = (pictures.in_line(c) if n is None else n for c, n in zip(clusters, native, strict=True))
    return b"".join(drawn) + LINE_END


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
    if any(_native(cluster, profile) is None for cluster in row.clusters):
        drawn = pictures.text_picture(row.clusters, 2)
        return [CENTRE, *pictures.rows(drawn, profile.raster_rows), _feed(CELL) + LEFT]
    text = CENTRE + DOUBLE_SIZE + _line(row.clusters, profile)
    before, after = _spacing(profile.big_line_feed), _spacing(profile.line_feed)
    return [before + text + NORMAL_SIZE + after + LEFT]
