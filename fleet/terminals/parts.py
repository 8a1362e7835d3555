"""Names of terminals, as many at a time as a statement or a transaction takes."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import Final

MOST_NAMES: Final = 10_000
"""Names in one statement: PostgreSQL takes 65,535 values, SQLite 32,766."""


def in_parts(names: Collection[str], most: int = MOST_NAMES) -> Iterator[Sequence[str]]:
    """Return names in their order, part by part; none of none."""
    every = list(names)
    for start in range(0, len(every), most):
        yield every[start : start + most]
