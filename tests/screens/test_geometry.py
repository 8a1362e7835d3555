"""Every page, both ways up, in both sizes and languages, leaf by leaf: sizes, places, overlaps."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from dataclasses import replace
from functools import cache

import pytest

from screens.fonts import advance
from screens.gallery import WAYS, leaves
from screens.layout import Box, Placed
from screens.samples import Sample
from screens.semantic import Node, Role
from screens.standing import OutView
from screens.text import ELLIPSIS
from screens.theme import ELDER_TARGET_MM, TARGET_MM, Theme
from screens.widgets.kit import TURN
from tests.screens.conftest import SAMPLES

LANGUAGES = ("zh", "en")
SMALL = replace(WAYS["portrait"], px_per_mm=3.6)
"""24 inches: the same dots are larger."""
THEMES = {**WAYS, "24-inch": SMALL}
CASES = [
    pytest.param(sample, theme, id=f"{sample.name}-{way}")
    for sample in SAMPLES
    for way, theme in THEMES.items()
]


@cache
def trees(sample: Sample, theme: Theme) -> tuple[Placed, ...]:
    """Return every leaf in every language."""
    return tuple(tree for language in LANGUAGES for tree in leaves(sample, theme, language))


@pytest.mark.parametrize(("sample", "theme"), CASES)
def test_targets_are_large_enough_and_apart(sample: Sample, theme: Theme) -> None:
    """Every target is at least 20 mm (elder: 25) both ways, on the screen, and shares no dot."""
    for tree in trees(sample, theme):
        check_targets(tree, theme)


LETTER_MM = 22.5
"""Ten letters stand side by side on an upright screen: with elder letters they are narrower."""


def check_targets(tree: Placed, theme: Theme) -> None:
    """Fail on a target that is too small, off the screen or on another one."""
    least = (ELDER_TARGET_MM if theme.elder else TARGET_MM) * theme.px_per_mm
    targets = tree.targets()
    for target in targets:
        letter = target.node.target.startswith("screen:key:")
        wide = min(least, LETTER_MM * theme.px_per_mm) if letter else least
        assert target.box.h >= least, target.node.target
        assert target.box.w >= wide, target.node.target
        assert target.box.inside(tree.box), target.node.target
    for one, other in itertools.combinations(targets, 2):
        assert not one.box.overlaps(other.box), (one.node.target, other.node.target)


@pytest.mark.parametrize(("sample", "theme"), CASES)
def test_what_stands_below_keeps_its_place(sample: Sample, theme: Theme) -> None:
    """No body is longer than its room: the bottom bar and the foot stand where they belong."""
    for tree in trees(sample, theme):
        check_room(tree)


def check_room(tree: Placed) -> None:
    """Fail on a column whose last part was pushed over its lower edge, be it by one dot."""
    for own in tree.walk():
        style = own.node.style
        if style.flow == "column" and own.children:
            end = own.children[-1].box
            what = (tree.node.value, own.node.role, end.y + end.h)
            assert end.y + end.h <= own.box.y + own.box.h - style.pad[2], what
    last = tree.children[-1]
    if tree.node.style.flow == "column" and last.node.role is Role.BAR:
        assert last.box.y + last.box.h == tree.box.h, (tree.node.value, last.box)


@pytest.mark.parametrize(("sample", "theme"), CASES)
def test_a_heading_stays_with_what_it_heads(sample: Sample, theme: Theme) -> None:
    """No leaf that is followed by another ends with a heading."""
    for tree in trees(sample, theme):
        check_headings(tree)


@pytest.mark.parametrize("way", WAYS)
def test_a_heading_stays_on_a_screen_of_any_height(way: str) -> None:
    """The guide, whose parts are cut between their lines, is cut well wherever the leaf ends."""
    sample = next(sample for sample in SAMPLES if sample.name == "guide")
    theme = WAYS[way]
    for less in range(0, 180, 12):
        for tree in trees(sample, replace(theme, height=theme.height - less)):
            check_headings(tree)


def check_headings(tree: Placed) -> None:
    """Fail on a leaf whose last words head what stands on the next one."""
    if f"{TURN}+1" not in tree.node.targets():
        return
    words = [node for node in _read(tree.node) if node.style.type or node.role is Role.CHOICE]
    words = [node for node in words if not re.fullmatch(r"\d+ / \d+", node.label)]
    assert words[-1].role is not Role.HEADING, (tree.node.value, words[-1].label)


def _read(node: Node) -> Iterator[Node]:
    """Yield what is read on a leaf, without bars and buttons; a choice is read as one."""
    icon = node.style.type is not None and node.style.type.face == "icon"
    if node.role is Role.CHOICE:
        yield node
    if node.target or icon or node.role is Role.BAR:
        return
    yield node
    for child in node.children:
        yield from _read(child)


@pytest.mark.parametrize(("sample", "theme"), CASES)
def test_nothing_is_clipped(sample: Sample, theme: Theme) -> None:
    """Every word lies on the screen and in the card that holds it, and its lines fit its box."""
    for tree in trees(sample, theme):
        check_words(tree)


def check_words(tree: Placed) -> None:
    """Fail on a word or picture that is cut off."""
    for holder, own in _with_holder(tree, tree.box):
        if own.lines or own.node.style.picture is not None:
            what = (tree.node.value, own.node.label or own.node.hint)
            assert own.box.inside(tree.box), what
            assert own.box.inside(holder), what
            assert _fits(own), what


def _fits(own: Placed) -> bool:
    words = own.node.style.type
    if words is None or words.face == "icon" or not own.lines:
        return True
    longest = max(advance(line, words.face, words.size) for line in own.lines)
    high = len(own.lines) * words.size * words.leading
    return longest <= own.box.w + 1 and high <= own.box.h + 1


@pytest.mark.parametrize(("sample", "theme"), CASES)
def test_blocks_do_not_lie_on_one_another(sample: Sample, theme: Theme) -> None:
    """Words and pictures share no dot, but for those that are laid over one another on purpose."""
    for tree in trees(sample, theme):
        shown = [own for own in _flat(tree) if own.lines]
        for one, other in itertools.combinations(shown, 2):
            assert not one.box.overlaps(other.box), (one.node.label, other.node.label)


def _flat(tree: Placed) -> Iterator[Placed]:
    """Yield everything outside of stacks."""
    yield tree
    if tree.node.style.flow != "stack":
        for child in tree.children:
            yield from _flat(child)


def _with_holder(placed_: Placed, holder: Box) -> list[tuple[Box, Placed]]:
    """Pair everything with the box of the nearest painted thing around it."""
    found = []
    for child in placed_.children:
        found.append((holder, child))
        style = child.node.style
        inner = child.box if style.fill or style.border_width or child.node.target else holder
        found += _with_holder(child, inner)
    return found


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.name)
def test_all_ways_say_the_same(sample: Sample) -> None:
    """Upright and lying, normal and elder offer the same targets, counted over all leaves."""
    found = [_all_targets(sample, theme) for theme in WAYS.values()]
    assert all(targets == found[0] for targets in found)


def _all_targets(sample: Sample, theme: Theme) -> set[str]:
    """Return the targets of all leaves but those of the screen itself."""
    whole = replace(sample, leaf=0)
    targets = {t for tree in leaves(whole, theme) for t in tree.node.targets()}
    return {t for t in targets if not t.startswith(("screen:", "date:"))}


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.name)
def test_every_target_of_the_view_is_on_the_page(sample: Sample) -> None:
    """What the journey offers is offered, but for days of other months."""
    from kiosk.journey.observe import observed

    if isinstance(sample.view, OutView):
        return
    offered = observed(sample.view)["targets"]
    assert isinstance(offered, list)
    words = ("date:", "text:", "erase", "done")  # days of other months, and what the pad says
    wanted = {target for target in offered if not target.startswith(words)}
    assert wanted <= _all_targets(sample, WAYS["portrait"])


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.name)
def test_elder_letters_are_large(sample: Sample) -> None:
    """With elder letters no text is below 8 mm (height of a capital: 0.733 of the em)."""
    theme = WAYS["portrait-elder"]
    for tree in leaves(sample, theme):
        for own in tree.walk():
            words = own.node.style.type
            if words is None or words.face == "icon" or own.node.label == "一端":
                continue
            assert words.size * 0.733 >= 8 * theme.px_per_mm - 0.5, own.node.label


@pytest.mark.parametrize(("sample", "theme"), CASES)
def test_the_way_on_is_never_cut(sample: Sample, theme: Theme) -> None:
    """No target's words end with an ellipsis."""
    for tree in trees(sample, theme):
        for target in tree.targets():
            for own in target.walk():
                assert not any(line.endswith(ELLIPSIS) for line in own.lines), own.node.label
