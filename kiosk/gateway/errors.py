"""What can go wrong between a terminal and the intake.

::

    Problem
    ├── RetryLater
    │   ├── IntakeUnreachable   no answer, or the intake says it cannot work now
    │   └── IntakeGarbled       an answer that is not the agreed one
    └── StaffMustAct
        └── IntakeRefused       the intake understood and said no; carries its problem

``GatewayError`` is the base of all three. After the first two nothing is known about the effect
of the call; only calls that may be repeated are made here.
"""

from __future__ import annotations

from dataclasses import dataclass

from kiosk.domain.problem import Problem, RetryLater, StaffMustAct


@dataclass(frozen=True, kw_only=True, slots=True)
class RefusedProblem:
    """A problem document: ``code`` for us, the Chinese texts for the citizen."""

    code: str
    title: str
    detail: str
    help: str
    retryable: bool
    field: str | None = None


class GatewayError(Problem):
    """A call to the intake did not give what it promises; use one of the three kinds."""


class IntakeUnreachable(GatewayError, RetryLater):
    """No answer in time, no secure connection, or the intake asks to come back later.

    ``retry_after`` is the wait it asked for in seconds, or None; ``reason`` is one word.
    """

    code = "problem.intake_unreachable"

    def __init__(self, reason: str, retry_after: float | None = None) -> None:
        super().__init__(detail=reason)
        self.reason = reason
        self.retry_after = retry_after


class IntakeGarbled(GatewayError, RetryLater):
    """The answer is too long, is no JSON, or lacks a member; ``reason`` names which."""

    code = "problem.intake_garbled"

    def __init__(self, reason: str) -> None:
        super().__init__(detail=reason)
        self.reason = reason


class IntakeRefused(GatewayError, StaffMustAct):
    """The intake said no; ``problem`` has its code and its words for the citizen."""

    code = "problem.intake_refused"

    def __init__(self, problem: RefusedProblem) -> None:
        super().__init__(detail=problem.code)
        self.problem = problem
