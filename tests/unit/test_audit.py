"""The audit log: what it holds, what it refuses, how tampering shows, how it stays bounded."""

from __future__ import annotations

import gzip
import json
import os
import re
from pathlib import Path

import pytest

from kiosk.audit import AuditBroken, AuditLog, Event, Head, verify
from kiosk.audit.document import markdown
from kiosk.audit.events import catalogue, may_write
from kiosk.audit.reading import newest
from kiosk.audit.segments import files, segments
from kiosk.cli import main

SMALL = 1500
"""Bytes of a file that a few events fill."""


@pytest.fixture
def written(tmp_path: Path) -> Path:
    """A log of five events."""
    path = tmp_path / "audit" / "audit.log"
    _write(path, 5)
    return path


def _write(path: Path, count: int, *, limit: int = 2**30, segment: int = 2**23) -> Head:
    log = AuditLog(path, segment=segment, limit=limit)
    for _ in range(count):
        log.append(Event.VISIT_ENDED, visit="v1", how="finished")
    log.close()
    return log.head


def test_a_written_log_verifies(written: Path) -> None:
    """All lines are there and follow from each other."""
    assert verify(written.parent).head.sequence == 5


def test_it_goes_on_after_reopening(written: Path) -> None:
    """A new writer continues the chain."""
    _write(written, 1)
    assert verify(written.parent).head.sequence == 6


def test_a_torn_last_line_is_cut_and_the_chain_goes_on(written: Path) -> None:
    """A power cut in the middle of a line costs that line only."""
    with written.open("ab") as file:
        file.write(b'{"n": 6, "half')
    _write(written, 1)
    assert verify(written.parent).head.sequence == 6


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
    assert verify(written.parent).head.sequence == 6


@pytest.mark.parametrize("change", ["edit", "drop", "swap", "space", "double"])
def test_tampering_is_found(written: Path, change: str) -> None:
    """A line that is edited, dropped, moved, written differently or doubled breaks the chain."""
    lines = written.read_bytes().splitlines(keepends=True)
    if change == "edit":
        lines[2] = lines[2].replace(b"finished", b"abandone")
    elif change == "drop":
        del lines[2]
    elif change == "space":
        lines[2] = lines[2].replace(b'"f":', b'"f": ')
    elif change == "double":
        lines[2] = lines[1]
    else:
        lines[2], lines[3] = lines[3], lines[2]
    written.write_bytes(b"".join(lines))
    with pytest.raises(AuditBroken) as broken:
        verify(written.parent)
    assert broken.value.line == 3


def test_an_end_that_was_cut_off_is_found(written: Path) -> None:
    """Against a head that left the terminal, whether lines are gone or were made anew."""
    left = verify(written.parent).head
    lines = written.read_bytes().splitlines(keepends=True)
    written.write_bytes(b"".join(lines[:3]))
    assert verify(written.parent).head.sequence == 3
    with pytest.raises(AuditBroken, match="is missing"):
        verify(written.parent, (left,))
    _write(written, 4)
    with pytest.raises(AuditBroken, match="another line"):
        verify(written.parent, (left,))


def test_a_damaged_last_line_does_not_stop_the_terminal(written: Path) -> None:
    """The file is kept whole under another name, and the new one says which."""
    damaged = written.read_bytes()[:-20] + b"\x00" * 19 + b"\n"
    written.write_bytes(damaged)
    AuditLog(written).close()
    (kept,) = written.parent.glob("audit.log.damaged-*")
    assert kept.read_bytes() == damaged
    assert verify(written.parent).head.sequence == 1
    assert kept.name in written.read_text()


def test_full_files_are_packed_and_the_chain_runs_through_them(tmp_path: Path) -> None:
    """Forty events in small files: all packed but the written one, one chain over all."""
    path = tmp_path / "audit.log"
    head = _write(path, 40, segment=SMALL)
    packed = segments(tmp_path)
    assert len(packed) > 3
    assert all(own.suffix == ".gz" for own in packed)
    assert verify(tmp_path).head == head
    packed[1].unlink()
    with pytest.raises(AuditBroken, match="missing"):
        verify(tmp_path)


@pytest.mark.parametrize("moment", ["renamed", "half packed", "packed, not removed"])
def test_a_power_cut_while_turning_loses_nothing(tmp_path: Path, moment: str) -> None:
    """Whatever the cut left between two files, the next start goes on with the whole chain."""
    path = tmp_path / "audit.log"
    _write(path, 5)
    full = tmp_path / "audit-000000000001.log"
    plain = path.read_bytes()
    path.rename(full)
    if moment == "half packed":
        full.with_name(full.name + ".new").write_bytes(gzip.compress(plain)[:40])
    elif moment == "packed, not removed":
        full.with_name(full.name + ".gz").write_bytes(gzip.compress(plain))
    _write(path, 1)
    assert verify(tmp_path).head.sequence == 6
    assert [own.name for own in files(tmp_path)] == ["audit-000000000001.log.gz", "audit.log"]


def test_the_log_stays_bounded_and_says_where_it_begins(tmp_path: Path) -> None:
    """The oldest files go; a missing beginning is only believed when the chain names it."""
    path = tmp_path / "audit.log"
    _write(path, 200, segment=SMALL, limit=2000)
    assert sum(own.stat().st_size for own in segments(tmp_path)) <= 2000
    found = verify(tmp_path)
    assert found.first > 100
    segments(tmp_path)[0].unlink()
    with pytest.raises(AuditBroken, match="nothing says why"):
        verify(tmp_path)


def test_a_damaged_packed_file_is_named(tmp_path: Path) -> None:
    """Bad blocks under an old file are told with its name."""
    path = tmp_path / "audit.log"
    _write(path, 40, segment=SMALL)
    second = segments(tmp_path)[1]
    second.write_bytes(second.read_bytes()[:-30])
    with pytest.raises(AuditBroken, match=second.name):
        verify(tmp_path)


@pytest.mark.parametrize("spoil", ["cut", "bit", "empty"])
def test_a_damaged_newest_packed_file_stops_nobody(tmp_path: Path, spoil: str) -> None:
    """The terminal starts, keeps the file for the centre and says so in the chain."""
    path = tmp_path / "audit.log"
    _write(path, 40, segment=SMALL)
    newest_file = segments(tmp_path)[-1]
    whole = newest_file.read_bytes()
    half = len(whole) // 2
    spoilt = {
        "cut": whole[:-30],
        "bit": whole[:half] + b"\xff\x00" + whole[half + 2 :],
        "empty": b"",
    }
    newest_file.write_bytes(spoilt[spoil])
    _write(path, 1)
    (kept,) = tmp_path.glob("*.damaged-*")
    assert kept.read_bytes() == spoilt[spoil]
    assert [one.raw["f"] for one in newest(tmp_path, 1, "audit_damaged")] == [{"kept": kept.name}]


def test_a_damaged_oldest_file_does_not_stop_the_log(tmp_path: Path) -> None:
    """It is put aside when its turn to go comes, and everything is written on."""
    path = tmp_path / "audit.log"
    _write(path, 60, segment=SMALL)
    oldest = segments(tmp_path)[0]
    oldest.write_bytes(oldest.read_bytes()[:-20])
    head = _write(path, 60, segment=SMALL, limit=2000)
    assert head.sequence > 120
    assert len(list(tmp_path.glob("*.damaged-*"))) == 1


def test_what_began_and_did_not_end_is_told(tmp_path: Path) -> None:
    """A visit that a power cut took is counted."""
    log = AuditLog(tmp_path / "audit.log")
    log.append(Event.VISIT_BEGAN, visit="v1")
    log.append(Event.VISIT_ENDED, visit="v1", how="finished")
    log.append(Event.VISIT_BEGAN, visit="v2")
    log.close()
    assert verify(tmp_path).unfinished == {"visit_began": 1}


@pytest.mark.parametrize("text", ["400701199001010018", "卡号 40070119900101001X", "15412345678"])
def test_what_could_be_a_citizens_number_is_refused(tmp_path: Path, text: str) -> None:
    """A number that slipped into a reason is not kept for six months."""
    log = AuditLog(tmp_path / "audit.log")
    with pytest.raises(ValueError, match="may be a citizen's number"):
        log.append(Event.IDENTITY_FAILED, visit="v", reason=text)
    log.append(Event.SUBMISSION_STORED, local_no="T000120261128000123", bytes=9)
    log.close()


def test_an_unnamed_field_is_refused(tmp_path: Path) -> None:
    """A value that the catalogue does not name can't get in by accident."""
    log = AuditLog(tmp_path / "a.log")
    with pytest.raises(ValueError, match="may not carry name"):
        log.append(Event.IDENTITY_READ, name="x")
    log.close()


def test_every_event_is_described() -> None:
    """Developers and clerks can read what each event means; what it ends in is an event, too."""
    for name, description in catalogue().items():
        assert description.meaning.endswith("."), name
        assert description.staff, name
        assert description.ends in ("", *catalogue()), name
        assert description.who, name
        assert set(description.who) <= {"session", "shell", "maintenance", "agent"}, name


@pytest.mark.parametrize(
    ("who", "rooms"),
    [
        ("shell", ["kiosk/shell/*.py"]),
        ("session", ["kiosk/session/*.py", "screens/main.py"]),
        ("maintenance", ["kiosk/session/maintenance/*.py"]),
    ],
)
def test_each_role_may_write_what_it_says_and_nothing_else(who: str, rooms: list[str]) -> None:
    """An event that nobody may write is lost without a word; one too many can be forged."""
    place = Path(__file__).parents[2]
    code = "".join(file.read_text() for room in rooms for file in place.glob(room))
    said = {name for name in re.findall(r'"([a-z_]+)"', code) if name in catalogue()}
    assert said == {name for name in catalogue() if may_write(who, name)}
    assert not may_write(who, "staff_signed_in")
    assert not may_write(who, "never_heard_of")


def test_the_page_of_events_is_the_catalogue() -> None:
    """``docs/audit.md`` is made by ``kiosk audit events``."""
    page = Path(__file__).parents[2] / "docs" / "audit.md"
    assert page.read_text(encoding="utf-8") == markdown() + "\n"


def test_commands_tell_whole_broken_and_missing(
    written: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Each has its own exit status and says what to do."""
    state = str(written.parents[1])
    assert main(["audit", "verify", "--state", state, "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["whole"], told["sequence"]) == (True, 5)
    head = written.parents[1] / "head.json"
    head.write_text(json.dumps({"sequence": 9, "digest": "0" * 64}))
    assert main(["audit", "verify", "--state", state, "--head", str(head)]) == 1
    assert "tell the centre" in capsys.readouterr().out
    assert main(["audit", "verify", "--state", state + "-none"]) == 2
    assert main(["audit", "show", "--state", state, "--last", "2"]) == 0
    assert capsys.readouterr().out.count("使用结束") == 2
    assert main(["audit", "show", "--state", state, "--event", "nothing"]) == 2


def test_the_newest_of_one_kind(tmp_path: Path) -> None:
    """Found through packed files, oldest first."""
    path = tmp_path / "audit.log"
    log = AuditLog(path, segment=SMALL)
    for entries in range(3):
        log.append(Event.AGENT_STARTED, entries=entries)
        for _ in range(9):
            log.append(Event.CARD_LEFT, visit="v")
    log.close()
    found = newest(tmp_path, 2, "agent_started")
    assert [one.raw["f"] for one in found] == [{"entries": 1}, {"entries": 2}]
