"""The host's signature under an identity reading.

The intake gives a person's data only for a person who was really at a terminal.  So the device
host, and not the session that talks to the citizen, states: in this visit, at this terminal, at
this time, a card with this number was read.  The statement holds a hash of the number with the
visit in front, so that it can be checked against a number but not turned back into one.

A statement is canonical JSON (RFC 8785), its signature plain Ed25519 (RFC 8032) over those bytes.
The private key is read by the host alone; workers and sessions never have it.
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Self

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from standards import canonical
from standards.errors import CanonicalError

METHOD = "id_card"

Evidence = dict[str, str]


class EvidenceKeyError(Exception):
    """The key file is missing or holds no Ed25519 private key."""


def id_hash(visit: str, id_no: str) -> str:
    """Return the hex SHA-256 of "visit:number", in UTF-8."""
    return hashlib.sha256(f"{visit}:{id_no}".encode()).hexdigest()


def verify(evidence: Evidence, signature: bytes, key: Ed25519PublicKey) -> bool:
    """Say whether the signature is that key's, over that evidence."""
    try:
        key.verify(signature, canonical.dumps(evidence))
    except (InvalidSignature, CanonicalError):
        return False
    return True


@dataclass(frozen=True, kw_only=True, slots=True)
class EvidenceSigner:
    """Signs readings for one terminal."""

    terminal: str
    key: Ed25519PrivateKey

    @classmethod
    def load(cls, path: Path, terminal: str) -> Self:
        """Read the key from an unencrypted PEM file.

        Raises:
            EvidenceKeyError: there is no such file, or no such key in it.
        """
        try:
            key = load_pem_private_key(path.read_bytes(), password=None)
        except (OSError, ValueError, TypeError) as error:
            raise EvidenceKeyError(f"{path}: cannot read a private key: {error}") from error
        if not isinstance(key, Ed25519PrivateKey):
            raise EvidenceKeyError(f"{path}: not an Ed25519 private key")
        return cls(terminal=terminal, key=key)

    def sign(self, visit: str, id_no: str, at: datetime | None = None) -> tuple[Evidence, bytes]:
        """Return the evidence of a reading and its signature; ``at`` is now unless given."""
        moment = (at or datetime.now(UTC)).astimezone(UTC)
        evidence = {
            "visit": visit,
            "terminal": self.terminal,
            "id_hash": id_hash(visit, id_no),
            "time": moment.strftime("%Y-%m-%dT%H:%M:%SZ"),
            "method": METHOD,
            "nonce": secrets.token_hex(16),
        }
        return evidence, self.key.sign(canonical.dumps(evidence))
