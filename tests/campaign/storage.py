"""Campaign 3: the disk fails at every call that changes it, in four ways, once and for good.

A store works on a directory for which every write, flush and cut of a file can be made to
fail (`failing_disk.c`, put before the C library). Its process is forked anew for each case
from one that has everything loaded. Afterwards the store is opened on a healthy disk.

Must hold: what was acknowledged is there, whole, or submitted under its number; what was
refused is not there, unless the disk failed for good, when nobody could take it out again
(counted as ``kept unasked``: it is filed once, under its id); the process always says which.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import random
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from kiosk.outbox import Outbox, OutboxError
from tests.campaign.crash import Promises, broken_promises, numbers, parcel
from tests.campaign.verdict import Stopwatch, Verdict

KINDS = ("EIO", "ENOSPC", "short write", "read-only")
SOURCE = Path(__file__).with_name("failing_disk.c")
SUBMISSIONS = 6


@dataclass(frozen=True, kw_only=True, slots=True)
class Case:
    """Which call fails, how (place in `KINDS`), and whether all after it do too."""

    nth: int
    kind: int
    for_good: bool

    def __str__(self) -> str:
        return f"{KINDS[self.kind]} at call {self.nth}{' and ever after' if self.for_good else ''}"


def possible() -> bool:
    """Say whether there is a compiler."""
    return shutil.which("gcc") is not None


def storage(verdict: Verdict, *, most: int | None = None, share: tuple[int, int] = (0, 1)) -> None:
    """Try every case of a share of the calls (which, of how many), or ``most`` of them by lot."""
    with Stopwatch(verdict), _worker() as run:
        counted = _said(run(Case(nth=0, kind=0, for_good=False)))
        calls = next(number for word, number in counted if word == "calls")
        verdict.counts["calls that change the disk"] = calls
        cases = [
            Case(nth=nth, kind=kind, for_good=for_good)
            for nth in range(1 + share[0], calls + 1, share[1])
            for kind in range(len(KINDS))
            for for_good in (False, True)
        ]
        if most is not None and most < len(cases):
            cases = random.Random(verdict.seed).sample(cases, most)  # noqa: S311
        for case in cases:
            verdict.counts["cases"] += 1
            _judge(case, run(case), verdict)


@dataclass(frozen=True, kw_only=True, slots=True)
class Ended:
    """What the process of a case said, its exit status, and where its store lies."""

    lines: Sequence[str]
    status: int
    store: Path


def _said(ended: Ended) -> list[tuple[str, int]]:
    return [(word, int(number)) for word, _, number in (one.partition(" ") for one in ended.lines)]


def _judge(case: Case, ended: Ended, verdict: Verdict) -> None:
    said = _said(ended)
    promises = Promises(
        stored={number: 0 for word, number in said if word == "stored"},
        settled={number: 0 for word, number in said if word == "settled"},
    )
    refused = {number for word, number in said if word == "refused"}
    verdict.counts["refused"] += len(refused)
    if ended.status != 0:
        verdict.blame(f"{case}: the process ended with {ended.status}")
    try:
        outbox = Outbox(ended.store, reserve=0)
    except OutboxError as error:
        verdict.blame(f"{case}: does not open afterwards: {error}")
        return
    with contextlib.closing(outbox):
        if outbox.damaged is not None:
            verdict.blame(f"{case}: found damaged")
        for problem in broken_promises(outbox, promises, 0):
            verdict.blame(f"{case}: {problem}")
        there = {number for number in refused if outbox.status(f"submission-{number}") is not None}
    verdict.counts["kept unasked"] += len(there)
    if there and not case.for_good:
        verdict.blame(f"{case}: {len(there)} submissions were refused and are there")


def work(store: Path) -> None:
    """Store, deliver and tidy on a disk that may fail; say what was acknowledged."""
    outbox = _opened(store)
    for number in range(1, SUBMISSIONS + 1):
        word = "stored"
        try:
            outbox.put(parcel(number))
        except OutboxError:
            word = "refused"
        print(word, number, flush=True)
        with contextlib.suppress(OutboxError):
            if number % 3 == 0 and (entry := outbox.take()) is not None:
                settled = int(entry.submission_id.rpartition("-")[2])
                outbox.settle(entry, numbers(settled))
                print("settled", settled, flush=True)
        outbox.tidy()


def _opened(store: Path) -> Outbox:
    """Open as the service manager would: again, when the first start failed."""
    for _ in range(2):
        with contextlib.suppress(OutboxError, OSError):
            return Outbox(store, reserve=0)
    print("no_start 0", flush=True)
    os._exit(0)


@contextlib.contextmanager
def _worker() -> Iterator[Runner]:
    """Offer a process under the failing disk, which forks one more for each case."""
    with tempfile.TemporaryDirectory(prefix="storage-") as directory:
        library = Path(directory) / "failing_disk.so"
        command = ["gcc", "-shared", "-fPIC", "-O1", "-w", "-o", str(library), str(SOURCE), "-ldl"]
        subprocess.run(command, check=True)
        with subprocess.Popen(
            [sys.executable, "-m", "tests.campaign.storage", str(library)],
            env={**os.environ, "LD_PRELOAD": str(library)},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        ) as process:
            try:
                yield Runner(process, Path(directory))
            finally:
                assert process.stdin is not None
                process.stdin.close()


class Runner:
    """Runs one case after the other."""

    def __init__(self, process: subprocess.Popen[str], directory: Path) -> None:
        self._process = process
        self._directory = directory
        self._number = 0

    def __call__(self, case: Case) -> Ended:
        """Run a case in a fresh directory."""
        shutil.rmtree(self._directory / f"case-{self._number}", ignore_errors=True)
        self._number += 1
        where = self._directory / f"case-{self._number}"
        where.mkdir()
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(f"{case.nth} {case.kind} {int(case.for_good)} {where}\n")
        self._process.stdin.flush()
        lines = []
        while not (line := self._process.stdout.readline()).startswith("end "):
            if not line:
                raise RuntimeError("the worker died")
            lines.append(line.strip())
        return Ended(lines=lines, status=int(line.split()[1]), store=where / "outbox.db")


def serve(library: str) -> None:
    """Fork a child for each line of standard input."""
    disk = ctypes.CDLL(library)
    for line in sys.stdin:
        nth, kind, for_good, where = line.split()
        child = os.fork()
        if child == 0:
            disk.disk_fails(where.encode(), int(nth), int(kind) + 1, int(for_good))
            work(Path(where) / "outbox.db")
            print("calls", disk.disk_calls(), flush=True)
            os._exit(0)
        _, status = os.waitpid(child, 0)
        print("end", os.waitstatus_to_exitcode(status), flush=True)


if __name__ == "__main__":
    serve(sys.argv[1])
