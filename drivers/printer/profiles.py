"""What one model of receipt printer can do, read from a small YAML file.

A profile changes which commands are sent and how status bits are read; it never changes what the
words on the slip are. Fields and their meaning are those of `Profile`; a file may set any of them,
and anything else in it is refused.
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

import yaml

CONFIG_DIR = Path(__file__).resolve().parents[2] / "config" / "devices"
"""Where the printers' files lie in a source tree: `printer-<name>.yaml`."""


class ProfileError(ValueError):
    """A printer profile cannot be used; says which file and field (staff must act)."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Profile:
    """One model of printer."""

    name: str
    """The file's name without `printer-` and `.yaml`."""

    dots: int = 576
    """Printable width in dots; 8 dots are 1 mm."""

    columns: int = 48
    """Printable width in half-width characters of 12 dots."""

    confirm: Literal["process-id", "buffer-order", "none"] = "buffer-order"
    """How the printer proves that a job ended."""

    qr: Literal["native", "bitmap"] = "native"
    """Whether the printer draws a QR code (GS ( k) or is sent a picture of it."""

    charset: Literal["gbk", "gb18030"] = "gbk"
    """Which characters its font has; with gb18030 the four-byte ones are sent as text too."""

    clear: tuple[Literal["dle-dc4-8", "dle-enq-2"], ...] = ("dle-dc4-8", "dle-enq-2")
    """Commands that make the printer forget a job in its buffer, in this order."""

    near_end_mask: int = 0x0C
    """Bits of the DLE EOT 4 answer that mean paper nearly out."""

    paper_end_mask: int = 0x60
    """Bits of the DLE EOT 4 answer that mean paper out."""

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

    sources: dict[str, str] = field(default_factory=dict)
    """Where each value is documented."""


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
    values = {key: _checked(path, key, value) for key, value in content.items()}
    return dataclasses.replace(Profile(name=name), **values)  # type: ignore[arg-type]


_WORDS: dict[str, frozenset[str]] = {
    "confirm": frozenset({"process-id", "buffer-order", "none"}),
    "qr": frozenset({"native", "bitmap"}),
    "charset": frozenset({"gbk", "gb18030"}),
    "clear": frozenset({"dle-dc4-8", "dle-enq-2"}),
}
_RANGES: dict[str, tuple[float, float]] = {
    "dots": (256, 1152),
    "columns": (20, 96),
    "near_end_mask": (0, 0x7F),
    "paper_end_mask": (1, 0x7F),
    "line_feed": (24, 255),
    "big_line_feed": (48, 255),
    "raster_rows": (8, 960),
    "band_bytes": (64, 65536),
    "answer_s": (0.05, 5.0),
    "settle_s": (0.0, 10.0),
}


def _checked(path: Path, key: str, value: object) -> object:
    """Return `value` when the field `key` may have it."""
    if key in _RANGES:
        low, high = _RANGES[key]
        kind = int | float if key.endswith("_s") else int
        if isinstance(value, kind) and not isinstance(value, bool) and low <= value <= high:
            return value
        raise ProfileError(f"{path}: {key} must be a number from {low} to {high}")
    if key == "sources":
        if isinstance(value, dict) and all(isinstance(v, str) for v in value.values()):
            return value
        raise ProfileError(f"{path}: sources must map a field to a text")
    return _checked_words(path, key, value)


def _checked_words(path: Path, key: str, value: object) -> object:
    listed = value if key == "clear" else [value]
    if isinstance(listed, list) and all(isinstance(v, str) and v in _WORDS[key] for v in listed):
        return tuple(listed) if key == "clear" else value
    raise ProfileError(f"{path}: {key} must be of {', '.join(sorted(_WORDS[key]))}")
