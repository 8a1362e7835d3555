"""What is wrong with a form: all faults at once, each with the words' key."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from types import MappingProxyType

from kiosk.domain import derive, names
from kiosk.domain.dictionary import Field, FieldKind
from kiosk.domain.form import Form, FormField, Origin, choices
from kiosk.domain.words import shown, shown_date
from standards import credit_code, division, payment_card
from standards.charset import printable
from standards.errors import CodeError, CreditCodeError, IdentityNumberError
from standards.identity_number import IdentityNumber

MOBILE = re.compile(r"1[3-9][0-9]{9}")
DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
MOMENT = re.compile(DAY.pattern + r"T[0-9]{2}:[0-9]{2}(:[0-9]{2})?")
"""The extended format alone: Python also reads digits without a sign between them, and an hour's
last digits as a time, and what is written half is no answer."""
FORMER_ID = re.compile(r"[0-9]{15}")
"""An identity number as it was until 1999; the card of today has the number with 18."""
DECIMAL = re.compile(r"[0-9]{1,9}(\.[0-9]{1,2})?")
CARD = "id_card"
"""The source word of what the applicant's ID card says."""
MOST_FEN = 10**10
"""A hundred million yuan: an amount beyond it is a slip of a finger."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Fault:
    """One fault; ``code`` is a translation key, ``values`` fill its words."""

    key: str
    code: str
    values: Mapping[str, str] = field(default_factory=dict)


def faults(form: Form, today: date) -> tuple[Fault, ...]:
    """Return every fault of the form, in the form's order; empty means it may be filed.

    What the card says is no fault of anybody here: a rare name, an old address.
    """
    answers = form.values()
    found = (
        check(own.spec, own.value, today=today, answers=answers)
        for own in form.fields
        if own.origin is not Origin.PRODUCED and not _of_card(own, form)
    )
    return tuple(fault for fault in found if fault)


def _of_card(own: FormField, form: Form) -> bool:
    """Tell whether the card says this value, or the value it was taken over from unchanged."""
    if own.origin is not Origin.GENERATED:
        return False
    given = own.source.removeprefix(derive.HEAD)
    return own.source == CARD or any(
        other.key == given and other.source == CARD and other.value == own.value
        for other in form.fields
    )


def check(spec: Field, value: str, *, today: date, answers: Mapping[str, str]) -> Fault | None:
    """Return the fault of one value, or None; ``answers`` are the form's other values."""
    if not value:
        return _fault(spec, "empty")
    if value != printable(value):
        return _fault(spec, "wrong")
    return _CHECKS.get(spec.kind, _text)(spec, value, today, answers)


def date_bounds(spec: Field, today: date) -> tuple[date | None, date | None]:
    """Return the first and last day a date field accepts; None is unbounded."""
    first = None if spec.earliest_days is None else today + timedelta(days=spec.earliest_days)
    last = None if spec.latest_days is None else today + timedelta(days=spec.latest_days)
    return first, last


Answers = Mapping[str, str]


def _fault(spec: Field, code: str, **values: str) -> Fault:
    return Fault(key=spec.key, code=f"fault.{code}", values={"label": spec.label, **values})


def _text(spec: Field, value: str, _today: date, _answers: Answers) -> Fault | None:
    if spec.pattern and not re.fullmatch(spec.pattern, value):
        return _fault(spec, "wrong")
    return None


def _choice(spec: Field, value: str, _today: date, answers: Answers) -> Fault | None:
    offered = {choice.value for choice in choices(spec, answers)}
    return None if value in offered else _fault(spec, "wrong")


def _division(spec: Field, value: str, _today: date, answers: Answers) -> Fault | None:
    try:
        place = division.find(value)
    except CodeError:
        return _fault(spec, "wrong")
    if place.code == place.province and place.code not in division.MUNICIPALITIES:
        return _fault(spec, "wrong")
    if spec.outside and answers.get(spec.outside) == value:
        return _fault(spec, "same_place", place=shown(spec, value))
    return None


def _date(spec: Field, value: str, today: date, _answers: Answers) -> Fault | None:
    try:
        day = date.fromisoformat(value if DAY.fullmatch(value) else "")
    except ValueError:
        return _fault(spec, "wrong")
    first, last = date_bounds(spec, today)
    if first is not None and day < first:
        return _fault(spec, "too_early", day=shown_date(first.isoformat()))
    if last is not None and day > last:
        return _fault(spec, "too_late", day=shown_date(last.isoformat()))
    return None


def _name(spec: Field, value: str, _today: date, answers: Answers) -> Fault | None:
    if not names.is_name(value):
        return _fault(spec, "name_characters")
    parents = [answers[key] for key in spec.surname_of if answers.get(key)]
    if len(value) < 2 and parents:
        return _fault(spec, "name_short")
    return None


def _address(spec: Field, value: str, _today: date, _answers: Answers) -> Fault | None:
    fits = 4 <= len(value) <= 100 and names.is_written(value)
    return None if fits else _fault(spec, "address")


def _mobile(spec: Field, value: str, _today: date, _answers: Answers) -> Fault | None:
    return None if MOBILE.fullmatch(value) else _fault(spec, "mobile")


def _id_number(spec: Field, value: str, today: date, _answers: Answers) -> Fault | None:
    if FORMER_ID.fullmatch(value):
        return _fault(spec, "id_former")
    try:
        number = IdentityNumber.parse(value)
    except IdentityNumberError as error:
        code = "id_length" if error.reason == "length" else "id_number"
        return _fault(spec, code)
    if spec.sex and number.sex.value != spec.sex:
        return _fault(spec, f"id_sex_{spec.sex}")
    return _fault(spec, "id_future") if number.birth_date > today else None


def _account(spec: Field, value: str, _today: date, _answers: Answers) -> Fault | None:
    return None if payment_card.is_account(value) else _fault(spec, "account")


def _integer(spec: Field, value: str, _today: date, _answers: Answers) -> Fault | None:
    if not (value.isascii() and value.isdigit() and len(value) <= 9):
        return _fault(spec, "wrong")
    least, most = spec.minimum or 0, spec.maximum if spec.maximum is not None else 10**9
    if least <= int(value) <= most:
        return None
    return _fault(spec, "range", least=f"{least}{spec.unit}", most=f"{most}{spec.unit}")


def _decimal(spec: Field, value: str, _today: date, _answers: Answers) -> Fault | None:
    if not DECIMAL.fullmatch(value):
        return _fault(spec, "decimal")
    least, most = spec.minimum or 0, spec.maximum if spec.maximum is not None else 10**9
    if least <= Decimal(value) <= most:
        return None
    return _fault(spec, "range", least=f"{least}{spec.unit}", most=f"{most}{spec.unit}")


def _multi(spec: Field, value: str, _today: date, answers: Answers) -> Fault | None:
    """Some of what is offered, each once, in its order."""
    given = value.split(",")
    offered = [choice.value for choice in choices(spec, answers) if choice.value in given]
    return None if offered == given else _fault(spec, "wrong")


def _passage(spec: Field, value: str, _today: date, _answers: Answers) -> Fault | None:
    fits = len(value.strip()) >= 2 and len(value) <= 200 and names.is_passage(value)
    return None if fits else _fault(spec, "passage")


def _credit_code(spec: Field, value: str, _today: date, _answers: Answers) -> Fault | None:
    try:
        credit_code.parse(value)
    except CreditCodeError as error:
        reasons = {"former": "credit_former", "length": "credit_length"}
        return _fault(spec, reasons.get(error.reason, "credit_code"))
    return None


def _moment(spec: Field, value: str, today: date, answers: Answers) -> Fault | None:
    try:
        at = datetime.fromisoformat(value if MOMENT.fullmatch(value) else "")
    except ValueError:
        return _fault(spec, "wrong")
    return _date(spec, at.date().isoformat(), today, answers)


def _month(spec: Field, value: str, _today: date, _answers: Answers) -> Fault | None:
    try:
        date.fromisoformat(f"{value}-01" if DAY.fullmatch(f"{value}-01") else "")
    except ValueError:
        return _fault(spec, "wrong")
    return None


def _period(spec: Field, value: str, today: date, answers: Answers) -> Fault | None:
    first, _, last = value.partition("/")
    for day in (first, last):
        found = _date(spec, day, today, answers)
        if found is not None:
            return found
    return None if first <= last else _fault(spec, "period_order")


def _money(spec: Field, value: str, _today: date, _answers: Answers) -> Fault | None:
    fits = value.isascii() and value.isdigit() and 0 < int(value) <= MOST_FEN
    return None if fits else _fault(spec, "money")


_CHECKS: Mapping[FieldKind, Callable[[Field, str, date, Answers], Fault | None]] = MappingProxyType(
    {
        FieldKind.CHOICE: _choice,
        FieldKind.DIVISION: _division,
        FieldKind.DATE: _date,
        FieldKind.NAME: _name,
        FieldKind.ADDRESS: _address,
        FieldKind.MOBILE: _mobile,
        FieldKind.ID_NUMBER: _id_number,
        FieldKind.ACCOUNT: _account,
        FieldKind.INTEGER: _integer,
        FieldKind.MOMENT: _moment,
        FieldKind.MONTH: _month,
        FieldKind.PERIOD: _period,
        FieldKind.MONEY: _money,
        FieldKind.DECIMAL: _decimal,
        FieldKind.MULTI: _multi,
        FieldKind.PASSAGE: _passage,
        FieldKind.CREDIT_CODE: _credit_code,
    }
)
