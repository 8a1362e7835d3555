"""What one row of the table is made of."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from kiosk.journey.context import Context
from kiosk.journey.effects import Effect
from kiosk.journey.intents import Intent
from kiosk.journey.states import State

T = TypeVar("T")


class IllegalIntent(Exception):
    """The intent does not exist here now; nothing was changed."""


Guard = Callable[[Context, Intent], bool]
Update = Callable[[Context, Intent], Context]
Effects = Callable[[Context], tuple[Effect, ...]]


@dataclass(frozen=True, slots=True)
class Fork:
    """A page that depends on what is known after the update; ``pages`` are all it can be."""

    name: str
    pages: tuple[State, ...]
    choose: Callable[[Context], State]


UNDER = Fork("under", (), lambda _: State.ENDED)
"""The page beneath an overlay; the machine knows it."""


def _always(_ctx: Context, _intent: Intent) -> bool:
    return True


def _same(ctx: Context, _intent: Intent) -> Context:
    return ctx


def _nothing(_ctx: Context) -> tuple[Effect, ...]:
    return ()


@dataclass(frozen=True, slots=True)
class Transition:
    """What a kind of intent does on a page.

    ``guard`` is asked first; then ``update`` makes the new context (it may still raise
    `IllegalIntent`), ``target`` names the next page, ``effects`` what is to be done.
    """

    target: State | Fork
    update: Update = _same
    effects: Effects = _nothing
    guard: Guard = _always


def fact(intent: Intent, kind: type[T]) -> T:
    """Return the intent's fact, which has to be of ``kind``.

    Raises:
        IllegalIntent: it carries another one, or none.
    """
    if not isinstance(intent.fact, kind):
        raise IllegalIntent(f"{intent.kind} carries no {kind.__name__}")
    return intent.fact
