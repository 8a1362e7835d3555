"""Pages of maintenance mode: they fit, can be read out, can be touched, and look as documented."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import fields, is_dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from kiosk.journey.view import Action, text
from kiosk.maintenance.targets import PAGES, BadStaffTarget, Touch, parse, target
from kiosk.maintenance.view import Outcome
from screens.gallery import PORTRAIT, STAFF_WAYS, Easel, leaves, of_staff, placed
from screens.layout import Placed
from screens.pages.staff_book import PAGES as PAINTED
from screens.sample import Sample
from screens.semantic import Role
from screens.text import ELLIPSIS
from screens.theme import COOL, contrast
from screens.words import Words
from tests.screens.conftest import ROOT
from tests.screens.test_contrast import SHAPE_LEAST, grounds, least
from tests.screens.test_geometry import (
    check_headings,
    check_room,
    check_targets,
    check_words,
)
from tests.screens.test_stage import Hand

STAFF = of_staff()
THEMES = {**STAFF_WAYS, "24-inch": replace(PORTRAIT, px_per_mm=3.6)}
DOCS = ROOT / "docs" / "screens"
GOLDEN = sorted(path.stem for path in DOCS.glob("staff*.png"))
each = pytest.mark.parametrize("sample", STAFF, ids=lambda sample: sample.name)


@cache
def trees(sample: Sample, way: str) -> tuple[Placed, ...]:
    """Return every leaf in every language."""
    theme = THEMES[way]
    return tuple(tree for language in ("zh", "en") for tree in leaves(sample, theme, language))


@each
def test_pages_fit(sample: Sample) -> None:
    """Both ways up and in both languages nothing is clipped, pushed out, cut or too small."""
    for way, theme in THEMES.items():
        for tree in trees(sample, way):
            check_targets(tree, theme)
            check_words(tree)
            check_room(tree)
            check_headings(tree)
            _check_apart(tree)
            cut = [own.node.label for own in tree.walk() if own.lines[-1:] and _is_cut(own)]
            assert not cut


def _is_cut(own: Placed) -> bool:
    return own.lines[-1].endswith(ELLIPSIS) and not own.node.label.endswith(ELLIPSIS)


def _check_apart(tree: Placed) -> None:
    """Fail on words that lie on other words."""
    shown = [own for own in tree.walk() if own.lines]
    for one, other in itertools.combinations(shown, 2):
        assert not one.box.overlaps(other.box), (one.node.label, other.node.label)


@each
def test_contrast(sample: Sample) -> None:
    """Running text ≥ 7, other text ≥ 4.5, icons and rims of what can be touched ≥ 3."""
    for tree in trees(sample, "portrait"):
        for ground, own in grounds(tree, COOL):
            words, style = own.node.style.type, own.node.style
            if words is not None and own.lines:
                found = contrast(words.colour, style.fill or ground)
                assert found >= least(own), (own.node.label, round(found, 2))
            if own.node.target and style.border_width and style.fill != style.border:
                assert contrast(style.border, ground) >= SHAPE_LEAST, own.node.target


@each
def test_pages_can_be_read_out(sample: Sample) -> None:
    """Name, title, a spoken name and a role for every target and picture; each target once."""
    root = placed(sample, PORTRAIT).node
    assert root.value == sample.view.page
    assert root.label
    assert any(node.role is Role.TITLE and node.label for node in root.walk())
    targets = [node for node in root.walk() if node.target]
    assert len({node.target for node in targets}) == len(targets)
    for node in targets:
        assert node.label, node.target
        assert node.role in {Role.BUTTON, Role.CHOICE}
    for node in root.walk():
        art = node.style.picture
        assert art is None or art.name == "spinner" or node.hint, art.name


def _actions(value: Any) -> Iterator[Action]:
    """Yield every action in a view."""
    if isinstance(value, Action):
        yield value
    elif isinstance(value, tuple):
        for part in value:
            yield from _actions(part)
    elif is_dataclass(value):
        for field in fields(value):
            yield from _actions(getattr(value, field.name))


@each
def test_what_is_offered_is_there_and_known(sample: Sample) -> None:
    """All that a view offers is on the page both ways up, but under a question; no more is."""
    view: Any = sample.view
    asked = getattr(view, "question", None)
    offered = {action.target for action in _actions(asked or view)}
    for way in STAFF_WAYS:
        shown = {own for tree in trees(sample, way) for own in tree.node.targets()}
        own = {one for one in shown if not one.startswith("screen:")}
        made = tuple(target(kind, "") for kind in (Touch.DIGIT, Touch.KEY, Touch.CELL, Touch.POINT))
        pad = {one for one in own if one.startswith(made) or one == target(Touch.ERASE)}
        bars = {action.target for action in view.frame.nav}
        assert own - pad == offered | (bars if asked else set())
        assert {parse(one)[0] for one in own} <= PAGES[view.page]


def test_every_page_is_painted() -> None:
    """Each page of the table has its module and its sample."""
    assert PAINTED.keys() == PAGES.keys() == {sample.view.page for sample in STAFF}


@pytest.mark.parametrize(
    "words", ["begin", "staff:", "staff:nothing", "staff:digit", "staff:back:1"]
)
def test_a_target_of_no_touch_is_refused(words: str) -> None:
    """Only touches of the table have targets."""
    with pytest.raises(BadStaffTarget):
        parse(words)


def test_a_word_above_moves_no_key() -> None:
    """A finger that types on finds each key where it was, whatever is told meanwhile."""
    named = {own.name: own for own in STAFF}
    for way in STAFF_WAYS:
        places = [
            {own.node.target: own.box for own in trees(named[name], way)[0].targets()}
            for name in ("staff-pin", "staff-pin-wrong")
        ]
        assert places[0] == places[1]


def _places(name: str, view: Any, way: str) -> dict[str, Any]:
    tree = placed(Sample(name=name, view=view), STAFF_WAYS[way])
    return {own.node.target: own.box for own in tree.targets()}


@pytest.mark.parametrize("way", STAFF_WAYS)
def test_what_is_found_later_moves_no_button(way: str) -> None:
    """On the first page tasks come at the top; on the system's what became of it at the end."""
    named: dict[str, Any] = {own.name: own.view for own in STAFF}
    fine, one = named["staff-fine"], named["staff"]
    before = _places("fine", fine, way)
    later = _places("one", replace(fine, tasks=one.tasks), way)
    assert before == {target: later[target] for target in before}
    assert before == _places("looking", replace(fine, looking=True), way)
    system = named["staff-system"]
    done = Outcome(tone="fine", told=text("staff.rescue.printed"), hint=text("staff.rescue.hint"))
    told = _places("told", replace(system, outcome=done), way)
    assert _places("quiet", replace(system, outcome=None), way) == told


@pytest.mark.parametrize("way", STAFF_WAYS)
def test_a_second_touch_on_back_leaves_nothing(way: str) -> None:
    """Where 返回 was, the first page has no 退出维护."""
    named: dict[str, Any] = {own.name: own.view for own in STAFF}
    leave = _places("glance", named["staff-fine"], way)["staff:leave"]
    backs = [
        _places(name, named[name], way)["staff:back"] for name in ("staff-system", "staff-out")
    ]
    assert not any(leave.overlaps(back) for back in backs)


# ---- on the stage


class Glass:
    """A stage and what it fired."""

    def __init__(self) -> None:
        from screens.stage import Stage

        self.fired: list[str] = []
        self.stage = Stage(PORTRAIT, Words(), self.fired.append)
        self.stage.awake = True
        self.hand = Hand(self.stage)


@pytest.fixture(scope="module")
def glass(easel: Easel) -> Glass:
    """One stage for all pages."""
    assert easel
    return Glass()


def _show(glass: Glass, name: str) -> set[str]:
    """Show a sample; return what can be touched on it."""
    glass.stage.show(next(own.view for own in STAFF if own.name == name))
    glass.stage._echoes.turned()
    glass.fired.clear()
    return {spot.id for spot in glass.stage.shown().spots}


FIRST = {sample.view.page: sample.name for sample in reversed(STAFF)}


@pytest.mark.parametrize("page", FIRST)
def test_every_target_answers_a_finger(glass: Glass, page: str) -> None:
    """A touch on each target of each page is handed on, as it is named."""
    ids = sorted(_show(glass, FIRST[page]))
    assert ids
    glass.hand.tap(*(one for one in ids if not one.startswith("screen:")))
    assert glass.fired == [one for one in ids if not one.startswith("screen:")]


def test_digits_roll_over(glass: Glass) -> None:
    """Two thumbs on the pad of the PIN: the second digit does not eat the first."""
    _show(glass, "staff-pin")
    one, two = glass.hand.down("staff:digit:1"), glass.hand.down("staff:digit:2")
    glass.stage.on_touch_up(one)
    glass.stage.on_touch_up(two)
    assert glass.fired == ["staff:digit:1", "staff:digit:2"]


def test_a_finger_that_slides_touches_every_cell(glass: Glass) -> None:
    """Each cell once as it is entered; lifting adds none."""
    _show(glass, "staff-touch")
    touch = glass.hand.down("staff:cell:12")
    for cell in (13, 13, 14, 15):
        touch.x, touch.y = glass.hand.place(f"staff:cell:{cell}")
        glass.stage.on_touch_move(touch)
    glass.stage.on_touch_up(touch)
    assert glass.fired == [f"staff:cell:{cell}" for cell in (12, 13, 14, 15)]


def _emblem(glass: Glass) -> tuple[float, float]:
    """Return dots in the emblem of the page, from the lower left corner."""
    tree = glass.stage._tree
    assert tree is not None
    box = next(own.box for own in tree.walk() if "emblem" in own.node.state)
    return box.x + box.w / 2, PORTRAIT.height - 1 - (box.y + box.h / 2)


@pytest.mark.parametrize("name", ["attract", "out-of-service"])
def test_three_seconds_on_the_emblem_let_staff_in(glass: Glass, name: str) -> None:
    """A finger that rests there opens; a visit begins only with one that is lifted before."""
    from screens.samples import samples

    glass.stage.show(next(own.view for own in samples() if own.name == name))
    glass.stage._echoes.turned()
    glass.fired.clear()
    touch = glass.hand.resting(*_emblem(glass))
    glass.stage.on_touch_down(touch)
    assert glass.stage._hold._due.is_triggered
    glass.stage._hold._elapsed(3.0)
    glass.stage.on_touch_up(touch)
    assert glass.fired == ["staff:open"]


def test_a_citizen_who_touches_the_emblem_begins(glass: Glass) -> None:
    """Lifted, or slid off, before: what a touch on the page always does, and nothing is due."""
    from screens.samples import samples

    glass.stage.show(next(own.view for own in samples() if own.name == "attract"))
    glass.stage._echoes.turned()
    for dots in (0, 400):
        glass.fired.clear()
        touch = glass.hand.resting(*_emblem(glass))
        glass.stage.on_touch_down(touch)
        touch.y -= dots
        glass.stage.on_touch_move(touch)
        assert glass.stage._hold._due.is_triggered == (not dots)
        glass.stage.on_touch_up(touch)
        assert not glass.stage._hold._due.is_triggered
        assert glass.fired == ["begin"]


# ---- golden pictures

DIFFERENT = 0.02
"""Share of the dots that may be of another colour: another version of FreeType, 128 colours."""
NEAR = 40
"""How far a part of a colour may be off before a dot is another one."""


@pytest.mark.parametrize("name", GOLDEN)
def test_pages_look_as_documented(easel: Easel, name: str) -> None:
    """The pictures of docs/screens, which the handbook shows, are what is painted."""
    golden = np.asarray(Image.open(Path(DOCS / f"{name}.png")).convert("RGB"), np.int16)
    way = "landscape" if name.endswith("-landscape") else "portrait"
    sample = next(own for own in STAFF if own.name == name.removesuffix("-landscape"))
    dots = easel.dots(placed(sample, STAFF_WAYS[way])).astype(np.int16)
    assert dots.shape == golden.shape
    off = np.abs(dots - golden).max(axis=2) > NEAR
    assert off.mean() < DIFFERENT, f"make screens: {off.mean():.3f}"


def test_the_golden_pictures_are_there() -> None:
    """Every page has at least one."""
    shown = {name.removesuffix("-landscape") for name in GOLDEN}
    assert {own.view.page for own in STAFF if own.name in shown} == PAGES.keys()
