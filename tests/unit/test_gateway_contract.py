"""The gateway against a running intake, over HTTPS and over a real relay channel."""

from __future__ import annotations

import hashlib
import os
import uuid
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from kiosk.agent.relay import Calls
from kiosk.channel import Client, Secrets, Server
from kiosk.domain.application import Answer
from kiosk.domain.envelope import Envelope
from kiosk.gateway import (
    Accepted,
    IntakeClient,
    IntakeRefused,
    IntakeUnreachable,
    Refused,
    RelayTransport,
)
from tests.intake_desk import DIVISION, ITEM, THING, IntakeDesk


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[IntakeDesk]:
    """A running intake."""
    with IntakeDesk(state=tmp_path_factory.mktemp("intake")) as running:
        yield running


@pytest.fixture(params=["https", "relay"])
def client(
    request: pytest.FixtureRequest, desk: IntakeDesk, tmp_path: Path
) -> Iterator[IntakeClient]:
    """A client over HTTPS, and one over a real local channel with the relay's own rules."""
    if request.param == "https":
        yield desk.client()
        return
    secrets = Secrets.generate(["session"])
    calls = Calls("visit-1", desk.transport())
    server = Server(tmp_path / "r.sock", secrets, {("session", "api"): calls.serve})
    server.start()
    with Client(tmp_path / "r.sock", "session", secrets.roles["session"]) as channel:
        yield IntakeClient(RelayTransport(channel))
    server.close()


def test_catalogue_version(client: IntakeClient, desk: IntakeDesk) -> None:
    """The accepted versions are those of the files."""
    told = client.catalogue_version(DIVISION)
    assert told.version == desk.catalogue.version
    assert told.accepted == (told.version,)


def test_prefill(client: IntakeClient, desk: IntakeDesk) -> None:
    """Values come back as what a form merges."""
    prefilled = client.prefill(
        desk.evidence("chen-xiaoyun", visit="visit-1"),
        desk.people["chen-xiaoyun"]["card"]["id_no"],
        jurisdiction=DIVISION,
        thing=THING,
        items=[ITEM],
        consent=desk.catalogue.consents["data_fetch"].given(datetime.now(UTC).isoformat()),
    )
    assert {"account": "ok", "share:医保": "ok"}.items() <= prefilled.sources.items()
    assert prefilled.values["insurance.status"].value == "1"
    assert prefilled.values["person.mobile"].masked.startswith("154****")


def test_prefill_refused(client: IntakeClient, desk: IntakeDesk) -> None:
    """A refusal carries the intake's code and its words."""
    with pytest.raises(IntakeRefused) as refused:
        client.prefill(
            desk.evidence("rare-name", visit="visit-1"),
            desk.people["chen-xiaoyun"]["card"]["id_no"],
            jurisdiction=DIVISION,
            thing=THING,
            items=[ITEM],
            consent=None,
        )
    assert refused.value.problem.code == "NO_EVIDENCE"
    assert refused.value.problem.help == "请重新刷身份证。"


def test_progress(client: IntakeClient, desk: IntakeDesk) -> None:
    """A slip is answered, one that has not arrived is refused as such."""
    application = desk.application()
    number = desk.submit(application).json()["application_no"]
    told = client.progress(f"{application.local_no}.{application.slip_token}")
    assert told.application_no == number
    assert [item.state_text for item in told.items] == ["已提交"]
    with pytest.raises(IntakeRefused) as refused:
        client.progress(f"{application.local_no}.{'0' * 16}")
    assert refused.value.problem.code == "NOT_ARRIVED"


def test_own_applications(client: IntakeClient, desk: IntakeDesk) -> None:
    """A person hears of all they filed, newest first; of nobody else's."""
    id_no = desk.people["rare-name"]["card"]["id_no"]
    number = desk.submit(desk.application("rare-name")).json()["application_no"]
    signed = desk.evidence("rare-name", visit="visit-1")
    told = client.mine(signed, id_no, jurisdiction=DIVISION)
    assert told[0].application_no == number
    assert [(item.state_text, item.supplement) for item in told[0].items] == [("已提交", "")]
    other = desk.people["chen-xiaoyun"]["card"]["id_no"]
    with pytest.raises(IntakeRefused, match="NO_EVIDENCE"):
        client.mine(signed, other, jurisdiction=DIVISION)


def test_evaluation(client: IntakeClient, desk: IntakeDesk) -> None:
    """Giving the same one again is harmless; a third is refused."""
    application = desk.application()
    desk.submit(application)
    slip = f"{application.local_no}.{application.slip_token}"

    def give(key: str, satisfaction: int) -> None:
        client.evaluate("visit-1", slip, key=key, satisfaction=satisfaction, options=["510"])

    first = str(uuid.uuid4())
    give(first, 5)
    give(first, 5)
    give(str(uuid.uuid4()), 4)
    with pytest.raises(IntakeRefused) as refused:
        give(str(uuid.uuid4()), 3)
    assert refused.value.problem.code == "ALREADY_EVALUATED"


def test_submit_and_upload(desk: IntakeDesk) -> None:
    """Filing gives numbers, again the same ones, and a conflict is a value."""
    client = desk.client()
    body = b"\xff\xd8\xff" + os.urandom(600_000)
    client.upload(hashlib.sha256(body).hexdigest(), body, "image/jpeg")
    application = desk.application()
    envelope = Envelope(application=application).canonical()
    first = client.submit(envelope, desk.sign(envelope))
    assert isinstance(first, Accepted)
    assert [code for code, _ in first.items] == [ITEM]
    assert first.envelope_digest == hashlib.sha256(envelope).hexdigest()
    assert client.submit(envelope, desk.sign(envelope)) == first
    other = Envelope(
        application=replace(
            application,
            fields={
                **application.fields,
                "person.mobile": Answer(value="15400000002", source="user"),
            },
        )
    ).canonical()
    refused = client.submit(other, desk.sign(other))
    assert isinstance(refused, Refused)
    assert refused.problem.code == "IDEMPOTENCY_MISMATCH"


def test_a_session_cannot_file(desk: IntakeDesk, tmp_path: Path) -> None:
    """The relay does not carry a filing; to a session that is an intake it cannot reach."""
    secrets = Secrets.generate(["session"])
    server = Server(
        tmp_path / "r.sock", secrets, {("session", "api"): Calls("v", desk.transport()).serve}
    )
    server.start()
    envelope = Envelope(application=desk.application()).canonical()
    with (
        Client(tmp_path / "r.sock", "session", secrets.roles["session"]) as channel,
        pytest.raises(IntakeUnreachable) as error,
    ):
        IntakeClient(RelayTransport(channel)).submit(envelope, desk.sign(envelope))
    assert error.value.reason == "not_allowed"
    server.close()


def test_gone_relay_and_gone_intake(desk: IntakeDesk, tmp_path: Path) -> None:
    """A relay that is gone, and a relay whose intake is gone, are both unreachable."""
    secrets = Secrets.generate(["session"])
    dead = desk.transport()
    dead._port = 1
    server = Server(tmp_path / "r.sock", secrets, {("session", "api"): Calls("v", dead).serve})
    server.start()
    with Client(tmp_path / "r.sock", "session", secrets.roles["session"]) as channel:
        client = IntakeClient(RelayTransport(channel))
        with pytest.raises(IntakeUnreachable):
            client.catalogue_version(DIVISION)
        server.close()
        with pytest.raises(IntakeUnreachable) as error:
            client.catalogue_version(DIVISION)
    assert error.value.reason == "no_relay"
