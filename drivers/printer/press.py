"""Executes ESC/POS commands one by one, as the printer's own processor does.

Written from the published command references, not from our encoder. Never raises and never hangs:
a command that is not known is noted, one with senseless parameters prints nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import segno
from PIL import Image
from segno.encoder import DataOverflowError

from drivers.printer.bars import code_128_modules
from drivers.printer.characters import CharacterDecoder
from drivers.printer.commands import Text, Unknown
from drivers.printer.sheet import DOTS, MAX_DOTS
from drivers.printer.typesetter import CELL, Style, Typesetter

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from drivers.printer.commands import Token
    from drivers.printer.sheet import Sheet

MAX_UNKNOWN = 100
"""Names of ignored commands that are kept."""

MAX_SYMBOLS = 200
"""Codes kept of one sheet."""

_MAX_QR_BYTES = 2953
_QR = 0x31


@dataclass(frozen=True, kw_only=True, slots=True)
class Symbol:
    """A code the printer drew itself: its kind (``qr``, ``bar``, ``2d``) and its payload."""

    kind: str
    payload: bytes

    @property
    def code_128(self) -> str | None:
        """What a Code 128 in code set B says; None for another code or set."""
        if self.kind != "bar" or not self.payload.startswith(b"{B"):
            return None
        return self.payload[2:].replace(b"{{", b"{").decode("ascii", "replace")


@dataclass(frozen=True, kw_only=True, slots=True)
class Output:
    """What one sheet received."""

    text: tuple[str, ...]
    symbols: tuple[Symbol, ...]
    pictures: tuple[Image.Image, ...]
    unknown: tuple[str, ...]
    sheet: Sheet


@dataclass(slots=True)
class _Stored:
    """What ``GS ( k`` and ``GS ( L`` have stored for printing."""

    payload: bytes = b""
    module: int = 3
    level: str = "l"
    graphics: Image.Image | None = None


class Press:
    """A printer's state and the sheet it is printing."""

    def __init__(self, *, chinese: bool = True) -> None:
        self._characters = CharacterDecoder(chinese=chinese)
        self._setter = Typesetter()
        self._stored = _Stored()
        self._unknown: list[str] = []
        self._symbols: list[Symbol] = []

    @property
    def lines_done(self) -> int:
        """Lines, pictures and codes on the present sheet so far."""
        return len(self._setter.text) + len(self._setter.pictures) + len(self._symbols)

    @property
    def height(self) -> int:
        """Dots of paper fed on the present sheet."""
        return self._setter.height

    @property
    def blank(self) -> bool:
        """Whether nothing has been printed on the present sheet."""
        return self._setter.blank and not self._symbols

    def execute(self, token: Token) -> None:
        """Do what one token says."""
        if isinstance(token, Text):
            self._print(self._characters.decode(token.data))
            return
        self._print(self._characters.flush())
        if isinstance(token, Unknown):
            self.note(token.name)
        elif (action := self._ACTIONS.get(token.code)) is not None:
            action(self, token.parameters)

    def note(self, what: str) -> None:
        """Keep the name of something that was ignored."""
        if len(self._unknown) < MAX_UNKNOWN:
            self._unknown.append(what)

    def take(self) -> Output:
        """End the sheet and return it; settings stay, as on a printer after a cut."""
        self._print(self._characters.flush())
        self._setter.end_line()
        output = Output(
            text=tuple(self._setter.text),
            symbols=tuple(self._symbols),
            pictures=tuple(self._setter.pictures),
            unknown=tuple(self._unknown),
            sheet=self._setter.take(),
        )
        self._symbols, self._unknown = [], []
        return output

    def forget_line(self) -> None:
        """Drop what has not reached the paper yet, as a cleared printer does."""
        self._setter.forget_line()
        self._characters.flush()

    def _print(self, characters: list[str]) -> None:
        for character in characters:
            self._setter.add(character, narrow=self._characters.narrow(character))

    @property
    def _style(self) -> Style:
        return self._setter.style

    # --- lines

    def _line_feed(self, _: bytes) -> None:
        self._setter.line_feed()

    def _end_line(self, _: bytes) -> None:
        self._setter.end_line()

    def _cut(self, _: bytes) -> None:
        self._setter.cut()

    def _tab(self, _: bytes) -> None:
        column = self._setter.x // (CELL // 2)
        stop = next((tab for tab in self._style.tabs if tab > column), column)
        self._setter.x = stop * CELL // 2

    def _tabs(self, given: bytes) -> None:
        self._style.tabs = tuple(given.rstrip(b"\0"))

    def _initialise(self, _: bytes) -> None:
        self.forget_line()
        self._setter.style = Style()
        self._stored = _Stored()
        self._characters.reset()

    def _feed_dots(self, given: bytes) -> None:
        self._setter.end_line()
        self._setter.advance(given[0])

    def _feed_lines(self, given: bytes) -> None:
        self._setter.end_line()
        self._setter.advance(given[0] * self._style.spacing)

    def _absolute(self, given: bytes) -> None:
        self._setter.x = int.from_bytes(given, "little")

    def _relative(self, given: bytes) -> None:
        self._setter.x += int.from_bytes(given, "little", signed=True)

    # --- style

    def _align(self, given: bytes) -> None:
        if self._setter.at_line_start:
            self._style.align = given[0] % 48 % 3

    def _print_mode(self, given: bytes) -> None:
        mode, style = given[0], self._style
        style.small, style.bold = bool(mode & 1), bool(mode & 8)
        style.underline = mode >> 7
        style.ascii_size = (2 if mode & 0x20 else 1, 2 if mode & 0x10 else 1)

    def _chinese_print_mode(self, given: bytes) -> None:
        mode = given[0]
        self._style.chinese_size = (2 if mode & 4 else 1, 2 if mode & 8 else 1)
        self._style.underline = mode >> 7

    def _chinese_quadruple(self, given: bytes) -> None:
        self._style.chinese_size = (2, 2) if given[0] & 1 else (1, 1)

    def _size(self, given: bytes) -> None:
        size = ((given[0] >> 4 & 7) + 1, (given[0] & 7) + 1)
        self._style.ascii_size = self._style.chinese_size = size

    def _underline(self, given: bytes) -> None:
        self._style.underline = given[0] % 48 % 3

    def _bold(self, given: bytes) -> None:
        self._style.bold = bool(given[0] & 1)

    def _reverse(self, given: bytes) -> None:
        self._style.reverse = bool(given[0] & 1)

    def _font(self, given: bytes) -> None:
        self._style.small = given[0] in b"\x01\x31"

    def _default_spacing(self, _: bytes) -> None:
        self._style.spacing = 30

    def _spacing(self, given: bytes) -> None:
        self._style.spacing = given[0]

    def _margin(self, given: bytes) -> None:
        style = self._style
        style.margin = min(int.from_bytes(given, "little"), DOTS - CELL)
        style.area = min(style.area, DOTS - style.margin)

    def _area(self, given: bytes) -> None:
        wanted = max(CELL, int.from_bytes(given, "little"))
        self._style.area = min(wanted, DOTS - self._style.margin)

    def _code_page(self, given: bytes) -> None:
        self._characters.select_page(given[0])

    def _chinese(self, _: bytes) -> None:
        self._characters.chinese = True

    def _single_byte(self, _: bytes) -> None:
        self._characters.chinese = False

    # --- pictures and codes

    def _column_picture(self, given: bytes) -> None:
        mode, columns = given[0], int.from_bytes(given[1:3], "little")
        if len(given) == 3:
            return
        rows = 24 if mode in (32, 33) else 8
        upright = Image.frombytes("1", (rows, columns), given[3:])
        picture = upright.transpose(Image.Transpose.TRANSPOSE)
        across, down = 2 if mode in (0, 32) else 1, 24 // rows
        picture = picture.resize((min(columns, DOTS) * across, rows * down), box=_left(picture))
        self._setter.add_picture(picture.crop((0, 0, min(picture.width, DOTS), picture.height)))

    def _raster(self, given: bytes) -> None:
        across, rows = int.from_bytes(given[2:4], "little"), int.from_bytes(given[4:6], "little")
        if across and rows and given[0] == 0x30:
            picture = Image.frombytes("1", (across * 8, rows), given[6:])
            self._picture(picture, 1 + (given[1] & 1), 1 + (given[1] >> 1 & 1))

    def _picture(self, picture: Image.Image, wide: int = 1, high: int = 1) -> None:
        """Put a picture on a line of its own, clipped to the paper."""
        shown = picture.crop((0, 0, min(picture.width, DOTS), min(picture.height, MAX_DOTS)))
        if (wide, high) != (1, 1):
            shown = shown.resize((shown.width * wide, shown.height * high))
            shown = shown.crop((0, 0, min(shown.width, DOTS), shown.height))
        self._setter.place(shown)
        self._setter.pictures.append(shown)

    def _block(self, given: bytes) -> None:
        """``GS (`` and a letter: codes (k) and graphics (L); the others print nothing."""
        body = given[3:]
        if given[:1] == b"k" and len(body) >= 2:
            self._code(body[0], body[1], body[2:])
        elif given[:1] == b"L":
            self._graphics(body)

    def _long_block(self, given: bytes) -> None:
        if given[:1] == b"L":
            self._graphics(given[5:])

    def _code(self, kind: int, function: int, body: bytes) -> None:
        stored = self._stored
        if function == 80:
            stored.payload = body[1:]
        elif function == 67 and body and kind == _QR:
            stored.module = max(1, min(body[0], 16))
        elif function == 69 and body and kind == _QR:
            stored.level = "lmqh"[body[0] % 4]
        elif function == 81 and stored.payload:
            self._setter.end_line()
            self._remember("qr" if kind == _QR else "2d", stored.payload)
            if kind == _QR:
                self._draw_qr(stored)

    def _remember(self, kind: str, payload: bytes) -> None:
        if len(self._symbols) < MAX_SYMBOLS:
            self._symbols.append(Symbol(kind=kind, payload=payload))

    def _draw_qr(self, stored: _Stored) -> None:
        if len(stored.payload) > _MAX_QR_BYTES:
            return
        try:
            code = segno.make_qr(stored.payload, error=stored.level, boost_error=False)
        except DataOverflowError:
            return
        size = len(code.matrix)
        modules = Image.frombytes("L", (size, size), b"".join(bytes(row) for row in code.matrix))
        drawn = modules.point(lambda value: 255 if value else 0, "1")
        edge = min(size * stored.module, DOTS)
        self._setter.place(drawn.resize((edge, edge), Image.Resampling.NEAREST))

    def _graphics(self, body: bytes) -> None:
        """Store (function 112) or print (functions 2 and 50) one picture."""
        if len(body) >= 10 and body[1] == 112:
            wide, rows = int.from_bytes(body[6:8], "little"), int.from_bytes(body[8:10], "little")
            needed = (wide + 7) // 8 * rows
            if needed and len(body) - 10 >= needed:
                self._stored.graphics = Image.frombytes("1", (wide, rows), body[10 : 10 + needed])
        elif len(body) >= 2 and body[1] in (2, 50) and self._stored.graphics is not None:
            self._picture(self._stored.graphics)

    def _bar_width(self, given: bytes) -> None:
        self._style.bar_width = max(1, min(given[0], 6))

    def _bar_height(self, given: bytes) -> None:
        self._style.bar_height = max(1, given[0])

    def _bar_code(self, given: bytes) -> None:
        """Keep the payload; a Code 128 in code set B is drawn, of other codes only the room."""
        payload = given[1:].rstrip(b"\0") if given[0] <= 6 else given[2:]
        self._setter.end_line()
        self._remember("bar", payload)
        height = self._style.bar_height
        text = Symbol(kind="bar", payload=payload).code_128 if given[0] == 73 else None
        modules = code_128_modules(text) if text else None
        if modules is None:
            self._setter.place(Image.new("1", (DOTS // 2, height), 255))
            return
        drawn = Image.frombytes("L", (len(modules), 1), modules).point(lambda v: v * 255, "1")
        edge = (min(len(modules) * self._style.bar_width, DOTS), height)
        self._setter.place(drawn.resize(edge, Image.Resampling.NEAREST))

    _ACTIONS: ClassVar[Mapping[bytes, Callable[[Press, bytes], None]]] = {
        b"\t": _tab,
        b"\n": _line_feed,
        b"\x0c": _end_line,
        b"\x1b!": _print_mode,
        b"\x1b$": _absolute,
        b"\x1b*": _column_picture,
        b"\x1b-": _underline,
        b"\x1b2": _default_spacing,
        b"\x1b3": _spacing,
        b"\x1b@": _initialise,
        b"\x1bD": _tabs,
        b"\x1bE": _bold,
        b"\x1bG": _bold,
        b"\x1bJ": _feed_dots,
        b"\x1bM": _font,
        b"\x1b\\": _relative,
        b"\x1b\x0c": _end_line,
        b"\x1ba": _align,
        b"\x1bd": _feed_lines,
        b"\x1bi": _cut,
        b"\x1bm": _cut,
        b"\x1bt": _code_page,
        b"\x1c!": _chinese_print_mode,
        b"\x1c&": _chinese,
        b"\x1c-": _underline,
        b"\x1c.": _single_byte,
        b"\x1cW": _chinese_quadruple,
        b"\x1d!": _size,
        b"\x1d(": _block,
        b"\x1d8": _long_block,
        b"\x1dB": _reverse,
        b"\x1dL": _margin,
        b"\x1dV": _cut,
        b"\x1dW": _area,
        b"\x1dh": _bar_height,
        b"\x1dk": _bar_code,
        b"\x1dw": _bar_width,
        b"\x1dv": _raster,
    }
    """What prints or changes how it looks; every other known command does neither."""


def _left(picture: Image.Image) -> tuple[int, int, int, int]:
    return (0, 0, min(picture.width, DOTS), picture.height)
