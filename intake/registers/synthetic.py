"""What a register tells where the population has no record of its own: an example that is nobody's.

The catalogue asks for far more facts than the population knows of anybody.  For these each register
answers with the field's own example (:func:`kiosk.domain.examples.example`), the same one for the
same person for ever; numbers that one person alone has are varied by person.
"""

from __future__ import annotations

import re
from datetime import date
from typing import Final

from intake.population import account_number, chance, mobile
from kiosk.domain import faults
from kiosk.domain.dictionary import Field, FieldKind
from kiosk.domain.examples import example
from kiosk.domain.words import table_choices

_TAIL: Final = re.compile(r"[0-9]{8,}$")
"""A long number at the end of an example: the number of a card, a certificate, a record."""
_VARIED: Final = 4
_CODED: Final = frozenset({FieldKind.CHOICE, FieldKind.MULTI})


def told(field: Field, whose: str, today: date) -> str | None:
    """Return what registers tell of a field; ``whose`` names the person or enterprise.

    A field without any valid example is not told.
    """
    value = example(field, today)
    if not value:
        return None
    rng = chance(whose, field.key)
    match field.kind:
        case FieldKind.MOBILE:
            return mobile(rng)
        case FieldKind.ACCOUNT:
            return account_number(rng)
        case FieldKind.TEXT if _TAIL.search(value):
            tail = f"{rng.randrange(10**_VARIED):0{_VARIED}d}"
            varied = value[:-_VARIED] + tail
            return varied if fits(field, varied, today) else value
        case _:
            return value


def worded(field: Field, value: str, today: date) -> str | None:
    """Return what a record says in the codes of the field, or the example where it has none.

    Records know a bank by its name; a field may ask for its code.
    """
    if field.kind not in _CODED or fits(field, value, today):
        return value
    codes = {choice.label: choice.value for choice in table_choices(field)}
    return codes.get(value) or example(field, today) or None


def fits(field: Field, value: str, today: date) -> bool:
    """Tell whether a value passes the field's own check."""
    return faults.check(field, value, today=today, answers={}) is None
