"""Campaign 6: a thousand terminals against one intake that goes away in the middle.

Each terminal has an identity of its own and the agent's own decisions: whose turn it is
(`kiosk.outbox.turns`), its line's breaker, its waits, two attempts at once. An attempt is the
forwarder's: a new connection over mutual TLS and `hand_in`. What is left out: the store on the disk
and a process for each entry (campaigns 1 and 2 have them), and files that are handed in. Some
driver processes play the terminals; in each at most a hundred attempts run, more wait there, and
that wait counts (`tests.campaign.terminal_cores`).

Submissions are handed over at random instants. The intake is killed in the middle, stays away for
a while and comes back to all who wait. It limits each terminal's pace so narrowly that it refuses
some. Must hold at the end: applications are the submissions, each once, with the bytes that were
signed, and the number each terminal was told.
"""

from __future__ import annotations

import base64
import contextlib
import hashlib
import json
import multiprocessing
import random
import re
import signal
import tempfile
import time
import uuid
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from sqlalchemy import create_engine, text

from drivers.service.evidence import EvidenceSigner
from kiosk.agent.delivery import Policy
from kiosk.agent.forwarder import Letter
from kiosk.crypto import SigningKey, provider
from kiosk.desk.part import free_port
from kiosk.domain.application import local_no
from kiosk.domain.envelope import Envelope, Signature
from kiosk.domain.identity import Evidence, SignedEvidence
from tests.bench.figure import percentile
from tests.campaign.terminal_cores import Driver, Heard, Numbered, Planned, Terminal
from tests.campaign.verdict import Stopwatch, Verdict
from tests.intake_desk import IntakeDesk
from tests.waiting import until

PROVIDER = provider("international")
PERSON = "chen-xiaoyun"


@dataclass(frozen=True, kw_only=True, slots=True)
class Size:
    """How big a run is; times in seconds.

    Attributes:
        terminals: how many.
        each: submissions of one terminal.
        arriving: time within which all are handed over.
        away: for how long the intake is gone, from the middle of that time.
        killed: whether it is gone by SIGKILL and started anew, or only stands still.
        drivers: processes that play the terminals.
        policy: the agents' waits.
        rate: requests a second that the intake allows a terminal for long, two at once.
    """

    terminals: int = 1000
    each: int = 3
    arriving: float = 30.0
    away: float = 15.0
    killed: bool = True
    drivers: int = 2
    policy: Policy = field(default_factory=Policy)
    rate: float = 0.2


def load(verdict: Verdict, step: int, *, size: Size, database: str = "") -> None:
    """Let the terminals file, and the intake go away and come back.

    Args:
        verdict: where counts go.
        step: which part of the campaign; with the seed it decides every instant.
        size: of the run.
        database: SQLAlchemy URL of an empty PostgreSQL database; else SQLite.
    """
    lot = random.Random(f"{verdict.seed}:{step}")  # noqa: S311 - instants
    with Stopwatch(verdict), _desk(database, size.rate) as desk:
        terminals = _terminals(desk, lot, size)
        sent = {one.submission_id: one.letter for own in terminals for one in own.plan}
        begin = time.monotonic()
        with ProcessPoolExecutor(size.drivers, multiprocessing.get_context("fork")) as drivers:
            played = [
                drivers.submit(_play, terminals[n :: size.drivers], begin)
                for n in range(size.drivers)
            ]
            _at(begin + size.arriving / 2)
            peak = _peak(desk)
            (_killed if size.killed else _still)(desk, size.away)
            back = time.monotonic()
            heard = [one.result() for one in played]
        name = "PostgreSQL" if database else "SQLite"
        verdict.counts[f"MB peak memory of the intake ({name})"] = max(peak, _peak(desk))
        _tell(verdict, heard, name, begin, back)
        _judge(verdict, desk, sent, [one for own in heard for one in own.numbered])


def _play(terminals: list[Terminal], begin: float) -> Heard:
    return Driver(terminals, begin).run()


def _at(moment: float) -> None:
    until(lambda: time.monotonic() >= moment)


def _killed(desk: IntakeDesk, seconds: float) -> None:
    """Kill the intake and start it after a while."""
    assert desk.process is not None
    desk.process.kill()
    desk.process.wait()
    _at(time.monotonic() + seconds)
    desk.start()


def _still(desk: IntakeDesk, seconds: float) -> None:
    """Stop the intake's process for a while; it answers nobody."""
    assert desk.process is not None
    desk.process.send_signal(signal.SIGSTOP)
    try:
        _at(time.monotonic() + seconds)
    finally:
        desk.process.send_signal(signal.SIGCONT)


def _peak(desk: IntakeDesk) -> int:
    """Return the most megabytes the intake had in memory, as the kernel counted."""
    assert desk.process is not None
    status = Path(f"/proc/{desk.process.pid}/status").read_text()
    found = re.search(r"VmHWM:\s+(\d+) kB", status)
    return int(found[1]) // 1000 if found else 0


def _tell(verdict: Verdict, heard: list[Heard], name: str, begin: float, back: float) -> None:
    """Count what was done and how long it took."""
    for own in heard:
        for end, count in own.ends.items():
            verdict.counts[f"attempts ended {end}"] += count
            if end.startswith("turned"):
                verdict.blame(f"{count} submissions were {end}")
    numbered = [one for own in heard for one in own.numbered]
    if not numbered:
        return
    waits = [(one.answered - one.handed) * 1000 for one in numbered]
    after = [one.answered - back for one in numbered if one.handed < back < one.answered]
    took = max(one.answered for one in numbered) - begin
    told = {
        "numbers a second, the time away included": len(numbered) / took,
        "ms p50 from handed over to number": percentile(waits, 0.5),
        "ms p99 from handed over to number": percentile(waits, 0.99),
        "ms longest wait": max(waits),
        "waited when the intake came back": len(after),
        "ms until that herd had drained": max(after, default=0.0) * 1000,
    }
    verdict.counts.update({f"{what} ({name})": round(value) for what, value in told.items()})


def _judge(
    verdict: Verdict, desk: IntakeDesk, sent: dict[str, Letter], numbered: list[Numbered]
) -> None:
    engine = create_engine(desk.database or f"sqlite:///{desk.state}/intake.db")
    with engine.connect() as connection:
        asked = text("SELECT submission_id, body_digest, application_no FROM application")
        filed = [tuple(map(str, row)) for row in connection.execute(asked)]
    engine.dispose()
    told = {one.submission_id: one.number for one in numbered}
    verdict.counts["submissions"] += len(sent)
    verdict.counts["applications"] += len(filed)
    for lost in sent.keys() - {name for name, _, _ in filed}:
        verdict.blame(f"submission {lost} is not there")
    if len(filed) != len({name for name, _, _ in filed}):
        verdict.blame("an application is there twice")
    for name, digest, number in filed:
        if name not in sent or hashlib.sha256(sent[name].data).hexdigest() != digest:
            verdict.blame(f"application {name} has other bytes")
        if told.get(name) != number:
            verdict.blame(f"application {name} has {number}, its terminal heard {told.get(name)}")


@contextlib.contextmanager
def _desk(database: str, rate: float) -> Iterator[IntakeDesk]:
    with tempfile.TemporaryDirectory(prefix="load-") as directory:
        pace = ("--terminal-rate", str(rate), "--terminal-burst", "2")
        options = ("--port", str(free_port()), *pace)
        desk = IntakeDesk(state=Path(directory) / "state", database=database, options=options)
        with desk:
            yield desk


def _terminals(desk: IntakeDesk, lot: random.Random, size: Size) -> list[Terminal]:
    """Make the terminals, enrol them, and plan what each will file."""
    path = desk.state / "intake" / "terminals.json"
    listed, made = json.loads(path.read_bytes()), list[Terminal]()
    for place in range(size.terminals):
        name = f"410700-{place:04d}"
        signing = PROVIDER.load_signing_key(PROVIDER.new_signing_key())
        reader = EvidenceSigner(terminal=name, key=Ed25519PrivateKey.generate())
        read_by = reader.key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
        listed[name] = {
            "provider": PROVIDER.name,
            "signing_algorithm": PROVIDER.signature_algorithm,
            "signing_key_id": signing.key_id,
            "signing_public": base64.b64encode(signing.public).decode(),
            "evidence_public": base64.b64encode(read_by).decode(),
        }
        plan = [
            Planned(letter=_letter(desk, name, signing, reader), at=lot.uniform(0, size.arriving))
            for _ in range(size.each)
        ]
        own = random.Random(lot.random())  # noqa: S311 - jitter
        made.append(Terminal(name, desk, plan, size.policy, own))
    path.write_text(json.dumps(listed))
    return made


def _letter(desk: IntakeDesk, name: str, signing: SigningKey, reader: EvidenceSigner) -> Letter:
    """Return a signed application of this terminal."""
    now, submission_id = datetime.now(UTC), str(uuid.uuid4())
    told, proof = reader.sign(uuid.uuid4().hex, desk.people[PERSON]["card"]["id_no"], now)
    evidence = SignedEvidence(evidence=Evidence(**told), signature=base64.b64encode(proof).decode())
    application = desk.application(
        PERSON,
        submission_id=submission_id,
        local_no=local_no(name, now.date(), submission_id),
        terminal=name,
        evidence=evidence,
    )
    envelope = Envelope(application=application, attachments=())
    data = envelope.canonical()
    signature = Signature(
        terminal=name,
        key_id=signing.key_id,
        algorithm=PROVIDER.signature_algorithm,
        signature=base64.b64encode(signing.sign(data)).decode(),
    )
    return Letter(data=data, envelope=envelope, signature=signature, pages=())
