"""Unified social credit codes, GB 32100: 18 characters of which two check the others.

Position 1 is the registering authority, 2 the kind of body, 3-8 the division of registration (of
that year, so none is refused here), 9-17 the body's own code of GB 11714 with its check at 17, and
18 the check of the whole: weights 3^n mod 31 over an alphabet without I, O, S, V, Z.
"""

from __future__ import annotations

import re

from standards.errors import CreditCodeError

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_LENGTH = 18
_OLD_LENGTH = 15
_BODY_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)
_SHAPE = re.compile(rf"[{ALPHABET}]{{2}}[0-9]{{6}}[{ALPHABET}]{{10}}")


def parse(text: str) -> str:
    """Return the code written in ``text``, in capitals.

    Raises:
        CreditCodeError: an old registration number (15 digits), a wrong length, a character that
            does not belong, or a wrong check character.
    """
    code = text.upper()
    if len(code) == _OLD_LENGTH and code.isascii() and code.isdigit():
        raise CreditCodeError("former")
    if len(code) != _LENGTH:
        raise CreditCodeError("length")
    if not _SHAPE.fullmatch(code):
        raise CreditCodeError("character")
    if body_check(code[8:16]) != code[16] or check_character(code[:17]) != code[17]:
        raise CreditCodeError("check")
    return code


def body_check(first8: str) -> str:
    """Return the check character of an organisation code's first eight (GB 11714)."""
    total = sum(w * int(c, 36) for w, c in zip(_BODY_WEIGHTS, first8, strict=True))
    return "0123456789X0"[11 - total % 11]


def check_character(first17: str) -> str:
    """Return the 18th character of a code's first 17."""
    total = sum(pow(3, place, 31) * ALPHABET.index(c) for place, c in enumerate(first17))
    return ALPHABET[-total % 31]
