"""What a cryptographic provider must be able to do.

Private keys are objects, not bytes, so that one which never leaves a certified card can
stand in their place. Public keys are raw bytes: Ed25519 and X25519 32 bytes (RFC 8032,
RFC 7748), SM2 65 bytes ``04 ‖ x ‖ y`` (GB/T 32918.1). Private keys rest in PKCS #8 PEM.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

from cryptography.utils import Buffer

TAG_SIZE = 16
"""Bytes of authentication tag that both ciphers append."""
NONCE_SIZE = 12
"""Bytes of nonce that both ciphers take."""


class SigningKey(Protocol):
    """A private key that signs."""

    @property
    def key_id(self) -> str:
        """First 16 hexadecimal digits of the public key's digest."""

    @property
    def public(self) -> bytes:
        """Raw public key."""

    def sign(self, message: bytes) -> bytes:
        """Return the signature over the whole message."""


class SealingKey(Protocol):
    """A private key that unwraps data keys."""

    @property
    def key_id(self) -> str:
        """First 16 hexadecimal digits of the public key's digest."""

    @property
    def public(self) -> bytes:
        """Raw public key."""

    def unwrap(self, wrapped: bytes, context: bytes) -> bytes:
        """Return the data key; raise `SealedError` when it was not wrapped for this key."""


class PartCipher(Protocol):
    """An authenticated cipher under one data key."""

    def seal_into(self, nonce: bytes, plain: Buffer, bound: bytes, out: memoryview) -> None:
        """Write ciphertext and tag; ``out`` is exactly as long as both."""

    def open(self, nonce: bytes, sealed: Buffer, bound: bytes) -> bytes:
        """Return the plain bytes; raise `SealedError` when the tag does not hold."""


class Provider(Protocol):
    """One family of algorithms."""

    @property
    def name(self) -> str:
        """``international`` or ``national``."""

    @property
    def signature_algorithm(self) -> str:
        """The algorithm's name as it stands in a signed envelope."""

    def digest(self, parts: Iterable[Buffer]) -> bytes:
        """Return the 32-byte digest of the parts, one after the other."""

    def new_signing_key(self) -> bytes:
        """Make a signing key; returns PEM."""

    def load_signing_key(self, pem: bytes) -> SigningKey:
        """Read a signing key; raise `KeyFileError` when it is none of this provider's."""

    def verify(self, public: bytes, message: bytes, signature: bytes) -> bool:
        """Say whether the signature is this key's over this message; never raises."""

    def new_sealing_key(self) -> bytes:
        """Make a sealing key; returns PEM."""

    def load_sealing_key(self, pem: bytes) -> SealingKey:
        """Read a sealing key; raise `KeyFileError` when it is none of this provider's."""

    def wrap(self, data_key: bytes, public: bytes, context: bytes) -> bytes:
        """Encrypt a data key to a public sealing key."""

    def new_data_key(self) -> bytes:
        """Make a fresh data key of the cipher's size."""

    def cipher(self, data_key: bytes) -> PartCipher:
        """Return the cipher under a data key."""


@dataclass(frozen=True, kw_only=True, slots=True)
class PublicSealingKey:
    """Somebody who can open what is sealed.

    Attributes:
        holder: ``agent`` or ``recovery``.
        key_id: first 16 hexadecimal digits of the public key's digest.
        public: raw public key.
    """

    holder: str
    key_id: str
    public: bytes


def key_id(digest: bytes) -> str:
    """Return a key's name from the digest of its public bytes."""
    return digest[:8].hex()
