"""The durable store against full disks, failing disks, damage and SIGKILL."""

from __future__ import annotations

import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from kiosk.outbox import Numbers, Outbox, OutboxFull, OutboxUnusable, State
from kiosk.outbox.report import damaged_files
from tests.faults.parcels import parcel

ROOT = Path(__file__).parents[2]

WRITER = """
import sys
from pathlib import Path
from kiosk.outbox import Numbers, Outbox
from tests.faults.parcels import parcel
outbox = Outbox(Path(sys.argv[1]), reserve=0)
number = int(sys.argv[2])
while True:
    number += 1
    outbox.put(parcel(number))
    print("stored", number, flush=True)
    if number % 3 == 0:
        entry = outbox.take()
        outbox.settle(entry, Numbers(application_no=entry.local_no, items=(), received_at=""))
        print("settled", entry.submission_id, flush=True)
        outbox.tidy()
"""


def run_writer(path: Path, start: int, kill_after: int) -> list[str]:
    """Run a writer until it has said ``kill_after`` lines, kill it, return all it said."""
    with subprocess.Popen(
        [sys.executable, "-c", WRITER, str(path), str(start)], cwd=ROOT, stdout=subprocess.PIPE
    ) as writer:
        assert writer.stdout is not None
        lines = [writer.stdout.readline() for _ in range(kill_after)]
        writer.send_signal(signal.SIGKILL)
        lines += writer.stdout.readlines()
    return [line.decode().strip() for line in lines if line.endswith(b"\n")]


def test_kill_at_any_instant_loses_nothing(tmp_path: Path) -> None:
    """Twenty writers killed: every acknowledged row is there, whole and in its state."""
    path = tmp_path / "outbox.db"
    lot = random.Random(20)  # noqa: S311 - when to kill
    stored: set[str] = set()
    settled: set[str] = set()
    for turn in range(20):
        for line in run_writer(path, turn * 1000, lot.randint(1, 12)):
            kind, _, name = line.partition(" ")
            stored.add(f"submission-{name}") if kind == "stored" else settled.add(name)
    outbox = Outbox(path, reserve=0)
    assert outbox.damaged is None
    outbox.inspect()
    for name in stored:
        status = outbox.status(name)
        assert status is not None, name
        if name in settled:
            assert status.state is State.SUBMITTED
    owed = 0
    while (entry := outbox.take()) is not None:
        owed += 1
        assert b"".join(outbox.pieces(entry)) == b"head" + b"sealed" * 3000 + b"last"
    assert owed >= len(stored - settled)


def test_no_half_submission(tmp_path: Path) -> None:
    """Whatever fails between the first and the last piece, no row stays."""
    outbox = Outbox(tmp_path / "outbox.db", reserve=0)
    broken = parcel()
    object.__setattr__(broken, "pieces", [b"head", object()])
    with pytest.raises((TypeError, OutboxUnusable)):
        outbox.put(broken)
    assert outbox.status("submission-1") is None
    outbox.put(parcel())
    outbox.inspect()


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """Mount a file system of one megabyte; needs root."""
    where = tmp_path / "small"
    where.mkdir()
    done = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(where)],
        check=False,
        capture_output=True,
    )
    if done.returncode != 0:
        pytest.skip("mounting a small disk needs root")
    yield where
    subprocess.run(["umount", "-l", str(where)], check=True)


def put_until_full(outbox: Outbox) -> int:
    """Store parcels 0, 1, … until one is refused; return its number."""
    for number in range(100):
        try:
            outbox.put(parcel(number))
        except OutboxFull:
            return number
    raise AssertionError("never full")


def test_a_full_disk_refuses_and_recovers(small_disk: Path) -> None:
    """On a really full disk a submission is refused whole; with room again it is stored."""
    outbox = Outbox(small_disk / "outbox.db", reserve=0)
    ballast = small_disk / "ballast"
    ballast.write_bytes(b"\0" * 600_000)
    accepted = put_until_full(outbox)
    assert accepted > 0
    assert outbox.status(f"submission-{accepted}") is None
    ballast.unlink()
    outbox.tidy()
    outbox.put(parcel(accepted))
    outbox.inspect()
    again = 0
    while outbox.take() is not None:
        again += 1
    assert again == accepted + 1


def test_the_disk_fills_at_commit(tmp_path: Path) -> None:
    """SQLite itself runs out of room inside the transaction: refused whole, then usable."""
    outbox = Outbox(tmp_path / "outbox.db", reserve=0)
    outbox.put(parcel(1))
    (pages,) = outbox._db.execute("PRAGMA page_count").fetchone()
    outbox._db.execute(f"PRAGMA max_page_count={pages}").fetchall()
    with pytest.raises(OutboxFull):
        outbox.put(parcel(2))
    assert outbox.status("submission-2") is None
    outbox._db.execute("PRAGMA max_page_count=100000").fetchall()
    outbox.put(parcel(2))
    outbox.inspect()


def test_reserve_is_kept_free(tmp_path: Path) -> None:
    """A disk with less than the reserve left is full before anything is written."""
    outbox = Outbox(tmp_path / "outbox.db", reserve=1 << 60)
    with pytest.raises(OutboxFull, match="disk"):
        outbox.put(parcel())
    assert outbox.status("submission-1") is None


FAILING = """
import sys
from pathlib import Path
from kiosk.outbox import Outbox, OutboxUnusable
from tests.faults.parcels import parcel
outbox = Outbox(Path(sys.argv[1]), reserve=0)
for number in range(1, 7):
    try:
        outbox.put(parcel(number))
        print("stored", number, flush=True)
    except OutboxUnusable:
        print("failed", number, flush=True)
"""


@pytest.mark.parametrize("when", ["9", "10", "11"])
@pytest.mark.skipif(shutil.which("strace") is None, reason="needs strace")
def test_a_flush_error_is_no_success(tmp_path: Path, when: str) -> None:
    """One failed flush: that submission is refused and not there, all others are."""
    path = tmp_path / "outbox.db"
    inject = ["-f", "-qq", "-e", "trace=fdatasync", "-e", f"inject=fdatasync:error=EIO:when={when}"]
    done = subprocess.run(
        ["strace", *inject, "-o", "/dev/null", sys.executable, "-c", FAILING, str(path)],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    )
    said = [line.split() for line in done.stdout.splitlines()]
    outbox = Outbox(path, reserve=0)
    outbox.inspect()
    for word, number in said:
        there = outbox.status(f"submission-{number}") is not None
        assert there == (word == "stored"), said
    assert len(said) == 6
    assert sum(word == "failed" for word, _ in said) == 1


def test_settling_on_a_failing_disk_is_repeated(tmp_path: Path) -> None:
    """When the answer can't be written the entry is owed again; nothing is forgotten."""
    outbox = Outbox(tmp_path / "outbox.db", reserve=0)
    outbox.put(parcel())
    entry = outbox.take()
    assert entry is not None
    outbox._db.execute("PRAGMA query_only=ON")
    with pytest.raises(OutboxUnusable):
        outbox.settle(entry, Numbers(application_no="1", items=(), received_at=""))
    assert outbox.next_due() is not None
    outbox.hasten()
    again = outbox.take()
    assert again is not None
    outbox.settle(again, Numbers(application_no="1", items=(), received_at=""))
    status = outbox.status("submission-1")
    assert status is not None
    assert status.application_no == "1"


@pytest.mark.parametrize("damage", ["header", "middle", "cut", "foreign"])
def test_a_damaged_file_is_set_aside_whole(tmp_path: Path, damage: str) -> None:
    """The damaged file is kept with every byte it had, named, and a new store works."""
    path = tmp_path / "outbox" / "outbox.db"
    outbox = Outbox(path, reserve=0)
    for number in range(1, 30):
        outbox.put(parcel(number))
    outbox.tidy()
    outbox.close()
    data = bytearray(path.read_bytes())
    if damage == "header":
        data[:100] = os.urandom(100)
    elif damage == "middle":
        data[16_384 : 16_384 * 6] = os.urandom(16_384 * 5)
    elif damage == "cut":
        del data[len(data) // 2 :]
    else:
        data = bytearray(b"this was never a database" * 500)
    path.write_bytes(data)
    again = Outbox(path, reserve=0)
    assert again.damaged is not None
    assert again.damaged.read_bytes() == data
    assert damaged_files(tmp_path) == [again.damaged.name]
    again.put(parcel(1))
    assert again.counts().by_state[State.STORED] == 1


def test_damage_found_at_work_is_set_aside(tmp_path: Path) -> None:
    """A page that goes bad under the open store ends in a new file, not in silence."""
    path = tmp_path / "outbox.db"
    outbox = Outbox(path, reserve=0)
    for number in range(1, 30):
        outbox.put(parcel(number))
    outbox.tidy()
    with path.open("r+b") as file:
        file.seek(16_384)
        file.write(os.urandom(16_384 * 8))
    outbox._db.execute("PRAGMA shrink_memory").fetchall()
    with pytest.raises(OutboxUnusable):
        outbox.inspect()
    with pytest.raises(OutboxUnusable):
        outbox.put(parcel(99))
    assert outbox.damaged is not None
    outbox.put(parcel(99))


def test_an_answer_to_what_was_set_aside_touches_no_other(tmp_path: Path) -> None:
    """Rows begin anew in a new file: a late answer must not settle whoever has the row now."""
    path = tmp_path / "outbox.db"
    outbox = Outbox(path, reserve=0)
    for number in range(1, 30):
        outbox.put(parcel(number))
    outbox.tidy()
    old = outbox.take()
    assert old is not None
    with path.open("r+b") as file:
        file.seek(16_384)
        file.write(os.urandom(16_384 * 8))
    outbox._db.execute("PRAGMA shrink_memory").fetchall()
    with pytest.raises(OutboxUnusable):
        outbox.put(parcel(98))
    outbox.put(parcel(99))
    new = outbox.take()
    assert new is not None
    assert new.row == old.row
    with pytest.raises(OutboxUnusable):
        outbox.settle(old, Numbers(application_no="1", items=(), received_at=""))
    status = outbox.status("submission-99")
    assert status is not None
    assert status.state is State.SENDING
    assert b"".join(outbox.pieces(new)).endswith(b"last")


def test_no_permission_is_not_damage(tmp_path: Path) -> None:
    """What can't be opened is reported and left in its place."""
    path = tmp_path / "outbox.db"
    path.mkdir()
    with pytest.raises(OutboxUnusable):
        Outbox(path)
    assert path.is_dir()
    assert sqlite3.sqlite_version_info >= (3, 37), "STRICT tables"
