"""Contrast: of the tokens as they meet on the pages, and of the dots that are painted."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PIL import Image, ImageChops

from screens import theme as look
from screens.gallery import LANDSCAPE, PORTRAIT, Easel, placed
from screens.layout import Placed
from screens.samples import Sample
from screens.theme import Theme, contrast
from tests.screens.conftest import SAMPLES

RUNNING = 12
"""More characters than this are running text."""


def grounds(tree: Placed, ground: str = look.PAPER) -> Iterator[tuple[str, Placed]]:
    """Pair everything with the colour it stands on."""
    if "off" in tree.node.state:
        return
    yield ground, tree
    inner = tree.node.style.fill or ground
    for child in tree.children:
        yield from grounds(child, inner)


@pytest.mark.parametrize("theme", [PORTRAIT, LANDSCAPE], ids=["portrait", "landscape"])
@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.name)
def test_contrast_of_tokens(sample: Sample, theme: Theme) -> None:
    """Running text ≥ 7, other text ≥ 4.5, icons and rims of what can be touched ≥ 3."""
    for ground, own in grounds(placed(sample, theme)):
        words, style = own.node.style.type, own.node.style
        if words is not None and own.lines:
            running = len(own.node.label) > RUNNING
            icon = words.face == "icon"
            least = 3.0 if icon else 7.0 if running else 4.5
            found = contrast(words.colour, style.fill or ground)
            # gold is for icons beside words only (look: "icons and washes only")
            if not (icon and words.colour == look.GOLD):
                assert found >= least, (own.node.label, words.colour, ground, round(found, 2))
        if own.node.target and style.border_width:
            assert contrast(style.border, ground) >= 3.0, own.node.target


@pytest.mark.parametrize("theme", [PORTRAIT, LANDSCAPE], ids=["portrait", "landscape"])
def test_words_are_really_there(easel: Easel, theme: Theme) -> None:
    """In the painted picture every word has dots of (nearly) its own colour in its box."""
    for sample in SAMPLES:
        tree = placed(sample, theme)
        image = easel.picture(tree)
        assert image.size == (theme.width, theme.height)
        for _, own in grounds(tree):
            words = own.node.style.type
            if words is None or not own.lines or not own.node.label.strip() or words.size < 20:
                continue
            assert _has_colour(image, own, words.colour), (sample.name, own.node.label)


def _has_colour(image: Image.Image, own: Placed, colour: str) -> bool:
    box = own.box
    cut = image.crop((box.x - 2, box.y - 2, box.x + box.w + 2, box.y + box.h + 2))
    wanted = tuple(round(part * 255) for part in look.rgba(colour)[:3])
    away = ImageChops.difference(cut, Image.new("RGB", cut.size, wanted))
    red, green, blue = away.split()
    nearest, _ = ImageChops.lighter(ImageChops.lighter(red, green), blue).getextrema()
    return isinstance(nearest, int | float) and nearest < 24
