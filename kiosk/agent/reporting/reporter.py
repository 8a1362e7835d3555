"""The thread that keeps the centre informed and carries out what it asks.

Theory of operation
-------------------
Every `LOOK_S` it looks at the terminal and makes its state. A state that differs from the one told
last goes out at once, the same one again every `ANEW_S`, so that a broker which lost its store
knows again. Commands are taken one by one between two looks, as they come. Nothing of
this may stop the agent, and no error this thread: a terminal whose reporter is dead would tell
nothing and obey nothing, and look like one that is well. What goes wrong is logged once by its type
and place; the next look comes at its time.
"""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from typing import Final, Protocol

import structlog

from kiosk.agent.reporting.heads import Heads
from kiosk.agent.reporting.line import Heard
from kiosk.agent.reporting.orders import Orders
from kiosk.channel import last_words
from kiosk.status import Reported, topics
from kiosk.status.command import Done

LOOK_S: Final = 5.0
ANEW_S: Final = 300.0
AGAIN_S: Final = 0.1
"""After a step that failed."""

_END: Final = Heard(kind="", name="", data=b"")
"""Wakes the thread for its end."""

log = structlog.get_logger()


class Voice(Protocol):
    """What is used of a `Line`."""

    heard: queue.Queue[Heard]

    def start(self) -> None:
        """Begin to connect."""

    def stop(self) -> None:
        """End."""

    @property
    def connected(self) -> bool:
        """Whether the broker is there."""

    def tell(self, state: Reported) -> bool:
        """Send the newest state; says whether it went out."""

    def answer(self, done: Done) -> bool:
        """Send what became of a command; says whether it went out."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Ways:
    """What the reporter works with.

    Attributes:
        line: to the broker.
        orders: takes commands.
        look: makes the state under a sequence number and a time; may take seconds.
        wanted: told which release a group shall have.
        beat: done with every look, also while there is no line.
        belongs: says whether a group is one of this terminal's now.
        heads: signs how far the log reaches; none where nobody can be told.
    """

    line: Voice
    orders: Orders
    look: Callable[[int, datetime], Reported]
    wanted: Callable[[str, str], None]
    heads: Heads | None = None
    beat: Callable[[], None] = lambda: None
    belongs: Callable[[str], bool] = lambda _group: True


class Reporter:
    """One thread; ``start`` and ``stop``."""

    def __init__(self, ways: Ways) -> None:
        self._ways = ways
        self._ending = threading.Event()
        self._thread = threading.Thread(target=self._run, name="reporter", daemon=True)
        self._sequence = 0
        self._told: tuple[Mapping[str, object], float] | None = None
        self._trouble = ""
        self._owed: list[Done] = []
        """Answers that found no line."""

    def start(self) -> None:
        """Begin."""
        self._ways.line.start()
        self._thread.start()

    def stop(self) -> None:
        """End; waits for what is being done."""
        self._ending.set()
        with suppress(queue.Full):  # then it is awake
            self._ways.line.heard.put_nowait(_END)
        if self._thread.is_alive():
            self._thread.join(LOOK_S * 2)
        if self._ways.heads is not None:
            self._whatever_happens(self._ways.heads.stop)
        self._ways.line.stop()

    def _run(self) -> None:
        next_look = time.monotonic()
        while not self._ending.is_set():
            left = max(0.0, next_look - time.monotonic())
            obeyed = self._whatever_happens(partial(self._listen, left))
            if obeyed or time.monotonic() >= next_look:
                self._whatever_happens(self._ways.beat)
                self._whatever_happens(self._prove)
                self._whatever_happens(self._look)
                next_look = time.monotonic() + LOOK_S

    def _whatever_happens(self, step: Callable[[], bool | None]) -> bool:
        """Do a step; what nobody foresaw in it costs a moment and not the thread."""
        try:
            return bool(step())
        except Exception as error:  # noqa: BLE001 - a bug in one report must not end all of them
            self._wrong(error)
            self._ending.wait(AGAIN_S)
            return False

    def _listen(self, left: float) -> bool:
        """Take what comes within so many seconds; says whether it may have changed the state."""
        try:
            heard = self._ways.line.heard.get(timeout=left)
        except queue.Empty:
            return False
        try:
            return self._take(heard)
        except OSError as error:  # not written down, so not done; the centre asks again
            self._wrong(error)
            return True

    def _take(self, heard: Heard) -> bool:
        match heard.kind:
            case topics.DESIRED | topics.ORDER if not self._ways.belongs(heard.name):
                return False  # of another ring of its line
            case topics.DESIRED:
                self._ways.wanted(heard.name, heard.data[:64].decode("ascii", "replace"))
                return False  # a look at the server is made elsewhere, and told when it is over
            case topics.COMMAND | topics.ORDER if heard.data:
                done = self._ways.orders.take(heard.data)
                if done is not None and not self._ways.line.answer(done):
                    self._owed.append(done)
                return True
        return False

    def _prove(self) -> None:
        if self._ways.heads is not None:
            self._ways.heads.do(connected=self._ways.line.connected)

    def _look(self) -> None:
        if not self._ways.line.connected:
            self._told = None
            return
        self._owed = [one for one in self._owed if not self._ways.line.answer(one)]
        try:
            state = self._ways.look(self._sequence, datetime.now(UTC))
        except (OSError, ValueError) as error:
            self._wrong(error)
            return
        self._trouble = ""
        if self._is_news(state) and self._ways.line.tell(state):
            self._told = (_what(state), time.monotonic())
            self._sequence += 1

    def _is_news(self, state: Reported) -> bool:
        if self._told is None:
            return True
        what, when = self._told
        return what != _what(state) or time.monotonic() - when >= ANEW_S

    def _wrong(self, error: Exception) -> None:
        kind, where = type(error).__name__, last_words.places(error)
        trouble = " ".join((kind, *where))
        if trouble != self._trouble:
            self._trouble = trouble
            log.warning("report_failed", problem=kind, where=where)


def _what(state: Reported) -> Mapping[str, object]:
    """Return what makes a state news: not its number, its time, nor figures that always move."""
    return state.model_dump(
        exclude={"sequence": True, "at": True, "machine": True, "outbox": {"oldest_s"}}
    )
