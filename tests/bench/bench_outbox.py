"""Keeping and delivering, beside the bare thing that must be done anyway.

* a durable submit over a bare SQLite transaction of the same bytes (WAL, FULL), in turn;
* flushes a submit: `fdatasync` calls, counted by the kernel's tracer;
* sealing over the library's cipher and digest of the same bytes;
* delivering 5 MB by a forwarder process over a bare upload of the same bytes.

The server of both is the same process (the tests' intake, in memory). The peer is one connection of
the standard library's HTTP client with the same mutual TLS, that sends files which are begun
already, whole and in pieces of 256 kB in turn; the faster of the two counts. As each forwarder,
each upload of the peer begins with its connection; its keys are read before.
"""

from __future__ import annotations

import base64
import contextlib
import hashlib
import http.client
import os
import shutil
import sqlite3
import ssl
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from kiosk.agent.attempts import Attempts, Route
from kiosk.agent.delivery import Filed
from kiosk.agent.lines import Addresses
from kiosk.agent.nursery import Nursery
from kiosk.crypto import provider
from kiosk.crypto.provision import Provisioned
from kiosk.crypto.sealed import SealedView, Submission, seal
from kiosk.gateway.uploads import PIECE
from kiosk.outbox import Numbers, Outbox, Parcel
from kiosk.outbox.database import PAGE_SIZE
from tests.bench.figure import Figure, median
from tests.faults.terminal import ROOT, Filing, make

SIZES = {"2.5 MB": (5, 500_000, 60), "1 kB": (1, 1_000, 400)}
"""Parts, bytes each, rounds."""
BOUNDS = {"2.5 MB": 1 / 0.8, "1 kB": 1 / 0.65}
SEALING_BOUND = 1.3
FORWARDING_BOUND = 1 / 0.6
WARM = 5
PAGES = tuple(os.urandom(500_000) for _ in range(10))


class Bare:
    """The same bytes in a bare table."""

    def __init__(self, path: Path, page_size: int) -> None:
        self._db = sqlite3.connect(path, isolation_level=None)
        for pragma in (f"page_size={page_size}", "journal_mode=WAL", "synchronous=FULL"):
            self._db.execute(f"PRAGMA {pragma}").fetchall()
        self._db.execute("CREATE TABLE part (id INTEGER PRIMARY KEY, bytes BLOB NOT NULL)")

    def store(self, parts: list[bytes]) -> float:
        """Store the parts in one transaction; returns seconds."""
        began = time.perf_counter()
        self._db.execute("BEGIN IMMEDIATE")
        for part in parts:
            self._db.execute("INSERT INTO part (bytes) VALUES (?)", (part,))
        self._db.execute("COMMIT")
        seconds = time.perf_counter() - began
        self._db.execute("DELETE FROM part")
        self._db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
        return seconds


class Ours:
    """The store as the agent has it."""

    def __init__(self, path: Path) -> None:
        self._outbox = Outbox(path, reserve=0)
        self._number = 0

    def store(self, parts: list[bytes]) -> float:
        """Put one parcel; returns seconds. It is delivered and tidied away outside of them."""
        self._number += 1
        name = f"submission-{self._number}"
        parcel = Parcel(
            submission_id=name, visit="v", local_no="L", thing="t", fingerprint="f", pieces=parts
        )
        began = time.perf_counter()
        self._outbox.put(parcel)
        seconds = time.perf_counter() - began
        entry = self._outbox.take()
        assert entry is not None
        self._outbox.settle(entry, Numbers(application_no="1", items=(), received_at=""))
        self._outbox.tidy()
        return seconds


def in_turn(runs: list[Callable[[], float]], rounds: int) -> list[float]:
    """Run each in every round, each first in turn; returns medians."""
    times: list[list[float]] = [[] for _ in runs]
    for turn in range(WARM + rounds):
        for place in range(len(runs)):
            which = (place + turn) % len(runs)
            seconds = runs[which]()
            if turn >= WARM:
                times[which].append(seconds)
    return [median(one) for one in times]


def storing(directory: Path) -> list[Figure]:
    """Durable submits beside bare transactions."""
    figures = []
    for name, (count, size, rounds) in SIZES.items():
        parts = [os.urandom(size) for _ in range(count)]
        ours = Ours(directory / f"ours-{size}.db")
        small, large = (
            Bare(directory / f"bare-{size}-{page}.db", page) for page in (4096, PAGE_SIZE)
        )
        taken, *bare = in_turn(
            [
                lambda ours=ours, parts=parts: ours.store(parts),
                lambda small=small, parts=parts: small.store(parts),
                lambda large=large, parts=parts: large.store(parts),
            ],
            rounds,
        )
        best = min(bare)
        figures.append(
            Figure(
                name=f"durable submit, {name}",
                value=taken / best,
                limit=BOUNDS[name],
                measured=f"{1 / taken:,.0f}/s",
                peer=f"bare SQLite {1 / best:,.0f}/s",
                note=f"{count} × {size:,} B, medians of {rounds}; {best / taken:.2f} of bare",
            )
        )
    return figures


SUBMITS = 50
COUNTED = """
import sys
from pathlib import Path
from kiosk.outbox import Outbox
from tests.faults.parcels import parcel
outbox = Outbox(Path(sys.argv[1]), reserve=0)
for number in range(int(sys.argv[2])):
    outbox.put(parcel(number))
"""


def flushes(directory: Path) -> list[Figure]:
    """Flushes a submit costs; nothing where there is no tracer."""
    if shutil.which("strace") is None:
        return []

    def counted(submits: int) -> int:
        log = directory / f"trace-{submits}"
        words = ["strace", "-f", "-qq", "-e", "trace=fdatasync,fsync", "-o", str(log)]
        words += [sys.executable, "-c", COUNTED, str(directory / f"{submits}.db"), str(submits)]
        subprocess.run(words, cwd=ROOT, check=True)
        return log.read_text().count("sync(")

    each = (counted(SUBMITS + 1) - counted(1)) / SUBMITS
    return [Figure(name="flushes a submit", value=each, unit="", limit=1.0, note=f"over {SUBMITS}")]


def sealing() -> list[Figure]:
    """Sealing 5 MB beside the library's cipher and digest."""
    chosen = provider("international")
    with tempfile.TemporaryDirectory(prefix="seal-") as directory:
        recipients = make(Path(directory)).public.recipients
    pages = list(PAGES)

    def ours() -> float:
        began = time.perf_counter()
        for page in pages:
            hashlib.sha256(page).digest()  # as the envelope names them
        seal(chosen, Submission(submission_id="s", body=b"{}", attachments=pages), recipients)
        return time.perf_counter() - began

    def bare() -> float:
        cipher, out = AESGCM(os.urandom(32)), []
        began = time.perf_counter()
        for place, page in enumerate(pages):
            hashlib.sha256(page).digest()
            out.append(cipher.encrypt(place.to_bytes(12, "big"), page, None))
        return time.perf_counter() - began

    taken, peer = in_turn([ours, bare], 120)
    return [
        Figure(
            name="sealing 5 MB",
            value=taken / peer,
            limit=SEALING_BOUND,
            measured=f"{taken * 1000:.1f} ms",
            peer=f"AES-256-GCM and SHA-256 {peer * 1000:.1f} ms",
            note="to two keys, bound to place and head",
        )
    ]


def forwarding(directory: Path) -> list[Figure]:
    """A forwarder's whole delivery of 5 MB beside the bare upload of the same bytes."""
    made = make(directory / "state")
    with serving(directory / "state") as url:
        route = Route(terminal=made.terminal, addresses=Addresses(default=url), keys=made.keys)
        attempts = Attempts(Nursery().warm(), route)
        outbox = Outbox(directory / "forward.db", reserve=0)
        bare = BareUpload(url, made.keys)
        taken, whole, pieces = in_turn(
            [
                lambda: _forwarded(made, outbox, attempts),
                lambda: bare.upload(len(PAGES[0])),
                lambda: bare.upload(PIECE),
            ],
            25,
        )
    best = min(whole, pieces)
    return [
        Figure(
            name="forwarding 5 MB",
            value=taken / best,
            limit=FORWARDING_BOUND,
            measured=f"{taken * 1000:.0f} ms",
            peer=f"bare HTTPS upload {best * 1000:.0f} ms",
            note=f"process, opening, signature, 10 materials, filing; {best / taken:.2f} of bare "
            f"(whole files {whole * 1000:.0f} ms, 256 kB pieces {pieces * 1000:.0f} ms)",
        )
    ]


SERVER = """
import sys
from pathlib import Path
from tests.faults.stub_intake import StubIntake
intake = StubIntake(Path(sys.argv[1]))
intake.keeps = True
print(intake.url, flush=True)
sys.stdin.read()
"""


@contextlib.contextmanager
def serving(state: Path) -> Iterator[str]:
    """Run the server in a process of its own; offers its address."""
    words = [sys.executable, "-c", SERVER, str(state)]
    with subprocess.Popen(
        words, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        yield process.stdout.readline().strip()
        process.kill()


class BareUpload:
    """Files over one connection, without anything else."""

    def __init__(self, url: str, keys: Path) -> None:
        self._port = int(url.rpartition(":")[2])
        self._context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        self._context.load_verify_locations(keys / "ca.crt")
        self._context.load_cert_chain(keys / "terminal.crt", keys / "terminal.pem")

    def upload(self, size: int) -> float:
        """PATCH 5 MB in pieces to uploads that are begun already; returns seconds."""
        pages = {hashlib.sha256(page).hexdigest(): page for page in _fresh()}
        with contextlib.closing(self._connection()) as line:
            for digest, page in pages.items():
                said = {"sha256": digest, "filetype": "image/jpeg"}
                told = (f"{k} {base64.b64encode(v.encode()).decode()}" for k, v in said.items())
                headers = {"upload-length": str(len(page)), "upload-metadata": ",".join(told)}
                self._send(line, "POST", "/v1/uploads", b"", headers)
        began = time.perf_counter()
        with contextlib.closing(self._connection()) as line:
            for digest, page in pages.items():
                for start in range(0, len(page), size):
                    headers = {"upload-offset": str(start)}
                    piece = page[start : start + size]
                    self._send(line, "PATCH", f"/v1/uploads/{digest}", piece, headers)
        return time.perf_counter() - began

    def _connection(self) -> http.client.HTTPSConnection:
        return http.client.HTTPSConnection("127.0.0.1", self._port, context=self._context)

    @staticmethod
    def _send(
        line: http.client.HTTPSConnection,
        method: str,
        path: str,
        body: bytes,
        headers: dict[str, str],
    ) -> None:
        line.request(method, path, body=body, headers=headers)
        with line.getresponse() as answer:
            answer.read()
            assert answer.status in {201, 204}


def _fresh() -> tuple[bytes, ...]:
    """Return 5 MB nobody has."""
    return tuple(os.urandom(len(page)) for page in PAGES)


def _forwarded(made: Provisioned, outbox: Outbox, attempts: Attempts) -> float:
    filing = Filing(attachments=_fresh())
    submission = Submission(
        submission_id=filing.submission_id,
        body=filing.envelope().canonical(),
        attachments=filing.attachments,
    )
    chosen = provider(made.provider)
    view = SealedView(memoryview(b"".join(seal(chosen, submission, made.public.recipients))))
    outbox.put(
        Parcel(
            submission_id=filing.submission_id,
            visit="v",
            local_no="L",
            thing="t",
            fingerprint=view.fingerprint,
            pieces=view.pieces,
        )
    )
    entry = outbox.take()
    assert entry is not None
    ended: list[object] = []
    began = time.perf_counter()
    attempts.start(entry, outbox.pieces(entry))
    while not ended:
        pipes = attempts.pipes
        pipes[0].poll(60)
        attempts.finish(pipes, lambda _, outcome: ended.append(outcome))
    seconds = time.perf_counter() - began
    (outcome,) = ended
    assert isinstance(outcome, Filed), outcome
    outbox.settle(entry, outcome.numbers)
    outbox.tidy()
    return seconds


def measure() -> list[Figure]:
    """Measure all."""
    with tempfile.TemporaryDirectory(prefix="outbox-") as name:
        directory = Path(name)
        return [*storing(directory), *flushes(directory), *sealing(), *forwarding(directory)]


if __name__ == "__main__":
    for figure in measure():
        print(figure.line())
