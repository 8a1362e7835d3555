"""A head of the log that leaves the terminal, signed: what an auditor holds the log against.

::

    {"body": "<the bytes below>", "signature": "<base64>", "certificate": "<PEM>", "sent": …}
    {"form": "yiduan audit head 1", "terminal": …, "sequence": …, "digest": …, "first": …,
     "origin": …, "before": {"sequence": …, "digest": …}, "at": …, "run_s": …}

The signature is over the body's bytes as they were sent, by the key of the terminal's certificate:
ECDSA over P-256 with SHA-256, or Ed25519 where the certificate has such a key. ``form`` stands in
the body, so that no signature made for something else is taken for a head. ``sent`` is not signed:
it is the clock when the letter left, which may be days after it was written.

A chain of hashes has no short proof that a later head follows from an earlier one. ``before`` is
what the log says *now* of the line that was told last: a log that was written anew says it
otherwise. ``origin`` is the hash of the first line that is kept: it tells a log that was cut from
one that began anew.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated, Final, Literal

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from cryptography.hazmat.primitives.serialization import Encoding, load_pem_private_key
from cryptography.x509.oid import NameOID
from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from kiosk.status.state import Instant, Name
from standards import canonical

FORM: Final = "yiduan audit head 1"
LIMIT: Final = 8192
"""Most bytes of a letter: twice what a certificate of ours and a body take."""

Digest = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
Sequence53 = Annotated[int, Field(ge=1, le=2**53)]


class HeadRefused(Exception):
    """A letter is not believed.

    ``why`` is ``malformed``, ``untrusted`` (a certificate of another authority or out of its
    time), ``bad_signature`` or ``other_terminal``.
    """

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class Told(_Part):
    """A line of the log by its number, and its hash."""

    sequence: Sequence53
    digest: Digest


class SignedHead(_Part):
    """How far a terminal's log reaches."""

    form: Literal["yiduan audit head 1"] = FORM
    terminal: Name
    sequence: Sequence53
    """Number of the last line."""
    digest: Digest
    first: Sequence53
    """Number of the first line that is kept."""
    origin: Digest
    """Hash of that line."""
    before: Told | None = None
    """The line that was told last, as the log has it now; none when it has no such line."""
    at: Instant
    run_s: Annotated[int, Field(ge=0, le=2**40)]
    """Seconds for which the agent had run by then, by a clock that can't be set."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Letter:
    """A head with what proves whose it is; ``body`` are the bytes that were signed."""

    body: str
    signature: str
    certificate: str

    def to_bytes(self, sent: datetime) -> bytes:
        """Return what is sent."""
        told = {**self.as_object(), "sent": instant(sent)}
        return json.dumps(told, ensure_ascii=False).encode()

    def as_object(self) -> dict[str, str]:
        """Return it as JSON data."""
        return {
            "body": self.body,
            "signature": self.signature,
            "certificate": self.certificate,
        }

    @classmethod
    def of(cls, told: object) -> Letter:
        """Read such data; raises `HeadRefused`."""
        if not isinstance(told, dict):
            raise HeadRefused("malformed")
        parts = [told.get(name) for name in ("body", "signature", "certificate")]
        if not all(isinstance(part, str) for part in parts):
            raise HeadRefused("malformed")
        return cls(body=told["body"], signature=told["signature"], certificate=told["certificate"])


@dataclass(frozen=True, kw_only=True, slots=True)
class Believed:
    """A letter whose signature holds.

    Attributes:
        head: what it says.
        letter: the proof.
        key: SHA-256 of the certificate, hexadecimal.
        certified_from: when the certificate begins.
        sent: the terminal's clock when it left; none when the letter was kept since.
    """

    head: SignedHead
    letter: Letter
    key: str
    certified_from: datetime
    sent: datetime | None = None


def sign(head: SignedHead, key: bytes, certificate: bytes) -> Letter:
    """Sign a head with a terminal's private key (PEM) under its certificate (PEM).

    Raises:
        ValueError: the key can't be used.
    """
    body = canonical.dumps(head.model_dump(mode="json", exclude_none=True))
    own = load_pem_private_key(key, password=None)
    if isinstance(own, ec.EllipticCurvePrivateKey):
        signature = own.sign(body, ec.ECDSA(hashes.SHA256()))
    elif isinstance(own, ed25519.Ed25519PrivateKey):
        signature = own.sign(body)
    else:
        raise ValueError(f"a key of {type(own).__name__} signs no heads")  # noqa: TRY004
    return Letter(
        body=body.decode(),
        signature=base64.b64encode(signature).decode(),
        certificate=certificate.decode("ascii"),
    )


def received(data: bytes, authority: Sequence[x509.Certificate], now: datetime) -> Believed:
    """Read what came from a terminal.

    Raises:
        HeadRefused: it is not believed.
    """
    if len(data) > LIMIT:
        raise HeadRefused("malformed")
    try:
        told = json.loads(data)
    except (ValueError, RecursionError):
        raise HeadRefused("malformed") from None
    letter = Letter.of(told)
    try:
        sent = datetime.fromisoformat(str(told["sent"]))
    except (ValueError, LookupError):
        raise HeadRefused("malformed") from None
    if sent.tzinfo is None:
        raise HeadRefused("malformed")
    return believed(letter, authority, now, sent=sent)


def believed(
    letter: Letter,
    authority: Sequence[x509.Certificate] | None,
    now: datetime,
    *,
    sent: datetime | None = None,
) -> Believed:
    """Check a letter's certificate and signature.

    Args:
        letter: what is checked.
        authority: certificates of whoever certifies terminals; none: whoever made this one.
        now: the certificate is good now, or was when the head was made.
        sent: passed on.

    Raises:
        HeadRefused: it is not believed.
    """
    certificate = _certificate(letter.certificate)
    if authority is not None and not any(_issued(certificate, one) for one in authority):
        raise HeadRefused("untrusted")
    _check_signature(certificate, letter)
    head, at = _head(letter.body)
    names = certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
    if [one.value for one in names] != [head.terminal]:
        raise HeadRefused("other_terminal")
    begins, ends = certificate.not_valid_before_utc, certificate.not_valid_after_utc
    if not any(begins <= moment <= ends for moment in (now, at)):
        raise HeadRefused("untrusted")
    digest = hashlib.sha256(certificate.public_bytes(Encoding.DER)).hexdigest()
    return Believed(head=head, letter=letter, key=digest, certified_from=begins, sent=sent)


def instant(at: datetime) -> str:
    """Return a moment as heads write it, UTC to the second."""
    return f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def _head(body: str) -> tuple[SignedHead, datetime]:
    """Return what a body says, and its time; the pattern lets a thirteenth month through."""
    try:
        head = SignedHead.model_validate_json(body)
        return head, datetime.fromisoformat(head.at)
    except ValueError:
        raise HeadRefused("malformed") from None


def _certificate(pem: str) -> x509.Certificate:
    try:
        return x509.load_pem_x509_certificate(pem.encode())
    except ValueError:
        raise HeadRefused("malformed") from None


def _issued(certificate: x509.Certificate, issuer: x509.Certificate) -> bool:
    try:
        certificate.verify_directly_issued_by(issuer)
    except (ValueError, TypeError, InvalidSignature):
        return False
    return True


def _check_signature(certificate: x509.Certificate, letter: Letter) -> None:
    try:
        key = certificate.public_key()
        signature = base64.b64decode(letter.signature, validate=True)
        if isinstance(key, ec.EllipticCurvePublicKey):
            key.verify(signature, letter.body.encode(), ec.ECDSA(hashes.SHA256()))
        elif isinstance(key, ed25519.Ed25519PublicKey):
            key.verify(signature, letter.body.encode())
        else:
            raise HeadRefused("untrusted")
    except (InvalidSignature, ValueError, UnsupportedAlgorithm, binascii.Error):
        raise HeadRefused("bad_signature") from None
