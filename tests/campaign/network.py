"""Campaign 4: the network fails at every byte and at every message, before and after the act.

Real TLS over a real socket to an intake that files for real. Two ways:

* `tests.campaign.cutting_line` cuts, stills or swallows the line after *n* bytes of either
  direction, *n* walking through handshake, pieces, application and answers;
* between client and socket each message in turn is cut before or after the intake acted,
  delivered twice, delivered late (after the sender gave it up and went on: out of order),
  or answered with a truncated body.

After the fault the line is good again. Must hold: within a few attempts the application is
filed, once, with the bytes that were signed and every material.
"""

from __future__ import annotations

import contextlib
import random
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from kiosk.agent.delivery import Filed
from kiosk.agent.forwarder import Job, Letter, hand_in, read_letter
from kiosk.crypto import provider
from kiosk.crypto.keyring import read_sealing_key
from kiosk.crypto.provision import Provisioned
from kiosk.crypto.sealed import SealedView, Submission, seal
from kiosk.gateway import IntakeClient, IntakeGarbled, IntakeUnreachable, Reply, Transport
from kiosk.gateway.https import HttpsTransport
from kiosk.gateway.transport import Json
from tests.campaign.cutting_line import Cut, CuttingLine, Plan
from tests.campaign.intake_model import Fault, Headers
from tests.campaign.verdict import Stopwatch, Verdict
from tests.faults.stub_intake import StubIntake
from tests.faults.terminal import Filing, make

ATTEMPTS = 6
PATIENCE = 1.0
"""Seconds for one exchange; what is stilled costs that long."""
MESSAGE_FAULTS = (Fault.BEFORE, Fault.AFTER, Fault.TWICE, Fault.LATE, Fault.GARBLED)
PAGE = 300_000


@dataclass(slots=True)
class Mishap:
    """A transport at whose ``nth`` message something happens.

    Attributes:
        line: the real one.
        fault: what happens.
        nth: to which message, from 1.
        sent: messages so far.
        late: a message that arrives when the next one was answered.
    """

    line: Transport
    fault: Fault = Fault.NONE
    nth: int = 0
    sent: int = 0
    late: tuple[str, str, Json | bytes | None, Headers] | None = None

    def request(
        self, method: str, path: str, body: Json | bytes | None = None, *, headers: Headers = None
    ) -> Reply:
        """Let a message through, or not."""
        self.sent += 1
        if self.sent == self.nth:
            return self._befall(method, path, body, headers)
        reply = self.line.request(method, path, body, headers=headers)
        if self.late is not None:
            late, self.late = self.late, None
            self.line.request(*late[:3], headers=late[3])
        return reply

    def _befall(self, method: str, path: str, body: Json | bytes | None, headers: Headers) -> Reply:
        if self.fault is Fault.BEFORE:
            raise IntakeUnreachable("no_connection")
        if self.fault is Fault.LATE:
            self.late = (method, path, body, headers)
            raise IntakeUnreachable("too_slow")
        self.line.request(method, path, body, headers=headers)
        if self.fault is Fault.AFTER:
            raise IntakeUnreachable("no_connection")
        if self.fault is Fault.GARBLED:
            raise IntakeGarbled("broken_off")
        return self.line.request(method, path, body, headers=headers)


@dataclass(frozen=True, kw_only=True, slots=True)
class Scene:
    """One terminal, one intake, and the line between them."""

    made: Provisioned
    intake: StubIntake
    line: CuttingLine

    def letter(self, filing: Filing) -> Letter:
        """Seal a filing and open it as a forwarder does."""
        chosen = provider(self.made.provider)
        body = filing.envelope().canonical()
        submission = Submission(
            submission_id=filing.submission_id, body=body, attachments=filing.attachments
        )
        view = SealedView(
            memoryview(b"".join(seal(chosen, submission, self.made.public.recipients)))
        )
        job = Job(
            submission_id=filing.submission_id,
            fingerprint=view.fingerprint,
            terminal=self.made.terminal,
            attempts=0,
            intake_url=self.line.url,
            keys=self.made.keys,
        )
        return read_letter(job, view, read_sealing_key(self.made.keys, chosen))

    @contextlib.contextmanager
    def transport(self) -> Iterator[HttpsTransport]:
        """Offer a connection of its own."""
        keys = self.made.keys
        line = HttpsTransport(
            self.line.url,
            cert=keys / "terminal.crt",
            key=keys / "terminal.pem",
            ca=keys / "ca.crt",
            time_limit=PATIENCE,
        )
        with contextlib.closing(line):
            yield line


def network(verdict: Verdict, *, points: int, lot: random.Random) -> None:
    """Cut at ``points`` bytes of the line, and at every message in every way."""
    with Stopwatch(verdict), _scene() as scene:
        messages = _deliver(scene, Fault.NONE, 0, verdict, "undisturbed")
        up, down = scene.line.longest
        for fault in MESSAGE_FAULTS:
            for nth in range(1, messages + 1):
                _deliver(scene, fault, nth, verdict, f"message {nth} {fault}")
        for _ in range(points):
            way = lot.random() < 0.5
            cut = lot.choice(list(Cut))
            after = lot.randrange(up if way else down)
            scene.line.plans = [Plan(cut=cut, up=way, after=after)]
            way_word = "up" if way else "down"
            _deliver(scene, Fault.NONE, 0, verdict, f"{cut} after {after} bytes {way_word}")
            scene.line.plans = []
            scene.line.drop()
        verdict.counts["cuts"] += scene.line.cuts


def _deliver(scene: Scene, fault: Fault, nth: int, verdict: Verdict, name: str) -> int:
    """Deliver one filing through a fault; returns how many messages the first attempt took."""
    filing = Filing(attachments=(random.randbytes(PAGE), random.randbytes(900)))  # noqa: S311 - content
    letter = scene.letter(filing)
    verdict.counts["deliveries"] += 1
    first = 0
    for attempt in range(ATTEMPTS):
        with scene.transport() as line:
            mishap = Mishap(line, fault, nth if attempt == 0 else 0)
            with contextlib.suppress(IntakeUnreachable, IntakeGarbled):  # what came late
                outcome = hand_in(IntakeClient(mishap), letter, again=attempt > 0)
            first = first or mishap.sent
        verdict.counts["attempts"] += 1
        if isinstance(outcome, Filed):
            break
    else:
        verdict.blame(f"{name}: not filed in {ATTEMPTS} attempts: {outcome}")
        return first
    kept = scene.intake.filed.get(filing.submission_id)
    if kept != letter.data:
        verdict.blame(f"{name}: other bytes were filed")
    if outcome.numbers.application_no != scene.intake.numbers[filing.submission_id]:
        verdict.blame(f"{name}: another's number")
    if not set(filing.attachments) <= set(scene.intake.materials.values()):
        verdict.blame(f"{name}: a material is missing")
    return first


@contextlib.contextmanager
def _scene() -> Iterator[Scene]:
    with tempfile.TemporaryDirectory(prefix="network-") as directory:
        state = Path(directory) / "state"
        made = make(state)
        intake = StubIntake(state)
        line = CuttingLine(intake.port)
        try:
            yield Scene(made=made, intake=intake, line=line)
        finally:
            line.close()
            intake.close()
