"""The touch calibration on a real X server: real events come where they should, or as before."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from Xlib import X
from Xlib.display import Display
from Xlib.ext import xtest

from kiosk.maintenance.touch_matrix import IDENTITY, TARGETS, Matrix, NoPanel, apply
from screens import touch_trial
from screens.touch_panels import matrix, panels, put, put_kept
from screens.touch_trial import Trial
from tests.waiting import until

FINGER = "Virtual core XTEST pointer"
WIDTH, HEIGHT = 1080, 1920


class Glass:
    """A screen whose panel is mounted somehow."""

    def __init__(self, name: str) -> None:
        self.display = Display(name)
        (self.panel,) = panels(self.display, FINGER)

    def felt(self, mounted: Matrix, at: tuple[float, float]) -> tuple[float, float]:
        """Put a finger at a share of the screen and return where the server feels it."""
        x, y = apply(mounted, at)
        xtest.fake_input(
            self.display, X.MotionNotify, x=round(x * (WIDTH - 1)), y=round(y * (HEIGHT - 1))
        )
        self.display.sync()
        seen = self.display.screen().root.query_pointer()
        return seen.root_x / (WIDTH - 1), seen.root_y / (HEIGHT - 1)

    @property
    def matrix(self) -> Matrix:
        """The matrix of now."""
        return matrix(self.display, self.panel)


@pytest.fixture(scope="module")
def anchored(screen: str) -> Iterator[str]:
    """The screen, with a client that stays: a server that all have left begins anew."""
    own = Display(screen)
    yield screen
    own.close()


@pytest.fixture
def glass(anchored: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Glass]:
    """A screen with a panel that feels as it should."""
    monkeypatch.setenv("DISPLAY", anchored)
    own = Glass(anchored)
    put(own.display, own.panel, IDENTITY)
    yield own
    put(own.display, own.panel, IDENTITY)
    own.display.close()


@pytest.mark.parametrize(
    "mounted",
    [
        (0, 1, 0, -1, 0, 1, 0, 0, 1),
        (0.94, 0.0, 0.03, 0.0, 0.96, 0.02, 0, 0, 1),
    ],
    ids=["turned", "aged"],
)
def test_four_touches_put_a_finger_where_it_is(glass: Glass, mounted: Matrix) -> None:
    """A panel that was mounted turned, or has aged, is right afterwards, and stays so."""
    trial = Trial([glass.felt(mounted, target) for target in TARGETS], FINGER)
    for at in ((0.2, 0.3), (0.7, 0.5), (0.5, 0.9)):
        assert glass.felt(mounted, at) == pytest.approx(at, abs=0.004)
    assert trial.keep()
    put(glass.display, glass.panel, IDENTITY)  # the server was started anew
    put_kept(trial.after)
    assert glass.felt(mounted, (0.7, 0.5)) == pytest.approx((0.7, 0.5), abs=0.004)


def test_nobody_who_confirms_undoes_it(glass: Glass, monkeypatch: pytest.MonkeyPatch) -> None:
    """The page hangs: after its time the old matrix is back all by itself."""
    monkeypatch.setenv("YIDUAN_TOUCH_TRIAL_S", "0.3")
    Trial([(1 - x, 1 - y) for x, y in TARGETS], FINGER)
    until(lambda: glass.matrix == pytest.approx(IDENTITY))


def test_a_page_that_is_killed_leaves_the_old_one(glass: Glass) -> None:
    """The end of the line to the trial, which the kernel makes for a killed process, is a no."""
    trial = Trial([(1 - x, 1 - y) for x, y in TARGETS], FINGER)
    assert glass.matrix != pytest.approx(IDENTITY)
    trial.undo()
    assert glass.matrix == pytest.approx(IDENTITY)
    assert not trial.keep()


def test_without_a_panel_nothing_is_tried(glass: Glass) -> None:
    """A mouse is no panel: it is moved by dots, and staff are told."""
    del glass
    with pytest.raises(NoPanel):
        Trial(TARGETS)
    assert touch_trial.TRIAL_S == 15
