"""The audit log: what it holds, what it refuses, and how tampering shows."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from kiosk.audit import AuditLog, Event, verify
from kiosk.audit.events import catalogue
from kiosk.audit.log import AuditBroken


@pytest.fixture
def written(tmp_path: Path) -> Path:
    """A log of five events."""
    path = tmp_path / "audit.log"
    log = AuditLog(path)
    for _ in range(5):
        log.append(Event.VISIT_ENDED, visit="v1", how="finished")
    log.close()
    return path


def test_a_written_log_verifies(written: Path) -> None:
    """All lines are there and follow from each other."""
    assert verify(written).sequence == 5


def test_it_goes_on_after_reopening(written: Path) -> None:
    """A new writer continues the chain."""
    log = AuditLog(written)
    log.append(Event.AGENT_STARTED, entries=0)
    log.close()
    assert verify(written).sequence == 6


def test_a_torn_last_line_is_cut_and_the_chain_goes_on(written: Path) -> None:
    """A power cut in the middle of a line costs that line only."""
    with written.open("ab") as file:
        file.write(b'{"n": 6, "half')
    log = AuditLog(written)
    log.append(Event.AGENT_STARTED, entries=0)
    log.close()
    assert verify(written).sequence == 6


def test_half_a_written_line_does_not_stay(written: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A disk that fills in the middle of a line costs that line, not the chain."""
    log = AuditLog(written)
    whole = os.write
    with monkeypatch.context() as full:
        full.setattr(os, "write", lambda fd, data: whole(fd, data[:9]))
        with pytest.raises(OSError, match="half a line"):
            log.append(Event.AGENT_STARTED, entries=0)
    log.append(Event.AGENT_STARTED, entries=0)
    log.close()
    assert verify(written).sequence == 6


@pytest.mark.parametrize("change", ["edit", "drop", "swap"])
def test_tampering_is_found(written: Path, change: str) -> None:
    """An edited, dropped or moved line breaks the chain where it happened."""
    lines = written.read_bytes().splitlines(keepends=True)
    if change == "edit":
        lines[2] = lines[2].replace(b"finished", b"abandone")
    elif change == "drop":
        del lines[2]
    else:
        lines[2], lines[3] = lines[3], lines[2]
    written.write_bytes(b"".join(lines))
    with pytest.raises(AuditBroken) as broken:
        verify(written)
    assert broken.value.line == 3


def test_a_damaged_last_line_does_not_stop_the_terminal(written: Path) -> None:
    """The file is kept whole under another name, and the new one says which."""
    damaged = written.read_bytes()[:-20] + b"\x00" * 19 + b"\n"
    written.write_bytes(damaged)
    AuditLog(written).close()
    (kept,) = written.parent.glob("audit.log.damaged-*")
    assert kept.read_bytes() == damaged
    assert verify(written).sequence == 1
    assert kept.name in written.read_text()


def test_an_unnamed_field_is_refused(tmp_path: Path) -> None:
    """A value that the catalogue does not name can't get in by accident."""
    log = AuditLog(tmp_path / "a.log")
    with pytest.raises(ValueError, match="may not carry name"):
        log.append(Event.IDENTITY_READ, name="x")
    log.close()


def test_every_event_is_described() -> None:
    """Developers and clerks can read what each event means."""
    for name, description in catalogue().items():
        assert description.meaning.endswith("."), name
        assert description.staff, name
