"""Whatever is wrong with a terminal, its sentences fit on the pages of staff."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any, Final

import pytest

from kiosk.journey.view import Action, plain, text
from kiosk.maintenance import view as m
from kiosk.maintenance.faults import Condition, Fault, Loses, faults, listed, told
from kiosk.translation import Translator
from kiosk.translation.translator import keys
from screens.gallery import STAFF_WAYS, leaves
from screens.sample import Sample
from screens.samples_staff import staff, staff_frame
from tests.screens.test_geometry import check_headings, check_room, check_targets, check_words
from tests.unit.test_maintenance_faults import ANY

LEAVE: Final = "staff.leave"
"""Of the bar that every page has."""
ALL: Final = faults(Condition(subject=own.subject, word=own.word, values=ANY) for own in listed())
TONES: Final[dict[Loses, m.Tone]] = {
    Loses.ALL: "trouble",
    Loses.SOME: "trouble",
    Loses.SOON: "soon",
}
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
def test_every_button_that_a_step_names_is_there(language: str) -> None:
    """What staff are told to touch stands on a button in these words."""
    words = Translator(language, strict=True)
    ways = (key for key in keys(language) if key.startswith("staff.way."))
    buttons = [words.text(key) for key in (*ways, LEAVE)]
    named = re.compile("点“([^”]+)”" if language == "zh" else "“([^”]+)”")
    for own in ALL:
        for step in told(own, words).steps:
            for name in named.findall(step):
                assert any(button.startswith(name) for button in buttons), (own.id, name)


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
