"""Campaign 2: the power is cut after every write; every state that a disk may be in recovers.

The store and the audit log work on a logged disk (`tests.campaign.block_disk`). Between two
flushes a disk may have done any part of what it was told, in any order, and the last
sector-run of a write may be torn. So after each flush the states tried are: nothing more,
every prefix (or some of them, drawn by lot), random subsets, and a torn last write. Each
is mounted, ext4 replays its journal, and the store is opened on it as after a start.

Must hold: what was acknowledged is there, whole, or submitted under its number; nothing
is damaged; the audit log opens.
"""

from __future__ import annotations

import contextlib
import random
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from kiosk.audit import AuditLog, Event
from kiosk.outbox import Numbers, Outbox, OutboxError, Parcel, State
from tests.campaign.block_disk import RECORD, blank, logged_disk, mounted
from tests.campaign.verdict import Stopwatch, Verdict

SIZE = 12 << 20
SECTOR = 1024
"""What a disk writes whole: one block of this small ext4. A torn superblock is a file system that
does not mount, and no program above it could help."""
STORE = Path("outbox") / "outbox.db"
AUDIT = Path("audit") / "audit.log"
Clock = Callable[[], int]
STORED = Event("submission_stored")


@dataclass(frozen=True, kw_only=True, slots=True)
class Variant:
    """How the store is set up.

    Attributes:
        name: of the variant.
        pragmas: set on the store's connection after it was opened.
        broken: whether this is a mutation that the rig must catch.
        tidies: whether the log is written back and cut now and then.
    """

    name: str
    pragmas: tuple[str, ...] = ()
    broken: bool = False
    tidies: bool = True


VARIANTS = (
    Variant(name="as shipped"),
    Variant(name="log reused", pragmas=("wal_autocheckpoint=6",), tidies=False),
    Variant(name="mutation: synchronous=NORMAL", pragmas=("synchronous=NORMAL",), broken=True),
)


@dataclass(kw_only=True, slots=True)
class Promises:
    """What was acknowledged, each with the disk's clock at that moment."""

    stored: dict[int, int] = field(default_factory=dict)
    settled: dict[int, int] = field(default_factory=dict)


def parcel(number: int) -> Parcel:
    """Return a parcel whose bytes follow from its number."""
    return Parcel(
        submission_id=f"submission-{number}",
        visit=f"visit-{number}",
        local_no=f"L{number:04}",
        thing="newborn",
        fingerprint=f"f{number}",
        pieces=pieces(number),
    )


def pieces(number: int) -> list[bytes]:
    """Return what must be found again."""
    lot = random.Random(number)  # noqa: S311 - content
    return [lot.randbytes(200), lot.randbytes(6_000 + number * 997 % 9_000)]


def work(root: Path, variant: Variant, submissions: int, now: Clock) -> Promises:
    """Store, deliver, postpone and tidy; note what was acknowledged when."""
    promises = Promises()
    audit = AuditLog(root / AUDIT)
    outbox = Outbox(root / STORE, reserve=0)
    for pragma in variant.pragmas:
        outbox._db.execute(f"PRAGMA {pragma}").fetchall()
    for number in range(1, submissions + 1):
        outbox.put(parcel(number))
        promises.stored[number] = now()
        audit.append(STORED, local_no=f"L{number:04}", bytes=1)
        if number % 3 == 0:
            _deliver(outbox, promises, now)
        if variant.tidies and number % 5 == 0:
            outbox.tidy()
    outbox.close()
    audit.close()
    return promises


def _deliver(outbox: Outbox, promises: Promises, now: Clock) -> None:
    entry = outbox.take()
    assert entry is not None
    outbox.postpone(entry, 0, "no_connection")
    entry = outbox.take()
    assert entry is not None
    number = int(entry.submission_id.rpartition("-")[2])
    outbox.settle(entry, numbers(number))
    promises.settled[number] = now()


def numbers(number: int) -> Numbers:
    """Return the intake's answer."""
    return Numbers(application_no=f"N{number}", items=(), received_at="2026-11-22T09:00:00+08:00")


@dataclass(frozen=True, kw_only=True, slots=True)
class Write:
    """One write to the disk, and the log's length after it."""

    offset: int
    data: bytes
    clock: int


def epochs(log: bytes) -> Iterator[tuple[list[Write], int]]:
    """Yield the writes between two flushes, and the clock at the flush that ends them."""
    place, writes = 0, list[Write]()
    while place < len(log):
        kind, offset, length = RECORD.unpack_from(log, place)
        place += RECORD.size + length
        if kind == b"F":
            yield writes, place
            writes = []
        else:
            writes.append(Write(offset=offset, data=log[place - length : place], clock=place))
    yield writes, place


def states(
    writes: list[Write], lot: random.Random, most: int
) -> Iterator[tuple[str, list[Write], int]]:
    """Yield what may have reached the disk of these writes, and the clock of the cut."""
    end = writes[-1].clock if writes else 0
    prefixes = list(range(1, len(writes) + 1))
    for length in prefixes if len(prefixes) <= most else sorted(lot.sample(prefixes, most)):
        yield f"prefix {length}", writes[:length], writes[length - 1].clock
    for _ in range(min(most, len(writes))):
        chosen = [one for one in writes if lot.random() < 0.5]
        yield "subset", chosen, end
    if writes:
        torn = lot.choice(writes)
        sectors = lot.randrange(max(1, len(torn.data) // SECTOR))
        half = Write(offset=torn.offset, data=torn.data[: sectors * SECTOR], clock=end)
        yield "torn", [*(one for one in writes if one is not torn), half], end


def crash(variant: Variant, verdict: Verdict, *, submissions: int, most: int, limit: int) -> None:
    """Run one variant: work once on a logged disk, then try the states of every cut.

    Args:
        variant: how the store is set up.
        verdict: where violations are counted.
        submissions: how many are stored.
        most: prefixes, and subsets, tried between two flushes.
        limit: states tried in all, spread over the whole run.
    """
    with Stopwatch(verdict), _memory_directory() as where:
        image = blank(where / "image", SIZE)
        with logged_disk(image, where) as disk:
            promises = work(disk.root, variant, submissions, lambda: disk.clock)
        ended = [writes for writes, _ in epochs((where / "log").read_bytes())]
        lot = random.Random(verdict.seed)  # noqa: S311 - which states
        cases = [
            (place, f"{variant.name}, flush {place}, {name}", chosen, clock)
            for place, writes in enumerate(ended)
            for name, chosen, clock in states(writes, lot, most)
        ]
        picked = sorted(lot.sample(range(len(cases)), min(limit, len(cases))))
        _replay(verdict, promises, where, ended, [cases[one] for one in picked])


def _replay(
    verdict: Verdict,
    promises: Promises,
    where: Path,
    ended: list[list[Write]],
    cases: list[tuple[int, str, list[Write], int]],
) -> None:
    """Build each state's disk and open the store on it; cases in the order of their flushes."""
    base, done = bytearray((where / "image").read_bytes()), 0
    for place, name, chosen, clock in cases:
        for writes in ended[done:place]:
            apply(base, writes)
        done = place
        state = bytearray(base)
        apply(state, chosen)
        (where / "state").write_bytes(state)
        before = verdict.counts["violations"]
        _judge(where, verdict, promises, clock, name)
        verdict.counts["states"] += 1
        verdict.counts["states that break"] += verdict.counts["violations"] > before


def apply(image: bytearray, writes: list[Write]) -> None:
    """Write to an image in memory."""
    for one in writes:
        image[one.offset : one.offset + len(one.data)] = one.data


def _judge(where: Path, verdict: Verdict, promises: Promises, clock: int, name: str) -> None:
    root = where / "check"
    root.mkdir(exist_ok=True)
    try:
        with mounted(where / "state", root):
            _judge_files(root, verdict, promises, clock, name)
    except subprocess.CalledProcessError:
        verdict.blame(f"{name}: the file system does not mount")


def _judge_files(root: Path, verdict: Verdict, promises: Promises, clock: int, name: str) -> None:
    if not (root / STORE).exists() and not any(at <= clock for at in promises.stored.values()):
        return
    try:
        AuditLog(root / AUDIT).close()
        outbox = Outbox(root / STORE, reserve=0)
    except (OutboxError, OSError, ValueError) as error:
        verdict.blame(f"{name}: does not open: {error}")
        return
    with contextlib.closing(outbox):
        if outbox.damaged is not None:
            verdict.blame(f"{name}: found damaged")
        for problem in broken_promises(outbox, promises, clock):
            verdict.blame(f"{name}: {problem}")


def broken_promises(outbox: Outbox, promises: Promises, clock: int) -> Iterator[str]:
    """Yield every acknowledgement up to a moment that the store does not keep."""
    owed = {entry.submission_id: entry for entry in outbox.owed()}
    for number, at in promises.stored.items():
        if at > clock:
            continue
        status = outbox.status(f"submission-{number}")
        if status is None:
            yield f"submission {number} is lost"
        elif status.state is State.SUBMITTED:
            if status.application_no != f"N{number}":
                yield f"submission {number} has another's number"
        elif promises.settled.get(number, clock + 1) <= clock:
            yield f"the number of submission {number} is forgotten"
        elif b"".join(outbox.pieces(owed[status.submission_id])) != b"".join(pieces(number)):
            yield f"submission {number} has other bytes"


@contextlib.contextmanager
def _memory_directory() -> Iterator[Path]:
    """Offer a directory in memory, where a disk image is copied fast."""
    memory = Path("/dev/shm")  # noqa: S108 - a private directory in it
    where = Path(tempfile.mkdtemp(prefix="crash-", dir=memory if memory.is_dir() else None))
    try:
        yield where
    finally:
        shutil.rmtree(where, ignore_errors=True)
