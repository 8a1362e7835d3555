"""A slip's parts as printed lines: columns, wrapping, alignment; still no bytes.

Widths are in columns of half a Chinese character. ASCII takes one column; every other character
takes two, since a Chinese printer draws it in a full cell; a combining mark takes none.
A line never starts with a closing mark, and a word or a number is not torn when it fits the
next line whole.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

from drivers.printer.receipt import Bars, Code, Pair, Rule, Text

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from drivers.printer.receipt import Part, Receipt

MAX_LABEL = 16
"""Columns of the label column; a longer label gets a line of its own."""

COLUMN_GAP = 2
"""Columns between label and value."""

MAX_MARKS = 2
"""Combining marks kept on one character."""

_NO_START = frozenset("，。、；：？！）】》〉」』”’…·％%),.;:?!]}")


@dataclass(frozen=True, kw_only=True, slots=True)
class TextRow:
    """One printed line, at most as wide as the paper; `big` is double size and centred."""

    clusters: tuple[str, ...]
    big: bool = False

    @property
    def text(self) -> str:
        """The line as one string."""
        return "".join(self.clusters)


@dataclass(frozen=True, kw_only=True, slots=True)
class CodeRow:
    """A QR code."""

    payload: str


@dataclass(frozen=True, kw_only=True, slots=True)
class BarsRow:
    """A bar code."""

    payload: str


@dataclass(frozen=True, kw_only=True, slots=True)
class RuleRow:
    """A line across the paper."""


@dataclass(frozen=True, kw_only=True, slots=True)
class GapRow:
    """Empty paper, in dots."""

    dots: int


Row = TextRow | CodeRow | BarsRow | RuleRow | GapRow


def lay_out(receipt: Receipt, columns: int) -> tuple[Row, ...]:
    """Return the printed lines of `receipt` on paper of this many columns."""
    rows: list[Row] = []
    if receipt.title:
        rows += _paragraph(receipt.title, columns, big=True)
        rows.append(GapRow(dots=16))
    for are_pairs, run in groupby(receipt.parts, key=lambda part: isinstance(part, Pair)):
        parts = list(run)
        if are_pairs:
            rows += _pairs([p for p in parts if isinstance(p, Pair)], columns)
        else:
            for part in parts:
                rows += _single(part, columns)
    return tuple(rows)


def width(cluster: str) -> int:
    """Return the columns of one character with its marks."""
    return 1 if cluster.isascii() else 2


def clusters(text: str) -> list[str]:
    """Return the characters of `text`, each with the combining marks that follow it."""
    found: list[str] = []
    for character in text:
        if not unicodedata.category(character).startswith("M"):
            found.append(character)
        elif found and len(found[-1]) <= MAX_MARKS and found[-1] != " ":
            found[-1] += character
    return found


def wrap(text: str, columns: int) -> list[list[str]]:
    """Return the lines of `text`, none wider than `columns` (2 or more); at least one line."""
    lines: list[list[str]] = []
    line: list[str] = []
    used = 0
    for cluster in clusters(text):
        if used + width(cluster) > columns:
            line, carried = _break(line, cluster, columns)
            lines.append(line)
            line, used = carried, sum(map(width, carried))
        if line or not lines or cluster != " ":
            line.append(cluster)
            used += width(cluster)
    return [*lines, line]


def _break(line: list[str], coming: str, columns: int) -> tuple[list[str], list[str]]:
    """Split a full line before `coming`: what stays, and what goes down with it."""
    at = len(line)
    if coming in _NO_START:
        at = _last_word(line) if len(line) > 1 and line[-1].isascii() else len(line) - 1
    elif coming != " " and coming.isascii():
        at = _last_word(line)
    if at <= 0 or sum(map(width, line[at:])) > columns // 2:
        at = len(line)
    return line[:at], line[at:]


def _last_word(line: Sequence[str]) -> int:
    """Return where the word or number at the end of the line begins."""
    at = len(line)
    while at and line[at - 1].isascii() and line[at - 1] != " ":
        at -= 1
    return at


def _paragraph(text: str, columns: int, *, big: bool) -> Iterator[TextRow]:
    for line in wrap(text, columns // 2 if big else columns):
        yield TextRow(clusters=tuple(line), big=big)


def _single(part: Part, columns: int) -> Iterator[Row]:
    if isinstance(part, Text):
        yield from _paragraph(part.text, columns, big=part.big)
    elif isinstance(part, Code):
        yield CodeRow(payload=part.payload)
    elif isinstance(part, Bars):
        yield BarsRow(payload=part.payload)
    elif isinstance(part, Rule):
        yield RuleRow()


def _pairs(pairs: Sequence[Pair], columns: int) -> Iterator[TextRow]:
    """Set a run of pairs in two columns; the longest label that fits decides their edge."""
    widths = [sum(map(width, clusters(pair.label))) for pair in pairs]
    edge = max((w for w in widths if w <= MAX_LABEL), default=0) + COLUMN_GAP
    for pair, label_width in zip(pairs, widths, strict=True):
        values = wrap(pair.value, columns - edge)
        if label_width > MAX_LABEL:
            yield from _paragraph(pair.label, columns, big=False)
            label: list[str] = []
        else:
            label = clusters(pair.label)
        for value in values:
            pad = [" "] * (edge - sum(map(width, label)))
            yield TextRow(clusters=(*label, *pad, *value))
            label = []
