"""The durable store: states, bounds, who owns it, and what it tells."""

from __future__ import annotations

import json
import sqlite3
import threading
import time
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from kiosk.outbox import (
    Numbers,
    Outbox,
    OutboxConflict,
    OutboxFull,
    OutboxUnusable,
    State,
    database,
)
from kiosk.outbox.report import report
from tests.faults.parcels import parcel
from tests.waiting import PATIENCE_S, until

NUMBERS = Numbers(
    application_no="4107-0020-2611-2200-0001",
    items=({"item": "birth", "no": "01"},),
    received_at="2026-11-22T09:00:00+08:00",
    envelope_digest="d" * 64,
)


@pytest.fixture
def outbox(tmp_path: Path) -> Outbox:
    """Return an open, empty store."""
    return Outbox(tmp_path / "outbox" / "outbox.db", reserve=0)


def reopened(outbox: Outbox) -> Outbox:
    """Close a store and open it again."""
    outbox.close()
    return Outbox(outbox.path, reserve=0)


def test_a_submission_goes_its_way(outbox: Outbox) -> None:
    """Stored, taken, submitted: the state is told at each step and the bytes come back."""
    outbox.put(parcel())
    status = outbox.status("submission-1")
    assert status is not None
    assert (status.state, status.visit) == (State.STORED, "visit-1")
    entry = outbox.take()
    assert entry is not None
    assert list(outbox.pieces(entry)) == [b"head", b"sealed" * 3000, b"last"]
    assert outbox.counts().by_state[State.SENDING] == 1
    outbox.settle(entry, NUMBERS)
    status = outbox.status("submission-1")
    assert status is not None
    assert status.application_no == NUMBERS.application_no
    assert list(status.items) == list(NUMBERS.items)
    assert list(outbox.pieces(entry)) == []
    assert outbox.take() is None


def test_settings_hold_on_every_connection(outbox: Outbox) -> None:
    """The file is in WAL mode with full flushes and secure deletion; one that is not fails."""
    outbox.close()
    connection = database.connect(outbox.path)
    for name, expected in {"journal_mode": "wal", "synchronous": 2, "secure_delete": 1}.items():
        assert connection.execute(f"PRAGMA {name}").fetchone() == (expected,)
    connection.close()


def test_a_setting_that_does_not_take_closes_the_store(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file system or build where a setting is refused is unusable, not half as safe."""
    monkeypatch.setitem(database._PRAGMAS, "synchronous", ("NORMAL", 2))
    with pytest.raises(OutboxUnusable, match="synchronous"):
        Outbox(tmp_path / "outbox.db")


def test_the_same_again_is_no_second(outbox: Outbox) -> None:
    """The same id and bytes change nothing, before and after delivery; other bytes conflict."""
    outbox.put(parcel())
    outbox.put(parcel())
    assert sum(outbox.counts().by_state.values()) == 1
    with pytest.raises(OutboxConflict):
        outbox.put(parcel(fingerprint="f2"))
    entry = outbox.take()
    assert entry is not None
    outbox.settle(entry, NUMBERS)
    outbox.put(parcel())
    assert outbox.take() is None


def test_sending_is_stored_again_after_a_start(outbox: Outbox) -> None:
    """An attempt nobody knows the end of is repeated after a start, with its count kept."""
    outbox.put(parcel())
    first = outbox.take()
    assert first is not None
    outbox.postpone(first, 3600, "unreachable")
    assert outbox.take() is None
    again = reopened(outbox)
    entry = again.take()
    assert entry is not None
    assert (entry.attempts, entry.last_error) == (1, "unreachable")
    third = reopened(again).take()
    assert third is not None


def test_first_error_is_kept(outbox: Outbox) -> None:
    """Staff see the first error and the last one."""
    outbox.put(parcel())
    for error in ("unreachable", "garbled", "http_500"):
        entry = outbox.take()
        assert entry is not None
        outbox.postpone(entry, 0, error)
    (line,) = outbox.counts().waiting
    assert (line.first_error, line.last_error, line.attempts) == ("unreachable", "http_500", 3)


def test_turns(outbox: Outbox) -> None:
    """The longest due comes first, a postponed one later, and hastening brings all back."""
    assert outbox.next_due() is None
    for number in (1, 2):
        outbox.put(parcel(number))
    first = outbox.take()
    assert first is not None
    assert first.submission_id == "submission-1"
    outbox.postpone(first, 3600, "unreachable")
    second = outbox.take()
    assert second is not None
    outbox.postpone(second, 1800, "unreachable")
    due = outbox.next_due()
    assert due is not None
    assert 1700 < due <= 1800
    outbox.hasten()
    assert outbox.next_due() == 0.0


def test_a_firm_turn_is_not_hastened(outbox: Outbox) -> None:
    """What the intake itself put off waits as long as it asked for."""
    outbox.put(parcel())
    entry = outbox.take()
    assert entry is not None
    outbox.postpone(entry, 3600, "status_503", firm=True)
    outbox.hasten()
    assert outbox.take() is None
    again = reopened(outbox).take()
    assert again is not None


def test_a_refused_one_is_held_whole(outbox: Outbox) -> None:
    """A refusal keeps the sealed bytes and is on the list, also after a start."""
    outbox.put(parcel())
    entry = outbox.take()
    assert entry is not None
    outbox.hold(entry, "CATALOGUE_CHANGED")
    again = reopened(outbox)
    assert again.take() is None
    assert b"".join(again.pieces(entry)) == b"head" + b"sealed" * 3000 + b"last"
    status = again.status("submission-1")
    assert status is not None
    assert (status.state, status.reason) == (State.REFUSED, "CATALOGUE_CHANGED")


def test_waiting_for_the_number(outbox: Outbox) -> None:
    """A long poll ends when the state is final, and tells the state when it is not."""
    outbox.put(parcel())
    status = outbox.wait("submission-1", 0.05)
    assert status is not None
    assert status.state is State.STORED
    heard: list[object] = []
    waiter = threading.Thread(target=lambda: heard.append(outbox.wait("submission-1", 20)))
    waiter.start()
    entry = outbox.take()
    assert entry is not None
    outbox.settle(entry, NUMBERS)
    waiter.join(PATIENCE_S)
    assert heard == [outbox.status("submission-1")]
    assert outbox.wait("unknown", 20) is None


def test_erased_means_gone_from_the_disk(outbox: Outbox) -> None:
    """After delivery and tidying no trace of the sealed bytes is in any file."""
    mark = b"canary-of-a-citizen"
    outbox.put(parcel(mark=mark))
    outbox.tidy()
    assert mark in b"".join(path.read_bytes() for path in outbox.path.parent.iterdir())
    entry = outbox.take()
    assert entry is not None
    outbox.settle(entry, NUMBERS)
    assert outbox.tidy()
    assert mark not in b"".join(path.read_bytes() for path in outbox.path.parent.iterdir())
    assert b"newborn" not in outbox.path.read_bytes()


def test_a_reader_delays_tidying_only(outbox: Outbox) -> None:
    """While somebody reads, the log is not cut; storing goes on, and it is cut afterwards."""
    outbox.put(parcel())
    reader = sqlite3.connect(outbox.path)
    reader.execute("BEGIN")
    reader.execute("SELECT count(*) FROM submission").fetchone()
    outbox.put(parcel(2))
    assert not outbox.tidy()
    reader.close()
    assert until(outbox.tidy)


def test_tombstones_are_forgotten_in_time(outbox: Outbox) -> None:
    """Old tombstones go; what is still owed never does."""
    for number in (1, 2):
        outbox.put(parcel(number))
    entry = outbox.take()
    assert entry is not None
    outbox.settle(entry, replace(NUMBERS, received_at=datetime.now(UTC).isoformat()))
    outbox.forget(older_than=3600)
    assert outbox.status("submission-1") is not None
    outbox.forget(older_than=-1)
    assert outbox.status("submission-1") is None
    assert outbox.status("submission-2") is not None


def test_a_clock_that_jumps_forgets_nothing(
    outbox: Outbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Years ahead of the intake's time, the terminal's clock is not believed."""
    outbox.put(parcel())
    entry = outbox.take()
    assert entry is not None
    outbox.settle(entry, replace(NUMBERS, received_at=datetime.now(UTC).isoformat()))
    ahead = time.time() + 10 * 365 * 86_400
    monkeypatch.setattr(time, "time", lambda: ahead)
    outbox.forget(older_than=400 * 86_400)
    assert outbox.status("submission-1") is not None


def test_one_owner(outbox: Outbox) -> None:
    """A second agent can't open the store while the first one has it."""
    with pytest.raises(OutboxUnusable, match="owns"):
        Outbox(outbox.path)
    outbox.close()
    Outbox(outbox.path).close()


def test_a_later_schema_is_not_touched(outbox: Outbox) -> None:
    """A file of a newer release is refused, not set aside."""
    outbox.close()
    connection = sqlite3.connect(outbox.path)
    connection.execute("PRAGMA user_version=99")
    connection.close()
    with pytest.raises(OutboxUnusable, match="99"):
        Outbox(outbox.path)
    assert outbox.path.exists()


def test_bound(tmp_path: Path) -> None:
    """The store's own bound counts what is owed, and delivery makes room again."""
    outbox = Outbox(tmp_path / "outbox.db", bound=40_000, reserve=0)
    outbox.put(parcel(1))
    outbox.put(parcel(2))
    with pytest.raises(OutboxFull):
        outbox.put(parcel(3))
    with pytest.raises(OutboxFull):
        outbox.room(20_000)
    entry = outbox.take()
    assert entry is not None
    outbox.settle(entry, NUMBERS)
    outbox.room(18_000)
    outbox.put(parcel(3))


def test_report_counts_beside_the_owner(
    outbox: Outbox, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """``kiosk outbox --json`` works while the agent has the store, and names nobody."""
    assert report(tmp_path, as_json=True) == 0
    empty = json.loads(capsys.readouterr().out)
    assert (empty["stored"], empty["oldest_s"], empty["waiting"]) == (0, None, [])
    outbox.put(parcel())
    entry = outbox.take()
    assert entry is not None
    outbox.postpone(entry, 0, "unreachable")
    assert report(tmp_path, as_json=True) == 0
    text = capsys.readouterr().out
    told = json.loads(text)
    assert told["stored"] == 1
    assert told["waiting"][0]["local_no"] == "L0001"
    assert "newborn" not in text
    assert "visit-1" not in text
    assert "submission-1" not in text
    assert report(tmp_path, as_json=False) == 0
    assert "L0001" in capsys.readouterr().out


def test_report_of_no_store(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A store never begun is empty; one that is no database is an error."""
    assert report(tmp_path, as_json=True) == 0
    assert json.loads(capsys.readouterr().out)["stored"] == 0
    (tmp_path / "outbox").mkdir()
    (tmp_path / "outbox" / "outbox.db").write_bytes(b"no database at all" * 100)
    assert report(tmp_path, as_json=True) == 1
