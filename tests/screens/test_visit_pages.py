"""The pages of real visits, as the journey gives them: nothing clipped, nothing too small.

Scripts of tests/journeys are played headless; each page they pass is presented in both sizes and
both languages and laid out both ways up, leaf by leaf.
"""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import pytest

from kiosk.journey.context import Context
from kiosk.journey.present_page import PAGES
from kiosk.journey.rehearsal import Rehearsal
from kiosk.journey.script import Step, load
from kiosk.journey.states import State
from kiosk.journey.view import AnyView
from screens.gallery import WAYS, leaves
from screens.sample import Sample
from tests.journeys.stage import SCRIPTS, context, world
from tests.screens.test_geometry import check_headings, check_room, check_targets, check_words

PLAYED = ("newborn", "no-mobile", "decline-and-fill", "progress-by-slip")
"""Scripts that pass every page between them."""


class Watched(Rehearsal):
    """A rehearsal that keeps what every page was made from."""

    seen: list[tuple[State, Context]]

    def _expect(self, step: Step, number: int) -> None:
        super()._expect(step, number)
        self.seen.append((self.journey.page, self.journey.context))


@cache
def visited(name: str) -> tuple[tuple[State, Context], ...]:
    """Play a script and return the pages that were passed."""
    path = next(path for path in SCRIPTS if path.stem == name)
    played = Watched(load(path), world(), context)
    played.seen = []
    played.run()
    return tuple(played.seen)


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("name", PLAYED)
def test_pages_of_a_visit(name: str, way: str, language: str) -> None:
    """Every page fits in this size, this language, this way up."""
    theme = WAYS[way]
    checked: list[AnyView] = []
    for page, known in visited(name):
        view = PAGES[page](replace(known, size=theme.size, language=language))
        if view in checked:
            continue
        checked.append(view)
        for tree in leaves(Sample(name=view.page, view=view), theme, language):
            check_targets(tree, theme)
            check_words(tree)
            check_room(tree)
            check_headings(tree)


@pytest.mark.parametrize("way", ["portrait", "portrait-elder", "landscape"])
def test_home_opens_with_a_thing_and_with_progress(way: str) -> None:
    """The first leaf has both under the full list of a city, however large the letters."""
    theme = WAYS[way]
    known = next(known for page, known in visited("newborn") if page is State.HOME)
    view = PAGES[State.HOME](replace(known, size=theme.size))
    first = next(iter(leaves(Sample(name="home", view=view), theme, "zh"))).node.targets()
    assert "by_card" in first
    assert [one for one in first if one.startswith("open_thing:")]
