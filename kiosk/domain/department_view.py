"""What each department receives: its own item's facts and papers, in its own words, nothing more.

The citizen fills in one form and hands in one set; each department sees the form it always had.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from kiosk.domain.catalogue import Item
from kiosk.domain.dictionary import Disposition, Material
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
    """One paper under the department's own name, and how it comes here.

    ``filed_as`` is the key under which it was asked for: one booklet serves two names.
    """

    key: str
    name: str
    filed_as: str
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
        papers=tuple(_paper(item, own, ways) for own in item.materials),
    )


def _paper(item: Item, own: Material, ways: dict[str, Disposition]) -> OwnPaper:
    filed_as = own.key if own.key in ways or own.same_as not in ways else own.same_as
    return OwnPaper(
        key=own.key,
        name=item.names.get(own.key, own.name),
        filed_as=filed_as,
        disposition=ways.get(filed_as, own.disposition),
    )


def _fact(item: Item, own: FormField) -> OwnFact:
    return OwnFact(
        key=own.key,
        name=item.names.get(own.key, own.label),
        value=own.value,
        shown=own.shown,
        source=own.source,
    )
