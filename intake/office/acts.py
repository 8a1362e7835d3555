"""The acts a clerk can choose from, with the words that are read before."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib import resources
from typing import Any, Final, Protocol

from intake.office.decisions import TABLE, Act, acts_from
from intake.office.waiting import Lacks
from intake.people.notices import kinds
from intake.records.model import Item, State

INSTEAD: Final = "前一事项没有办出，要用的结果另行提供了什么（申请人看得到）"
"""What is asked of whoever grants an item that a failed one should have supplied."""


_HAND_IN: Final = "hand-in"
_PROVINCIAL: Final = "provincial"
_OBJECTIONS: Final = ("objection-upheld", "objection-kept")


@dataclass(frozen=True, kw_only=True, slots=True)
class Words:
    """A row of ``acts.toml``, and the title of the notice that the act issues."""

    act: str
    label: str
    way: str
    effect: str
    notice: str
    write: str = ""
    phrases: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Choice:
    """An act that can be done now, and to which items.

    ``write`` is what has to be written this time, where the act's own words ask for nothing.
    """

    act: str
    label: str
    way: str
    numbers: tuple[str, ...]
    write: str = ""


class _WithChoices(Protocol):
    @property
    def choices(self) -> list[Choice]: ...


@cache
def words() -> dict[Act, Words]:
    """Return the words of all acts on items."""
    rows = _rows()
    return {
        act: Words(
            act=act.value,
            notice=_notice(act),
            **rows[act.value] | {"phrases": tuple(rows[act.value].get("phrases", ()))},
        )
        for act in Act
    }


@cache
def paper_words() -> Words:
    """Return the words of noting that a promised paper was received; it issues no notice."""
    return Words(act=_HAND_IN, notice="", **_rows()[_HAND_IN])


@cache
def objection_words() -> tuple[Words, ...]:
    """Return the words of the two results of checking an objection; they issue no notice."""
    rows = _rows()
    return tuple(Words(act=act, notice="", **rows[act]) for act in _OBJECTIONS)


@cache
def provincial_words() -> Words:
    """Return the words of keeping the province's number; it issues no notice."""
    return Words(act=_PROVINCIAL, notice="", **_rows()[_PROVINCIAL])


def other_words() -> tuple[Words, ...]:
    """Return the words of what is no act on an item."""
    return (paper_words(), *objection_words(), provincial_words())


def _rows() -> dict[str, dict[str, Any]]:
    return tomllib.loads((resources.files("intake.office") / "acts.toml").read_text("utf-8"))


def _notice(act: Act) -> str:
    """Return the title of the notice that an act issues; it is one, whatever the state before."""
    found = {transition.notice for (_, own), transition in TABLE.items() if own is act}
    return kinds()[word].title if (word := found.pop()) else ""


def choices(item: Item, lacks: Lacks) -> list[Choice]:
    """Return what may be done to an item now, the way on first.

    One that waits for something, or has an objection that nobody checked, cannot be granted.
    """
    not_yet = {Act.GRANT} if lacks.open or lacks.owed or lacks.disputed else set()
    allowed = [act for act in acts_from(State(item.state)) if act not in not_yet]
    found = [
        Choice(
            act=act.value,
            label=words()[act].label,
            way=words()[act].way,
            numbers=(item.no,),
            write=INSTEAD if act is Act.GRANT and lacks.failed else "",
        )
        for act in allowed
    ]
    return sorted(found, key=_way)


def choices_at_once(rows: Sequence[_WithChoices]) -> list[Choice]:
    """Return what may be done to several items with one touch, the way on first."""
    together: dict[str, Choice] = {}
    for choice in _all(rows):
        known = together.get(choice.act)
        numbers = (*known.numbers, *choice.numbers) if known else choice.numbers
        write = choice.write or (known.write if known else "")
        together[choice.act] = replace(choice, numbers=numbers, write=write)
    many = [one for one in together.values() if len(one.numbers) > 1 or len(rows) == 1]
    return sorted(many, key=_way)


def _way(one: Choice) -> int:
    return ("go", "plain", "stop").index(one.way)


def _all(rows: Iterable[_WithChoices]) -> Iterable[Choice]:
    return (choice for row in rows for choice in row.choices)
