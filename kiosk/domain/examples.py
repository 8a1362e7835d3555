"""Values that are nobody's: shown beside a question, told by synthetic registers, typed by tests.

A field says its own (``example``); kinds that have a shape of their own have a synthetic default.
Dates may be written from today: ``today``, ``today+30``, ``today-400``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, timedelta
from types import MappingProxyType
from typing import Final

from kiosk.domain.dictionary import Field, FieldKind
from kiosk.domain.words import table_choices
from standards.sex import Sex

_FROM_TODAY: Final = re.compile(r"today(?:([+-])([0-9]{1,5}))?")
MAN: Final = "400701198506200014"
WOMAN: Final = "400701199003150021"
"""Numbers of the division prefix 40, which GB/T 2260 never assigned."""
_DEFAULTS: Final[Mapping[FieldKind, str]] = MappingProxyType(
    {
        FieldKind.NAME: "张示例",
        FieldKind.MOBILE: "15400000001",
        FieldKind.ADDRESS: "示例省示例市示例区示范路1号",
        FieldKind.DIVISION: "110000",
        FieldKind.ACCOUNT: "9156000000000000019",
        FieldKind.DATE: "today",
        FieldKind.INTEGER: "1",
        FieldKind.MONEY: "100000",
    }
)


def example(field: Field, today: date) -> str:
    """Return a valid value of a field; empty where its entry gives none and its kind has none."""
    if field.example:
        return _resolved(field.example, today)
    if field.kind in {FieldKind.CHOICE, FieldKind.MULTI}:
        return next((choice.value for choice in table_choices(field)), "")
    if field.kind is FieldKind.ID_NUMBER:
        return WOMAN if field.sex == Sex.FEMALE.value else MAN
    return _resolved(_DEFAULTS.get(field.kind, ""), today)


def _resolved(written: str, today: date) -> str:
    """Return an example with every ``today±n`` in it as a date."""

    def day(found: re.Match[str]) -> str:
        days = int(f"{found[1]}{found[2]}") if found[1] else 0
        return (today + timedelta(days=days)).isoformat()

    return _FROM_TODAY.sub(day, written)
