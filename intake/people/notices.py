"""Notices (文书): their words, and what of them may be read by somebody with the slip."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Final

from standards.masking import mask_name

_NUMBERS: Final = re.compile(r"(?<![0-9])(?:[0-9]{17}[0-9Xx]|[0-9]{15,19}|1[0-9]{10})(?![0-9])")
"""Identity numbers, card numbers and mobile numbers; application numbers have 20 digits or more."""
_KEEP: Final = 4
_NAME: Final = 6
"""Shorter values are masked like a name, longer ones (an address) are hidden whole."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Kind:
    """A kind of notice: its title and its lines with places for values."""

    title: str
    lines: tuple[str, ...]


@cache
def kinds() -> dict[str, Kind]:
    """Return all kinds of notices by their word."""
    text = (resources.files("intake.people") / "notices.toml").read_text("utf-8")
    return {
        word: Kind(title=row["title"], lines=tuple(row["lines"]))
        for word, row in tomllib.loads(text).items()
    }


def compose(kind: str, values: Mapping[str, str]) -> str:
    """Return the text of a notice, a paragraph a line, without an addressee.

    A line that names an empty value says nothing and is left out.
    """
    return "\n".join(
        line.format_map(values)
        for line in kinds()[kind].lines
        if all(values[name] for name in re.findall(r"{(\w+)}", line))
    )


def without_personal_data(text: str, private: Iterable[str]) -> str:
    """Return what may be public of a text: numbers of persons and these private values hidden."""
    hidden = _NUMBERS.sub(lambda found: "*" * 6 + found[0][-_KEEP:], text)
    telling = {one for one in private if _tells(one)}
    for value in sorted(telling, key=len, reverse=True):
        name = len(value) < _NAME and value.isalpha()
        hidden = hidden.replace(value, mask_name(value) if name else "*" * _KEEP)
    return hidden


def _tells(value: str) -> bool:
    """Tell whether a value says something of a person wherever it stands, unlike a 1 or a 是."""
    least = _KEEP if value.isdigit() else 2 if value.isalpha() else _NAME
    return len(value) >= least
