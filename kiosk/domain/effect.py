"""The four figures of the policy: what a thing costs here, and what its items did separately.

All of it is computed from the catalogue, never written down.  A figure that rests on typical
content says so and may be shown as an example only.

Denominators, fixed for every figure (each with the catalogue's version):

* *boxes before*: all boxes of the items' separate forms; *fields*: distinct facts of the merged
  form.  Of the fields, *typed* can come from the citizen alone (or is read from a paper of theirs),
  *produced* is made by an item of the same visit, *generated* is everything else.  The share that
  is generated is taken of the fields that are not produced.

  A register answers about whoever stands at the machine: the person, the enterprise, the household,
  the marriage, the child.  About anything else it answers only once it has been told which one, and
  the number or name that tells it (the *key*: the plate of one vehicle of several, a house that is
  not theirs yet, one project or site of an enterprise, somebody who died, an employee, a driver) is
  typed.  What follows from the register after that is generated.  A value that a register could
  only suggest, and the citizen has to write again, is typed.  A key therefore has no register among
  its ``sources``.
* *materials before*: the papers of the separate filings; *asked*: those still to be brought.
* *days*: before, the separate limits one after another; after, the critical path.
* *steps*: what a citizen does for it: being told, filling in, handing in, fetching – each once for
  every item before, and for the whole thing after (the thing's own number).

A check (information that authorities ask one another) counts with the boxes and papers its window
asked for; over all things only those are summed that have a real filing.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields

from kiosk.domain import fees, going, materials, promise
from kiosk.domain.catalogue import Item, Mode, Thing
from kiosk.domain.dictionary import Basis, Field
from kiosk.domain.fees import Fee

FILED = frozenset({Mode.FILE, Mode.CHECK})
"""Modes that a separate form or paper belongs to."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Figures:
    """What the citizen gives, before and after.

    ``to_fill`` counts the facts only the citizen can know, of ``facts`` distinct ones;
    ``boxes_before`` the boxes of the separate forms. Days are working days.
    ``visits`` are one for everything and those that are left (:mod:`kiosk.domain.going`); filed
    separately, one has to come at least once for each.
    """

    to_fill: int
    facts: int
    boxes_before: int
    to_bring: int
    papers_before: int
    days: int
    days_before: int
    steps: int
    steps_before: int
    fee: Fee
    visits: int
    visits_before: int
    confirmed: bool


def figures(thing: Thing, items: tuple[Item, ...]) -> Figures:
    """Return the figures of filing ``items`` of ``thing`` at this terminal.

    Days are those of the critical path (:mod:`kiosk.domain.promise`).
    """
    codes = frozenset(item.code for item in items)
    facts = {spec.key: spec for item in items for spec in item.fields}
    checklist = materials.merge(items)
    later = len(going.later_visits(thing, items))
    return Figures(
        to_fill=sum(spec.only_user and not spec.makers & codes for spec in facts.values()),
        facts=len(facts),
        boxes_before=sum(len(item.fields) for item in items),
        to_bring=checklist.asked,
        papers_before=checklist.before,
        days=promise.days(items),
        days_before=sum(item.separate_days for item in items),
        steps=thing.steps,
        steps_before=sum(item.steps for item in items),
        fee=fees.fee(items),
        visits=1 + later,
        visits_before=len(items) + later,
        confirmed=all(item.basis is Basis.CONFIRMED for item in items),
    )


@dataclass(frozen=True, kw_only=True, slots=True)
class Difference:
    """What another choice of items changes, signed: more, or less, of each."""

    fields: int
    typed: int
    materials: int
    days: int

    @property
    def nothing(self) -> bool:
        """Whether it makes no difference to the citizen."""
        return not (self.fields or self.typed or self.materials or self.days)


def difference(thing: Thing, before: tuple[Item, ...], after: tuple[Item, ...]) -> Difference:
    """Return what changes when ``after`` is filed instead of ``before``."""
    one, other = figures(thing, before), figures(thing, after)
    return Difference(
        fields=other.facts - one.facts,
        typed=other.to_fill - one.to_fill,
        materials=other.to_bring - one.to_bring,
        days=other.days - one.days,
    )


@dataclass(frozen=True, kw_only=True, slots=True)
class Effect:
    """The figures of one thing, or of several; ``generated + produced + typed == fields``.

    Days are working days; ``confirmed`` tells whether every item's content is an authority's.
    """

    boxes_before: int
    fields: int
    generated: int
    produced: int
    typed: int
    materials_before: int
    asked: int
    days_before: int
    days_after: int
    steps_before: int
    steps_after: int
    confirmed: bool

    @property
    def share_generated(self) -> float:
        """Generated fields of those that are not produced; 1 where there are none."""
        own = self.fields - self.produced
        return self.generated / own if own else 1.0

    @property
    def share_materials(self) -> float:
        """How much less has to be brought."""
        return 1 - self.asked / self.materials_before if self.materials_before else 0.0

    @property
    def share_days(self) -> float:
        """How much sooner it is done."""
        return 1 - self.days_after / self.days_before if self.days_before else 0.0

    @property
    def share_steps(self) -> float:
        """How many steps fewer."""
        return 1 - self.steps_after / self.steps_before if self.steps_before else 0.0


def effect(thing: Thing, items: Iterable[Item] | None = None) -> Effect:
    """Return the figures of all filings and checks of a thing, or of those among ``items``.

    Whether an item is open already does not matter: the figures are those of the design.
    """
    own = _filed(thing.items if items is None else items)
    codes = frozenset(item.code for item in own)
    facts = {spec.key: spec for item in own for spec in item.fields}
    given = [_given(spec, codes) for spec in facts.values()]
    whole = figures(thing, own)
    return Effect(
        boxes_before=whole.boxes_before,
        fields=len(facts),
        generated=given.count("generated"),
        produced=given.count("produced"),
        typed=given.count("typed"),
        materials_before=whole.papers_before,
        asked=whole.to_bring,
        days_before=whole.days_before,
        days_after=whole.days,
        steps_before=whole.steps_before,
        steps_after=whole.steps if own else 0,
        confirmed=whole.confirmed,
    )


@dataclass(frozen=True, kw_only=True, slots=True)
class Left:
    """What a thing still takes of the citizen, by name: why a share is no higher.

    ``known`` are facts that nobody else has, ``read`` those read from a paper of theirs, ``papers``
    the ones to be brought.
    """

    known: tuple[str, ...]
    read: tuple[str, ...]
    papers: tuple[str, ...]


def left(thing: Thing) -> Left:
    """Return what stands behind the *typed* and *asked* of a thing's :func:`effect`."""
    own = _filed(thing.items)
    codes = frozenset(item.code for item in own)
    facts = {spec.key: spec for item in own for spec in item.fields}.values()
    typed = [spec for spec in facts if _given(spec, codes) == "typed"]
    return Left(
        known=tuple(spec.label for spec in typed if not _is_read(spec)),
        read=tuple(spec.label for spec in typed if _is_read(spec)),
        papers=tuple(one.material.name for one in materials.merge(own).to_bring),
    )


def _is_read(spec: Field) -> bool:
    return any(source.startswith("capture:") for source in spec.sources)


def _filed(items: Iterable[Item]) -> tuple[Item, ...]:
    return tuple(item for item in items if item.mode in FILED)


def _given(spec: Field, codes: frozenset[str]) -> str:
    if spec.makers & codes:
        return "produced"
    return "typed" if spec.only_user else "generated"


def is_filing(thing: Thing) -> bool:
    """Tell whether a thing has a real filing, and not checks alone."""
    return any(item.mode is Mode.FILE for item in thing.items)


def total(effects: Iterable[Effect]) -> Effect:
    """Return the sums; confirmed when all are."""
    every = tuple(effects)
    names = [own.name for own in fields(Effect) if own.name != "confirmed"]
    sums = {name: sum(getattr(own, name) for own in every) for name in names}
    return Effect(**sums, confirmed=all(own.confirmed for own in every))
