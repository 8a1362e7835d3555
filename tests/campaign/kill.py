"""Campaign 1: real processes, killed at random instants, over thousands of submissions.

A real agent, the real intake on a real database, and a session's process for each
submission, which seals it and hands it over by the agent's socket. Again and again one of
them (session, agent, forwarder, intake, database) is killed by SIGKILL in the middle of
the work and started again as the service manager would.

Must hold at the end: every submission whose session was told "stored" is at the intake
once, with the bytes that were sealed, and nothing is there twice. What a session was not
told (killed, or its agent was) may be there: ``kept unasked``; never twice.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import psutil
from sqlalchemy import create_engine, text

from kiosk.channel import ChannelError, Client
from kiosk.crypto import PublicKeys, provider
from kiosk.crypto.sealed import Submission, seal_to_memory_file
from kiosk.desk.part import free_port
from kiosk.domain.application import Application
from kiosk.domain.envelope import Envelope
from kiosk.outbox import counting
from kiosk.outbox.report import FILE
from tests.campaign.verdict import Stopwatch, Verdict
from tests.faults.terminal import ROOT, SECRETS
from tests.intake_desk import IntakeDesk
from tests.waiting import until

BACKLOG = 40
"""Most submissions that wait; then the driver waits too."""
DRAIN_S = 240.0


@dataclass(kw_only=True, slots=True)
class Stage:
    """All processes of one run.

    Attributes:
        desk: the intake with its terminal.
        run: directory of sockets.
        lot: what chance decides.
        sent: submission id → envelope, of everything handed over.
        told: ids whose session was told "stored".
    """

    desk: IntakeDesk
    run: Path
    lot: random.Random
    agent: subprocess.Popen[bytes] | None = None
    sent: dict[str, bytes] = field(default_factory=dict)
    told: set[str] = field(default_factory=set)

    def start_agent(self) -> None:
        """Start it and wait until it serves."""
        words = [sys.executable, "-m", "tests.faults.terminal"]
        words += [str(self.desk.state), str(self.run), self.desk.api_url]
        self.agent = subprocess.Popen(words, cwd=ROOT, stdin=subprocess.PIPE)
        assert self.agent.stdin is not None
        self.agent.stdin.write(SECRETS.line().encode())
        self.agent.stdin.close()
        until(self.serves)

    def serves(self) -> bool:
        """Whether the agent answers."""
        try:
            Client(self.run / "agent.sock", "shell", SECRETS.roles["shell"]).close()
        except ChannelError:
            return False
        return True

    def submit(self, *, kill: bool) -> None:
        """Be a citizen: a process seals and hands over; perhaps it is killed on the way."""
        application = self.desk.application()
        body = Envelope(application=application, attachments=()).canonical()
        self.sent[application.submission_id] = body
        told, tell = os.pipe()
        child = os.fork()
        if child == 0:
            os._exit(_session(self, application, body, tell))
        os.close(tell)
        if kill:
            time.sleep(self.lot.uniform(0, 0.03))
            os.kill(child, signal.SIGKILL)
        if os.read(told, 1) == b"1":
            self.told.add(application.submission_id)
        os.close(told)
        os.waitpid(child, 0)

    def kill_agent(self) -> None:
        """Kill it; what it had started dies with it."""
        assert self.agent is not None
        self.agent.kill()
        self.agent.wait()
        self.start_agent()

    def kill_forwarder(self) -> None:
        """Kill whoever is delivering now."""
        assert self.agent is not None
        for child in psutil.Process(self.agent.pid).children(recursive=True):
            with contextlib.suppress(psutil.Error):
                if "kiosk-forwarder" in " ".join(child.cmdline()):
                    child.kill()

    def kill_intake(self) -> None:
        """Kill the intake; its database's file stays as it was at that instant."""
        assert self.desk.process is not None
        self.desk.process.kill()
        self.desk.process.wait()
        self.desk.start()

    def kill_database(self) -> None:
        """Kill a PostgreSQL backend, whereupon the server throws all out and recovers."""
        for one in psutil.process_iter(["cmdline"]):
            words = " ".join(one.info["cmdline"] or ())
            if words.startswith("postgres: yiduan") and self.database_port in words:
                with contextlib.suppress(psutil.Error):
                    one.kill()
                return

    @property
    def database_port(self) -> str:
        """What names our own server among the backends of a machine."""
        return self.desk.database.rpartition("@")[2].partition("/")[0].rpartition(":")[2]

    def waiting(self) -> int:
        """How many submissions the terminal still owes."""
        return len(counting.read(self.desk.state / FILE).waiting)

    def filed(self) -> list[tuple[str, str]]:
        """Return id and digest of every application in the database."""
        engine = create_engine(self.desk.database or f"sqlite:///{self.desk.state}/intake.db")
        with engine.connect() as connection:
            found = connection.execute(text("SELECT submission_id, body_digest FROM application"))
            rows = [(str(name), str(digest)) for name, digest in found]
        engine.dispose()
        return rows


def _session(stage: Stage, application: Application, body: bytes, tell: int) -> int:
    """Seal and hand over; tell when the agent said "stored"."""
    public = PublicKeys.read(stage.desk.keys)
    submission = Submission(submission_id=application.submission_id, body=body)
    fd, size = seal_to_memory_file(provider(public.provider), submission, public.recipients)
    try:
        agent = Client(stage.run / "agent.sock", "session", SECRETS.roles["session"])
        agent.call(
            "submit",
            fds=(fd,),
            visit=application.evidence.evidence.visit,
            submission_id=application.submission_id,
            local_no=application.local_no,
            thing=application.thing,
            size=size,
        )
    except ChannelError:
        return 1
    os.write(tell, b"1")
    return 0


def kill(verdict: Verdict, step: int, *, submissions: int, every: int, database: str = "") -> None:
    """Hand over some submissions, killing somebody about every few of them.

    Args:
        verdict: where counts go.
        step: which part of the campaign; with the seed it decides every instant.
        submissions: how many.
        every: submissions between two kills.
        database: SQLAlchemy URL of an empty PostgreSQL database; else SQLite.
    """
    lot = random.Random(f"{verdict.seed}:{step}")  # noqa: S311 - instants
    with Stopwatch(verdict), _stage(lot, database) as stage:
        victims: list[tuple[str, Callable[[], None]]] = [
            ("agents killed", stage.kill_agent),
            ("forwarders killed", stage.kill_forwarder),
            ("intakes killed", stage.kill_intake),
        ]
        if database:
            victims.append(("databases killed", stage.kill_database))
        for number in range(1, submissions + 1):
            dies = lot.random() < 1 / every
            verdict.counts["sessions killed"] += dies
            stage.submit(kill=dies)
            if number % every == 0:
                name, strike = victims[number // every % len(victims)]
                time.sleep(lot.uniform(0, 0.2))
                strike()
                verdict.counts[name] += 1
            if stage.waiting() > BACKLOG:
                _drain(stage, BACKLOG // 2)
        _drain(stage, 0)
        _judge(stage, verdict)


def _drain(stage: Stage, least: int) -> None:
    """Wait until no more than that many wait."""
    until(lambda: stage.waiting() <= least, timeout=DRAIN_S)


def _judge(stage: Stage, verdict: Verdict) -> None:
    filed = stage.filed()
    names = [name for name, _ in filed]
    verdict.counts["submissions"] += len(stage.sent)
    verdict.counts["told stored"] += len(stage.told)
    verdict.counts["applications"] += len(filed)
    verdict.counts["kept unasked"] += len(set(names) - stage.told)
    for lost in stage.told - set(names):
        verdict.blame(f"submission {lost} was told stored and is lost")
    if len(names) != len(set(names)):
        verdict.blame("an application is there twice")
    for name, digest in filed:
        if name not in stage.sent or hashlib.sha256(stage.sent[name]).hexdigest() != digest:
            verdict.blame(f"application {name} has other bytes")


@contextlib.contextmanager
def _stage(lot: random.Random, database: str) -> Iterator[Stage]:
    with tempfile.TemporaryDirectory(prefix="kill-") as directory:
        options = ("--port", str(free_port()), "--terminal-rate", "0")
        desk = IntakeDesk(state=Path(directory) / "state", database=database, options=options)
        with desk:
            stage = Stage(desk=desk, run=Path(directory) / "run", lot=lot)
            stage.start_agent()
            try:
                yield stage
            finally:
                if stage.agent is not None:
                    stage.agent.kill()
                    stage.agent.wait()
