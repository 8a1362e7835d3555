"""A slot for social security cards: one card read, and watched until it is taken out.

A card that was in the slot when it was opened is another person's, forgotten: it is not read before
it was taken out and put in again.  What is read is kept nowhere.
"""

from __future__ import annotations

import enum
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from drivers.social_card.codec import (
    SELECT_ENVIRONMENT,
    CardError,
    Exchange,
    File,
    Item,
    Reply,
    SocialCard,
    Status,
    card_of,
    read_item,
    select_file,
    value_of,
)
from drivers.social_card.ports import CardGone, CardMute, CardSlot

_T = TypeVar("_T")

LOOK_S = 0.2
"""Seconds between two looks for a card."""

_OTHER_FORM = {Status.NOT_FOUND, Status.WRONG_PARAMETERS}


class CardProblem(enum.StrEnum):
    """Why there is no card."""

    NO_CARD = "noCard"
    CANCELLED = "cancelled"
    CARD_REMOVED = "cardRemoved"
    """Pulled out too early: ask to leave it in."""
    CARD_UNREADABLE = "cardUnreadable"
    """Mute, the wrong way round, or what is on it makes no sense."""
    CARD_UNSUPPORTED = "cardUnsupported"
    """A chip card of another kind, such as a bank's."""
    CARD_BLOCKED = "cardBlocked"
    """The card's owner must have it unblocked."""


class Progress(enum.Enum):
    """What is told while reading."""

    TAKE_OUT_FIRST = "take out first"
    TAKEN_OUT = "taken out"
    CARD_FOUND = "card found"


@dataclass(frozen=True, kw_only=True, slots=True)
class ReadFailure:
    """A read that ended without a card; `detail` is for technicians."""

    problem: CardProblem
    detail: str = ""


OnProgress = Callable[[Progress], None]


class _Unfit(Exception):
    """The card answers, and not as a social security card that can be read."""

    def __init__(self, problem: CardProblem, detail: str) -> None:
        super().__init__(detail)
        self.problem = problem


class SocialCardReader:
    """One slot.

    Calls block and come from one thread; a deadline is an instant of `time.monotonic()`.

    Args:
        slot: The open slot; closed by who opened it.
    """

    def __init__(self, slot: CardSlot) -> None:
        self._slot = slot
        self._forgotten = slot.present()

    def present(self) -> bool:
        """Say whether there is a card; once there is none, the next one is nobody's forgotten.

        Raises:
            TransportLost, DeviceSilent, DeviceFailed: The slot cannot be asked.
        """
        there = self._slot.present()
        self._forgotten = self._forgotten and there
        return there

    def read(
        self, deadline: float, *, cancelled: threading.Event, on_progress: OnProgress
    ) -> SocialCard | ReadFailure:
        """Wait for a card and read it.

        Raises:
            TransportLost, DeviceSilent, DeviceFailed: The slot went away.
        """
        return self._with_card(self._read, deadline, cancelled, on_progress)

    def answer_to_reset(
        self, deadline: float, *, cancelled: threading.Event, on_progress: OnProgress
    ) -> bytes | ReadFailure:
        """Wait for a card and return its answer to reset.

        Raises:
            TransportLost, DeviceSilent, DeviceFailed: The slot went away.
        """
        return self._with_card(self._slot.power_on, deadline, cancelled, on_progress)

    def _with_card(
        self,
        act: Callable[[], _T],
        deadline: float,
        cancelled: threading.Event,
        on_progress: OnProgress,
    ) -> _T | ReadFailure:
        """Wait for a card and do something with it."""
        waiting = self._await(deadline, cancelled, on_progress)
        if waiting is not None:
            return ReadFailure(problem=waiting)
        on_progress(Progress.CARD_FOUND)
        return self._guarded(act)

    def _await(
        self, deadline: float, cancelled: threading.Event, on_progress: OnProgress
    ) -> CardProblem | None:
        """Wait for a card that may be read; return why there is none."""
        there = self.present()
        if there and self._forgotten:
            on_progress(Progress.TAKE_OUT_FIRST)
        while not there or self._forgotten:
            if time.monotonic() >= deadline:
                return CardProblem.NO_CARD
            if cancelled.wait(LOOK_S):
                return CardProblem.CANCELLED
            was_forgotten = self._forgotten
            there = self.present()
            if was_forgotten and not self._forgotten:
                on_progress(Progress.TAKEN_OUT)
        return None

    def _guarded(self, act: Callable[[], _T]) -> _T | ReadFailure:
        """Do something with the card, without its power afterwards."""
        try:
            return act()
        except CardGone:
            return ReadFailure(problem=CardProblem.CARD_REMOVED)
        except CardMute:
            return ReadFailure(problem=CardProblem.CARD_UNREADABLE, detail="no answer")
        except CardError as error:
            return ReadFailure(problem=CardProblem.CARD_UNREADABLE, detail=str(error))
        except _Unfit as error:
            return ReadFailure(problem=error.problem, detail=str(error))
        finally:
            self._slot.power_off()

    def _read(self) -> SocialCard:
        self._slot.power_on()
        chosen = self._ask(SELECT_ENVIRONMENT)
        if chosen.status in _OTHER_FORM:
            raise _Unfit(CardProblem.CARD_UNSUPPORTED, "no social security environment")
        self._need(chosen, "the environment")
        values: dict[Item, bytes] = {}
        for file in File:
            self._select(file)
            for item in Item:
                if item.file is file:
                    values[item] = self._item(item)
        return card_of(values)

    def _select(self, file: File) -> None:
        reply = self._ask(select_file(file))
        if reply.status in _OTHER_FORM:
            reply = self._ask(select_file(file, p1=0x00))
        self._need(reply, file.name)

    def _item(self, item: Item) -> bytes:
        reply = self._ask(read_item(item))
        if reply.status in _OTHER_FORM:
            reply = self._ask(read_item(item, by_number=True))
        self._need(reply, item.name)
        return value_of(item, reply.data)

    def _need(self, reply: Reply, what: str) -> None:
        if reply.status is Status.OK:
            return
        blocked = reply.status is Status.BLOCKED
        problem = CardProblem.CARD_BLOCKED if blocked else CardProblem.CARD_UNREADABLE
        raise _Unfit(problem, f"{what}: {reply.words:04X}")

    def _ask(self, command: bytes) -> Reply:
        exchange = Exchange(command)
        while True:
            reply = exchange.receive(self._slot.transmit(exchange.to_send))
            if reply is not None:
                return reply
