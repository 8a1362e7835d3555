"""What of a thing can be filed together, and what alone, from the relations of its items; pure."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

from kiosk.domain.catalogue import Item


def told(items: tuple[Item, ...]) -> tuple[str, ...]:
    """Return what can be chosen, and each relation that says otherwise; of one item nothing."""
    if len(items) < 2:
        return ()
    apart = (*_ways(items), *_excluded(items))
    bound = (*_same_time(items), *_needs(items))
    whole = "不能全部一起办，选要办的" if apart else "可以全部一起办，也可以只选要办的"
    return (f"{whole}。", *(f"{own}。" for own in (*apart, *bound)))


def _ways(items: tuple[Item, ...]) -> Iterator[str]:
    ways: dict[str, list[str]] = {}
    for item in items:
        if item.alternative:
            ways.setdefault(item.alternative, []).append(item.name)
    yield from (f"只能选一种：{'、'.join(own)}" for own in ways.values() if len(own) > 1)


def _excluded(items: tuple[Item, ...]) -> Iterator[str]:
    for one, other in combinations(items, 2):
        if other.code in one.excludes or one.code in other.excludes:
            yield f"不能一起办：{one.name}、{other.name}"


def _same_time(items: tuple[Item, ...]) -> Iterator[str]:
    for one, other in combinations(items, 2):
        if other.code in one.same_time or one.code in other.same_time:
            yield f"依法要一起办：{one.name}、{other.name}"


def _needs(items: tuple[Item, ...]) -> Iterator[str]:
    names = {item.code: item.name for item in items}
    for item in items:
        needed = [names[code] for code in item.requires if code in names]
        if needed:
            yield f"办{item.name}，要先办好或者一起办：{'、'.join(needed)}"
