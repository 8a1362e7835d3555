"""Bank card numbers in what was read from a card: pure.

A primary account number has 12 to 19 digits here, the last of which is a Luhn check digit
(ISO/IEC 7812-1).  The check finds one wrong digit and most swapped neighbours; one in ten random
numbers passes it, so what is found is shown to the citizen for a yes or no, and text that was read
with little certainty is not looked at.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

SHORTEST, LONGEST = 12, 19
"""Digits of a number."""

LEAST_SCORE = 0.80
"""Mean certainty of the reading (0 to 1) below which a line's digits are not taken."""

_SAME_ROW = 0.5
"""Boxes whose middles are less than this share of their height apart stand in one row."""

_DIGITS_AND_GAPS = re.compile(r"[0-9 .·-]+")
_BANK = re.compile(r"[\u4e00-\u9fff]{2,20}银行")


@dataclass(frozen=True, kw_only=True, slots=True)
class Line:
    """One read piece of text: its middle and height in dots, its certainty from 0 to 1."""

    text: str
    left: float
    middle: float
    height: float
    score: float


def luhn_digit(body: str) -> str:
    """Return the check digit that belongs behind these digits."""
    doubled = [int(digit) * (2 - place % 2) for place, digit in enumerate(reversed(body))]
    return str(-sum(value - 9 if value > 9 else value for value in doubled) % 10)


def is_card_number(text: str) -> bool:
    """Say whether this is a number of the right length that passes its check."""
    if not (text.isascii() and text.isdecimal() and SHORTEST <= len(text) <= LONGEST):
        return False
    return luhn_digit(text[:-1]) == text[-1]


def find_number(lines: Sequence[Line]) -> str | None:
    """Return the card number of a face, ``None`` if there is none or more than one."""
    found = {number for row in _rows(lines) if (number := _number(row)) is not None}
    return found.pop() if len(found) == 1 else None


def find_bank(lines: Sequence[Line]) -> str | None:
    """Return the first name of a bank that was read, ``None`` if there is none."""
    for line in sorted(lines, key=lambda one: one.middle):
        name = _BANK.search(line.text.replace(" ", ""))
        if name and line.score >= LEAST_SCORE:
            return name[0]
    return None


def _number(row: Sequence[Line]) -> str | None:
    parts = [line for line in row if _DIGITS_AND_GAPS.fullmatch(line.text)]
    if not parts or min(line.score for line in parts) < LEAST_SCORE:
        return None
    digits = "".join(character for line in parts for character in line.text if character.isdigit())
    return digits if is_card_number(digits) else None


def _rows(lines: Sequence[Line]) -> list[list[Line]]:
    """Put pieces that stand beside each other together, from left to right."""
    rows: list[list[Line]] = []
    for line in sorted(lines, key=lambda one: one.middle):
        last = rows[-1][-1] if rows else None
        if last and abs(line.middle - last.middle) < _SAME_ROW * min(line.height, last.height):
            rows[-1].append(line)
        else:
            rows.append([line])
    return [sorted(row, key=lambda one: one.left) for row in rows]
