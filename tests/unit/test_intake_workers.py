"""Four workers on one PostgreSQL: one submission once, and a dead worker is soon another one."""

from __future__ import annotations

import base64
import os
import signal
import subprocess
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import psutil
import pytest
import requests

from kiosk.domain.envelope import Envelope
from tests.intake_desk import ENVIRONMENT, REPOSITORY, IntakeDesk
from tests.postgres import postgres_url
from tests.waiting import PATIENCE_S, until

__all__ = ["postgres_url"]

WORKERS = 4


def workers(desk: IntakeDesk) -> set[int]:
    """Return the processes that serve."""
    assert desk.process is not None
    return {child.pid for child in psutil.Process(desk.process.pid).children()}


def filed(desk: IntakeDesk, envelope: bytes) -> requests.Response:
    """File over a connection of its own, so that any worker may get it."""
    told = desk.sign(envelope)
    body = {
        "envelope": base64.b64encode(envelope).decode(),
        "signature": {
            name: getattr(told, name) for name in ("terminal", "key_id", "algorithm", "signature")
        },
    }
    return requests.post(
        f"{desk.api_url}/v1/applications",
        json=body,
        cert=(str(desk.keys / "terminal.crt"), str(desk.keys / "terminal.pem")),
        verify=str(desk.keys / "ca.crt"),
        timeout=PATIENCE_S,
    )


@pytest.mark.postgres
def test_four_workers(tmp_path: Path, postgres_url: str) -> None:
    """Races over workers store once; killed workers come back; the end is clean."""
    options = ("--workers", str(WORKERS))
    with IntakeDesk(state=tmp_path, database=postgres_url, options=options) as desk:
        first = workers(desk)
        assert len(first) == WORKERS
        envelopes = [Envelope(application=desk.application()).canonical() for _ in range(3)]
        with ThreadPoolExecutor(8) as threads:
            answers = list(threads.map(lambda body: filed(desk, body), envelopes * 6))
        told = [one.status_code for one in answers]
        assert told.count(201) == 3
        assert set(told) <= {200, 201, 202}  # 202: come again, another worker is at it
        for body in range(3):
            numbers = {one.text for one in answers[body::3] if one.status_code != 202}
            assert len(numbers) == 1
        other = replace(Envelope.parse(envelopes[0]).application, local_no="L0001261128ZZZZZZ")
        refused = filed(desk, Envelope(application=other).canonical())
        assert (refused.status_code, refused.json()["code"]) == (409, "IDEMPOTENCY_MISMATCH")
        assert {len(psutil.Process(pid).net_connections("tcp")) > 0 for pid in first} == {True}

        for pid in first:
            os.kill(pid, signal.SIGKILL)
        # Nobody serves, and still nobody is turned away: the next workers find what has waited.
        again = filed(desk, envelopes[0])
        first_answer = next(one for one in answers[::3] if one.status_code != 202)
        assert (again.status_code, again.text) == (200, first_answer.text)
        until(lambda: len(workers(desk) - first) == WORKERS)
        assert desk.page("GET", "/clerk/counts").json()["submitted"] == 3

        last = workers(desk)
        os.kill(next(iter(last)), signal.SIGSTOP)  # one that hangs does not hold up the end
        assert desk.stop() == 0
        assert not any(psutil.pid_exists(pid) for pid in last)


def test_sqlite_has_one_worker(tmp_path: Path) -> None:
    """More than one worker on SQLite is refused with the reason and the way out."""
    desk = IntakeDesk(state=tmp_path, options=("--workers", "2"))
    command = desk.command(tmp_path / "ready.json")
    told = subprocess.run(
        command, check=False, capture_output=True, text=True, cwd=REPOSITORY, env=ENVIRONMENT
    )
    assert (told.returncode, told.stdout) == (1, "")
    assert "SQLite has one writer" in told.stderr
    assert "PostgreSQL" in told.stderr
