"""When to try again, and when never: pure rules over the outcome of one attempt.

An attempt ends in one of three ways. ``Filed``: the intake gave its numbers.
``Turned``: the intake turned this application down, and the same bytes will be turned
down for ever; it is held for staff. ``Failed``: anything else; the same bytes under the
same submission id are tried again, for as long as it takes, since repeating is harmless
and forgetting is not.

Not every "no" is about the application. That the intake does not know this terminal, its
key or this address is a fault of the set-up: staff mend it and the same bytes go through.
So those are `Failed` as well, with the reason for everyone to see.
"""

from __future__ import annotations

import random
from dataclasses import dataclass

from kiosk.outbox import Numbers

SETUP_FAULTS = frozenset(
    {
        *("UNKNOWN_TERMINAL", "TERMINAL_REVOKED", "BAD_SIGNATURE"),
        *("NOT_FOUND", "METHOD_NOT_ALLOWED", "FOREIGN_PAGE"),
    }
)
"""Problem codes that are about the terminal or its configuration."""


MOST_DEATHS = 5
"""Forwarders of one entry that die one after the other, until it is taken for the reason."""
_DIED = "forwarder_died"


@dataclass(frozen=True, kw_only=True, slots=True)
class Filed:
    """The intake has it; these are its numbers."""

    numbers: Numbers


@dataclass(frozen=True, kw_only=True, slots=True)
class Turned:
    """The intake turned it down for good.

    Attributes:
        code: the intake's word, e.g. ``CATALOGUE_CHANGED``.
    """

    code: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Failed:
    """The attempt failed; nothing is known about its effect.

    Attributes:
        reason: one word for logs and staff, e.g. ``unreachable``.
        retry_after: seconds the intake asked to wait, or None.
        intake_answers: whether the intake was reached at all.
    """

    reason: str
    retry_after: float | None = None
    intake_answers: bool = False


Outcome = Filed | Turned | Failed


@dataclass(frozen=True, kw_only=True, slots=True)
class Policy:
    """How long to wait between attempts, in seconds.

    Attributes:
        first: the longest wait after the first failure; it doubles with each one.
        ceiling: the longest wait of all.
        line_ceiling: the longest pause between two attempts on a line thought dead.
        jitter: the part of a wait that is drawn by lot, so that a thousand terminals
            don't come back in one second.
        longest_asked: the longest ``Retry-After`` that is honoured.
        overdue: age at which staff and centre are alarmed.
    """

    first: float = 2.0
    ceiling: float = 600.0
    line_ceiling: float = 60.0
    jitter: float = 0.5
    longest_asked: float = 3600.0
    overdue: float = 72 * 3600.0

    def delay(self, attempts: int, asked: float | None, lot: random.Random) -> float:
        """Return seconds to wait after ``attempts`` failures.

        The intake's wish is a lower bound, never shortened by the lot.
        """
        doubled = self.first * 2.0 ** min(attempts - 1, 30)
        wait = min(self.ceiling, doubled) * (1 - self.jitter * lot.random())
        return max(wait, min(asked or 0.0, self.longest_asked))


def judge(code: str, *, retryable: bool) -> Turned | Failed:
    """Say whether a problem of the intake is final for this application."""
    if retryable or code in SETUP_FAULTS:
        return Failed(reason=code.lower(), intake_answers=True)
    return Turned(code=code)


def judged_by_deaths(outcome: Outcome, before: str | None) -> Outcome:
    """Turn a death too many into `Turned`: the entry kills who opens it, so staff must look.

    It is kept whole on the list, and staff may send it again. The count stands in the reason
    (``forwarder_died:2``), so it outlives the agent, who may die of the same want of memory.

    Args:
        outcome: of this attempt.
        before: why the attempt before failed, or None.
    """
    if not isinstance(outcome, Failed) or outcome.reason != _DIED:
        return outcome
    deaths = _deaths(before) + 1
    if deaths >= MOST_DEATHS:
        return Turned(code="FORWARDER_DIES")
    return outcome if deaths == 1 else Failed(reason=f"{_DIED}:{deaths}")


def _deaths(reason: str | None) -> int:
    """Return how many deaths in a row a reason tells of."""
    word, _, count = (reason or "").partition(":")
    if word != _DIED:
        return 0
    return int(count) if count.isdecimal() else 0 if count else 1
