"""Is it chance: exact binomial tails, so that three visits prove nothing and three hundred do."""

from __future__ import annotations

import math
from typing import Final

_EXACT: Final = 2000
"""Tries up to which the sum is exact; beyond, the normal law is as good."""


def at_least(hits: int, tries: int, share: float) -> float:
    """Return how likely so many hits or more are, if each try hits with this share."""
    if hits <= 0:
        return 1.0
    if hits > tries or share <= 0:
        return 0.0
    if share >= 1:
        return 1.0
    if tries > _EXACT:
        spread = math.sqrt(tries * share * (1 - share))
        return 0.5 * math.erfc((hits - 0.5 - tries * share) / (spread * math.sqrt(2)))
    return min(1.0, math.fsum(_exactly(own, tries, share) for own in range(hits, tries + 1)))


def smoothed(hits: int, tries: int) -> float:
    """Return a share that few tries do not make certain (Laplace's rule of succession)."""
    return (hits + 1) / (tries + 2)


def _exactly(hits: int, tries: int, share: float) -> float:
    ways = math.lgamma(tries + 1) - math.lgamma(hits + 1) - math.lgamma(tries - hits + 1)
    return math.exp(ways + hits * math.log(share) + (tries - hits) * math.log1p(-share))
