"""A terminal for tests: keys, an agent in a thread or a process, and a session's side."""

from __future__ import annotations

import contextlib
import hashlib
import os
import subprocess
import sys
import threading
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

from kiosk.agent.agent import Agent
from kiosk.agent.delivery import Policy
from kiosk.agent.setup import Setup
from kiosk.channel import ChannelClosed, Client, Secrets, read_secrets
from kiosk.crypto import provider
from kiosk.crypto.provision import Provisioned, provision
from kiosk.crypto.sealed import Submission, seal_to_memory_file
from kiosk.domain.application import Applicant, Application
from kiosk.domain.envelope import Attachment, Envelope
from kiosk.domain.identity import Evidence, SignedEvidence
from tests.waiting import PATIENCE_S, until

ROOT = Path(__file__).parents[2]
FAST = Policy(first=0.02, ceiling=0.1, line_ceiling=0.1)
SECRETS = Secrets.generate(["session", "shell"])
ATTACHMENTS = (b"\xff\xd8first" * 2000, b"second" * 500)


@dataclass(frozen=True, kw_only=True, slots=True)
class Filing:
    """One submission as a session makes it."""

    visit: str = field(default_factory=lambda: str(uuid.uuid4()))
    submission_id: str = field(default_factory=lambda: str(uuid.uuid4()))
    attachments: tuple[bytes, ...] = ATTACHMENTS
    place: str = ""

    @property
    def local_no(self) -> str:
        """The number on the slip."""
        return f"L0020261122{self.submission_id[:4].upper()}"

    def envelope(self) -> Envelope:
        """Return the envelope, for a citizen nobody is."""
        evidence = Evidence(
            visit=self.visit,
            terminal="T-0020",
            id_hash="0" * 64,
            time="2026-11-22T09:00:00+08:00",
            method="id_card",
            nonce="n",
        )
        application = Application(
            submission_id=self.submission_id,
            local_no=self.local_no,
            slip_token="0123456789abcdef",
            thing="newborn",
            items=("birth", "household"),
            jurisdiction="410700",
            catalogue_version="1",
            applicant=Applicant(name="李小雨", id_no="400701199001010015"),
            fields={},
            consents=(),
            evidence=SignedEvidence(evidence=evidence, signature=""),
            terminal="T-0020",
            created_at="2026-11-22T09:00:00+08:00",
        )
        attachments = tuple(
            Attachment(
                name=f"page-{number}",
                sha256=hashlib.sha256(data).hexdigest(),
                size=len(data),
                media_type="image/jpeg",
            )
            for number, data in enumerate(self.attachments)
        )
        return Envelope(application=application, attachments=attachments)


@contextlib.contextmanager
def sealed(
    made: Provisioned, filing: Filing, body: bytes | None = None
) -> Iterator[tuple[int, int]]:
    """Seal a filing; offers descriptor and size."""
    submission = Submission(
        submission_id=filing.submission_id,
        body=filing.envelope().canonical() if body is None else body,
        attachments=filing.attachments,
        jurisdiction=filing.place,
    )
    fd, size = seal_to_memory_file(provider(made.provider), submission, made.public.recipients)
    try:
        yield fd, size
    finally:
        os.close(fd)


def submit(client: Client, made: Provisioned, filing: Filing, body: bytes | None = None) -> None:
    """Hand a filing over as a session does; it is durable when this returns."""
    with sealed(made, filing, body) as (fd, size):
        client.call(
            "submit",
            fds=(fd,),
            visit=filing.visit,
            submission_id=filing.submission_id,
            local_no=filing.local_no,
            thing="newborn",
            size=size,
        )


def session(run: Path) -> Client:
    """Connect as a session."""
    return Client(run / "agent.sock", "session", SECRETS.roles["session"])


def state_of(client: Client, filing: Filing, wait: float = 10.0) -> dict[str, object]:
    """Ask where a filing stands."""
    return client.call("state", visit=filing.visit, submission_id=filing.submission_id, wait=wait)


def setup(state: Path, run: Path, url: str, **more: object) -> Setup:
    """Return an agent's setup with short waits."""
    given = {"policy": FAST, "attempt_limit": 20.0, "reserve": 0, **more}
    return Setup(state_dir=state, run_dir=run, intake_url=url, secrets=SECRETS, **given)  # type: ignore[arg-type]


@contextlib.contextmanager
def agent_thread(state: Path, run: Path, url: str, **more: object) -> Iterator[Agent]:
    """Run an agent in a thread of this process."""
    agent = Agent(setup(state, run, url, **more))
    thread = threading.Thread(target=agent.run)
    thread.start()
    try:
        yield agent
    finally:
        agent.stop()
        thread.join(PATIENCE_S)
        assert not thread.is_alive()


@contextlib.contextmanager
def agent_process(state: Path, run: Path, url: str) -> Iterator[subprocess.Popen[bytes]]:
    """Run an agent in a process that can be killed."""
    command = [sys.executable, "-m", "tests.faults.terminal", str(state), str(run), url]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE) as process:
        try:
            assert process.stdin is not None
            process.stdin.write(SECRETS.line().encode())
            process.stdin.close()
            until(lambda: _serves(run))
            yield process
        finally:
            process.kill()


def _serves(run: Path) -> bool:
    try:
        Client(run / "agent.sock", "shell", SECRETS.roles["shell"]).close()
    except ChannelClosed:
        return False
    return True


def make(state: Path, name: str = "international") -> Provisioned:
    """Provision a terminal."""
    return provision(state, "T-0020", name)


if __name__ == "__main__":
    given = setup(Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3])
    Agent(replace(given, secrets=read_secrets(sys.stdin)[0])).run()
