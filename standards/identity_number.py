"""Citizen identity numbers, GB 11643: 17 digits and an ISO 7064 MOD 11-2 check character.

Positions 1-6 are the division of first registration (GB/T 2260 of that year, so no code is
refused here), 7-14 the date of birth, 15-17 a sequence that is odd for men, 18 the check.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from standards.errors import IdentityNumberError
from standards.sex import Sex

_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECK_CHARACTERS = "10X98765432"
_SHAPE = re.compile(r"[0-9]{17}[0-9X]")
_LENGTH = 18


def check_digit(first17: str) -> str:
    """Return the check character of the first 17 digits: a digit or ``"X"``.

    Raises:
        IdentityNumberError: the text is not 17 ASCII digits.
    """
    if len(first17) != _LENGTH - 1:
        raise IdentityNumberError("length")
    if not (first17.isascii() and first17.isdigit()):
        raise IdentityNumberError("character")
    total = sum(weight * int(digit) for weight, digit in zip(_WEIGHTS, first17, strict=True))
    return _CHECK_CHARACTERS[total % 11]


@dataclass(frozen=True, slots=True)
class IdentityNumber:
    """A well-formed identity number; make one with :meth:`parse`."""

    text: str

    @classmethod
    def parse(cls, text: str) -> IdentityNumber:
        """Return the number written in ``text``; a lower-case ``x`` at its end is accepted.

        Raises:
            IdentityNumberError: wrong length, a character that does not belong, a date that
                is not in the calendar, or a wrong check character.
        """
        upper = text.upper()
        if len(upper) != _LENGTH:
            raise IdentityNumberError("length")
        if not _SHAPE.fullmatch(upper):
            raise IdentityNumberError("character")
        _date_of(upper)
        if check_digit(upper[:-1]) != upper[-1]:
            raise IdentityNumberError("check_digit")
        return cls(upper)

    @property
    def region(self) -> str:
        """The six-digit division of first registration; may have been abolished since."""
        return self.text[:6]

    @property
    def birth_date(self) -> date:
        """The date of birth in the number."""
        return _date_of(self.text)

    @property
    def sex(self) -> Sex:
        """Male for an odd sequence, female for an even one."""
        return Sex.MALE if int(self.text[16]) % 2 else Sex.FEMALE

    def __str__(self) -> str:
        return self.text


def _date_of(text: str) -> date:
    """Return positions 7-14 as a date, or raise when the calendar has no such day."""
    try:
        return date(int(text[6:10]), int(text[10:12]), int(text[12:14]))
    except ValueError:
        raise IdentityNumberError("date") from None
