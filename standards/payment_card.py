"""Numbers of bank cards and accounts: ISO/IEC 7812 length and check digit (Luhn)."""

from __future__ import annotations

SHORTEST, LONGEST = 12, 19
"""Digits of an account number."""
CARD = 16
"""From this length on the number is a card's, and its last digit checks the others."""


def luhn(number: str) -> bool:
    """Tell whether the last of a number's digits checks the others (ISO/IEC 7812-1 annex B)."""
    if not (number.isascii() and number.isdigit()):
        return False
    doubled = (int(d) * (1 + place % 2) for place, d in enumerate(reversed(number)))
    return sum(d - 9 if d > 9 else d for d in doubled) % 10 == 0


def is_account(number: str) -> bool:
    """Tell whether ``number`` can be an account: 12 to 19 digits, a card's with a right check."""
    if not (number.isascii() and number.isdigit() and SHORTEST <= len(number) <= LONGEST):
        return False
    return len(number) < CARD or luhn(number)
