"""Contrast: of the tokens as they meet on the pages, and of the dots that are painted."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt
import pytest

from screens import theme as look
from screens.gallery import WAYS, Easel, placed
from screens.layout import Placed
from screens.samples import Sample
from screens.theme import contrast
from tests.screens.conftest import SAMPLES
from tests.screens.test_geometry import trees

RUNNING, RUNNING_LATIN = 12, 28
"""More characters than this are running text."""
RUNNING_LEAST, OTHER_LEAST, SHAPE_LEAST = 7.0, 4.5, 3.0
Dots = npt.NDArray[np.uint8]
_LINEAR = np.array([look.linear(step / 255) for step in range(256)], np.float32)
_RED, _GREEN, _BLUE = (_LINEAR * np.float32(weight) for weight in (0.2126, 0.7152, 0.0722))
_SOFT = 0.93
"""Thin strokes are blended with their ground at the edge: so much of the contrast is left."""


def grounds(tree: Placed, ground: str = look.PAPER) -> Iterator[tuple[str, Placed]]:
    """Pair everything with the colour it stands on."""
    if "off" in tree.node.state:
        return
    yield ground, tree
    inner = tree.node.style.fill or ground
    for child in tree.children:
        yield from grounds(child, inner)


def least(own: Placed) -> float:
    """Return the contrast that words or an icon need."""
    words = own.node.style.type
    if words is not None and words.face == "icon":
        return SHAPE_LEAST
    label = own.node.label
    return (
        RUNNING_LEAST
        if len(label) > (RUNNING_LATIN if label.isascii() else RUNNING)
        else OTHER_LEAST
    )


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.name)
def test_contrast_of_tokens(sample: Sample, way: str) -> None:
    """On every leaf: running text ≥ 7, other text ≥ 4.5, icons and rims of targets ≥ 3."""
    for tree in trees(sample, WAYS[way]):
        for ground, own in grounds(tree):
            words, style = own.node.style.type, own.node.style
            if words is not None and own.lines and not _is_gold(own):
                found = contrast(words.colour, style.fill or ground)
                assert found >= least(own), (own.node.label, words.colour, ground, round(found, 2))
            if own.node.target and style.border_width:
                assert contrast(style.border, ground) >= SHAPE_LEAST, own.node.target


def _is_gold(own: Placed) -> bool:
    """Gold is for icons beside words only (look: "icons and washes only")."""
    words = own.node.style.type
    return words is not None and words.face == "icon" and words.colour == look.GOLD


ALWAYS = {
    ("portrait", "zh"),
    ("landscape", "en"),
    ("portrait-elder", "en"),
    ("landscape-elder", "zh"),
}
"""Each way and each language; the other pairs have the same colours, and are for the campaign."""


@pytest.mark.parametrize(
    ("way", "language"),
    [
        pytest.param(way, language, marks=() if (way, language) in ALWAYS else pytest.mark.campaign)
        for way in WAYS
        for language in ("zh", "en")
    ],
)
def test_contrast_of_painted_dots(easel: Easel, way: str, language: str) -> None:
    """Words as they are painted: the ink in each box against what the most of the box shows."""
    for sample in SAMPLES:
        tree = placed(sample, WAYS[way], language)
        dots = easel.dots(tree)
        assert dots.shape[:2] == (tree.box.h, tree.box.w)
        for _, own in grounds(tree):
            words = own.node.style.type
            if words is None or words.face == "icon" or not own.node.label.strip():
                continue
            found = painted(dots, own)
            assert found >= least(own) * _SOFT, (sample.name, own.node.label, round(found, 2))


def painted(dots: Dots, own: Placed) -> float:
    """Return the contrast of the words in a box: their farthest dot against the box's ground."""
    top, right, bottom, left = own.node.style.pad
    box = own.box
    cut = dots[box.y + top : box.y + box.h - bottom, box.x + left : box.x + box.w - right]
    light = _RED[cut[..., 0]] + _GREEN[cut[..., 1]] + _BLUE[cut[..., 2]]
    ground = float(np.median(light))
    ink = max(float(light.max()), float(light.min()), key=lambda one: abs(one - ground))
    bright, dark = max(ink, ground), min(ink, ground)
    return (bright + 0.05) / (dark + 0.05)
