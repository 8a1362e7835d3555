"""The cores of many agents in one process: their decisions real, their attempts in threads."""

from __future__ import annotations

import contextlib
import heapq
import queue
import random
import time
from collections import Counter
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial

from kiosk.agent.delivery import Filed, Outcome, Policy, Turned
from kiosk.agent.forwarder import UPLOAD_LIMIT, Letter, hand_in
from kiosk.agent.lines import Addresses, Lines
from kiosk.gateway import IntakeClient
from kiosk.gateway.https import HttpsTransport
from kiosk.outbox.turns import Turns
from tests.intake_desk import IntakeDesk

SIDE_BY_SIDE = 2
"""Attempts of one terminal at once, as an agent's default is."""
AT_ONCE = 100
"""Attempts of one driver process at once."""
GIVE_UP_S = 240.0


@dataclass(frozen=True, kw_only=True, slots=True)
class Planned:
    """A submission: its signed bytes, and when it is handed over, in seconds from the start."""

    letter: Letter
    at: float

    @property
    def submission_id(self) -> str:
        """Its id."""
        return self.letter.envelope.application.submission_id


@dataclass(frozen=True, kw_only=True, slots=True)
class Numbered:
    """A submission that got its number; moments by the monotonic clock."""

    submission_id: str
    number: str
    handed: float
    answered: float


@dataclass(kw_only=True, slots=True)
class Heard:
    """What a driver's terminals heard: numbers, and how attempts ended."""

    numbered: list[Numbered] = field(default_factory=list)
    ends: Counter[str] = field(default_factory=Counter)


class Terminal:
    """The core of one agent: decides what is tried when, as `kiosk.agent.agent` does."""

    def __init__(
        self,
        name: str,
        desk: IntakeDesk,
        plan: list[Planned],
        policy: Policy,
        lot: random.Random,
    ) -> None:
        self.plan = plan
        self._files = (*desk.other_terminal(name), desk.keys / "ca.crt")
        self._url = desk.api_url
        self._policy = policy
        self._lot = lot
        self._lines = Lines(Addresses(default=desk.api_url), policy, lot)
        self._turns = Turns()
        self._tried: Counter[int] = Counter()
        self._under_way = 0

    def hand_over(self, row: int) -> None:
        """Take a fresh submission in."""
        self._turns.add(row, "")

    def take(self) -> int | None:
        """Return what may be tried now."""
        row = self._turns.first(self._lines.rest) if self._under_way < SIDE_BY_SIDE else None
        if row is not None:
            self._turns.take(row)
            self._lines.begun("")
            self._under_way += 1
        return row

    def attempt(self, row: int) -> Outcome:
        """Be the forwarder of one submission; runs in a thread."""
        cert, key, authority = self._files
        line = HttpsTransport(self._url, cert=cert, key=key, ca=authority, time_limit=UPLOAD_LIMIT)
        with contextlib.closing(line):
            return hand_in(IntakeClient(line), self.plan[row].letter, again=self._tried[row] > 0)

    def ended(self, row: int, outcome: Outcome) -> None:
        """Learn from an attempt, and say when the next is due."""
        self._under_way -= 1
        self._tried[row] += 1
        self._lines.ended("", outcome)
        if isinstance(outcome, Filed):
            self._turns.hasten()
        elif not isinstance(outcome, Turned):
            delay = self._policy.delay(self._tried[row], outcome.retry_after, self._lot)
            self._turns.again(row, delay)
            self._turns.make_firm(row, firm=outcome.intake_answers)

    def rests(self) -> float | None:
        """Return seconds until something may be tried; None when only an event changes that."""
        if self._under_way >= SIDE_BY_SIDE:
            return None
        wait = self._turns.wait(self._lines.rest)
        return None if wait is None or wait == float("inf") else wait


class Driver:
    """Plays some terminals from one loop, their attempts in threads."""

    def __init__(self, terminals: list[Terminal], begin: float) -> None:
        self._terminals = terminals
        self._begin = begin
        self._heard = Heard()
        self._ended: queue.SimpleQueue[tuple[int, int, Future[Outcome]]] = queue.SimpleQueue()
        self._due: list[tuple[float, int, int]] = [
            (begin + one.at, place, row)
            for place, terminal in enumerate(terminals)
            for row, one in enumerate(terminal.plan)
        ]
        self._owed = len(self._due)
        heapq.heapify(self._due)

    def run(self) -> Heard:
        """Deliver all, or give up."""
        last = self._begin + GIVE_UP_S
        with ThreadPoolExecutor(AT_ONCE) as threads:
            while self._owed and time.monotonic() < last:
                self._do_what_is_due(threads)
                rest = self._due[0][0] - time.monotonic() if self._due else 1.0
                with contextlib.suppress(queue.Empty):
                    self._give_back(*self._ended.get(timeout=min(1.0, max(0.0, rest))))
        return self._heard

    def _do_what_is_due(self, threads: ThreadPoolExecutor) -> None:
        while self._due and self._due[0][0] <= time.monotonic():
            _, place, row = heapq.heappop(self._due)
            terminal = self._terminals[place]
            if row >= 0:
                terminal.hand_over(row)
            while (own := terminal.take()) is not None:
                attempt = threads.submit(terminal.attempt, own)
                attempt.add_done_callback(partial(self._note_end, place, own))
            self._look_again(place)

    def _note_end(self, place: int, row: int, attempt: Future[Outcome]) -> None:
        self._ended.put((place, row, attempt))

    def _look_again(self, place: int) -> None:
        wait = self._terminals[place].rests()
        if wait is not None:
            heapq.heappush(self._due, (time.monotonic() + max(0.001, wait), place, -1))

    def _give_back(self, place: int, row: int, attempt: Future[Outcome]) -> None:
        outcome, now, terminal = attempt.result(), time.monotonic(), self._terminals[place]
        terminal.ended(row, outcome)
        self._owed -= isinstance(outcome, Filed | Turned)
        match outcome:
            case Filed(numbers=numbers):
                planned = terminal.plan[row]
                self._heard.ends["filed"] += 1
                self._heard.numbered.append(
                    Numbered(
                        submission_id=planned.submission_id,
                        number=numbers.application_no,
                        handed=self._begin + planned.at,
                        answered=now,
                    )
                )
            case Turned(code=code):
                self._heard.ends[f"turned: {code}"] += 1
            case failed:
                self._heard.ends[failed.reason] += 1
        heapq.heappush(self._due, (now, place, -1))
