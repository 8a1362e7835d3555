"""What one model of receipt printer can do, read from a small YAML file.

A profile changes which commands are sent and how status bits are read; it never changes what the
words on the slip are. Fields and their meaning are those of `Profile`; a file may set any of them,
and anything else in it is refused. Commands are written as hexadecimal text, ``1D 65 05``.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from drivers import profile_file
from drivers.printer.signs import ESC_POS, Question, Sign
from drivers.profile_file import CONFIG_DIR, Fields, ProfileError, number, text, whole, word

__all__ = [
    "CONFIG_DIR",
    "GENERIC_80MM",
    "Confirm",
    "Profile",
    "ProfileError",
    "load",
    "named_profile",
]

Confirm = Literal["process-id", "echo", "buffer-order", "presenter", "none"]
"""Ways of a printer to prove that a job ended, the best first."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Profile:
    """One model of printer."""

    name: str
    """The file's name without `printer-` and `.yaml`."""

    model: str = ""
    """Maker and model, for staff; empty for a kind of printer."""

    dots: int = 576
    """Printable width in dots; 8 dots are 1 mm on a 203 dpi head."""

    columns: int = 48
    """Printable width in half-width characters of 12 dots."""

    confirm: Confirm = "buffer-order"
    """How the printer proves that a job ended."""

    qr: Literal["native", "bitmap"] = "bitmap"
    """Whether the printer draws a QR code (GS ( k) or is sent a picture of it."""

    barcode: Literal["native", "bitmap"] = "bitmap"
    """Whether the printer draws a bar code (GS k) or is sent a picture of it."""

    charset: Literal["ascii", "gbk", "gb18030"] = "gbk"
    """Which characters its font has; what is outside goes as dots."""

    clear: tuple[Literal["dle-dc4-8", "dle-enq-2"], ...] = ("dle-dc4-8", "dle-enq-2")
    """Commands that make the printer forget a job in its buffer, in this order."""

    automatic: bool = False
    """Whether it tells changes by itself (GS a)."""

    names: bool = False
    """Whether it tells its model, firmware and serial number (GS I 65 to 68)."""

    cut: bytes = b"\x1dVB\x00"
    """What feeds the last line past the knife and cuts; empty without a cutter."""

    present: bytes = b""
    """What holds the cut slip out to the citizen, on a printer with a presenter."""

    retract: bytes = b""
    """What takes a slip back that was not taken; empty when it cannot."""

    take_s: float = 30.0
    """How long a slip is held out before it is taken back, in seconds."""

    line_feed: int = 40
    """ESC 3 value between lines of normal text, in dots on a 203 dpi head."""

    big_line_feed: int = 72
    """ESC 3 value between lines of double-size text."""

    raster_rows: int = 128
    """Rows of a picture sent in one command; small heads overrun on more."""

    band_bytes: int = 512
    """How much is written before the printer is asked how it is; whole commands only."""

    answer_s: float = 0.5
    """How long a status answer may take, in seconds."""

    settle_s: float = 1.2
    """How long the status must stay clean after a buffer-order answer, in seconds."""

    status: tuple[Question, ...] = ESC_POS
    """Its questions and what the bits of their answers mean; the first is asked most often."""

    @property
    def has_presenter(self) -> bool:
        """Whether its status tells of paper in an exit."""
        told = {sign for question in self.status for sign in question.signs}
        return bool(told & {Sign.EXIT_HOLDS, Sign.EXIT_EMPTY})


GENERIC_80MM = Profile(name="generic-80mm")


def load(name: str, config_dir: Path = CONFIG_DIR) -> Profile:
    """Return the profile in `config_dir/printer-<name>.yaml`.

    Raises:
        ProfileError: no such file, not YAML, an unknown field, or a value out of its range.
    """

    def build(fields: Fields) -> Profile:
        values = {str(key): _checked(str(key), value) for key, value in fields.items()}
        profile = dataclasses.replace(Profile(name=name), **values)  # type: ignore[arg-type]
        if profile.confirm == "presenter" and not profile.has_presenter:
            raise ValueError("confirm: presenter needs a status that tells of the exit")
        return profile

    return profile_file.load(f"printer-{name}", config_dir, _KNOWN, build)


def named_profile(name: str | None) -> Profile:
    """Return the profile of that name, the generic one without a name.

    Raises:
        ProfileError: there is no such profile, or its file is wrong.
    """
    return GENERIC_80MM if name is None else load(name)


_KNOWN = frozenset(one.name for one in dataclasses.fields(Profile)) - {"name"}
_WORDS: dict[str, tuple[str, ...]] = {
    "confirm": ("process-id", "echo", "buffer-order", "presenter", "none"),
    "qr": ("native", "bitmap"),
    "barcode": ("native", "bitmap"),
    "charset": ("ascii", "gbk", "gb18030"),
}
_CLEAR = ("dle-dc4-8", "dle-enq-2")
_COUNTS: dict[str, tuple[int, int]] = {
    "dots": (256, 1152),
    "columns": (20, 96),
    "line_feed": (24, 255),
    "big_line_feed": (48, 255),
    "raster_rows": (8, 960),
    "band_bytes": (64, 65536),
}
_SECONDS: dict[str, tuple[float, float]] = {
    "take_s": (1.0, 600.0),
    "answer_s": (0.05, 5.0),
    "settle_s": (0.0, 10.0),
}


def _checked(key: str, value: object) -> object:
    """Return `value` as the field `key` has it."""
    if key in _COUNTS:
        return whole(value, key, *_COUNTS[key])
    if key in _SECONDS:
        return number(value, key, *_SECONDS[key])
    if key in _WORDS:
        return word(value, key, _WORDS[key])
    return _CHECKS[key](key, value)


def _switch(key: str, value: object) -> bool:
    if isinstance(value, bool):
        return value
    raise ValueError(f"{key} is not true or false")


def _model(key: str, value: object) -> str:
    return text(value, key)


def _hexadecimal(key: str, value: object) -> bytes:
    if isinstance(value, str) and len(value) <= 96:
        try:
            return bytes.fromhex(value)
        except ValueError as error:
            raise ValueError(f"{key} is not hexadecimal") from error
    raise ValueError(f"{key} must be bytes in hexadecimal, in quotes")


def _commands(key: str, value: object) -> tuple[str, ...]:
    if not isinstance(value, list):
        raise ValueError(f"{key} is not a list")  # noqa: TRY004  # a wrong file
    return tuple(word(one, key, _CLEAR) for one in value)


def _questions(key: str, value: object) -> tuple[Question, ...]:
    if not isinstance(value, list) or not 1 <= len(value) <= 8:
        raise ValueError(f"{key} must be a list of one to eight questions")
    return tuple(_question(entry) for entry in value)


def _question(entry: object) -> Question:
    if not isinstance(entry, dict) or set(entry) - {"ask", "head", "framed", "answer"}:
        raise ValueError("a question has ask, answer and perhaps head or framed")
    ask, answer = _hexadecimal("ask", entry.get("ask")), entry.get("answer")
    head, framed = _hexadecimal("head", entry.get("head", "")), entry.get("framed", True)
    if not ask or not isinstance(answer, list) or not isinstance(framed, bool):
        raise ValueError("a question's ask, answer or framed is wrong")
    if len(answer) != 1 and not head:
        raise ValueError("an answer without a head is one byte")
    return Question(ask=ask, answer=tuple(map(_bits, answer)), head=head, framed=framed)


def _bits(meanings: object) -> tuple[tuple[int, Sign], ...]:
    if not isinstance(meanings, dict) or not all(
        isinstance(mask, int) and 0 < mask < 0x100 and str(sign) in set(Sign)
        for mask, sign in meanings.items()
    ):
        raise ValueError(f"bits map a mask to one of {', '.join(sorted(Sign))}")
    return tuple((mask, Sign(str(sign))) for mask, sign in meanings.items())


_CHECKS: Mapping[str, Callable[[str, object], object]] = {
    "model": _model,
    "clear": _commands,
    "automatic": _switch,
    "names": _switch,
    "cut": _hexadecimal,
    "present": _hexadecimal,
    "retract": _hexadecimal,
    "status": _questions,
}
