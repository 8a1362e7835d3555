"""Visits on real devices, agent, relay and intake; only the screen is missing."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from functools import partial
from pathlib import Path

import pytest

from kiosk.domain.calendar import LEGAL_TIME
from kiosk.journey.intents import touch
from kiosk.journey.script import Script, load
from kiosk.settings import load as load_settings
from tests.e2e.session_bench import Headless, Seat, bench
from tests.journeys.stage import ROOT
from tests.waiting import until

pytestmark = pytest.mark.e2e


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Headless]:
    """One stack for all visits of this file."""
    with bench(tmp_path_factory.mktemp("state")) as running:
        yield running


@pytest.fixture
def seat(stack: Headless) -> Iterator[Seat]:
    """A fresh session; whatever lay about is put right after it."""
    own = Seat(stack)
    yield own
    own.close()
    own.devices.do("id-reader", lift=True)
    own.devices.do("printer", paper="ok")


def script(name: str) -> Script:
    """Return one visit: up to the first return to the first page."""
    whole = load(ROOT / "tests" / "journeys" / f"{name}.yaml")
    pages = [step.page.value for step in whole.steps]
    end = pages.index("attract", 2) if "attract" in pages[2:] else len(pages)
    return whole.model_copy(update={"steps": whole.steps[:end]})


def test_thin_visit(seat: Seat) -> None:
    """From the first touch to the printed slip, with the intake's number."""
    seat.play(script("thin"))
    tally = seat.visit.tally()
    assert tally["outcome"] == "submitted"
    assert tally["printed"] is True
    told = seat.told()
    assert b'"visit"' in told
    assert str(tally["local_no"]).encode() in told


ROSTER = """\
help:
  roster: [{name: 大厅服务台, phone: 0373-0000001, workdays: ["08:30-17:30"]}]
"""


def _offers(seat: Seat, target: str) -> bool:
    targets = seat.facts()["targets"]
    return isinstance(targets, list) and target in targets


def test_a_session_knows_who_can_help_as_the_hours_pass(
    stack: Headless, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Warmed at two in the night, looked at in the morning of a working day.

    A guide that is printed on a holiday names the next working day on the paper itself.
    """
    roster = tmp_path / "roster.yaml"
    roster.write_text(ROSTER, encoding="utf-8")
    clock = [datetime(2026, 11, 27, 2, 0, tzinfo=LEGAL_TIME)]
    monkeypatch.setattr("kiosk.session.visit.now", lambda: clock[0])
    monkeypatch.setattr(
        "tests.e2e.session_bench.load_settings", lambda files: load_settings((*files, roster))
    )
    seat = Seat(stack)
    try:
        for hour, key in ((2, "attract.lead_unanswered"), (9, "attract.lead_answered")):
            clock[0] = clock[0].replace(hour=hour)
            seat.facts()
            lead = seat.visit.view().lead
            assert lead is not None
            assert lead.key == key
        clock[0] = datetime(2026, 10, 1, 2, 0, tzinfo=LEGAL_TIME)
        for target in ("begin", "open_thing:newborn", "print_guide"):
            until(partial(_offers, seat, target))
            assert seat.visit.dispatch(touch(target))
        papers = len(seat.devices.papers())
        until(lambda: seat.facts() and len(seat.devices.papers()) > papers)
        said = seat.devices.papers()[-1]["text"]
        assert isinstance(said, list)
        assert "打印时（10月1日周四 02:00）没人接" in said
        assert "下次上班 10月8日周四 08:30，大厅服务台接" in said
    finally:
        seat.close()


@pytest.mark.parametrize(
    "name",
    ["no-mobile", "decline-and-fill", "expired-card", "card-lifted-early", "paper-out"],
)
def test_variations(seat: Seat, name: str) -> None:
    """The other ways a visit can go."""
    seat.play(script(name))


def test_a_card_that_lay_there_is_not_taken(seat: Seat) -> None:
    """It goes first; then the citizen's own is read."""
    seat.play(script("card-left"))


def test_progress_by_slip(seat: Seat, stack: Headless) -> None:
    """A slip of an earlier visit is scanned in a new one."""
    whole = load(ROOT / "tests" / "journeys" / "progress-by-slip.yaml")
    second = next(n for n, step in enumerate(whole.steps) if n and step.page.value == "attract")
    seat.play(whole.model_copy(update={"steps": whole.steps[:second]}))
    later = Seat(stack)
    later.slip = seat.slip
    later.play(whole.model_copy(update={"steps": whole.steps[second:-1]}))
    later.close()


def test_intake_goes_away_before_submit(seat: Seat, stack: Headless) -> None:
    """Stored, said so, and delivered when the intake is back."""
    try:
        seat.play(script("intake-down-at-submit"))
        assert seat.visit.tally()["outcome"] == "stored"
    finally:
        stack.start_intake()
