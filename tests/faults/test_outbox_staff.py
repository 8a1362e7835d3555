"""Staff and what waits: try again, stop, take sealed copies away, file them elsewhere."""

from __future__ import annotations

import hashlib
import json
import os
import sqlite3
from pathlib import Path

import pytest

from kiosk.agent.delivery import Filed, Turned
from kiosk.agent.lines import Addresses
from kiosk.agent.recovery import Station, recover
from kiosk.agent.staff import connect
from kiosk.channel import Refused
from kiosk.cli import main
from kiosk.crypto.provision import Provisioned
from kiosk.crypto.sealed import SealedView
from kiosk.outbox import Numbers, Outbox, Parcel, State
from kiosk.outbox.exporting import export_file
from kiosk.outbox.report import FILE
from tests.faults.parcels import parcel
from tests.faults.stub_intake import StubIntake
from tests.faults.terminal import (
    Filing,
    agent_thread,
    make,
    sealed,
    session,
    state_of,
    submit,
)

NUMBERS = Numbers(application_no="41070020261122000001", items=(), received_at="now")


@pytest.fixture
def outbox(tmp_path: Path) -> Outbox:
    """Return a new store."""
    return Outbox(tmp_path / FILE, reserve=0)


@pytest.fixture
def made(tmp_path: Path) -> Provisioned:
    """Return a provisioned terminal."""
    return make(tmp_path / "state")


def told(capsys: pytest.CaptureFixture[str]) -> dict[str, object]:
    """Return the JSON line that a command printed."""
    line: dict[str, object] = json.loads(capsys.readouterr().out)
    return line


def kiosk(state: Path, *words: str) -> int:
    """Run ``kiosk outbox``."""
    return main(["outbox", "--state", str(state), *words])


def test_stopped_is_stopped_also_after_a_start(outbox: Outbox) -> None:
    """What staff stopped is not taken until they release it, and says why."""
    outbox.put(parcel())
    (entry,) = outbox.owed()
    outbox.stop(entry, "the clerk asks for it")
    assert outbox.take() is None
    outbox.close()
    again = Outbox(outbox.path, reserve=0)
    assert again.take() is None
    (line,) = again.counts().waiting
    assert (line.state, line.held) == (State.STORED, "the clerk asks for it")
    again.release(entry)
    assert again.take() is not None


def test_stopped_under_way(outbox: Outbox) -> None:
    """An attempt under way can't be called back: a failure stays stopped, a number counts."""
    for number in (1, 2):
        outbox.put(parcel(number))
    first, second = outbox.take(), outbox.take()
    assert first is not None
    assert second is not None
    for entry in (first, second):
        outbox.stop(entry, "wait")
    outbox.postpone(first, 0, "no_connection")
    outbox.settle(second, NUMBERS)
    assert outbox.take() is None
    assert outbox.counts().by_state == {**dict.fromkeys(State, 0), "stored": 1, "submitted": 1}


@pytest.mark.parametrize("version", [1, 2])
def test_a_store_of_an_earlier_version_is_brought_up_to_date(outbox: Outbox, version: int) -> None:
    """Nothing that waited in an older file is lost on the way; it is for the terminal's place."""
    outbox.put(parcel())
    outbox.close()
    old = sqlite3.connect(outbox.path, isolation_level=None)
    old.execute("ALTER TABLE submission DROP COLUMN jurisdiction")
    if version == 1:
        old.execute("ALTER TABLE submission DROP COLUMN held")
    old.execute(f"PRAGMA user_version={version}")
    old.close()
    again = Outbox(outbox.path, reserve=0)
    entry = again.take()
    assert entry is not None
    assert entry.jurisdiction == ""
    assert b"".join(again.pieces(entry)).startswith(b"head")


def test_staff_commands(
    tmp_path: Path, made: Provisioned, capsys: pytest.CaptureFixture[str]
) -> None:
    """A refused submission is seen with its reason, copied, held, and sent again."""
    state, run, intake = tmp_path / "state", tmp_path / "run", StubIntake(tmp_path / "state")
    assert kiosk(state, "retry") == 1, "no agent"
    intake.script.append("refuse")
    filing = Filing()
    with agent_thread(state, run, intake.url), session(run) as client:
        submit(client, made, filing)
        assert state_of(client, filing)["state"] == "refused"
        capsys.readouterr()
        assert kiosk(state, "--json") == 0
        report = told(capsys)
        assert report["refused"] == 1
        assert "CATALOGUE_CHANGED" in str(report["waiting"])
        assert kiosk(state, "retry", "L-nobody") == 1
        assert kiosk(state, "export", "--to", str(tmp_path / "out"), filing.local_no) == 0
        assert kiosk(state, "export", "--to", str(tmp_path / "out"), filing.local_no) == 1
        with connect((state / FILE).parent) as staff, pytest.raises(Refused, match="bad_request"):
            staff.call("copy", row=1, fds=(os.memfd_create("x"), os.memfd_create("y")))
        assert kiosk(state, "retry") == 0
        assert state_of(client, filing)["state"] == "submitted"
        second = Filing(visit=filing.visit)
        intake.script.append("slow")
        submit(client, made, second)
        assert kiosk(state, "hold", second.local_no, "--reason", "clerk") == 0
        intake.gate.set()
    intake.close()
    (copy,) = (tmp_path / "out").iterdir()
    assert copy.stat().st_mode & 0o077 == 0
    logged = (state / "audit" / "audit.log").read_text()
    assert all(f"submission_{what}" in logged for what in ("released", "stopped", "copied"))


@pytest.mark.parametrize("arrived", [False, True], ids=["lost", "arrived"])
@pytest.mark.parametrize("name", ["international", "national"])
def test_a_dead_terminals_submission_is_filed_once(
    tmp_path: Path, name: str, *, arrived: bool
) -> None:
    """Its disk and the recovery key are enough; filed before or not, it is filed once."""
    dead, filing = make(tmp_path / "dead", name), Filing()
    outbox = Outbox(tmp_path / "dead" / FILE, reserve=0)
    outbox.put(as_parcel(dead, filing))
    outbox.close()
    (dead.keys / "agent-sealing.key").unlink()
    copied = export_file(outbox.path, tmp_path / "out")
    assert copied.unread == 0
    new = make(tmp_path / "new", name)
    intake = StubIntake(tmp_path / "new")
    if arrived:
        intake.filed[filing.submission_id] = filing.envelope().canonical()
        intake.materials = {hashlib.sha256(one).hexdigest(): one for one in filing.attachments}
    station = Station(
        keys=new.keys,
        recovery_key=dead.recovery / "recovery.pem",
        addresses=Addresses(default=intake.url),
    )
    ends = [recover(copied.files[0], station) for _ in range(2)]
    intake.close()
    assert ends[0] == ends[1]
    assert isinstance(ends[0], Filed)
    assert intake.filed == {filing.submission_id: filing.envelope().canonical()}
    assert intake.bad_signatures == 0


def test_a_copy_opens_with_no_other_key(tmp_path: Path) -> None:
    """A stranger's recovery key, or a cut copy, files nothing and says so."""
    dead, filing = make(tmp_path / "dead"), Filing()
    with sealed(dead, filing) as (fd, size):
        copy = tmp_path / "L1.ydseal"
        copy.write_bytes(os.pread(fd, size, 0))
    new = make(tmp_path / "new")
    strange = Station(
        keys=new.keys,
        recovery_key=new.recovery / "recovery.pem",
        addresses=Addresses(default="https://127.0.0.1:9"),
    )
    turned = recover(copy, strange)
    assert isinstance(turned, Turned)
    copy.write_bytes(copy.read_bytes()[:-1])
    assert isinstance(recover(copy, strange), Turned)


def test_what_is_left_of_a_damaged_file_is_copied(tmp_path: Path) -> None:
    """Damage in one submission's pages costs that one, not the others, and is counted."""
    outbox = Outbox(tmp_path / "outbox.db", reserve=0)
    for number in range(1, 20):
        outbox.put(parcel(number))
    outbox.tidy()
    outbox.close()
    data = bytearray(outbox.path.read_bytes())
    middle = len(data) // 2 // 16_384 * 16_384
    data[middle : middle + 16_384] = os.urandom(16_384)
    outbox.path.write_bytes(data)
    copied = export_file(outbox.path, tmp_path / "out")
    assert copied.unread >= 1
    assert len(copied.files) + copied.unread == 19
    assert all(one.read_bytes().endswith(b"last") for one in copied.files)


def as_parcel(made: Provisioned, filing: Filing) -> Parcel:
    """Seal a filing as it lies in a store."""
    with sealed(made, filing) as (fd, size):
        view = SealedView(memoryview(os.pread(fd, size, 0)))
    return Parcel(
        submission_id=filing.submission_id,
        visit=filing.visit,
        local_no=filing.local_no,
        thing="newborn",
        fingerprint=view.fingerprint,
        pieces=view.pieces,
    )
