"""Promised times: how long the chosen items take together.

Items without a relation run side by side (并联审批).  Where an item needs another one's product,
its department reviews everything else before (容缺预审) and decides at once when the product
arrives: so it is done when its own limit is over and the other one is done, whichever is later.
That is the rule of the operating procedure (新乡市 附件3 四(二)4).  An item that ``waits`` begins
only then, and its limit comes on top.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from kiosk.domain.catalogue import Item


def days(items: Iterable[Item]) -> int:
    """Return the working days after which the last of the items is done, from acceptance."""
    return max(finishes(items).values(), default=0)


def finishes(items: Iterable[Item]) -> dict[str, int]:
    """Return for each item, by its code, the working day on which it is done."""
    chosen = {item.code: item for item in items}
    before = predecessors(chosen.values())
    done: dict[str, int] = {}
    for code in order(chosen.values()):
        earlier = max((done[own] for own in before[code]), default=0)
        own = chosen[code]
        done[code] = earlier + own.limit_days if own.waits else max(earlier, own.limit_days)
    return {code: done[code] for code in chosen}


def order(items: Iterable[Item]) -> tuple[str, ...]:
    """Return the codes so that every item stands behind those it needs, else in their order.

    Relations that run in a circle are a fault of the catalogue (refused when it is read); here
    such items keep their order.
    """
    chosen = [item.code for item in items]
    before = predecessors(items)
    found: list[str] = []
    left = list(chosen)
    while left:
        ready = [code for code in left if not before[code] - set(found)] or left
        found += ready
        left = [code for code in left if code not in ready]
    return tuple(found)


def predecessors(items: Iterable[Item]) -> Mapping[str, frozenset[str]]:
    """Return for each item the codes of those among the items that it needs.

    It needs what it says it requires, what makes one of its papers, and what makes one of its
    facts.
    """
    chosen = list(items)
    codes = frozenset(item.code for item in chosen)
    return {item.code: needs(item) & codes - {item.code} for item in chosen}


def needs(item: Item) -> frozenset[str]:
    """Return the codes of all items whose products an item takes, or that it requires."""
    papers = {paper.made_by for paper in item.materials if paper.made_by}
    facts = {maker for field in item.fields for maker in field.makers}
    return frozenset({*item.requires, *papers, *facts})
