"""The pages of real visits, as the journey gives them: nothing clipped, nothing too small.

Every script of tests/journeys is played headless in both languages; each page it passes is laid out
both ways up, leaf by leaf.  The newborn's visit is also looked at with elder letters: the same
facts, presented one question a page.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from kiosk.journey.context import Context
from kiosk.journey.present_page import PAGES
from kiosk.journey.rehearsal import Rehearsal
from kiosk.journey.script import Step, load
from kiosk.journey.view import AnyView, Size
from screens.gallery import WAYS, leaves
from screens.sample import Sample
from tests.journeys.stage import SCRIPTS, context, world
from tests.screens.test_geometry import check_targets, check_words

LANGUAGES = ("zh", "en")


class Watched(Rehearsal):
    """A rehearsal that keeps every page it passes, as it is in a size of letters."""

    size: Size = "normal"
    views: list[AnyView]

    def _expect(self, step: Step, number: int) -> None:
        super()._expect(step, number)
        seen = PAGES[self.journey.page](replace(self.journey.context, size=self.size))
        if seen not in self.views:
            self.views.append(seen)


def visited(path: Path, size: Size, language: str) -> Sequence[AnyView]:
    """Play a script and return the different pages that were seen."""

    def fresh() -> Context:
        return replace(context(), language=language)

    played = Watched(load(path), world(), fresh)
    played.size, played.views = size, []
    played.run()
    return played.views


def check(views: Sequence[AnyView], size: Size, language: str) -> None:
    """Fail on a page that clips, overlaps or has too small a target."""
    ways = [theme for theme in WAYS.values() if theme.size == size]
    for view, theme in itertools.product(views, ways):
        for tree in leaves(Sample(name=view.page, view=view), theme, language):
            check_targets(tree, theme)
            check_words(tree)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.stem)
def test_pages_of_a_visit(path: Path, language: str) -> None:
    """Each page with normal letters."""
    check(visited(path, "normal", language), "normal", language)


@pytest.mark.parametrize("language", LANGUAGES)
def test_pages_of_the_newborn_with_elder_letters(language: str) -> None:
    """Each page with elder letters, from the first touch to the grade."""
    path = next(path for path in SCRIPTS if path.stem == "newborn")
    check(visited(path, "elder", language), "elder", language)
