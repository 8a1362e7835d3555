"""Hypothesis strategies for bytes that come in pieces."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import strategies as st


def cut(data: bytes, places: list[int]) -> list[bytes]:
    """Return `data` cut at `places` (taken modulo its length), in order."""
    at = [0, *sorted(place % (len(data) + 1) for place in places), len(data)]
    return [data[begin:end] for begin, end in pairwise(at)]


PLACES = st.lists(st.integers(min_value=0, max_value=10_000), max_size=12)
