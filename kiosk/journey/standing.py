"""How an item stands at the intake's word: how far it got, and what may be made of it.

The states are the intake's (``intake.records.model.State``).  One that is not known here yet is on
its way and nothing else: only what is told to be done looks done.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Final, Literal

from kiosk.journey.facts import Standing

Mark = Literal["going", "needs_you", "done", "refused", "withdrawn"]
"""``needs_you``: something is still to be handed in by the citizen."""

STAGES: Final = 4
"""提交, 收件, 受理, 办结."""

_REACHED: Final[Mapping[str, int]] = MappingProxyType(
    {
        "submitted": 1,
        "supplement_required": 1,
        "withdrawn": 1,
        "received": 2,
        "not_accepted": 2,
        "accepted": 3,
        "in_review": 3,
        "decided_refused": 3,
        "decided_granted": 4,
        "completed": 4,
    }
)
_OVER: Final[Mapping[str, Mark]] = MappingProxyType(
    {
        "not_accepted": "refused",
        "decided_refused": "refused",
        "withdrawn": "withdrawn",
    }
)


_FIRST: Final[tuple[Mark, ...]] = ("needs_you", "refused", "going", "done", "withdrawn")


def reached(item: Standing) -> int:
    """Return how many of the `STAGES` an item has reached."""
    return _REACHED.get(item.state, 1)


def mark(item: Standing) -> Mark:
    """Return what may be made of an item; nothing is handed in any more for one that is over."""
    if item.state in _OVER:
        return _OVER[item.state]
    if item.supplement:
        return "needs_you"
    return "done" if reached(item) == STAGES else "going"


def overall(items: Iterable[Standing]) -> Mark:
    """Return the mark of a whole application: what waits first, then what went wrong."""
    marks = {mark(item) for item in items}
    return next((own for own in _FIRST if own in marks), "going")
