"""Every page, both ways up: sizes, places and overlaps of what can be touched; nothing clipped."""

from __future__ import annotations

import itertools

import pytest

from screens.fonts import advance
from screens.gallery import LANDSCAPE, PORTRAIT, placed
from screens.layout import Box, Placed
from screens.samples import Sample
from screens.standing import OutView
from screens.theme import TARGET_MM, Theme
from tests.screens.conftest import SAMPLES

SMALL = Theme(width=1080, height=1920, px_per_mm=3.6)
"""24 inches: the same dots are larger."""
THEMES = {"portrait": PORTRAIT, "landscape": LANDSCAPE, "24-inch": SMALL}
CASES = [
    pytest.param(sample, theme, id=f"{sample.name}-{word}")
    for sample in SAMPLES
    for word, theme in THEMES.items()
]


@pytest.mark.parametrize(("sample", "theme"), CASES)
def test_targets_are_large_enough_and_apart(sample: Sample, theme: Theme) -> None:
    """Every target is at least 20 mm both ways, on the screen, and shares no dot with another."""
    tree = placed(sample, theme)
    least = TARGET_MM * theme.px_per_mm
    for target in tree.targets():
        assert min(target.box.w, target.box.h) >= least, target.node.target
        assert target.box.inside(tree.box), target.node.target
    for one, other in itertools.combinations(tree.targets(), 2):
        assert not one.box.overlaps(other.box), (one.node.target, other.node.target)


@pytest.mark.parametrize(("sample", "theme"), CASES)
def test_nothing_is_clipped(sample: Sample, theme: Theme) -> None:
    """Every word lies on the screen and in the card that holds it, and its lines fit its box."""
    tree = placed(sample, theme)
    for holder, own in _with_holder(tree, tree.box):
        if not own.lines and own.node.style.picture is None:
            continue
        what = own.node.label or own.node.hint
        assert own.box.inside(tree.box), what
        assert own.box.inside(holder), what
        words = own.node.style.type
        if words is not None and words.face != "icon":
            longest = max(advance(line, words.face, words.size) for line in own.lines)
            assert longest <= own.box.w + 1, what
            assert len(own.lines) * words.size * words.leading <= own.box.h + 1, what


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
def test_both_ways_up_say_the_same(sample: Sample) -> None:
    """Upright and lying offer the same targets."""
    if sample.name.startswith("guide"):
        pytest.skip("the guide may turn a leaf earlier on a lying screen")
    upright, lying = (set(placed(sample, t).node.targets()) for t in (PORTRAIT, LANDSCAPE))
    assert upright == lying


def test_every_target_of_the_view_is_on_the_page() -> None:
    """What the journey offers is offered, but for days of other months."""
    from kiosk.journey.observe import observed

    for sample in SAMPLES:
        if isinstance(sample.view, OutView):
            continue
        offered = observed(sample.view)["targets"]
        assert isinstance(offered, list)
        wanted = {target for target in offered if not target.startswith("date:")}
        assert wanted <= set(placed(sample, PORTRAIT).node.targets()), sample.name
