"""One line, one breaker: a dead intake is asked now and then, not by every entry.

Closed, every entry whose turn has come is tried. What tells of the line and not of the
entry (no name, no connection, no trust, a sign-in page, 429, 503) opens it: then one
attempt at a time goes out, after a pause that doubles up to a ceiling. The first answer
of the intake closes it. A pause that the intake itself asked for is kept to by all.

A submission that was never tried is the exception: it may be the probe at once, since its
citizen still stands there, unless the intake asked for the pause. Time is monotonic.
"""

from __future__ import annotations

import random
from dataclasses import dataclass

from kiosk.agent.delivery import Failed, Outcome, Policy

BUSY = frozenset({"status_429", "status_502", "status_503", "status_504"})
"""Too many requests, and what stands before an intake that is not there; a plain 500 may
be about one entry."""


@dataclass(slots=True)
class Breaker:
    """The state of the line to one intake; used by one thread.

    Attributes:
        policy: its ``first``, ``line_ceiling`` and ``longest_asked``.
        failures: failures of the line since its last answer.
    """

    policy: Policy
    failures: int = 0
    _probe_at: float = 0.0
    _asked_until: float = 0.0

    @property
    def open(self) -> bool:
        """Whether the line is thought to be dead."""
        return self.failures > 0

    def pause(self, now: float, *, untried: bool) -> float:
        """Return seconds until the next attempt may be made; 0 when it may now."""
        asked = self._asked_until - now
        if not self.open or untried:
            return max(0.0, asked)
        return max(0.0, asked, self._probe_at - now)

    def told(self, outcome: Outcome, now: float, lot: random.Random) -> None:
        """Learn from an attempt's end."""
        if not isinstance(outcome, Failed):
            self.failures = 0
            self._asked_until = 0.0
        elif of_the_line(outcome):
            self._failed(outcome, now, lot)
        elif outcome.intake_answers:
            self.failures = 0

    def _failed(self, failed: Failed, now: float, lot: random.Random) -> None:
        self.failures += 1
        doubled = self.policy.first * 2.0 ** min(self.failures - 1, 30)
        self._probe_at = now + min(self.policy.line_ceiling, doubled) * (1 - lot.random() / 2)
        if failed.retry_after is not None:
            self._asked_until = now + min(failed.retry_after, self.policy.longest_asked)


def of_the_line(failed: Failed) -> bool:
    """Say whether a failure would have met any other entry too."""
    return failed.reason in BUSY or failed.reason in LINE_FAULTS


LINE_FAULTS = frozenset(
    {
        *("no_answer", "no_connection", "name_unknown", "too_slow"),
        *("not_trusted", "certificate_time", "wrong_name", "terminal_not_trusted", "not_tls"),
        *("network_sign_in", "proxy_sign_in", "garbled:sign_in_page", "garbled:redirected"),
    }
)
"""Reasons of the transport that are about the way to the intake, not about an entry."""
