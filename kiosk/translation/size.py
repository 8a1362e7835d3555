"""Room on a disk as people say it: 76 GB, not 77916 MB."""

from __future__ import annotations

from typing import Final

_MIB: Final = 2**20
_GIB: Final = 2**30
_FROM: Final = 10
"""So many GB are told as such; below, where each part of one counts, MB are."""


def size(count: int) -> str:
    """Return a number of bytes in whole GB or MB, rounded down: never more than there is."""
    if count >= _FROM * _GIB:
        return f"{count // _GIB} GB"
    return f"{count // _MIB} MB"
