"""The breaker of the line to the intake, and what is told of the line."""

from __future__ import annotations

import random

import pytest

from kiosk.agent.breaker import Breaker, of_the_line
from kiosk.agent.delivery import Failed, Filed, Policy, Turned
from kiosk.outbox import Numbers

POLICY = Policy(first=2.0, line_ceiling=60.0, longest_asked=3600.0)
FILED = Filed(numbers=Numbers(application_no="1", items=(), received_at=""))
DOWN = Failed(reason="no_connection")
LOT = random.Random(1)  # noqa: S311 - jitter


def broken(times: int = 1) -> Breaker:
    """Return a breaker after so many failures of the line at second 0."""
    breaker = Breaker(POLICY)
    for _ in range(times):
        breaker.told(DOWN, 0.0, LOT)
    return breaker


def test_pauses_double_up_to_a_ceiling() -> None:
    """No dead line is asked more often than agreed, and none is given up."""
    pauses = [broken(times).pause(0.0, untried=False) for times in (1, 2, 3, 20, 2000)]
    assert all(
        longest / 2 <= pause <= longest
        for pause, longest in zip(pauses, (2.0, 4.0, 8.0, 60.0, 60.0), strict=True)
    )


def test_a_citizen_who_stands_there_is_tried_at_once() -> None:
    """What was never tried may be the probe; it is not for the intake to be hurried."""
    assert broken(9).pause(0.0, untried=True) == 0.0
    asked = Breaker(POLICY)
    asked.told(Failed(reason="status_503", retry_after=120.0), 0.0, LOT)
    assert asked.pause(20.0, untried=True) == 100.0


def test_a_pause_asked_for_has_a_bound() -> None:
    """An intake that asks for a year gets an hour."""
    breaker = Breaker(POLICY)
    breaker.told(Failed(reason="status_429", retry_after=3e7), 0.0, LOT)
    assert breaker.pause(0.0, untried=True) == 3600.0


@pytest.mark.parametrize(
    "answer", [FILED, Turned(code="X"), Failed(reason="running", intake_answers=True)]
)
def test_any_answer_closes_it(answer: Filed | Turned | Failed) -> None:
    """Whoever answers is there, whatever the answer."""
    breaker = broken(5)
    breaker.told(answer, 1.0, LOT)
    assert not breaker.open
    assert breaker.pause(1.0, untried=False) == 0.0


@pytest.mark.parametrize(
    ("reason", "line"),
    [
        ("name_unknown", True),
        ("certificate_time", True),
        ("network_sign_in", True),
        ("garbled:sign_in_page", True),
        ("status_503", True),
        ("status_500", False),
        ("forwarder_died", False),
        ("keys_unusable", False),
        ("garbled:code", False),
    ],
)
def test_what_is_of_the_line(reason: str, *, line: bool) -> None:
    """A fault that is about one entry, or about us, says nothing of the intake."""
    assert of_the_line(Failed(reason=reason)) is line
    breaker = Breaker(POLICY)
    breaker.told(Failed(reason=reason), 0.0, LOT)
    assert breaker.open is line
