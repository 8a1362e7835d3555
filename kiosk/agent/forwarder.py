"""One process, one entry: open it, sign it, hand it in, say how that went, end.

Theory of operation
-------------------
The fork server gives birth to a clean process; the sealed bytes come as a memory file,
the keys are read here from their files. The body is the canonical envelope; every
attachment must have the digest and size that the envelope says, or nothing is sent. The
envelope's bytes are signed and sent as they are. Materials go first, each under its own
digest and in pieces, then the application; after a failed attempt the application is tried
first, since its materials are probably there, and the intake says when they are not. It also
says how much of a material it has, so nothing is remembered here and nothing is sent twice.

Everything that went wrong is an outcome. What the intake answered is read by
`kiosk.gateway`; an answer about another filing is garbled, and garbled is tried again.
"""

from __future__ import annotations

import base64
import hashlib
import mmap
import os
from collections.abc import Sequence
from contextlib import closing, suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path

from kiosk.agent import wire
from kiosk.agent.delivery import Failed, Filed, Outcome, Turned, judge
from kiosk.agent.walls import raise_walls
from kiosk.channel.passing import PassedFile
from kiosk.crypto import CryptoError, SealedError, SealingKey, provider
from kiosk.crypto.keyring import read_sealing_key, read_signing_key, tls_key
from kiosk.crypto.sealed import Opened, SealedView
from kiosk.domain.envelope import Envelope, EnvelopeError, Signature
from kiosk.gateway import (
    Accepted,
    IntakeClient,
    IntakeGarbled,
    IntakeRefused,
    IntakeUnreachable,
    Refused,
    Running,
)
from kiosk.gateway.https import HttpsTransport
from kiosk.outbox import Numbers

UPLOAD_LIMIT = 60.0
"""Seconds for one exchange: a piece of a material over the poorest mobile line."""
MATERIAL_MISSING = "MATERIAL_MISSING"


@dataclass(frozen=True, kw_only=True, slots=True)
class Job:
    """What a forwarder is told.

    Attributes:
        submission_id: what must be inside.
        fingerprint: what the sealed bytes must have.
        terminal: the terminal's id.
        attempts: how often it was tried before.
        intake_url: base address of the intake's terminal API.
        keys: directory of the terminal's keys.
    """

    submission_id: str
    fingerprint: str
    terminal: str
    attempts: int
    intake_url: str
    keys: Path


@dataclass(frozen=True, kw_only=True, slots=True)
class Letter:
    """An opened entry, checked and signed; ``pages`` are the attachments' bytes."""

    data: bytes
    envelope: Envelope
    signature: Signature
    pages: tuple[bytes, ...]


class Unfit(Exception):
    """The entry is not what it must be; no repetition will change that."""


def forward(job: Job, file: PassedFile, pipe: Connection) -> None:
    """Be the forwarder of one entry (runs in a process of its own)."""
    raise_walls("kiosk-forwarder", parent=os.getppid())
    sealed = mmap.mmap(file.fd, 0, flags=mmap.MAP_PRIVATE, prot=mmap.PROT_READ)
    os.close(file.fd)
    try:
        outcome = deliver(job, SealedView(memoryview(sealed)))
    except SealedError:
        outcome = Turned(code="SEALED_DAMAGED")
    with suppress(BrokenPipeError):  # the agent died meanwhile; its next life asks again
        pipe.send_bytes(wire.encode(outcome))


def deliver(job: Job, view: SealedView) -> Outcome:
    """Open, sign and hand in; every end is an outcome.

    Raises:
        SealedError: the sealed bytes don't open.
    """
    try:
        key = read_sealing_key(job.keys, provider(view.provider), view.key_ids)
        letter = read_letter(job, view, key)
        transport = transport_of(job)
    except Unfit as error:
        return Turned(code=str(error))
    except SealedError:
        raise
    except CryptoError:
        return Failed(reason="keys_unusable")
    except ValueError:
        return Failed(reason="intake_address")
    with closing(transport):
        return hand_in(IntakeClient(transport), letter, again=job.attempts > 0)


def transport_of(job: Job) -> HttpsTransport:
    """Return the terminal's line to the intake.

    Raises:
        ValueError: it has no address.
        KeyFileError: the terminal's private key can't be used.
    """
    return HttpsTransport(
        job.intake_url,
        cert=job.keys / "terminal.crt",
        key=tls_key(job.keys),
        ca=job.keys / "ca.crt",
        time_limit=UPLOAD_LIMIT,
    )


def read_letter(job: Job, view: SealedView, key: SealingKey) -> Letter:
    """Open the entry with a key, hold it against what was promised, and sign it.

    Raises:
        Unfit: it is another entry, or its parts don't fit each other.
        CryptoError: a key can't be used, or the bytes don't open.
    """
    if view.fingerprint != job.fingerprint or view.submission_id != job.submission_id:
        raise Unfit("SEALED_FOREIGN")
    chosen = provider(view.provider)
    opened = view.open(key)
    data = opened.body()
    envelope = _envelope(data)
    if envelope.application.submission_id != job.submission_id:
        raise Unfit("SEALED_FOREIGN")
    pages = _attachments(envelope, opened)
    signing = read_signing_key(job.keys, chosen)
    signature = Signature(
        terminal=job.terminal,
        key_id=signing.key_id,
        algorithm=chosen.signature_algorithm,
        signature=base64.b64encode(signing.sign(data)).decode(),
    )
    return Letter(data=data, envelope=envelope, signature=signature, pages=pages)


def hand_in(intake: IntakeClient, letter: Letter, *, again: bool) -> Outcome:
    """Upload the materials and file the application, or find out that it is filed."""
    try:
        if again:
            outcome = _file(intake, letter)
            if outcome != _MISSING:
                return outcome
        for attachment, page in zip(letter.envelope.attachments, letter.pages, strict=True):
            intake.upload(attachment.sha256, page, attachment.media_type, untried=not again)
        return _file(intake, letter)
    except IntakeUnreachable as error:
        answers = error.reason.startswith("status_")
        return Failed(reason=error.reason, retry_after=error.retry_after, intake_answers=answers)
    except IntakeGarbled as error:
        return Failed(reason=f"garbled:{error.reason}", intake_answers=True)
    except IntakeRefused as error:
        return judge(error.problem.code, retryable=error.problem.retryable)


_MISSING = judge(MATERIAL_MISSING, retryable=True)


def _file(intake: IntakeClient, letter: Letter) -> Outcome:
    match intake.submit(letter.data, letter.signature):
        case Accepted() as accepted:
            return Filed(numbers=_numbers(accepted, letter))
        case Running(retry_after=seconds):
            return Failed(reason="running", retry_after=seconds, intake_answers=True)
        case Refused(problem=problem):
            return judge(problem.code, retryable=problem.retryable)


def _numbers(accepted: Accepted, letter: Letter) -> Numbers:
    return Numbers(
        application_no=accepted.application_no,
        items=tuple({"item": item, "no": no} for item, no in accepted.items),
        received_at=accepted.received_at,
        envelope_digest=hashlib.sha256(letter.data).hexdigest(),
    )


def _envelope(data: bytes) -> Envelope:
    try:
        return Envelope.parse(data)
    except EnvelopeError as error:
        raise Unfit("ENVELOPE_MALFORMED") from error


def _attachments(envelope: Envelope, opened: Opened) -> tuple[bytes, ...]:
    """Return all attachments, opened once; raise `Unfit` when they are not the envelope's."""
    sizes: Sequence[int] = opened.view.sizes[1:]
    if [one.size for one in envelope.attachments] != list(sizes):
        raise Unfit("ATTACHMENTS_DIFFER")
    pages = tuple(opened.attachment(index) for index in range(len(sizes)))
    for attachment, page in zip(envelope.attachments, pages, strict=True):
        if hashlib.sha256(page).hexdigest() != attachment.sha256:
            raise Unfit("ATTACHMENTS_DIFFER")
    return pages
