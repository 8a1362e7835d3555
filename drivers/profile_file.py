"""What one model of a device is like, read from a small YAML file: the part all devices share.

``config/devices/<kind>-<name>.yaml`` is a mapping of fields.  Which fields there are, and what they
mean, is the device's; ``sources``, where the rest is documented, may stand in every file and is for
people.  Anything else is refused.  Whatever is in a file, it makes a profile or a `ProfileError`.

The checks below raise `ValueError` with the field's name; `load` adds the file's.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Mapping
from pathlib import Path
from typing import Final, TypeVar

import yaml


def _config_dir() -> Path:
    """Return where profiles lie: as somebody set it, of the release in force, or in the tree."""
    if named := os.environ.get("YIDUAN_CONFIG"):
        return Path(named) / "devices"
    releases = Path(os.environ.get("YIDUAN_RELEASES", "/var/lib/yiduan/releases"))
    released = releases / "current" / "config" / "devices"
    if released.is_dir():
        return released.resolve()
    return Path(__file__).resolve().parents[1] / "config" / "devices"


CONFIG_DIR: Final = _config_dir()
"""Where the files lay when this process began: one process, one release."""

SOURCES: Final = "sources"
"""The field for people."""

Fields = Mapping[object, object]
T = TypeVar("T")

_UNREADABLE = (
    *(OSError, UnicodeDecodeError, yaml.YAMLError, RecursionError),
    *(ValueError, LookupError, AttributeError, TypeError),  # of a tag that does not fit its value
)


class ProfileError(ValueError):
    """A device's file cannot be used; says which file and field (staff must act)."""


def load(file: str, config_dir: Path, known: Collection[str], build: Callable[[Fields], T]) -> T:
    """Return what a file says.

    Args:
        file: its name without ``.yaml``.
        config_dir: where it lies.
        known: the fields it may have besides `SOURCES`.
        build: makes the profile of them; raises `ValueError` for what is wrong.

    Raises:
        ProfileError: no such file, not YAML, an unknown field, or a value out of its range.
    """
    path = config_dir / f"{file}.yaml"
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
    except _UNREADABLE as error:
        raise ProfileError(f"{path}: cannot be read: {error}") from error
    try:
        fields = mapping(content, "the file", {*known, SOURCES})
        return build({key: value for key, value in fields.items() if key != SOURCES})
    except ValueError as error:
        raise ProfileError(f"{path}: {error}") from error


def mapping(value: object, where: str, known: Collection[str] | None = None) -> Fields:
    """Return a mapping that has none but known keys.

    Raises:
        ValueError: it is none, or has others.
    """
    if not isinstance(value, dict):
        raise ValueError(f"{where} is not a mapping")  # noqa: TRY004  # a wrong file
    strange = [key for key in value if known is not None and key not in known]
    if strange:
        raise ValueError(f"{where}: unknown field {strange[0]}")
    return value


def number(value: object, where: str, low: float, high: float) -> float:
    """Return a number of a range.

    Raises:
        ValueError: it is none.
    """
    if isinstance(value, int | float) and not isinstance(value, bool) and low <= value <= high:
        return value
    raise ValueError(f"{where} is not a number from {low:g} to {high:g}")


def whole(value: object, where: str, low: int, high: int) -> int:
    """Return a whole number of a range.

    Raises:
        ValueError: it is none.
    """
    if isinstance(value, int) and not isinstance(value, bool) and low <= value <= high:
        return value
    raise ValueError(f"{where} is not a whole number from {low} to {high}")


def word(value: object, where: str, words: Collection[str]) -> str:
    """Return one of some words.

    Raises:
        ValueError: it is none of them.
    """
    if isinstance(value, str) and value in words:
        return value
    raise ValueError(f"{where} is not one of {', '.join(words)}")


def text(value: object, where: str) -> str:
    """Return a text.

    Raises:
        ValueError: it is none; in YAML some need quotes.
    """
    if isinstance(value, str):
        return value
    raise ValueError(f"{where} is not a text; in quotes it is one")
