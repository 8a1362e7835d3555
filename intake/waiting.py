"""What an item still lacks of the items before it: one rule for acts and for every page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from intake.decisions import FAILED
from intake.model import Application, Item, State

_GRANTED = State.DECIDED_GRANTED.value
_REFUSED = State.DECIDED_REFUSED.value


@dataclass(frozen=True, kw_only=True, slots=True)
class Lacks:
    """Names of the items whose products an undecided item has not got.

    It waits for the ``open`` ones.  The ``failed`` ones will never make theirs: what was to come
    from them has to be supplied otherwise, and whoever grants says how.
    """

    open: tuple[str, ...] = ()
    failed: tuple[str, ...] = ()


def lacking(item: Item, application: Application, before: Mapping[str, frozenset[str]]) -> Lacks:
    """Return what an item lacks; ``before`` has, by code, the codes of the items it needs."""
    if item.outcome or State(item.state) in FAILED:
        return Lacks()
    codes = before.get(item.code, frozenset())
    needed = [other for other in application.items if other.code in codes]
    return Lacks(
        open=tuple(one.name for one in needed if not _failed(one) and one.outcome != _GRANTED),
        failed=tuple(one.name for one in needed if _failed(one)),
    )


def _failed(item: Item) -> bool:
    return item.outcome == _REFUSED or State(item.state) in FAILED
