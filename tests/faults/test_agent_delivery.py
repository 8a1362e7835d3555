"""Exactly once: the agent against an intake that misbehaves in every way it can."""

from __future__ import annotations

import json
import os
import signal
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from kiosk.crypto.provision import Provisioned, write_private
from kiosk.gateway.uploads import PIECE
from kiosk.outbox import Outbox, State
from kiosk.outbox.report import FILE
from tests.faults.stub_intake import StubIntake
from tests.faults.terminal import (
    Filing,
    agent_process,
    agent_thread,
    make,
    sealed,
    session,
    state_of,
    submit,
)
from tests.waiting import until


@pytest.fixture
def made(tmp_path: Path) -> Provisioned:
    """Return a provisioned terminal; its state is ``tmp_path / "state"``."""
    return make(tmp_path / "state")


@pytest.fixture
def run(tmp_path: Path) -> Path:
    """Return a directory for sockets."""
    return tmp_path / "run"


@pytest.fixture
def intake(made: Provisioned, tmp_path: Path) -> Iterator[StubIntake]:
    """Return a running intake."""
    stub = StubIntake(tmp_path / "state")
    yield stub
    stub.close()


def events(state: Path) -> list[str]:
    """Return the logged events' names."""
    lines = (state / "audit" / "audit.log").read_text().splitlines()
    return [json.loads(line)["e"] for line in lines]


def deliver(state: Path, run: Path, intake: StubIntake, made: Provisioned) -> Filing:
    """Submit one filing, wait for its number, check what the intake has."""
    filing = Filing()
    with agent_thread(state, run, intake.url), session(run) as client:
        submit(client, made, filing)
        answer = state_of(client, filing)
    assert answer["state"] == "submitted"
    assert answer["application_no"] == intake.numbers[filing.submission_id]
    assert intake.filed == {filing.submission_id: filing.envelope().canonical()}
    assert set(intake.materials.values()) == set(filing.attachments)
    return filing


@pytest.mark.parametrize("name", ["international", "national"])
def test_delivers(tmp_path: Path, run: Path, name: str) -> None:
    """A submission gets its number; the sealed bytes are gone, the tombstone stays."""
    state = tmp_path / "state"
    made = make(state, name)
    intake = StubIntake(state)
    filing = deliver(state, run, intake, made)
    intake.close()
    outbox = Outbox(state / FILE, reserve=0)
    status = outbox.status(filing.submission_id)
    assert status is not None
    assert status.items[0]["item"] == "birth"
    assert outbox.counts().sealed_bytes == 0
    assert intake.bad_signatures == 0
    logged = events(state)
    assert logged == [
        "agent_started", "submission_stored", "submission_delivered", "agent_stopped",
    ], (state / "audit" / "audit.log").read_text()  # fmt: skip


@pytest.mark.parametrize(
    "script",
    [
        ["commit_then_drop"],
        ["commit_then_500"],
        ["foreign"],
        ["foreign_items"],
        ["drop"],
        ["500", "503"],
        ["garbage", "empty", "portal", "redirect"],
        ["huge"],
        ["running"],
        ["unknown_terminal"],
        ["commit_then_drop", "commit_then_500", "foreign", "garbage", "drop"],
    ],
    ids="+".join,
)
def test_filed_once_whatever_is_answered(
    tmp_path: Path, run: Path, intake: StubIntake, made: Provisioned, script: list[str]
) -> None:
    """Each misbehaviour ends in one filing with one number, and the first error is kept."""
    intake.script.extend(script)
    deliver(tmp_path / "state", run, intake, made)
    assert not intake.script
    assert intake.calls["POST /v1/applications"] >= len(script) + 1
    assert "delivery_failed" in events(tmp_path / "state")


def test_materials_are_not_sent_again(
    tmp_path: Path, run: Path, intake: StubIntake, made: Provisioned
) -> None:
    """After a lost answer the application alone is asked again; a lost material is sent."""
    intake.script.append("commit_then_drop")
    filing = deliver(tmp_path / "state", run, intake, made)
    assert intake.pieces == [(0, len(one)) for one in filing.attachments]


@pytest.mark.parametrize("cut", range(1, 6))
def test_a_material_goes_on_where_the_line_broke(
    tmp_path: Path, run: Path, intake: StubIntake, made: Provisioned, cut: int
) -> None:
    """Whether a piece or only its answer is lost, no byte that arrived is sent again.

    The first piece comes with the beginning, the next ones grow to 1 MiB on this quick line.
    """
    filing = Filing(attachments=(os.urandom(11 * PIECE + 100),))
    lost = "drop_after" if cut % 2 else "drop_before"
    intake.line.extend(["ok"] * (cut - 1) + [lost])
    with agent_thread(tmp_path / "state", run, intake.url), session(run) as client:
        submit(client, made, filing)
        assert state_of(client, filing)["state"] == "submitted"
    ends = [start + length for start, length in intake.pieces]
    assert [start for start, _ in intake.pieces] == [0, *ends[:-1]]
    assert intake.calls["HEAD"] + intake.calls["POST /v1/uploads"] == 2


@pytest.mark.parametrize("lie", ["beyond", "shrinking", "nonsense", "silent"])
def test_a_lying_intake_is_asked_again_later(
    tmp_path: Path, run: Path, intake: StubIntake, made: Provisioned, lie: str
) -> None:
    """An offset that cannot be true ends the attempt, never the submission."""
    intake.line.extend([lie] * 12)
    filing = Filing(attachments=(os.urandom(2 * PIECE),))
    with agent_thread(tmp_path / "state", run, intake.url), session(run) as client:
        submit(client, made, filing)
        assert state_of(client, filing)["state"] == "submitted"
    assert intake.pieces == [(0, PIECE), (PIECE, PIECE)]
    assert "delivery_failed" in events(tmp_path / "state")


def test_a_forwarder_killed_among_the_pieces(
    tmp_path: Path, run: Path, intake: StubIntake, made: Provisioned
) -> None:
    """The next forwarder knows nothing and sends only what is missing."""
    intake.line.extend(["ok", "ok", "slow"])
    filing = Filing(attachments=(os.urandom(8 * PIECE),))
    with agent_thread(tmp_path / "state", run, intake.url), session(run) as client:
        submit(client, made, filing)
        until(lambda: intake.calls["PATCH"] == 2)  # the first piece came with the beginning
        (victim,) = until(forwarders)
        victim.kill()
        intake.gate.set()
        assert state_of(client, filing)["state"] == "submitted"
    assert sum(length for _, length in intake.pieces) == 8 * PIECE
    assert intake.calls["POST /v1/uploads"] == 2


def test_intake_down_then_up(
    tmp_path: Path, run: Path, intake: StubIntake, made: Provisioned
) -> None:
    """With the intake down submissions are stored; when it is up all arrive, once."""
    state, port = tmp_path / "state", intake.port
    intake.close()
    filings = [Filing() for _ in range(3)]
    with agent_thread(state, run, f"https://127.0.0.1:{port}"), session(run) as client:
        submit(client, made, filings[0])
        assert state_of(client, filings[0], wait=0.2)["state"] in {"stored", "sending"}
    with agent_thread(state, run, f"https://127.0.0.1:{port}"):
        for filing in filings[1:]:
            with session(run) as client:
                submit(client, made, filing)
        up = StubIntake(state, port)
        for filing in filings:
            with session(run) as client:
                assert state_of(client, filing)["state"] == "submitted"
    up.close()
    assert set(up.filed) == {filing.submission_id for filing in filings}
    assert len(set(up.numbers.values())) == 3


def test_a_refusal_is_held_for_staff(
    tmp_path: Path, run: Path, intake: StubIntake, made: Provisioned
) -> None:
    """A final no is told with its reason, tried once, and the bytes stay."""
    intake.script.append("refuse")
    filing = Filing()
    state = tmp_path / "state"
    with agent_thread(state, run, intake.url), session(run) as client:
        submit(client, made, filing)
        answer = state_of(client, filing)
    assert (answer["state"], answer["reason"]) == ("refused", "CATALOGUE_CHANGED")
    assert intake.calls["POST /v1/applications"] == 1
    assert "submission_held" in events(state)
    outbox = Outbox(state / FILE, reserve=0)
    assert outbox.counts().by_state[State.REFUSED] == 1
    assert outbox.counts().sealed_bytes > 0


@pytest.mark.parametrize("wrong", ["body", "id", "attachments"])
def test_what_does_not_fit_is_not_sent(
    tmp_path: Path, run: Path, intake: StubIntake, made: Provisioned, wrong: str
) -> None:
    """Sealed bytes that hold another thing than they say are held, and nothing is sent."""
    filing = Filing()
    other = {
        "body": b"{}",
        "id": Filing(attachments=filing.attachments).envelope().canonical(),
        "attachments": Filing(
            submission_id=filing.submission_id, attachments=(b"x" * 14_000, b"y" * 3_000)
        ).envelope().canonical(),
    }[wrong]  # fmt: skip
    with agent_thread(tmp_path / "state", run, intake.url), session(run) as client:
        with sealed(made, filing, body=other) as (fd, size):
            client.call(
                "submit", fds=(fd,), visit=filing.visit, submission_id=filing.submission_id,
                local_no=filing.local_no, thing="newborn", size=size,
            )  # fmt: skip
        assert state_of(client, filing)["state"] == "refused"
    assert not intake.calls


def test_a_changed_server_key_sends_nothing(
    tmp_path: Path, run: Path, intake: StubIntake, made: Provisioned
) -> None:
    """A server that another authority vouches for gets no byte of the application."""
    stranger = make(tmp_path / "stranger")
    (made.keys / "ca.crt").write_bytes((stranger.keys / "ca.crt").read_bytes())
    filing = Filing()
    with agent_thread(tmp_path / "state", run, intake.url), session(run) as client:
        submit(client, made, filing)
        until(lambda: "delivery_failed" in events(tmp_path / "state"))
        assert state_of(client, filing, wait=0)["state"] in {"stored", "sending"}
    assert not intake.calls


def test_missing_keys_are_tried_again(
    tmp_path: Path, run: Path, intake: StubIntake, made: Provisioned
) -> None:
    """A key file that can't be read delays; with it back the submission arrives."""
    key = made.keys / "agent-sealing.key"
    kept = key.read_bytes()
    filing = Filing()
    with agent_thread(tmp_path / "state", run, intake.url), session(run) as client:
        key.unlink()
        submit(client, made, filing)
        until(lambda: "delivery_failed" in events(tmp_path / "state"))
        write_private(key, kept)
        assert state_of(client, filing)["state"] == "submitted"


def forwarders() -> list[psutil.Process]:
    """Return the running forwarders below this process."""
    children = psutil.Process().children(recursive=True)
    return [child for child in children if _title(child) == "kiosk-forwarder"]


def _title(process: psutil.Process) -> str:
    try:
        return " ".join(process.cmdline()).strip()
    except (psutil.NoSuchProcess, psutil.AccessDenied):
        return ""


def test_a_forwarder_killed_in_the_middle(
    tmp_path: Path, run: Path, intake: StubIntake, made: Provisioned
) -> None:
    """The forwarder dies while the intake is filing: filed once all the same."""
    intake.script.append("slow")
    filing = Filing()
    with agent_thread(tmp_path / "state", run, intake.url), session(run) as client:
        submit(client, made, filing)
        until(lambda: intake.calls["POST /v1/applications"] == 1)
        (victim,) = until(forwarders)
        victim.kill()
        intake.gate.set()
        assert state_of(client, filing)["state"] == "submitted"
    assert list(intake.filed) == [filing.submission_id]
    assert not forwarders()


def test_a_slow_intake_is_given_up_and_asked_again(
    tmp_path: Path, run: Path, intake: StubIntake, made: Provisioned
) -> None:
    """An attempt that takes too long is ended; the next one gets the number."""
    intake.script.append("slow")
    filing = Filing()
    state = tmp_path / "state"
    with agent_thread(state, run, intake.url, attempt_limit=2.0), session(run) as client:
        submit(client, made, filing)
        assert state_of(client, filing)["state"] == "submitted"
    assert list(intake.filed) == [filing.submission_id]


def test_forwarders_are_walled_and_die_with_their_parent(
    tmp_path: Path, run: Path, intake: StubIntake, made: Provisioned
) -> None:
    """A forwarder leaves no core, ends with the fork server, and the work goes on."""
    intake.script.append("slow")
    filing = Filing()
    with agent_thread(tmp_path / "state", run, intake.url), session(run) as client:
        submit(client, made, filing)
        until(lambda: intake.calls["POST /v1/applications"] == 1)
        (one,) = until(forwarders)
        limits = Path(f"/proc/{one.pid}/limits").read_text()
        core = next(line for line in limits.splitlines() if line.startswith("Max core"))
        assert core.split()[4:6] == ["0", "0"]
        parent = one.parent()
        assert parent is not None
        parent.kill()
        until(lambda: not one.is_running() or one.status() == psutil.STATUS_ZOMBIE)
        intake.gate.set()
        assert state_of(client, filing)["state"] == "submitted"


def test_the_fork_server_knows_nothing(
    tmp_path: Path, run: Path, intake: StubIntake, made: Provisioned
) -> None:
    """While it has just borne a forwarder, no key and no citizen is in its memory."""
    intake.script.append("slow")
    with agent_thread(tmp_path / "state", run, intake.url), session(run) as client:
        submit(client, made, Filing())
        until(lambda: intake.calls["POST /v1/applications"] == 1)
        (one,) = until(forwarders)
        parent = one.parent()
        assert parent is not None
        key = (made.keys / "agent-sealing.key").read_bytes().splitlines()[1]
        try:
            assert memory_has(one.pid, [key, "李小雨".encode()])
            assert not memory_has(parent.pid, [key, "李小雨".encode()])
        except PermissionError:
            pytest.skip("reading another process's memory needs root")
        intake.gate.set()


def memory_has(pid: int, marks: list[bytes]) -> bool:
    """Say whether any mark is in a process's writable memory."""
    with open(f"/proc/{pid}/mem", "rb", buffering=0) as memory:  # noqa: PTH123
        for line in Path(f"/proc/{pid}/maps").read_text().splitlines():
            span, rights = line.split()[:2]
            if not rights.startswith("rw"):
                continue
            start, end = (int(number, 16) for number in span.split("-"))
            memory.seek(start)
            try:
                data = memory.read(end - start)
            except OSError:
                continue
            if any(mark in data for mark in marks):
                return True
    return False


@pytest.mark.parametrize(
    "seed",
    [pytest.param(seed, marks=() if seed in {0, 2} else pytest.mark.campaign) for seed in range(6)],
)
def test_killed_at_any_instant(
    tmp_path: Path, run: Path, intake: StubIntake, made: Provisioned, seed: int
) -> None:
    """The agent is killed again and again; what was acknowledged arrives, once each."""
    state = tmp_path / "state"
    intake.script.extend(["commit_then_drop", "slow", "ok", "500"][seed % 4 :])
    intake.gate.set()
    acknowledged: list[Filing] = []
    for turn in range(3):
        with agent_process(state, run, intake.url) as process:
            for _ in range(turn + 1):
                filing = Filing(attachments=(os.urandom(20_000),))
                with session(run) as client:
                    submit(client, made, filing)
                    acknowledged.append(filing)
                    if seed % 2:
                        state_of(client, filing, wait=0.02 * seed)
            process.send_signal(signal.SIGKILL)
    with agent_thread(state, run, intake.url):
        for filing in acknowledged:
            with session(run) as client:
                assert state_of(client, filing)["state"] == "submitted"
    assert set(intake.filed) == {filing.submission_id for filing in acknowledged}
    assert len(set(intake.numbers.values())) == len(acknowledged)
