"""An entry whose forwarder dies again and again: put aside for staff, whole, and nobody waits."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from kiosk.agent.delivery import MOST_DEATHS, Failed, Filed, Turned, judged_by_deaths
from kiosk.agent.nursery import Nursery
from kiosk.outbox import Numbers
from tests.faults.stub_intake import StubIntake
from tests.faults.terminal import FAST, Filing, agent_thread, make, session, state_of, submit
from tests.waiting import until

FILED = Filed(numbers=Numbers(application_no="1", items=(), received_at=""))


def killed(_job: object, _file: object, _pipe: object) -> None:
    """Be a forwarder that the kernel kills, as for want of memory."""
    os.kill(os.getpid(), signal.SIGKILL)


@contextmanager
def poisoned(monkeypatch: pytest.MonkeyPatch, victim: str) -> Iterator[threading.Event]:
    """Let every forwarder of one submission be killed while the offered event is not set."""
    mended, start = threading.Event(), Nursery.start

    def starting(self: Any, work: Any, *given: Any) -> Any:
        ids = [getattr(one, "submission_id", "") for one in given]
        dies = victim in ids and not mended.is_set()
        return start(self, killed if dies else work, *given)

    monkeypatch.setattr(Nursery, "start", starting)
    yield mended


def test_a_poison_entry_is_put_aside_and_holds_up_nobody(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is on the list with its reason after a bounded number of deaths, and can be sent again."""
    state, run = tmp_path / "state", tmp_path / "run"
    run.mkdir()
    made, poison = make(state), Filing()
    others = [Filing(visit=poison.visit) for _ in range(3)]
    intake = StubIntake(state)
    with (
        poisoned(monkeypatch, poison.submission_id) as mended,
        agent_thread(state, run, intake.url, policy=FAST) as agent,
        session(run) as client,
    ):
        for filing in (poison, *others):
            submit(client, made, filing)
        for filing in others:
            assert state_of(client, filing, wait=30)["state"] == "submitted"
        until(lambda: state_of(client, poison, wait=0)["state"] == "refused")
        (kept,) = agent._outbox.owed()
        assert (kept.local_no, kept.attempts) == (poison.local_no, MOST_DEATHS)
        assert kept.last_error == "FORWARDER_DIES"
        assert sum(map(len, agent._outbox.pieces(kept))) == kept.size
        mended.set()
        agent._outbox.release(kept)
        agent.ring()
        until(lambda: state_of(client, poison, wait=0)["state"] == "submitted")
    intake.close()
    assert len(intake.filed) == 4


def test_only_deaths_in_a_row_count() -> None:
    """Anything else in between begins the count anew; other outcomes stay as they are."""
    died = Failed(reason="forwarder_died")
    said: str | None = None
    for _ in range(MOST_DEATHS - 1):
        outcome = judged_by_deaths(died, said)
        assert isinstance(outcome, Failed)
        said = outcome.reason
    assert judged_by_deaths(died, said) == Turned(code="FORWARDER_DIES")
    for before in ("no_connection", "FORWARDER_DIES", "forwarder_died:x", None):
        assert judged_by_deaths(died, before) == died
    line = Failed(reason="no_connection")
    for outcome in (line, FILED, Turned(code="CATALOGUE_CHANGED")):
        assert judged_by_deaths(outcome, said) is outcome
