"""What each department receives: its own item's facts and papers, in its own words, nothing more.

The citizen fills in one form and hands in one set; each department sees the form it always had.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from kiosk.domain.catalogue import Item
from kiosk.domain.dictionary import Disposition
from kiosk.domain.form import Form, FormField
from kiosk.domain.materials import Checklist


@dataclass(frozen=True, kw_only=True, slots=True)
class OwnFact:
    """One fact under the department's own name; ``source`` is the catalogue's word for whence."""

    key: str
    name: str
    value: str
    shown: str
    source: str


@dataclass(frozen=True, kw_only=True, slots=True)
class OwnPaper:
    """One paper under the department's own name, and how it comes here."""

    key: str
    name: str
    disposition: Disposition


@dataclass(frozen=True, kw_only=True, slots=True)
class DepartmentView:
    """The part of an application that belongs to one item, for the departments that do it."""

    item: str
    name: str
    departments: tuple[str, ...]
    facts: tuple[OwnFact, ...]
    papers: tuple[OwnPaper, ...]


def views(items: Iterable[Item], form: Form, checklist: Checklist) -> tuple[DepartmentView, ...]:
    """Return one view for each item, in the items' order."""
    facts = {own.key: own for own in form.fields}
    ways = {entry.material.key: entry.disposition for entry in checklist.entries}
    return tuple(_view(item, facts, ways) for item in items)


def _view(item: Item, facts: dict[str, FormField], ways: dict[str, Disposition]) -> DepartmentView:
    return DepartmentView(
        item=item.code,
        name=item.name,
        departments=item.departments,
        facts=tuple(_fact(item, facts[own.key]) for own in item.fields if own.key in facts),
        papers=tuple(
            OwnPaper(
                key=own.key,
                name=item.names.get(own.key, own.name),
                disposition=ways.get(own.key, own.disposition),
            )
            for own in item.materials
        ),
    )


def _fact(item: Item, own: FormField) -> OwnFact:
    return OwnFact(
        key=own.key,
        name=item.names.get(own.key, own.label),
        value=own.value,
        shown=own.shown,
        source=own.source,
    )
