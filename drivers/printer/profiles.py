"""What one model of receipt printer can do, read from a small YAML file.

A profile changes which commands are sent and how status bits are read; it never changes what the
words on the slip are. Fields and their meaning are those of `Profile`; a file may set any of them,
and anything else in it is refused. Commands are written as hexadecimal text, ``1D 65 05``.
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import yaml

from drivers.printer.signs import ESC_POS, Question, Sign

CONFIG_DIR = Path(__file__).resolve().parents[2] / "config" / "devices"
"""Where the printers' files lie in a source tree: `printer-<name>.yaml`."""

Confirm = Literal["process-id", "echo", "buffer-order", "presenter", "none"]
"""Ways of a printer to prove that a job ended, the best first."""


class ProfileError(ValueError):
    """A printer profile cannot be used; says which file and field (staff must act)."""


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
    path = config_dir / f"printer-{name}.yaml"
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise ProfileError(f"{path}: {error}") from error
    if not isinstance(content, dict) or not all(isinstance(key, str) for key in content):
        raise ProfileError(f"{path}: a mapping of fields is expected")
    return _build(name, path, content)


def _build(name: str, path: Path, content: dict[str, object]) -> Profile:
    known = {f.name for f in dataclasses.fields(Profile)} - {"name"}
    if strange := sorted(set(content) - known):
        raise ProfileError(f"{path}: unknown field {strange[0]}")
    try:
        values = {key: _checked(key, value) for key, value in content.items()}
        profile = dataclasses.replace(Profile(name=name), **values)  # type: ignore[arg-type]
        if profile.confirm == "presenter" and not profile.has_presenter:
            raise ProfileError("confirm: presenter needs a status that tells of the exit")
    except ProfileError as error:
        raise ProfileError(f"{path}: {error}") from error
    return profile


_WORDS: dict[str, frozenset[str]] = {
    "confirm": frozenset({"process-id", "echo", "buffer-order", "presenter", "none"}),
    "qr": frozenset({"native", "bitmap"}),
    "barcode": frozenset({"native", "bitmap"}),
    "charset": frozenset({"ascii", "gbk", "gb18030"}),
    "clear": frozenset({"dle-dc4-8", "dle-enq-2"}),
}
_RANGES: dict[str, tuple[float, float]] = {
    "dots": (256, 1152),
    "columns": (20, 96),
    "take_s": (1.0, 600.0),
    "line_feed": (24, 255),
    "big_line_feed": (48, 255),
    "raster_rows": (8, 960),
    "band_bytes": (64, 65536),
    "answer_s": (0.05, 5.0),
    "settle_s": (0.0, 10.0),
}


def _checked(key: str, value: object) -> object:
    """Return `value` as the field `key` has it."""
    if key in _RANGES:
        return _number(key, value)
    if key in ("cut", "present", "retract"):
        return _hexadecimal(key, value)
    if key == "status":
        return _questions(value)
    if key in ("automatic", "names") and isinstance(value, bool):
        return value
    if key == "model" and isinstance(value, str):
        return value
    if key in _WORDS:
        return _words(key, value)
    raise ProfileError(f"{key} is not of its kind")


def _number(key: str, value: object) -> int | float:
    low, high = _RANGES[key]
    kind = int | float if key.endswith("_s") else int
    if isinstance(value, kind) and not isinstance(value, bool) and low <= value <= high:
        return value
    raise ProfileError(f"{key} must be a number from {low:g} to {high:g}")


def _hexadecimal(key: str, value: object) -> bytes:
    if isinstance(value, str) and len(value) <= 96:
        try:
            return bytes.fromhex(value)
        except ValueError as error:
            raise ProfileError(f"{key} is not hexadecimal") from error
    raise ProfileError(f"{key} must be bytes in hexadecimal, in quotes")


def _words(key: str, value: object) -> object:
    listed = value if key == "clear" else [value]
    if isinstance(listed, list) and all(isinstance(v, str) and v in _WORDS[key] for v in listed):
        return tuple(listed) if key == "clear" else value
    raise ProfileError(f"{key} must be of {', '.join(sorted(_WORDS[key]))}")


def _questions(value: object) -> tuple[Question, ...]:
    if not isinstance(value, list) or not 1 <= len(value) <= 8:
        raise ProfileError("status must be a list of one to eight questions")
    return tuple(_question(entry) for entry in value)


def _question(entry: object) -> Question:
    if not isinstance(entry, dict) or set(entry) - {"ask", "head", "framed", "answer"}:
        raise ProfileError("a question has ask, answer and perhaps head or framed")
    ask, answer = _hexadecimal("ask", entry.get("ask")), entry.get("answer")
    head, framed = _hexadecimal("head", entry.get("head", "")), entry.get("framed", True)
    if not ask or not isinstance(answer, list) or not isinstance(framed, bool):
        raise ProfileError("a question's ask, answer or framed is wrong")
    if len(answer) != 1 and not head:
        raise ProfileError("an answer without a head is one byte")
    return Question(ask=ask, answer=tuple(map(_bits, answer)), head=head, framed=framed)


def _bits(meanings: object) -> tuple[tuple[int, Sign], ...]:
    if not isinstance(meanings, dict) or not all(
        isinstance(mask, int) and 0 < mask < 0x100 and str(word) in set(Sign)
        for mask, word in meanings.items()
    ):
        raise ProfileError(f"bits map a mask to one of {', '.join(sorted(Sign))}")
    return tuple((mask, Sign(word)) for mask, word in meanings.items())
