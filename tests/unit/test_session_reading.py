"""A card that was read too long ago, or before the clock was set, seals nothing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from kiosk.channel import Refused
from kiosk.journey.effects import Signed, Submit
from kiosk.journey.facts import Stored, Trouble
from kiosk.session import filing
from kiosk.session.filing import Desk
from tests.journeys.stage import PUBLIC, catalogue
from tests.unit.test_session_filing import PUBLIC_KEYS, Agent, _submit, agent

__all__ = ["agent"]  # the fixture

MINUTE = 60.0
READ = 1000.0
"""When the card was read, by the monotonic clock."""


class Clocks:
    """Both clocks of a terminal."""

    def __init__(self, submit: Submit) -> None:
        self.ticks = READ
        self.wall = datetime.fromisoformat(submit.card.evidence.evidence.time)

    def pass_by(self, minutes: float) -> None:
        """Let time go by."""
        self.ticks += minutes * MINUTE
        self.set_by(minutes)

    def set_by(self, minutes: float) -> None:
        """Set the wall clock."""
        self.wall += timedelta(minutes=minutes)


def _read(mobile: str = "15400000011") -> Submit:
    made = _submit(mobile)
    return replace(made, card=replace(made.card, read_at=READ))


@pytest.fixture
def clocks() -> Clocks:
    """Both clocks at the moment of the reading."""
    return Clocks(_read())


@pytest.fixture
def desk(agent: Agent, clocks: Clocks, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    """A desk that goes by them."""
    monkeypatch.setattr(filing, "BETWEEN_TRIES_S", 0.0)
    own = Desk(
        agent.path,
        agent.secrets.roles["session"],
        catalogue=catalogue(),
        keys=PUBLIC_KEYS,
        public_url=PUBLIC,
        wait_s=0.2,
        clock=lambda: clocks.wall,
        ticks=lambda: clocks.ticks,
    )
    yield own
    own.close()


@pytest.mark.parametrize(
    ("gone_by", "reason"),
    [
        ((0, 0), None),
        ((31, 0), None),
        ((110, 0), None),
        ((111, 0), "reading_old"),
        ((111, -60), "reading_old"),
        ((5, 3), None),
        ((5, -3), None),
        ((5, 31), "clock_moved"),
        ((5, 5), "clock_moved"),
        ((5, -6), "clock_moved"),
    ],
)
def test_what_the_intake_would_refuse_is_not_stored(
    agent: Agent, desk: Desk, clocks: Clocks, gone_by: tuple[int, int], reason: str | None
) -> None:
    """The citizen hears it while they are there, and the agent hears nothing of it."""
    passed, set_by = gone_by
    clocks.pass_by(passed)
    clocks.set_by(set_by)
    found = desk.hand_over("v", _read(), ())
    if reason is None:
        assert isinstance(found, Stored)
        return
    assert found == Trouble(reason=reason)
    assert not agent.kept


def test_a_card_that_signed_before_the_clock_was_set(
    agent: Agent, desk: Desk, clocks: Clocks
) -> None:
    """The second reading is held to the same: set forth and back, it alone is dated wrongly."""
    own = _read()
    signed = own.card.evidence
    ahead = (clocks.wall + timedelta(minutes=40)).isoformat()
    dated = replace(signed, evidence=replace(signed.evidence, time=ahead))
    again = Signed(card=replace(own.card, evidence=dated))
    clocks.pass_by(1)
    assert desk.hand_over("v", replace(own, signed=again), ()) == Trouble(reason="clock_moved")
    assert not agent.kept


def test_what_was_sealed_in_time_is_handed_over_later(
    agent: Agent, desk: Desk, clocks: Clocks
) -> None:
    """It keeps its date; a changed form is refused, without a word on what became of the first."""

    def silent() -> None:
        raise Refused("internal")

    agent.on_submit = silent
    clocks.pass_by(109)
    assert desk.hand_over("v", _read(), ()) == Trouble(reason="unanswered")
    clocks.pass_by(2)
    assert desk.hand_over("v", _read("15400000012"), ()) == Trouble(reason="unanswered")
    agent.on_submit = lambda: None
    assert isinstance(desk.hand_over("v", _read(), ()), Stored)
    assert len({submission_id for submission_id, _ in agent.kept}) == 1
