"""A visit's calls to the intake, through a real agent, a real relay and a real intake."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from kiosk.domain.identity import Person
from kiosk.journey.effects import FetchPrefill
from kiosk.journey.facts import Card, Prefill, Trouble
from kiosk.session.office import Office
from tests.faults.terminal import SECRETS, agent_thread
from tests.intake_desk import THING, IntakeDesk


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[IntakeDesk]:
    """A running intake."""
    with IntakeDesk(state=tmp_path_factory.mktemp("intake")) as running:
        yield running


@pytest.fixture
def office(desk: IntakeDesk, tmp_path: Path) -> Iterator[Office]:
    """One visit's office."""
    run = tmp_path / "run"
    with agent_thread(desk.state, run, desk.api_url):
        own = Office(run / "agent.sock", SECRETS.roles["session"], desk.catalogue)
        own.open("visit-1")
        yield own
        own.close()


def card(desk: IntakeDesk, ref: str) -> Card:
    """Return a reading of somebody's card in this visit."""
    return Card(
        person=Person.from_card(desk.people[ref]["card"]),
        evidence=desk.evidence(ref, visit="visit-1"),
    )


def test_prefill_of_the_chosen_items(desk: IntakeDesk, office: Office) -> None:
    """Only the chosen items' fields are fetched; the intake is told the role."""
    thing = desk.catalogue.thing(THING)
    asked = FetchPrefill(
        ticket=1,
        thing=thing,
        items=thing.open_items[:1],
        card=card(desk, "chen-xiaoyun"),
        role="person",
    )
    consent = desk.catalogue.consents["data_fetch"].given(datetime.now(UTC).isoformat())
    got = office.prefill(asked, consent)
    assert isinstance(got, Prefill)
    assert got.values["insurance.status"].value == "1"


def test_own_applications(desk: IntakeDesk, office: Office) -> None:
    """The holder of the card sees their applications, newest first, each with its items."""
    numbers = [desk.submit(desk.application("rare-name")).json()["application_no"] for _ in "12"]
    got = office.mine(card(desk, "rare-name"))
    assert not isinstance(got, Trouble)
    assert [one.application_no for one in got] == numbers[::-1]
    assert got[0].items[0].state_text == "已提交"
    assert got[0].items[0].supplement == ""


def test_own_applications_with_somebody_elses_reading(desk: IntakeDesk, office: Office) -> None:
    """A reading of another card opens nothing."""
    mine, other = card(desk, "rare-name"), card(desk, "chen-xiaoyun")
    mixed = Card(person=mine.person, evidence=other.evidence)
    assert office.mine(mixed) == Trouble(reason="refused")


def test_rating(desk: IntakeDesk, office: Office) -> None:
    """The same again is once, another one is the follow-up, a third is one too many."""
    application = desk.application()
    slip = f"{application.local_no}.{application.slip_token}"
    assert office.rate(slip, 5, ()) == Trouble(reason="not_arrived")
    desk.submit(application)
    for _ in range(3):
        assert office.rate(slip, 5, ("510",)) is None
    assert office.rate(slip, 4, ()) is None
    assert office.rate(slip, 3, ()) == Trouble(reason="already_rated")


def test_an_intake_that_is_gone(desk: IntakeDesk, tmp_path: Path) -> None:
    """Both calls say so, and raise nothing."""
    run = tmp_path / "run"
    with agent_thread(desk.state, run, "https://127.0.0.1:1"):
        own = Office(run / "agent.sock", SECRETS.roles["session"], desk.catalogue)
        own.open("visit-1")
        assert own.mine(card(desk, "rare-name")) == Trouble(reason="unreachable")
        assert own.rate("L1.0", 5, ()) == Trouble(reason="unreachable")
        own.close()
