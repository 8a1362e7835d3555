"""The clocks of filed items, read from what happened to them.

Nothing of a clock is stored beside the events: when it began is ``accepted_at``, when it stood
still is told by each 补正 that was asked for after that, and by each that came.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from itertools import zip_longest
from typing import Final

from intake.office.decisions import FAILED
from intake.records.model import Application, Event, Item, State
from kiosk.domain import catalogue
from kiosk.domain.calendar import Clock
from kiosk.domain.deadlines import Run

SUPPLIED: Final = "item.supplied"
"""The kind of the event that a supplement came."""
_ASKED: Final = f"item.{State.SUPPLEMENT_REQUIRED}"
_DECIDED: Final = frozenset({State.DECIDED_GRANTED, State.DECIDED_REFUSED})


def clock(item: Item, happened: Sequence[Event]) -> Clock | None:
    """Return the clock of an item, None before it is accepted."""
    if item.accepted_at is None:
        return None
    began = item.accepted_at
    own = [one for one in happened if one.item_id == item.id and one.at >= began]
    asked = [one.at for one in own if one.kind == _ASKED]
    came = [one.at for one in own if one.kind == SUPPLIED]
    return Clock(started=began, stopped=tuple(zip_longest(asked, came[: len(asked)])))


def stands(item: Item) -> bool:
    """Say whether the clock of an accepted item stands still for a supplement."""
    return item.accepted_at is not None and item.state == State.SUPPLEMENT_REQUIRED


def runs(
    application: Application,
    offered: Iterable[catalogue.Item],
    needs: Mapping[str, frozenset[str]],
    happened: Sequence[Event],
) -> tuple[Run, ...]:
    """Return how far each filed item has come that the catalogue still has."""
    known = {item.code: item for item in offered}
    return tuple(
        Run(
            code=item.code,
            days=known[item.code].limit_days,
            waits=known[item.code].waits,
            needs=needs.get(item.code, frozenset()),
            clock=clock(item, happened),
            ended=_ended(item, happened),
        )
        for item in application.items
        if item.code in known
    )


def _ended(item: Item, happened: Sequence[Event]) -> datetime | None:
    """Return when an item was decided or fell away, None while neither is so."""
    state = State(item.state)
    if not item.outcome and state not in FAILED:
        return None
    words = {f"item.{one}" for one in _DECIDED | FAILED}
    told = [one.at for one in happened if one.item_id == item.id and one.kind in words]
    return told[0] if told else item.state_at
