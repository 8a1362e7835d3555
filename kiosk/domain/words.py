"""Values as the words a citizen reads: a code's name, a place, a date, an amount."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from functools import cache
from types import MappingProxyType

from kiosk.domain.dictionary import Choice, Field, FieldKind, Table
from standards import code_table, division, nation
from standards.errors import CodeError
from standards.sex import Sex

_SEXES = (Choice(value=Sex.MALE.value, label="男"), Choice(value=Sex.FEMALE.value, label="女"))
_NATIONS = tuple(
    Choice(value=code, label=name if len(name) > 2 and code in {"97", "98"} else f"{name}族")
    for code, name in nation.NATIONS.items()
)


def table_choices(spec: Field) -> tuple[Choice, ...]:
    """Return the field's own choices, or what its standard's table offers."""
    if spec.table is Table.NATION:
        return _NATIONS
    if spec.table is Table.SEX:
        return _SEXES
    if spec.table is not None:
        return _table(spec.table)
    return spec.choices


@cache
def _table(table: Table) -> tuple[Choice, ...]:
    entries = code_table.offered(table.value).items()
    return tuple(Choice(value=code, label=words) for code, words in entries)


def shown(spec: Field, value: str) -> str:
    """Return a value of a field as words; what cannot be read stays itself."""
    worded = _WORDED.get(spec.kind)
    try:
        return worded(spec, value) if worded and value else value
    except (ValueError, CodeError):
        return value


def shown_date(iso: str) -> str:
    """Return ``2026年11月22日`` for ``2026-11-22``; anything else stays itself."""
    try:
        day = date.fromisoformat(iso)
    except ValueError:
        return iso
    return f"{day.year}年{day.month}月{day.day}日"


def yuan(fen: int) -> str:
    """Return ``1,234.50`` for 123450 fen."""
    return f"{fen // 100:,}.{fen % 100:02d}"


def _choice(spec: Field, value: str) -> str:
    label = next((own.label for own in table_choices(spec) if own.value == value), "")
    return label or _beyond(spec).get(value, value)


def _beyond(spec: Field) -> Mapping[str, str]:
    """Return all codes of a field's table: a register tells more of them than a form offers."""
    return code_table.codes(spec.table.value) if spec.table else {}


def _multi(spec: Field, value: str) -> str:
    return "、".join(_choice(spec, one) for one in value.split(","))


def _moment(_spec: Field, value: str) -> str:
    at = datetime.fromisoformat(value)
    return f"{at.year}年{at.month}月{at.day}日 {at:%H:%M}"


def _month(_spec: Field, value: str) -> str:
    first = date.fromisoformat(f"{value}-01")
    return f"{first.year}年{first.month}月"


def _period(_spec: Field, value: str) -> str:
    first, _, last = value.partition("/")
    return f"{shown_date(first)}至{shown_date(last)}"


_WORDED: MappingProxyType[FieldKind, Callable[[Field, str], str]] = MappingProxyType(
    {
        FieldKind.CHOICE: _choice,
        FieldKind.MULTI: _multi,
        FieldKind.DIVISION: lambda _spec, value: division.full_name(value),
        FieldKind.DATE: lambda _spec, value: shown_date(value),
        FieldKind.MOMENT: _moment,
        FieldKind.MONTH: _month,
        FieldKind.PERIOD: _period,
        FieldKind.MONEY: lambda _spec, value: f"{yuan(int(value))}元",
        FieldKind.DECIMAL: lambda spec, value: f"{value}{spec.unit}",
        FieldKind.INTEGER: lambda spec, value: f"{value}{spec.unit}",
    }
)
