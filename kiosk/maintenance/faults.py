"""What is wrong with a terminal, in the order of what citizens lose, with its words.

Theory of operation
-------------------
Whoever looks at a part (a device's status, the outbox's counts, a finding of the doctor) tells
*conditions*: a subject and a word, such as ``receipt_printer`` and ``low``.  The list beside this
file (``faults.toml``) knows which of them are faults, how much each one costs, whom to ring and
which page helps; its order is the order in which staff are told.  A condition that is on no list
is no fault.  Words come from the translations, so that the page, the report, the fault cards and
the handbook can never differ.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import cache
from importlib import resources
from typing import Final

from kiosk.translation import Translator

MOST_STEPS: Final = 6
DEVICES: Final = (
    "id_reader",
    "document_camera",
    "receipt_printer",
    "scanner",
    "camera_scanner",
    "keypad",
    "face_camera",
    "a4_printer",
    "social_card",
    "panel",
    "ups",
)
"""Subjects that are devices of the registry, worst loss first."""


class Loses(StrEnum):
    """What citizens lose by a fault."""

    ALL = "all"
    SOME = "some"
    SOON = "soon"


@dataclass(frozen=True, kw_only=True, slots=True)
class Condition:
    """How one part was found.

    Attributes:
        subject: a device of `DEVICES`, or a check of the doctor.
        word: how it is, such as ``low``.
        values: for the words; of the terminal, never of a citizen.
    """

    subject: str
    word: str
    values: Mapping[str, str | int] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True, slots=True)
class Fault:
    """One thing that somebody must see to.

    Attributes:
        id: ``subject.word``.
        loses: what citizens lose by it.
        call: whom to ring when the steps did not help; words ``faults.call.<call>``.
        page: the page of maintenance mode that helps.
        waits: at the centre, for the end of a maintenance window; what means tampering or loss
            does not.
        values: for the words.
    """

    id: str
    loses: Loses
    call: str
    page: str
    waits: bool
    values: Mapping[str, str | int] = field(default_factory=dict)

    @property
    def subject(self) -> str:
        """What it is about."""
        return self.id.partition(".")[0]

    @property
    def word(self) -> str:
        """How that is."""
        return self.id.partition(".")[2]


@dataclass(frozen=True, kw_only=True, slots=True)
class Told:
    """A fault in words.

    Attributes:
        title: what is wrong, as one would say it.
        loss: what citizens lose, or will lose.
        steps: what to do, in order.
        call: whom to ring when that did not help.
    """

    title: str
    loss: str
    steps: tuple[str, ...]
    call: str


@cache
def listed() -> tuple[Fault, ...]:
    """Return every fault there can be, worst first."""
    text = resources.files("kiosk.maintenance").joinpath("faults.toml").read_text(encoding="utf-8")
    return tuple(
        Fault(
            id=name,
            loses=Loses(own["loses"]),
            call=own["call"],
            page=own["page"],
            waits=own["waits"],
        )
        for name, own in tomllib.loads(text).items()
    )


def faults(conditions: Iterable[Condition]) -> tuple[Fault, ...]:
    """Return what is wrong, worst first, each fault once with its newest values."""
    found = {f"{one.subject}.{one.word}": one.values for one in conditions}
    return tuple(replace(one, values=found[one.id]) for one in listed() if one.id in found)


def told(fault: Fault, words: Translator) -> Told:
    """Return a fault's words."""
    values = {"device": name(fault.subject, words), **fault.values}
    section = _section(fault, words)
    steps = (f"{section}.step{number}" for number in range(1, MOST_STEPS + 1))
    return Told(
        title=words.text(f"{section}.title", **values),
        loss=words.text(_loss(fault, section, words), **values),
        steps=tuple(words.text(step, **values) for step in steps if words.has(step)),
        call=words.text(f"faults.call.{fault.call}"),
    )


def name(subject: str, words: Translator) -> str:
    """Return what staff call a part; the subject itself where it has no name."""
    key = f"faults.name.{subject}"
    return words.text(key) if words.has(key) else subject


def _section(fault: Fault, words: Translator) -> str:
    own = f"faults.{fault.id}"
    return own if words.has(f"{own}.title") else f"faults.device.{fault.word}"


def _loss(fault: Fault, section: str, words: Translator) -> str:
    own = f"{section}.loss"
    return own if words.has(own) else f"faults.loses.{fault.subject}"
