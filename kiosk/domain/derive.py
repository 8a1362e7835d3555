"""Facts that follow from other facts: nobody has to type them, and no register need be asked.

A field says so by a source ``derived:<key>``; how it follows is decided by the field's attribute,
the last part of its key.  Without such a rule it is the same value, for fields of one kind; a
month is that of a date, a date that of a moment.  Terminal and intake use the same rules.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from types import MappingProxyType

from kiosk.domain.dictionary import Field, FieldKind
from kiosk.domain.form import Form, FormField, Origin
from kiosk.domain.identity import CHINA, RESIDENT_ID_CARD
from kiosk.domain.known import Known
from kiosk.domain.words import table_choices
from standards import division
from standards.errors import IdentityNumberError
from standards.identity_number import IdentityNumber

HEAD = "derived:"
_DISTRICT = re.compile(r"[^区县市]{2,8}[区县市]")
"""The district that begins the name of an institution: 牧野区 of 牧野区示例社区卫生服务中心."""


def derived(fields: Iterable[Field], values: Mapping[str, str]) -> dict[str, Known]:
    """Return what follows from ``values`` for these fields, by key.

    A field gets the value of its first ``derived:`` source that gives one; a field that has a
    value already is told as well, the caller decides which one counts.
    """
    found = {field.key: derive(field, values) for field in fields}
    return {key: known for key, known in found.items() if known is not None}


def derive(field: Field, values: Mapping[str, str]) -> Known | None:
    """Return what follows from ``values`` for one field, or None."""
    rule = _rule(field)
    for source in field.sources:
        given = values.get(source.removeprefix(HEAD)) if source.startswith(HEAD) else None
        value = rule(field, given) if given else ""
        if value:
            return Known(value=value, source=source, editable="user" in field.sources)
    return None


def has_rule(key: str, own: FieldKind, given: FieldKind) -> bool:
    """Tell whether a field with this key and kind can follow from one of the kind ``given``."""
    return own is given or key.rpartition(".")[2] in _RULES or given in _SHORTENED.get(own, ())


def _rule(field: Field) -> Callable[[Field, str], str]:
    """Return how a field follows: by its attribute, or as the same value in its own kind."""
    by_kind = {FieldKind.MONTH: _month, FieldKind.DATE: _day}.get(field.kind, _same)
    return _RULES.get(field.key.rpartition(".")[2], by_kind)


_SHORTENED: Mapping[FieldKind, tuple[FieldKind, ...]] = MappingProxyType(
    {
        FieldKind.MONTH: (FieldKind.DATE, FieldKind.MOMENT),
        FieldKind.DATE: (FieldKind.MOMENT,),
    }
)
"""Kinds whose values begin with the value of a shorter kind."""


def followed(form: Form) -> Form:
    """Return the form with everything that follows from its values, after one of them changed.

    A fact that the citizen gave, or that a register told, stays; one that followed before and
    follows differently now is changed, and one that follows no longer is the citizen's to give.
    """
    values = form.values()
    fields = tuple(_followed(own, values) for own in form.fields)
    return form if fields == form.fields else replace(form, fields=fields)


def _followed(own: FormField, values: Mapping[str, str]) -> FormField:
    if own.origin is Origin.PRODUCED or (own.filled and not own.source.startswith(HEAD)):
        return own
    known = derive(own.spec, values)
    if known is None:
        # The intake knows addresses that the citizen has not written yet: what follows from one
        # of these stays until they write another.
        if not any(source.removeprefix(HEAD) in values for source in own.spec.sources):
            return own
        return replace(own, value="", source="", act=True, origin=Origin.TYPED, editable=True)
    if known.value == own.value:
        return own
    return replace(
        own,
        value=known.value,
        source=known.source,
        act=False,
        origin=Origin.GENERATED,
        editable=known.editable,
        masked="",
        as_of="",
        others=(),
    )


def _same(_field: Field, value: str) -> str:
    return value


def _day(_field: Field, moment: str) -> str:
    """The date of a moment, ``2026-11-14``."""
    return moment[:10]


def _month(_field: Field, day: str) -> str:
    """The month of a date or moment, ``2026-11``."""
    return day[:7]


def _birth_date(_field: Field, id_no: str) -> str:
    number = _number(id_no)
    return number.birth_date.isoformat() if number else ""


def _id_type(_field: Field, id_no: str) -> str:
    """Only a resident ID card has a citizen's number."""
    return RESIDENT_ID_CARD if _number(id_no) else ""


def _nationality(_field: Field, id_no: str) -> str:
    """Only citizens of China have a citizen's number."""
    return CHINA if _number(id_no) else ""


def _number(id_no: str) -> IdentityNumber | None:
    try:
        return IdentityNumber.parse(id_no)
    except IdentityNumberError:
        return None


def _region(_field: Field, address: str) -> str:
    """The prefecture-level place that an address begins with."""
    for province in division.provinces():
        if not address.startswith(province.name):
            continue
        rest = address.removeprefix(province.name)
        for place in division.places(province.code):
            if place is province or rest.startswith(place.name):
                return place.code
    return ""


def _nearby(field: Field, address: str) -> str:
    """The first choice whose name begins with a district that the address lies in."""
    for choice in table_choices(field):
        district = _DISTRICT.match(choice.label)
        if district and district[0] in address:
            return choice.value
    return ""


_RULES: Mapping[str, Callable[[Field, str], str]] = MappingProxyType(
    {
        "account_name": _same,
        "birth_date": _birth_date,
        "id_type": _id_type,
        "nationality": _nationality,
        "place_use": _same,
        "region": _region,
        "start_month": _month,
        "text": _same,
        "vaccination_unit": _nearby,
    }
)
"""How a field follows, by the last part of its key."""
