"""How bright it is: never so dark that it looks dead, and no display is a reason to fail."""

from __future__ import annotations

import shutil
from itertools import pairwise

import pytest

from kiosk.desk.display import start_virtual_screen
from screens import levels


def test_darker_is_darker_and_never_dark() -> None:
    """Each level is at least as bright as the one below; the lowest is still read."""
    shares = [levels.share(level) for level in range(levels.MOST + 1)]
    assert shares[0] == levels.DARKEST
    assert shares[-1] == 1.0
    assert all(low <= high for low, high in pairwise(shares))


def test_a_display_takes_it_or_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever the X server can do, setting the brightness does not fail."""
    if shutil.which("Xvfb") is None:
        pytest.skip("Xvfb is not installed")
    screen = start_virtual_screen(200, 200)
    try:
        monkeypatch.setenv("DISPLAY", screen.name)
        assert levels.dim(3) in {True, False}
    finally:
        screen.stop()
