"""What is wrong with a form: all faults at once, each with the words' key."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from kiosk.domain.catalogue import Field, FieldKind
from kiosk.domain.form import Form, Origin, shown, shown_date
from standards import division
from standards.errors import CodeError


@dataclass(frozen=True, kw_only=True, slots=True)
class Fault:
    """One fault; ``code`` is a translation key, ``values`` fill its words."""

    key: str
    code: str
    values: Mapping[str, str] = field(default_factory=dict)


def faults(form: Form, today: date) -> tuple[Fault, ...]:
    """Return every fault of the form, in the form's order; empty means it may be filed."""
    found = (
        check(own.spec, own.value, today=today, answers=form.values())
        for own in form.fields
        if own.origin is not Origin.PRODUCED
    )
    return tuple(fault for fault in found if fault)


def check(spec: Field, value: str, *, today: date, answers: Mapping[str, str]) -> Fault | None:
    """Return the fault of one value, or None; ``answers`` are the form's other values."""
    if not value:
        return Fault(key=spec.key, code="fault.empty", values={"label": spec.label})
    if spec.kind is FieldKind.CHOICE:
        return _choice(spec, value)
    if spec.kind is FieldKind.DIVISION:
        return _division(spec, value, answers)
    if spec.kind is FieldKind.DATE:
        return _date(spec, value, today)
    return _text(spec, value)


def date_bounds(spec: Field, today: date) -> tuple[date | None, date | None]:
    """Return the first and last day a date field accepts; None is unbounded."""
    first = None if spec.earliest_days is None else today + timedelta(days=spec.earliest_days)
    last = None if spec.latest_days is None else today + timedelta(days=spec.latest_days)
    return first, last


def _wrong(spec: Field) -> Fault:
    return Fault(key=spec.key, code="fault.wrong", values={"label": spec.label})


def _text(spec: Field, value: str) -> Fault | None:
    if spec.pattern and not re.fullmatch(spec.pattern, value):
        return _wrong(spec)
    return None


def _choice(spec: Field, value: str) -> Fault | None:
    return None if value in {choice.value for choice in spec.choices} else _wrong(spec)


def _division(spec: Field, value: str, answers: Mapping[str, str]) -> Fault | None:
    try:
        place = division.find(value)
    except CodeError:
        return _wrong(spec)
    if place.code == place.province and place.code not in division.MUNICIPALITIES:
        return _wrong(spec)
    if spec.outside and answers.get(spec.outside) == value:
        where = {"label": spec.label, "place": shown(spec, value)}
        return Fault(key=spec.key, code="fault.same_place", values=where)
    return None


def _date(spec: Field, value: str, today: date) -> Fault | None:
    try:
        day = date.fromisoformat(value)
    except ValueError:
        return _wrong(spec)
    first, last = date_bounds(spec, today)
    if first is not None and day < first:
        bound = {"label": spec.label, "day": shown_date(first.isoformat())}
        return Fault(key=spec.key, code="fault.too_early", values=bound)
    if last is not None and day > last:
        bound = {"label": spec.label, "day": shown_date(last.isoformat())}
        return Fault(key=spec.key, code="fault.too_late", values=bound)
    return None
