"""The strip of a training: over every page, with hands that can be touched, and heard by nobody."""

from __future__ import annotations

import json
import socket
from pathlib import Path

import pytest

from screens.gallery import LANDSCAPE, PORTRAIT, placed
from screens.learning import TARGET, Learning, height
from screens.sample import Sample
from screens.samples_staff_training import learning
from screens.theme import TARGET_MM, Theme

PAGES = list(learning())


@pytest.mark.parametrize("theme", [PORTRAIT, LANDSCAPE], ids=["portrait", "landscape"])
@pytest.mark.parametrize("sample", PAGES, ids=lambda own: own.name)
def test_no_page_is_without_the_mark(sample: Sample, theme: Theme) -> None:
    """The mark and every hand are there, large enough, and the page keeps to the room below."""
    tree = placed(sample, theme)
    strip, page = tree.children
    assert "练习" in {own.node.label for own in strip.walk()}
    hands = [own for own in tree.targets() if own.node.target.startswith(TARGET)]
    last = "code" if sample.view.page == "progress_scan" else "paper"
    names = {own.node.target.removeprefix(TARGET) for own in hands}
    assert names == {"card", "lift", last, "end"}
    for own in hands:
        assert min(own.box.w, own.box.h) >= TARGET_MM * theme.px_per_mm - 1
        assert own.box.inside(strip.box)
    assert strip.box.h == height(theme)
    assert page.box.y == strip.box.h
    assert all(
        own.box.y >= strip.box.h and own.box.y + own.box.h <= theme.height for own in page.targets()
    )


def test_a_touch_is_told_to_the_training_alone(tmp_path: Path) -> None:
    """What the page asks for goes with it; where no training listens, nothing happens."""
    strip = Learning(tmp_path)
    strip.obey(f"{TARGET}end")
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as there:
        there.bind(str(tmp_path / "training.sock"))
        there.settimeout(5)
        strip.wanted = "card"
        strip.obey(f"{TARGET}paper")
        assert json.loads(there.recv(200)) == {"op": "paper", "wanted": "card"}
        strip.touched()
        strip.touched()
        assert json.loads(there.recv(200)) == {"op": "touched"}
        there.setblocking(False)
        with pytest.raises(BlockingIOError):
            there.recv(200)
