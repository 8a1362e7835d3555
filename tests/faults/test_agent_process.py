"""The agent as a process: its command line, its signs of life, its end, and its chores."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from threading import Thread

import psutil
import pytest

from kiosk.agent.agent import BEAT
from kiosk.agent.chores import Chores
from kiosk.agent.staff import connect
from kiosk.channel import ChannelError, Client
from kiosk.outbox import Outbox
from kiosk.outbox.report import FILE
from tests.faults.parcels import parcel
from tests.faults.terminal import ROOT, SECRETS, agent_thread, make, session
from tests.waiting import PATIENCE_S, until

SETTINGS = """
terminal: {id: T-0020}
intake: {api_url: "https://127.0.0.1:9", public_url: "http://127.0.0.1:9"}
outbox: {max_bytes: 104857600, min_free_bytes: 16777216}
"""


def start(tmp_path: Path, notify: Path) -> subprocess.Popen[bytes]:
    """Start ``kiosk agent`` as the desk does."""
    settings = tmp_path / "terminal.yaml"
    settings.write_text(SETTINGS)
    command = [
        *(sys.executable, "-m", "kiosk", "agent", "--secrets-on-stdin", "--with-parent"),
        *("--state", str(tmp_path / "state"), "--run", str(tmp_path / "run")),
        *("--settings", str(settings)),
    ]
    process = subprocess.Popen(
        command,
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={**os.environ, "NOTIFY_SOCKET": str(notify)},
    )
    assert process.stdin is not None
    process.stdin.write(SECRETS.line().encode())
    process.stdin.close()
    return process


@pytest.fixture
def notices(tmp_path: Path) -> Iterator[socket.socket]:
    """Offer a socket in the place of the service manager's."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager:
        manager.bind(str(tmp_path / "notify"))
        manager.settimeout(PATIENCE_S)
        yield manager


def test_ready_watchdog_and_end(tmp_path: Path, notices: socket.socket) -> None:
    """It says ready once it serves, beats from its loop, and ends on SIGTERM in two seconds."""
    make(tmp_path / "state")
    process = start(tmp_path, tmp_path / "notify")
    try:
        said = [notices.recv(100) for _ in range(3)]
        assert said == [b"READY=1", b"WATCHDOG=1", b"WATCHDOG=1"]
        with session(tmp_path / "run") as client:
            client.call("room", bytes=1000)
        assert " ".join(Path(f"/proc/{process.pid}/cmdline").read_text().split("\0")).startswith(
            "kiosk-agent"
        )
        process.send_signal(signal.SIGTERM)
        assert process.wait(PATIENCE_S) == 0
        assert not (tmp_path / "run" / "agent.sock").exists()
    finally:
        process.kill()
        process.wait()


def test_a_nursery_that_stands_still(tmp_path: Path, notices: socket.socket) -> None:
    """An agent that can start no relay falls silent, so that the service manager starts it anew."""
    make(tmp_path / "state")
    process = start(tmp_path, tmp_path / "notify")
    asking = Thread(target=_open_a_visit, args=(tmp_path / "run",), daemon=True)
    try:
        assert notices.recv(100) == b"READY=1"
        (nursery,) = [
            one
            for one in psutil.Process(process.pid).children()
            if "forkserver" in str(one.cmdline())
        ]
        nursery.suspend()
        asking.start()
        notices.settimeout(BEAT * 1.5)
        until(lambda: _silent(notices), every=0)
        nursery.resume()
        notices.settimeout(PATIENCE_S)
        assert notices.recv(100) == b"WATCHDOG=1"
    finally:
        process.kill()
        process.wait()


def _open_a_visit(run: Path) -> None:
    with contextlib.suppress(ChannelError), session(run) as client:
        client.call("open_visit", visit="visit-1")


def _silent(notices: socket.socket) -> bool:
    """Wait for a word, and say whether none came."""
    try:
        notices.recv(100)
    except TimeoutError:
        return True
    return False


def test_not_provisioned(tmp_path: Path) -> None:
    """Without keys it does not start, and says why."""
    process = start(tmp_path, tmp_path / "notify")
    assert process.wait(PATIENCE_S) == 1
    assert process.stderr is not None
    assert b"sealing-public.json" in process.stderr.read()


def test_chores(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An overdue submission and a damaged file are noted, once each."""
    (tmp_path / "outbox.db").write_bytes(b"damaged" * 1000)
    outbox = Outbox(tmp_path / "outbox.db", reserve=0)
    outbox.put(parcel())
    noted: list[str] = []

    def note(event: object, **fields: object) -> None:
        noted.append(json.dumps([getattr(event, "value", None), *fields]))

    chores = Chores(outbox, note, overdue=-1.0, tombstones=0.0)
    for _ in range(3):
        chores.do()
        monkeypatch.setattr(chores, "_next_minute", 0.0)
    monkeypatch.setattr(chores, "_next_day", 0.0)
    chores.do()
    assert noted == [
        '["outbox_damaged", "kept"]',
        '["submission_overdue", "local_no", "hours"]',
    ]
    until(lambda: outbox.counts().by_state)


def test_a_clock_set_back_hides_nobody(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The jump is noted, and who waits too long is found by the machine's own time."""
    outbox = Outbox(tmp_path / "outbox.db", reserve=0)
    outbox.put(parcel())
    noted: list[tuple[str, dict[str, object]]] = []
    chores = Chores(
        outbox,
        lambda event, **fields: noted.append((event.value, fields)),
        overdue=3600.0,
        tombstones=1e9,
    )
    chores.do()
    wall, since_start = time.time(), time.clock_gettime(time.CLOCK_BOOTTIME)
    monkeypatch.setattr(time, "time", lambda: wall - 86_400)
    monkeypatch.setattr(time, "clock_gettime", lambda _: since_start + 7200)
    monkeypatch.setattr(chores, "_next_minute", 0.0)
    chores.do()
    assert [name for name, _ in noted] == ["clock_jumped", "submission_overdue"]
    assert -93_700 < int(str(noted[0][1]["seconds"])) < -93_500


def test_who_is_served_outlives_the_agent(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A visit began before its restart: a pause that is asked for after it waits for its end."""
    monkeypatch.setattr("kiosk.agent.pause.SETTLE_S", 0.0)
    state, run, nowhere = tmp_path / "state", tmp_path / "run", "http://127.0.0.1:9"
    make(state)

    def tell(event: str, **fields: str) -> None:
        with Client(run / "agent.sock", "shell", SECRETS.roles["shell"]) as shell:
            shell.call("audit", event=event, fields={"visit": "v1", **fields})

    with agent_thread(state, run, nowhere):
        tell("visit_began")
    with agent_thread(state, run, nowhere), connect((state / FILE).parent) as staff:
        staff.call("pause")
        assert staff.call("quiet")["quiet"] is False
        tell("visit_ended", how="finished")
        assert staff.call("quiet")["quiet"] is True
