"""From four touched targets to the matrix that puts a finger where it is.

Theory of operation
-------------------
The X server sends every point of a touch panel through a 3×3 matrix (the property *Coordinate
Transformation Matrix* of the input device) before anybody hears of it.  Its last row is 0 0 1, so
it can turn, mirror, stretch, shear and shift, which is all that a panel that was mounted turned, or
has aged, does.  A person touches four targets under the matrix of now; where they were felt tells
what is still wrong: the affine map that takes what was felt nearest to the targets (least squares).
The new matrix is that map after the old one, so a turned panel needs no other way.

Points are shares of the screen's width and height, 0 to 1, from the upper left corner.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final

Point = tuple[float, float]
Matrix = tuple[float, float, float, float, float, float, float, float, float]
"""Row by row."""
IDENTITY: Final[Matrix] = (1.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 1.0)
TARGETS: Final[tuple[Point, ...]] = ((0.15, 0.12), (0.85, 0.12), (0.85, 0.88), (0.15, 0.88))
"""Upper left, upper right, lower right, lower left: in this order they are touched."""
MOST_OFF: Final = 0.03
"""Share of the screen by which a target may be missed after it: more is a finger that slipped."""
LEAST_AREA: Final = 0.05
"""Of what was felt, as a share of what was to be touched: less is one spot touched four times."""
MOST_AREA: Final = 20.0


class NoPanel(Exception):
    """No device feels fingers here: its cable, or its name in the settings, is for staff to see."""


class Unfit(Exception):
    """Four points that no panel gives: touch them again."""


def fitted(now: Matrix, felt: Sequence[Point], targets: Sequence[Point] = TARGETS) -> Matrix:
    """Return the matrix under which the targets are felt where they are.

    Args:
        now: the matrix under which they were touched.
        felt: where each was felt.
        targets: where each is.

    Raises:
        Unfit: the points are not those of one panel: one was missed, or all lie on a line.
    """
    rows = [(x, y, 1.0) for x, y in felt]
    across = _solved(rows, [x for x, _ in targets])
    down = _solved(rows, [y for _, y in targets])
    mend: Matrix = (*across, *down, 0.0, 0.0, 1.0)
    area = abs(mend[0] * mend[4] - mend[1] * mend[3])
    if not 1 / MOST_AREA <= area <= 1 / LEAST_AREA:
        raise Unfit("the points lie too near together, or too far apart")
    off = max(math.dist(apply(mend, f), t) for f, t in zip(felt, targets, strict=True))
    if off > MOST_OFF:
        raise Unfit(f"a target was missed by {off:.3f} of the screen")
    return after(mend, now)


def apply(matrix: Matrix, point: Point) -> Point:
    """Return where a point comes to."""
    x, y = point
    a, b, c, d, e, f, *_ = matrix
    return a * x + b * y + c, d * x + e * y + f


def after(second: Matrix, first: Matrix) -> Matrix:
    """Return the matrix that does ``first``, then ``second``."""
    a, b, c, d, e, f, *_ = second
    p, q, r, s, t, u, *_ = first
    return (
        *(a * p + b * s, a * q + b * t, a * r + b * u + c),
        *(d * p + e * s, d * q + e * t, d * r + e * u + f),
        *(0.0, 0.0, 1.0),
    )


def is_matrix(told: object) -> bool:
    """Say whether something read from a file can be a matrix of a panel."""
    numbers = isinstance(told, list) and all(type(n) in {int, float} for n in told)
    if not numbers or len(told) != len(IDENTITY):  # type: ignore[arg-type]
        return False
    a, b, _, d, e, _, *last = map(float, told)  # type: ignore[call-overload]
    bounded = all(math.isfinite(n) and abs(n) <= MOST_AREA for n in told)  # type: ignore[attr-defined]
    return bounded and last == [0.0, 0.0, 1.0] and abs(a * e - b * d) >= 1 / MOST_AREA


def as_matrix(told: Sequence[float]) -> Matrix:
    """Return nine numbers that `is_matrix` as a matrix."""
    a, b, c, d, e, f, g, h, i = map(float, told)
    return a, b, c, d, e, f, g, h, i


def _solved(rows: Sequence[tuple[float, float, float]], wanted: Sequence[float]) -> Point3:
    """Return the three numbers that come nearest: the normal equations, by Cramer's rule."""
    normal = [[sum(r[i] * r[j] for r in rows) for j in range(3)] for i in range(3)]
    right = [sum(r[i] * w for r, w in zip(rows, wanted, strict=True)) for i in range(3)]
    whole = _determinant(normal)
    if abs(whole) < 1e-9:
        raise Unfit("the points lie on a line")
    found = []
    for column in range(3):
        with_right = [
            [right[i] if j == column else normal[i][j] for j in range(3)] for i in range(3)
        ]
        found.append(_determinant(with_right) / whole)
    return found[0], found[1], found[2]


Point3 = tuple[float, float, float]


def _determinant(m: Sequence[Sequence[float]]) -> float:
    return (
        m[0][0] * (m[1][1] * m[2][2] - m[1][2] * m[2][1])
        - m[0][1] * (m[1][0] * m[2][2] - m[1][2] * m[2][0])
        + m[0][2] * (m[1][0] * m[2][1] - m[1][1] * m[2][0])
    )
