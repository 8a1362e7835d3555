"""Handing over to a real endpoint that is away, says no, or breaks off."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest

from kiosk.channel import Refused, Request, Secrets, Server
from kiosk.crypto import PublicKeys, provider
from kiosk.crypto.providers import PublicSealingKey, key_id
from kiosk.crypto.sealed import SealedView
from kiosk.domain import form as forms
from kiosk.domain.application import signed_text_digest
from kiosk.domain.envelope import Envelope
from kiosk.domain.receipt import Outcome
from kiosk.domain.reviewed import reviewed
from kiosk.journey.effects import Delivered, Signed, Submit
from kiosk.journey.facts import Card, Stored, Stroke, Trouble
from kiosk.session import filing
from kiosk.session.errands import now
from kiosk.session.filing import Desk
from tests.journeys.stage import PUBLIC, catalogue, people

PROVIDER = provider("international")
KEYS = [PROVIDER.load_sealing_key(PROVIDER.new_sealing_key()) for _ in range(2)]
PUBLIC_KEYS = PublicKeys(
    terminal="410700-0020",
    provider="international",
    recipients=tuple(
        PublicSealingKey(holder=holder, key_id=key_id(PROVIDER.digest([k.public])), public=k.public)
        for holder, k in zip(("agent", "recovery"), KEYS, strict=True)
    ),
)


class Agent:
    """An agent's endpoint that does what a test wants of it."""

    def __init__(self, place: Path) -> None:
        self.path = place / "agent.sock"
        self.secrets = Secrets.generate(["session"])
        self.kept: list[tuple[str, bytes]] = []
        self.on_room: Callable[[], None] = lambda: None
        self.on_submit: Callable[[], None] = lambda: None
        self.state: dict[str, object] = {"state": "stored", "application_no": None, "items": []}
        handlers = {
            ("session", "room"): self._room,
            ("session", "submit"): self._submit,
            ("session", "state"): lambda _request: self.state,
        }
        self.server = Server(self.path, self.secrets, handlers)
        self.server.start()

    def _room(self, _request: Request) -> None:
        self.on_room()

    def _submit(self, request: Request) -> Mapping[str, object]:
        size = os.fstat(request.fds[0]).st_size
        self.kept.append((request.text("submission_id"), os.pread(request.fds[0], size, 0)))
        self.on_submit()
        return {"stored": True}


@pytest.fixture
def agent(tmp_path: Path) -> Iterator[Agent]:
    """A listening agent."""
    own = Agent(tmp_path)
    yield own
    own.server.close()


@pytest.fixture
def desk(agent: Agent, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    """A desk that hands over to it, without pauses."""
    monkeypatch.setattr(filing, "BETWEEN_TRIES_S", 0.0)
    own = _desk(agent.path, agent.secrets)
    yield own
    own.close()


def _desk(path: Path, secrets: Secrets, clock: Callable[[], datetime] = now) -> Desk:
    return Desk(
        path,
        secrets.roles["session"],
        catalogue=catalogue(),
        keys=PUBLIC_KEYS,
        public_url=PUBLIC,
        wait_s=0.2,
        clock=clock,
    )


def _submit(mobile: str = "15400000011") -> Submit:
    own = people()["chen-xiaoyun"]
    thing = catalogue().thing("medical-expenses")
    got = own.ask(thing.code, thing.open_items, "person", {}, "")
    known = {**got.values, **own.person.known("")}
    form = forms.merge(thing.open_items, known).answer("person.mobile", mobile)
    card = Card(person=own.person, evidence=own.evidence)
    return Submit(
        ticket=1,
        thing=thing,
        items=thing.open_items,
        card=card,
        role="person",
        form=form,
        agreed=True,
    )


def test_stored_only_after_the_answer(agent: Agent, desk: Desk) -> None:
    """What the agent holds can be opened by it and is the application of this form."""
    stored = desk.hand_over("v", _submit(), ())
    assert isinstance(stored, Stored)
    ((submission_id, sealed),) = agent.kept
    body = SealedView(sealed).open(KEYS[0]).body()
    application = Envelope.parse(body).application
    assert application.submission_id == submission_id
    assert application.local_no == stored.local_no
    assert stored.code == f"{PUBLIC}/p/{application.local_no}.{application.slip_token}"
    assert application.fields["person.mobile"].source == "user"


def test_what_is_signed_here_is_what_the_intake_reads(agent: Agent, desk: Desk) -> None:
    """The digest under the name is that of the envelope that leaves: nothing is told twice."""
    name = (Stroke(points=((0.1, 0.5, 0.0), (0.9, 0.5, 1.0))),)
    own = replace(
        _submit(),
        signed=Signed(strokes=name),
        delivery=Delivered(method="window", together=True),
        situations={"hospital": "designated"},
    )
    assert isinstance(desk.hand_over("v", own, ()), Stored)
    ((_, sealed),) = agent.kept
    envelope = Envelope.parse(SealedView(sealed).open(KEYS[0]).body())
    application = envelope.application
    assert application.signature
    assert application.delivery
    declaration = catalogue().consents["declaration"].version
    shown = reviewed(envelope).told()
    digest = signed_text_digest(application.fields, declaration, application.commitments, shown)
    assert application.signature.text_digest == digest


def test_no_room_is_said_before_anything_is_sent(agent: Agent, desk: Desk) -> None:
    """A full disk refuses, nothing was handed over, and the next try may succeed."""

    def full() -> None:
        raise Refused("disk_full")

    agent.on_room = full
    assert desk.hand_over("v", _submit(), ()) == Trouble(reason="disk_full")
    assert not agent.kept
    agent.on_room = lambda: None
    assert isinstance(desk.hand_over("v", _submit(), ()), Stored)


def test_without_an_agent_nothing_was_sent(tmp_path: Path, agent: Agent) -> None:
    """An agent that is away is not the same as one that did not answer."""
    away = _desk(tmp_path / "nobody.sock", agent.secrets)
    assert away.hand_over("v", _submit(), ()) == Trouble(reason="agent_down")
    away.close()


def _silenced(agent: Agent, desk: Desk) -> Agent:
    """Let a hand-over go unanswered, and return the agent that came up again."""
    agent.on_submit = agent.server.close
    assert desk.hand_over("v", _submit(), ()) == Trouble(reason="unanswered")
    again = Agent(agent.path.parent)
    desk._secret = again.secrets.roles["session"]
    return again


def test_the_same_form_again_is_the_same_bytes(agent: Agent, desk: Desk) -> None:
    """An answer that was lost is asked for again with the same id and the same seal."""
    again = _silenced(agent, desk)
    assert isinstance(desk.hand_over("v", _submit(), ()), Stored)
    assert {*agent.kept} == {*again.kept}
    again.server.close()


def test_a_refusal_after_silence_says_nothing(agent: Agent, desk: Desk) -> None:
    """Perhaps the first was stored: a no to the second does not prove that it was not."""

    def full() -> None:
        raise Refused("disk_full")

    again = _silenced(agent, desk)
    again.on_submit = full
    assert desk.hand_over("v", _submit(), ()) == Trouble(reason="unanswered")
    again.server.close()


def test_a_changed_form_is_a_new_submission(agent: Agent, desk: Desk) -> None:
    """One id never stands for two contents."""
    desk.hand_over("v", _submit("15400000011"), ())
    desk.hand_over("v", _submit("15400000012"), ())
    assert len({submission_id for submission_id, _ in agent.kept}) == 2


@pytest.mark.parametrize(
    ("told", "outcome"),
    [
        ({"state": "sending"}, Outcome.STORED),
        ({"state": "submitted", "application_no": None}, Outcome.STORED),
        ({"state": "submitted", "application_no": "4107", "items": []}, Outcome.SUBMITTED),
        ({"state": "refused", "reason": "INVALID"}, Outcome.REFUSED),
    ],
)
def test_the_outcome_is_the_agents_word(
    agent: Agent, desk: Desk, told: dict[str, object], outcome: Outcome
) -> None:
    """A number makes it submitted; without one it is stored."""
    desk.hand_over("v", _submit(), ())
    agent.state = told
    assert desk.outcome("v").outcome is outcome


def test_an_agent_that_dies_after_its_commit_leaves_it_stored(agent: Agent, desk: Desk) -> None:
    """The commit was answered, so *stored* is true."""
    desk.hand_over("v", _submit(), ())
    agent.server.close()
    answer = desk.outcome("v")
    assert replace(answer, at=None).outcome is Outcome.STORED
