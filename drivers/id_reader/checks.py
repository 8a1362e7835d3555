"""What can be held against a card's own text: named facts, each true or false. Pure.

A check never refuses a card. It tells whoever reads the record what to look at: a number whose
check digit is wrong, a birth date that is not the one in the number. A check that a kind of card
does not allow is left out.

==============  ==================================================================================
`id_no`         GB 11643 form, calendar date and check digit; permits of 2017 their 3 letters and
                12 digits; permits of 2023 begin with 9 besides (published numbering rules)
`birth_date`    is the one in the number
`sex`           a code of GB/T 2261.1, and the one in the number; permits of 2023 are not held
                against their number, for no rule of it is published
`nation`        a code of GB/T 3304; citizens only
`validity`      born, then issued, then expiring; whether it has expired is not asked here
`name`          whole: no character was lost on its way
==============  ==================================================================================
"""

from __future__ import annotations

import re

from drivers.id_reader.card import Card, CardKind
from standards.errors import IdentityNumberError
from standards.identity_number import IdentityNumber
from standards.nation import NATIONS
from standards.sex import Sex

_LOST = "\N{REPLACEMENT CHARACTER}"
_PERMIT_2017 = re.compile(r"[A-Z]{3}[0-9]{12}")
_FOREIGNER = "9"


def checks(card: Card) -> dict[str, bool]:
    """Return every check this kind of card allows, by name."""
    number = _number(card)
    result = {
        "id_no": _id_no(card, number),
        "sex": card.sex_code in set(Sex),
        "validity": _validity(card),
        "name": _LOST not in card.name + card.name_en,
    }
    if card.kind is not CardKind.FOREIGNER_2017:
        result["birth_date"] = number is not None and number.birth_date == card.birth_date
    if card.kind in {CardKind.CITIZEN, CardKind.HMT}:
        result["sex"] = number is not None and number.sex == card.sex_code
    if card.kind is CardKind.CITIZEN:
        result["nation"] = card.nation_code in NATIONS
    return result


def _number(card: Card) -> IdentityNumber | None:
    try:
        return IdentityNumber.parse(card.id_no)
    except IdentityNumberError:
        return None


def _id_no(card: Card, number: IdentityNumber | None) -> bool:
    if card.kind is CardKind.FOREIGNER_2017:
        return _PERMIT_2017.fullmatch(card.id_no) is not None
    foreign = card.kind is CardKind.FOREIGNER_2023
    return number is not None and (number.text.startswith(_FOREIGNER) or not foreign)


def _validity(card: Card) -> bool:
    until = card.valid_to
    return card.birth_date <= card.valid_from and (until is None or card.valid_from < until)
