"""What an item still lacks of other items and of promised papers: one rule for acts and pages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from intake.office.decisions import FAILED
from intake.records.model import Application, Item, State
from kiosk.domain.calendar import LEGAL_TIME, SHIFTS, Workdays
from kiosk.domain.commitments import CommitmentKind

_GRANTED = State.DECIDED_GRANTED.value
_REFUSED = State.DECIDED_REFUSED.value
CHECKED = "checked"
"""Where an application keeps what the checks of its objections found, by field."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Lacks:
    """What an undecided item has not got: products of other items, by name, and promised papers.

    It waits for the ``open`` ones.  The ``failed`` ones will never make theirs: what was to come
    from them has to be supplied otherwise, and whoever grants says how.  The ``owed`` are names of
    papers the applicant promised to bring later (容缺后补) and has not handed in. The
    ``disputed`` are names of its values that the applicant objects to and nobody has checked.
    """

    open: tuple[str, ...] = ()
    failed: tuple[str, ...] = ()
    owed: tuple[str, ...] = ()
    disputed: tuple[str, ...] = ()


def lacking(
    item: Item,
    application: Application,
    before: Mapping[str, frozenset[str]],
    papers: Mapping[str, frozenset[str]],
    facts: Mapping[str, Mapping[str, str]],
) -> Lacks:
    """Return what an item lacks.

    ``before`` has, by code, the codes of the items it needs, ``papers`` the keys of the materials
    on its checklist, ``facts`` the names of the values it needs, by their keys.
    """
    if item.outcome or State(item.state) in FAILED:
        return Lacks()
    codes = before.get(item.code, frozenset())
    own = papers.get(item.code, frozenset())
    needed = [other for other in application.items if other.code in codes]
    return Lacks(
        open=tuple(one.name for one in needed if not _failed(one) and one.outcome != _GRANTED),
        failed=tuple(one.name for one in needed if _failed(one)),
        owed=tuple(name for key, name in owed(application).items() if key in own),
        disputed=tuple(
            name
            for key, name in facts.get(item.code, {}).items()
            if key in objections(application) - checked(application)
        ),
    )


def objections(application: Application) -> frozenset[str]:
    """Return the keys of the values that the applicant objects to."""
    fields = application.details["fields"]
    return frozenset(key for key, answer in fields.items() if answer.get("disputed"))


def checked(application: Application) -> frozenset[str]:
    """Return the keys of the objections that were checked."""
    return frozenset(application.details.get(CHECKED) or ())


def follows(kind: str) -> bool:
    """Tell whether a promise of this kind is to bring the paper; an older terminal tells none."""
    return kind in {"", CommitmentKind.FOLLOWS}


def last_day(promise: Mapping[str, Any], workdays: Workdays) -> datetime:
    """Return the end of the last day for a paper that follows.

    It is the day that was signed, whatever calendar has come since; an older terminal signed none,
    and its days are counted.

    Raises:
        ValueError, OverflowError, TypeError: nothing sensible was told.
    """
    if promise.get("due"):
        return datetime.combine(date.fromisoformat(promise["due"]), SHIFTS[-1][1], LEGAL_TIME)
    return workdays.after_days(datetime.fromisoformat(promise["time"]), promise["days"])


def promised(application: Application) -> dict[str, str]:
    """Return, by key, the names of the papers that were to follow; one with pictures is there."""
    keys = {
        one["material"]
        for one in application.details.get("commitments") or ()
        if follows(one.get("kind", ""))
    }
    return {
        one["key"]: one.get("name") or one["key"]
        for one in application.details.get("materials") or ()
        if one["key"] in keys and not one["attachments"]
    }


def owed(application: Application) -> dict[str, str]:
    """Return, by key, the names of the promised papers that have not been handed in."""
    there = {one.material for one in application.handed_in}
    return {key: name for key, name in promised(application).items() if key not in there}


def _failed(item: Item) -> bool:
    return item.outcome == _REFUSED or State(item.state) in FAILED
