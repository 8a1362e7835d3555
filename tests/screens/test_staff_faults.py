"""Whatever is wrong with a terminal, its sentences fit on the pages of staff."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import fields, is_dataclass, replace
from typing import Any, Final

import pytest

from kiosk.journey.view import Action, plain, text
from kiosk.maintenance import view as m
from kiosk.maintenance.context import Context
from kiosk.maintenance.facts import Looked, SignedIn, Statuses, Waits
from kiosk.maintenance.faults import DEVICES, Condition, Fault, Loses, faults, listed, told
from kiosk.maintenance.present import present
from kiosk.maintenance.staff import RIGHTS, Role
from kiosk.maintenance.states import State
from kiosk.translation import Translator
from screens.gallery import STAFF_WAYS, leaves
from screens.sample import Sample
from screens.samples_staff import staff, staff_frame
from tests.screens.test_geometry import check_headings, check_room, check_targets, check_words
from tests.unit.test_maintenance_course import PLACE
from tests.unit.test_maintenance_faults import ANY

ALL: Final = faults(Condition(subject=own.subject, word=own.word, values=ANY) for own in listed())
TONES: Final[dict[Loses, m.Tone]] = {
    Loses.ALL: "trouble",
    Loses.SOME: "trouble",
    Loses.SOON: "soon",
}
OPENS: Final = {
    "part": State.DEVICE,
    "paper": State.PAPER,
    "outbox": State.OUTBOX,
    "system": State.SYSTEM,
    "out": State.OUT,
    "check": State.CHECK,
}
WAITING: Final = (Waits(local_no="L01", state="held", age_s=90, reason=""),)
WAYS: Final = (("portrait", "zh"), ("landscape", "en"))


def _page(own: Fault, words: Translator) -> m.StaffFaultView:
    said = told(own, words)
    return m.StaffFaultView(
        frame=staff_frame(),
        title=plain(said.title),
        lead=plain(said.loss),
        part=own.subject,
        tone=TONES[own.loses],
        steps=tuple(map(plain, said.steps)),
        ring=plain(said.call),
        ways=(Action(target="staff:again", label=text("staff.way.again")),),
    )


def _check(view: Any, way: str, language: str) -> int:
    """Check every leaf; return how many there are."""
    theme = STAFF_WAYS[way]
    made = list(leaves(Sample(name=view.page, view=view), theme, language))
    for tree in made:
        check_targets(tree, theme)
        check_words(tree)
        check_room(tree)
        check_headings(tree)
    return len(made)


@pytest.mark.parametrize(("way", "language"), WAYS)
def test_every_fault_has_a_page_that_fits(way: str, language: str) -> None:
    """Title, loss, steps and whom to ring, on one leaf."""
    words = Translator(language, strict=True)
    for own in ALL:
        assert _check(_page(own, words), way, language) == 1, own.id


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("role", [Role.CLERK, Role.ENGINEER])
def test_every_button_that_a_step_names_is_there(
    language: str, role: Role, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On the fault's page, or on one that a button named before it opens, in these words."""
    words = Translator(language, strict=True)
    named = re.compile("点“([^”]+)”" if language == "zh" else "“([^”]+)”")
    for own in ALL:
        ctx = _standing(own, role)
        monkeypatch.setattr(Context, "faults", property(lambda _, own=own: (own,)))
        there = _buttons(ctx)
        steps = [one for one in told(own, words).steps if _is_for(role, one)]
        for name in (name for step in steps for name in named.findall(step)):
            targets = [
                action.target
                for action in there
                if words.text(action.label.key, **dict(action.label.values)).startswith(name)
            ]
            assert targets, (own.id, name)
            there += _buttons(_opened(ctx, targets[-1]))


def _is_for(role: Role, step: str) -> bool:
    """Whether a step is for whoever reads it: some say that an engineer does it."""
    return role is Role.ENGINEER or not re.search("工程师|engineer", step)


def _standing(own: Fault, role: Role) -> Context:
    """Return who reads the page of a fault, where everything can be asked of the machine."""
    devices = {key: {"common": {"device": "online"}} for key in DEVICES}
    orders = frozenset({"restart", "shut_down", "clock"})
    return Context(
        place=PLACE,
        page=State.FAULT,
        fault=own.id,
        part=own.subject,
        person=SignedIn(work_no="0317", role=role, rights=RIGHTS[role]),
        statuses=Statuses(devices=devices),
        looked=Looked(orders=orders, out=("fault", "open"), waiting=WAITING),
        opened=True,
    )


def _within(value: object) -> Iterator[object]:
    """Yield everything that a view is made of."""
    yield value
    parts = value if isinstance(value, tuple) else ()
    if is_dataclass(value):
        parts = tuple(getattr(value, own.name) for own in fields(value))
    for part in parts:
        yield from _within(part)


def _opened(ctx: Context, target: str) -> Context:
    """Return the page that a button opens; the same where it opens none."""
    page = OPENS.get(target.split(":")[1])
    return replace(ctx, page=page) if page else ctx


def _buttons(ctx: Context) -> list[Action]:
    """Return every button of a page, those of its bars as well."""
    found = present(ctx, Translator(strict=True))
    return [one for one in _within(found) if isinstance(one, Action)]


@pytest.mark.parametrize(("way", "language"), WAYS)
def test_a_glance_of_many_faults_fits(way: str, language: str) -> None:
    """With one to eight things to do, each with its sentences, nothing is lost or clipped."""
    words = Translator(language, strict=True)
    view: Any = next(own.view for own in staff() if own.name == "staff")
    tasks = [
        m.Task(
            key=own.id,
            part=own.subject,
            tone=TONES[own.loses],
            title=plain(told(own, words).title),
            told=plain(told(own, words).loss),
            action=Action(target=f"staff:fault:{own.id}", label=text("staff.way.fault")),
        )
        for own in ALL[:8]
    ]
    for count in (1, 2, 4, 8):
        assert _check(replace(view, tasks=tuple(tasks[:count])), way, language) <= 3
