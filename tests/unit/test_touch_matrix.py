"""Four touches make the matrix of any panel that is mounted somehow, and of nothing else."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.maintenance.touch_matrix import (
    IDENTITY,
    TARGETS,
    Matrix,
    Unfit,
    after,
    apply,
    fitted,
    is_matrix,
)

TURNED: dict[str, Matrix] = {
    "upright": IDENTITY,
    "left": (0, -1, 1, 1, 0, 0, 0, 0, 1),
    "right": (0, 1, 0, -1, 0, 1, 0, 0, 1),
    "half": (-1, 0, 1, 0, -1, 1, 0, 0, 1),
    "mirrored": (-1, 0, 1, 0, 1, 0, 0, 0, 1),
    "aged": (0.95, 0.01, 0.02, -0.01, 1.04, -0.03, 0, 0, 1),
}
"""What a panel does to where it is touched, by how it is mounted."""
small = st.floats(-0.008, 0.008)


def felt(now: Matrix, panel: Matrix, shake: list[float] | None = None) -> list[tuple[float, float]]:
    """Return where the targets are felt under a matrix, by a finger that shakes."""
    off = iter(shake or [0.0] * 8)
    return [
        (x + next(off), y + next(off))
        for x, y in (apply(now, apply(panel, target)) for target in TARGETS)
    ]


@given(
    st.sampled_from(sorted(TURNED)),
    st.sampled_from(sorted(TURNED)),
    st.lists(small, min_size=8, max_size=8),
)
def test_however_it_is_mounted_a_finger_is_felt_where_it_is(
    mounted: str, wrong: str, shake: list[float]
) -> None:
    """Under the matrix of now, right or wrong, four touches lead to the one that is right."""
    panel, now = TURNED[mounted], TURNED[wrong]
    new = fitted(now, felt(now, panel, shake))
    for target in ((0.1, 0.1), (0.5, 0.5), (0.9, 0.3)):
        assert math.dist(apply(new, apply(panel, target)), target) < 0.04


def test_what_is_right_stays() -> None:
    """Touching each target in its middle changes nothing."""
    assert fitted(IDENTITY, TARGETS) == pytest.approx(IDENTITY)


@pytest.mark.parametrize(
    "points",
    [
        [(0.15, 0.12)] * 4,
        [(0.15, 0.12), (0.85, 0.12), (0.3, 0.12), (0.6, 0.12)],
        [(0.15, 0.12), (0.85, 0.12), (0.4, 0.6), (0.15, 0.88)],
        [(0.5, 0.5), (0.51, 0.5), (0.51, 0.51), (0.5, 0.51)],
    ],
)
def test_points_of_no_panel_are_refused(points: list[tuple[float, float]]) -> None:
    """One spot four times, a line, one target missed, a hand that rests."""
    with pytest.raises(Unfit):
        fitted(IDENTITY, points)


def test_one_after_the_other() -> None:
    """The product of two matrices does both."""
    both = after(TURNED["left"], TURNED["aged"])
    point = (0.3, 0.7)
    assert apply(both, point) == pytest.approx(apply(TURNED["left"], apply(TURNED["aged"], point)))


@pytest.mark.parametrize(
    "told",
    [
        None,
        [1, 0, 0, 0, 1, 0, 0, 0],
        [1, 0, 0, 0, 1, 0, 0, 0, 2],
        [0, 0, 0, 0, 0, 0, 0, 0, 1],
        [math.nan, 0, 0, 0, 1, 0, 0, 0, 1],
        [1, 0, 99, 0, 1, 0, 0, 0, 1],
        ["1", 0, 0, 0, 1, 0, 0, 0, 1],
    ],
)
def test_what_can_be_no_panels_is_not_set(told: object) -> None:
    """A spoilt file leaves touches as they are."""
    assert not is_matrix(told)
    assert is_matrix(list(TURNED["aged"]))
