"""What the agent's socket gives to whom: submissions, states, relays, events."""

from __future__ import annotations

import base64
import json
import os
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import psutil
import pytest

from kiosk.agent import endpoint as endpoint_module
from kiosk.agent.relay import MAX_CALLS
from kiosk.audit import verify
from kiosk.channel import ChannelClosed, Client, Refused
from kiosk.crypto import PublicKeys, provider
from kiosk.crypto.keyring import read_signing_key
from kiosk.crypto.provision import Provisioned
from kiosk.gateway import IntakeUnreachable, RelayTransport
from kiosk.shell.main import sealing_public
from standards import canonical
from tests.faults.stub_intake import StubIntake
from tests.faults.terminal import (
    SECRETS,
    Filing,
    agent_thread,
    make,
    sealed,
    session,
    state_of,
    submit,
)
from tests.waiting import PATIENCE_S, until

NOWHERE = "https://127.0.0.1:9"
SLIP = "/v1/progress/L0020261122ABCD.0123456789abcdef"


@pytest.fixture
def made(tmp_path: Path) -> Provisioned:
    """Return a provisioned terminal."""
    return make(tmp_path / "state")


@pytest.fixture
def run(tmp_path: Path) -> Path:
    """Return a directory for sockets."""
    return tmp_path / "run"


@pytest.fixture
def client(tmp_path: Path, run: Path, made: Provisioned) -> Iterator[Client]:
    """Offer a session's connection to an agent whose intake is down."""
    with agent_thread(tmp_path / "state", run, NOWHERE), session(run) as connected:
        yield connected


def hand(client: Client, filing: Filing, fd: int, size: int, **other: object) -> None:
    """Submit with whatever fields."""
    fields: dict[str, object] = {
        "visit": filing.visit,
        "submission_id": filing.submission_id,
        "local_no": filing.local_no,
        "thing": "newborn",
        "size": size,
    }
    client.call("submit", fds=(fd,), **{**fields, **other})


def refusal(client: Client, filing: Filing, fd: int, size: int, **other: object) -> str:
    """Submit and return the code of the refusal that must come."""
    with pytest.raises(Refused) as caught:
        hand(client, filing, fd, size, **other)
    return caught.value.code


def test_only_whole_frozen_submissions(client: Client, made: Provisioned) -> None:
    """Everything that is not exactly a sealed submission for our keys is damaged."""
    filing = Filing()
    with sealed(made, filing) as (fd, size):
        data = os.pread(fd, size, 0)
        assert refusal(client, filing, fd, size - 1) == "damaged"
        assert refusal(client, filing, fd, size + 1) == "damaged"
        assert refusal(client, filing, fd, size, submission_id="another") == "damaged"
        assert refusal(client, filing, fd, 1 << 40) == "too_large"
        assert refusal(client, filing, fd, size, local_no=7) == "bad_request"
    open_file = os.memfd_create("open", os.MFD_ALLOW_SEALING)
    os.write(open_file, data)
    assert refusal(client, filing, open_file, size) == "damaged"
    os.close(open_file)
    with pytest.raises(Refused, match="bad_request"):
        client.call(
            "submit", visit=filing.visit, submission_id="x", local_no="x", thing="x", size=1
        )
    with pytest.raises(Refused, match="unknown_submission"):
        state_of(client, filing, wait=0)


def test_sealed_for_other_keys(client: Client, made: Provisioned) -> None:
    """What the recovery key could not open is not taken: it might be lost."""
    filing = Filing()
    alone = replace(made, public=replace(made.public, recipients=made.public.recipients[:1]))
    with sealed(alone, filing) as (fd, size):
        assert refusal(client, filing, fd, size) == "damaged"


def test_the_same_again(client: Client, made: Provisioned) -> None:
    """The same bytes are stored once; the same id with other bytes is a conflict."""
    filing = Filing()
    with sealed(made, filing) as (fd, size):
        hand(client, filing, fd, size)
        hand(client, filing, fd, size)
    with sealed(made, filing) as (fd, size):
        assert refusal(client, filing, fd, size) == "duplicate_conflict"


def test_a_visit_knows_only_its_own(client: Client, made: Provisioned, run: Path) -> None:
    """Another visit's submission is answered like none at all, and visits don't mix."""
    filing = Filing()
    submit(client, made, filing)
    assert state_of(client, filing, wait=0)["state"] in {"stored", "sending"}
    with session(run) as other:
        for visit in ("", "another", filing.visit[:-1]):
            with pytest.raises(Refused, match="unknown_submission"):
                other.call("state", visit=visit, submission_id=filing.submission_id, wait=0)
        with pytest.raises(Refused, match="unknown_submission"):
            other.call("state", submission_id=filing.submission_id, wait=0)
        assert state_of(other, filing, wait=0)["application_no"] is None
    with pytest.raises(Refused, match="another_visit"):
        submit(client, made, Filing())


def test_room(client: Client) -> None:
    """A citizen is told before confirming whether there is room."""
    client.call("room", bytes=3_000_000)
    with pytest.raises(Refused, match="too_large"):
        client.call("room", bytes=endpoint_module.MAX_SUBMISSION + 1)


def test_full(tmp_path: Path, run: Path, made: Provisioned) -> None:
    """With no room a submission is refused, and the log says so."""
    with (
        agent_thread(tmp_path / "state", run, NOWHERE, bound=10_000),
        session(run) as client,
    ):
        with pytest.raises(Refused, match="disk_full"):
            submit(client, made, Filing())
        with pytest.raises(Refused, match="disk_full"):
            client.call("room", bytes=30_000)
    log = (tmp_path / "state" / "audit" / "audit.log").read_text()
    assert '"reason":"disk_full"' in log


def test_roles(client: Client, run: Path) -> None:
    """The shell may ping and log, a session may not ping, a stranger may nothing."""
    with Client(run / "agent.sock", "shell", SECRETS.roles["shell"]) as shell:
        shell.call("ping")
        shell.call("audit", event="session_crashed", fields={"slot": "a", "status": 9})
        for op in ("submit", "state", "open_visit", "room"):
            with pytest.raises(Refused, match="unknown_operation"):
                shell.call(op)
    with pytest.raises(Refused, match="unknown_operation"):
        client.call("ping")
    with pytest.raises(Refused, match="stranger"):
        Client(run / "agent.sock", "session", SECRETS.roles["shell"])


def test_the_shell_is_told_what_sessions_seal_for(
    client: Client, run: Path, made: Provisioned, tmp_path: Path
) -> None:
    """The display's user can't read the agent's keys; what it was told last serves without one."""
    del client  # an agent runs
    place, secret = tmp_path / "shell", SECRETS.roles["shell"]
    assert sealing_public(place, run / "nobody.sock", secret, patience=0) == {}
    told = sealing_public(place, run / "agent.sock", secret, patience=0)
    assert PublicKeys.from_json(dict(told)) == made.public
    assert sealing_public(place, run / "nobody.sock", secret, patience=0) == told


def test_events(client: Client, tmp_path: Path) -> None:
    """A session logs events of the catalogue, not the agent's own and not free text."""
    client.call("audit", event="card_left", fields={"visit": "v"})
    wrong: list[tuple[str, object]] = [
        ("submission_delivered", {"local_no": "L1", "attempts": 1}),
        ("staff_signed_in", {"person": "0317", "role": "clerk", "by": "card"}),
        ("command_done", {"id": "1", "kind": "update", "by": "x", "outcome": "done", "why": ""}),
        ("visit_ended", {"visit": "v", "how": "finished"}),
        ("never_heard_of", {}),
        ("card_left", {"name": "李小雨"}),
        ("card_left", {"visit": ["v"]}),
        ("card_left", {"visit": True}),
        ("card_left", "visit"),
        ("card_left", {"visit": "x" * 5000}),
    ]
    for event, fields in wrong:
        with pytest.raises(Refused, match="bad_request"):
            client.call("audit", event=event, fields=fields)
    path = tmp_path / "state" / "audit" / "audit.log"
    text = path.read_text()
    assert text.count("card_left") == 1
    assert "李小雨" not in text
    verify(path.parent)


@pytest.fixture
def intake(made: Provisioned, tmp_path: Path) -> Iterator[StubIntake]:
    """Return a running intake."""
    stub = StubIntake(tmp_path / "state")
    yield stub
    stub.close()


@pytest.fixture
def visitor(tmp_path: Path, run: Path, intake: StubIntake) -> Iterator[tuple[Client, Client]]:
    """Offer a session's connections to the agent and to its relay."""
    with agent_thread(tmp_path / "state", run, intake.url), session(run) as client:
        line = client.call("open_visit", visit="visit-1")
        relay = Client(Path(str(line["relay"])), "session", str(line["relay_secret"]))
        yield client, relay
        relay.close()


def relays() -> list[psutil.Process]:
    """Return the running relay processes."""
    found = []
    for child in psutil.Process().children(recursive=True):
        try:
            if " ".join(child.cmdline()).strip() == "kiosk-relay":
                found.append(child)
        except (psutil.NoSuchProcess, psutil.AccessDenied):
            continue
    return found


def test_relay_carries_the_listed_calls(
    visitor: tuple[Client, Client], intake: StubIntake, made: Provisioned
) -> None:
    """The allowed calls get through with a visit token the terminal signed."""
    transport = RelayTransport(visitor[1])
    assert transport.request("GET", "/v1/catalogue?division=410700").status == 200
    headers = transport.request("GET", SLIP).headers
    assert (set(headers), headers["etag"]) == ({"etag", "date"}, '"1"')
    asked = {"visit": "visit-1", "id_no": "4007"}
    for path in ("/v1/prefill", "/v1/applications/mine", "/v1/evaluations"):
        assert json.loads(transport.request("POST", path, asked).body) == asked
    statement, signature = (
        base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))
        for part in intake.tokens[0].split(".")
    )
    key = read_signing_key(made.keys, provider(made.provider))
    assert provider(made.provider).verify(key.public, statement, signature)
    token = json.loads(statement)
    assert canonical.dumps(token) == statement
    assert (token["visit"], token["terminal"]) == ("visit-1", "T-0020")
    assert 0 < token["expires"] - time.time() <= 1800


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("POST", "/v1/applications", {"visit": "visit-1"}),
        ("POST", "/v1/uploads", {"visit": "visit-1"}),
        ("HEAD", "/v1/uploads/00", None),
        ("PATCH", "/v1/uploads/00", {"visit": "visit-1"}),
        ("GET", "/v1/applications/mine", None),
        ("POST", "/v1/applications/mine", {"visit": "another"}),
        ("POST", "/v1/applications/mine/..", {"visit": "visit-1"}),
        ("POST", "/v1/evaluations", {"visit": "another"}),
        ("POST", "/v1/evaluations", None),
        ("GET", "/v1/prefill", None),
        ("GET", "/v1/progress/../applications", None),
        ("GET", f"{SLIP}/..", None),
        ("GET", f"{SLIP}\n", None),
        ("GET", "/v1/catalogue?division=410700&x=1", None),
        ("GET", "https://example.org/v1/catalogue", None),
        ("GET", "@example.org/v1/catalogue", None),
        ("POST", "/v1/prefill", {"visit": "another"}),
        ("POST", "/v1/prefill", {}),
    ],
)
def test_relay_carries_nothing_else(
    visitor: tuple[Client, Client], intake: StubIntake, method: str, path: str, body: object
) -> None:
    """Any other method, path or visit stays on the terminal."""
    text = None if body is None else json.dumps(body)
    with pytest.raises(Refused, match="not_allowed"):
        visitor[1].call("api", method=method, path=path, body=text)
    for odd in ("not json", "[]", 7):
        with pytest.raises(Refused, match="not_allowed"):
            visitor[1].call("api", method="POST", path="/v1/prefill", body=odd)
    assert not intake.calls


def test_relay_maps_failures(visitor: tuple[Client, Client], intake: StubIntake) -> None:
    """Too long, not text, or not there: one named refusal each; the intake's no goes through."""
    transport = RelayTransport(visitor[1])
    intake.script.extend(["huge", "garbage", "500"])
    for _ in range(2):
        with pytest.raises(Refused, match="garbled"):
            visitor[1].call("api", method="GET", path=SLIP, body=None)
    assert transport.request("GET", SLIP).status == 500
    intake.close()
    with pytest.raises(IntakeUnreachable):
        transport.request("GET", SLIP)


def test_relay_has_a_bound(visitor: tuple[Client, Client]) -> None:
    """A session that asks without end is stopped."""
    for _ in range(MAX_CALLS):
        visitor[1].call("api", method="GET", path=SLIP, body=None)
    with pytest.raises(Refused, match="too many"):
        visitor[1].call("api", method="GET", path=SLIP, body=None)


def test_relay_dies_with_its_visit(visitor: tuple[Client, Client], run: Path) -> None:
    """When the session's last connection ends, its relay and socket are gone."""
    client, relay = visitor
    with session(run) as second:
        again = second.call("open_visit", visit="visit-1")
        assert Path(str(again["relay"])).exists()
        assert len(relays()) == 1
        client.close()
        assert Path(str(again["relay"])).exists()
    until(lambda: not relays())
    until(lambda: not list(run.glob("relay-*.sock")))
    with pytest.raises((ChannelClosed, Refused)):
        relay.call("api", method="GET", path=SLIP, body=None)


def test_relay_is_replaced_when_it_died(visitor: tuple[Client, Client]) -> None:
    """A dead relay costs its visit one failed call, not the visit."""
    (process,) = until(relays)
    process.kill()
    process.wait(PATIENCE_S)
    line = visitor[0].call("open_visit", visit="visit-1")
    with Client(Path(str(line["relay"])), "session", str(line["relay_secret"])) as relay:
        assert RelayTransport(relay).request("GET", SLIP).status == 200


def test_relay_needs_its_own_secret(visitor: tuple[Client, Client], run: Path) -> None:
    """Another session's secret does not open this visit's relay."""
    (path,) = run.glob("relay-*.sock")
    with pytest.raises(Refused, match="stranger"):
        Client(path, "session", SECRETS.roles["session"])
