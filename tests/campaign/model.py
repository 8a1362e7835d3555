"""Campaign 5: the rules alone, ten million times.

Each submission goes its way through the rules that the agent really uses (`judge`,
`Policy`, `Breaker`) against an intake with a unique constraint, while every message may be
lost before or after it acted, repeated, delayed past its sender's death, or answered with
nonsense, and the agent may die before or after each of its commits. A thousand terminals'
worth of submissions is one step; after each, every acknowledged submission must be at the
intake exactly once and the agent must know its number.
"""

from __future__ import annotations

import random
from collections.abc import Callable

from kiosk.agent.breaker import Breaker
from kiosk.agent.delivery import Failed, Filed, Outcome, Policy, Turned, judge
from kiosk.outbox import Numbers
from tests.campaign.verdict import Stopwatch, Verdict

STEP = 100_000
POLICY = Policy()
FAULTS = 0.3
"""Part of the messages that something happens to."""


class Ledger:
    """The intake's table: an id is inserted once; its number is its place."""

    def __init__(self) -> None:
        self.numbers: dict[int, int] = {}
        self.inserted: dict[int, int] = {}
        self.late: list[int] = []

    def file(self, name: int) -> int:
        """Insert, or find; returns the number."""
        number = self.numbers.get(name)
        if number is None:
            number = self.numbers[name] = len(self.numbers) + 1
            self.inserted[name] = self.inserted.get(name, 0) + 1
        return number


def simulate(verdict: Verdict, step: int, *, submissions: int = STEP) -> None:
    """Send some submissions through the rules and count."""
    with Stopwatch(verdict):
        lot = random.Random(f"{verdict.seed}:{step}")  # noqa: S311 - a campaign's
        ledger, known = Ledger(), dict[int, int]()
        owed = list(range(submissions))
        line, now = Breaker(POLICY), 0.0
        while owed:
            left = []
            for name in owed:
                now += line.pause(now, untried=False)
                outcome = _attempt(ledger, name, lot)
                line.told(outcome, now, lot)
                if not _settled(outcome, name, known, lot):
                    now += 0.001
                    left.append(name)
                verdict.counts["attempts"] += 1
            owed = left
            while ledger.late:
                ledger.file(ledger.late.pop())
        _judge(verdict, ledger, known, submissions)


def _attempt(ledger: Ledger, name: int, lot: random.Random) -> Outcome:
    """One attempt, and what may happen to it."""
    if lot.random() >= FAULTS:
        return _filed(ledger.file(name))
    return _FATES[int(lot.random() * len(_FATES))](ledger, name)


def _lost_before(_: Ledger, __: int) -> Outcome:
    return Failed(reason="no_connection")


def _lost_after(ledger: Ledger, name: int) -> Outcome:
    ledger.file(name)
    return Failed(reason="too_slow")


def _twice(ledger: Ledger, name: int) -> Outcome:
    ledger.file(name)
    return _filed(ledger.file(name))


def _late(ledger: Ledger, name: int) -> Outcome:
    ledger.late.append(name)
    return Failed(reason="forwarder_died")


def _busy(_: Ledger, __: int) -> Outcome:
    return Failed(reason="status_503", retry_after=1.0, intake_answers=True)


def _missing(_: Ledger, __: int) -> Outcome:
    return judge("MATERIAL_MISSING", retryable=True)


def _nonsense(ledger: Ledger, name: int) -> Outcome:
    ledger.file(name)
    return Failed(reason="garbled:code", intake_answers=True)


_FATES: tuple[Callable[[Ledger, int], Outcome], ...] = (
    *(_lost_before, _lost_after, _twice, _late, _busy, _missing, _nonsense),
)


def _filed(number: int) -> Outcome:
    return Filed(numbers=Numbers(application_no=str(number), items=(), received_at=""))


def _settled(outcome: Outcome, name: int, known: dict[int, int], lot: random.Random) -> bool:
    """Commit the end of an attempt, unless the agent dies just before; after is the same."""
    match outcome:
        case Filed(numbers=numbers) if lot.random() > 0.02:
            known[name] = int(numbers.application_no)
            return True
        case Turned():
            raise AssertionError("nothing here is turned down for good")
        case _:
            return False


def _judge(verdict: Verdict, ledger: Ledger, known: dict[int, int], submissions: int) -> None:
    verdict.counts["submissions"] += submissions
    for name in range(submissions):
        if ledger.inserted.get(name) != 1 or known.get(name) != ledger.numbers[name]:
            verdict.blame(f"submission {name} is not at both ends exactly once")
    if len(set(ledger.numbers.values())) != submissions:
        verdict.blame("two submissions share a number")
