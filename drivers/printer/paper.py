"""Our own reader of ESC/POS: what a stream of bytes puts on paper.

It shares no table with our encoder, so that each can be held against the other and against other
people's encoders. It models a Chinese 80 mm printer: Chinese mode (GB 18030) is on at power-up and
after ``ESC @``, ``FS .`` selects single-byte code pages, ``FS &`` Chinese again.

Any bytes give a paper: what is not known is listed in `Paper.unknown`, never raised, and everything
kept is bounded. Page mode is read as if it were standard mode.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from drivers.printer.commands import CommandReader
from drivers.printer.press import Press

if TYPE_CHECKING:
    from PIL import Image

    from drivers.printer.press import Output, Symbol
    from drivers.printer.sheet import Sheet


@dataclass(frozen=True, kw_only=True, slots=True)
class Paper:
    """What came out of the printer."""

    text: tuple[str, ...]
    """Printed lines, top to bottom; blank lines are empty, a character drawn as dots is 〓."""

    symbols: tuple[Symbol, ...]
    """Codes the printer drew, in order."""

    pictures: tuple[Image.Image, ...]
    """Pictures as they were sent, mode "1", 255 is ink."""

    unknown: tuple[str, ...]
    """Commands that were ignored, as manuals write them."""

    sheet: Sheet
    """The paper, drawable."""

    @classmethod
    def of(cls, output: Output) -> Paper:
        """Return the paper a press gave out."""
        return cls(
            text=output.text,
            symbols=output.symbols,
            pictures=output.pictures,
            unknown=output.unknown,
            sheet=output.sheet,
        )

    @property
    def cuts(self) -> int:
        """How often the knife went through."""
        return len(self.sheet.cuts)

    @property
    def qr(self) -> tuple[str, ...]:
        """Payloads of the QR codes the printer drew, as UTF-8 text."""
        return tuple(s.payload.decode("utf-8", "replace") for s in self.symbols if s.kind == "qr")

    def png(self) -> bytes:
        """Return a picture of the paper."""
        return self.sheet.png()


def decode(data: bytes, *, chinese: bool = True) -> Paper:
    """Return what `data` prints.

    Args:
        data: Everything sent to the printer.
        chinese: Whether the printer powers up in Chinese mode, as Chinese models do.
    """
    reader, press = CommandReader(), Press(chinese=chinese)
    reader.feed(data)
    for token in reader.tokens():
        press.execute(token)
    if reader.pending:
        press.note(f"unfinished command, {reader.pending} bytes")
    return Paper.of(press.take())
