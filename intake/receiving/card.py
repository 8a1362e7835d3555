"""What a form says of the card it was filled from, held against the applicant.

The words of a card are not judged like typed ones: a rare name or an old address cannot be mended
at a terminal.  So only the applicant's own card may be named as a source, only for what a card
says, and what follows from name and number has to agree with them.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Final

from intake.service.problems import Refusal
from kiosk.domain.application import Applicant
from kiosk.domain.dictionary import FieldKind
from kiosk.domain.faults import check
from kiosk.domain.form import Form, FormField
from kiosk.domain.identity import CHINA, RESIDENT_ID_CARD
from standards.identity_number import IdentityNumber

_SOURCE: Final = "id_card"
_WORDS: Final = frozenset({FieldKind.TEXT, FieldKind.NAME, FieldKind.ADDRESS})
"""Kinds whose values a card words freely; its codes and dates are those of the standards."""


def require_card(form: Form, role: str, applicant: Applicant, today: date) -> None:
    """Refuse what the applicant's card cannot have said.

    Args:
        form: what was filed.
        role: who the applicant is in the form.
        applicant: whose number the evidence of the reading names.
        today: the day the application was made.

    Raises:
        Refusal: ``INVALID`` with the field.
    """
    facts = _facts(applicant)
    for own in form.fields:
        if own.filled and not _fits(own, form, role, facts, today):
            raise Refusal("INVALID", f"application.fields.{own.key}")


def _facts(applicant: Applicant) -> Mapping[str, str]:
    """Return what has to be so of the holder of this card, by the last part of the key."""
    number = IdentityNumber.parse(applicant.id_no)
    return {
        "name": applicant.name,
        "id_no": number.text,
        "id_type": RESIDENT_ID_CARD,
        "sex": number.sex.value,
        "birth_date": number.birth_date.isoformat(),
        "nationality": CHINA,
    }


def _fits(own: FormField, form: Form, role: str, facts: Mapping[str, str], today: date) -> bool:
    """Tell whether a value may be of the card, and is not another than the card's."""
    owner, _, attribute = own.key.rpartition(".")
    may_say = owner == role and _SOURCE in own.spec.sources
    if may_say and facts.get(attribute, own.value) != own.value:
        return False
    if own.source != _SOURCE:
        return True
    if not may_say:
        return False
    worded = own.spec.kind in _WORDS
    return worded or check(own.spec, own.value, today=today, answers=form.values()) is None
