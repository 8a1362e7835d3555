"""The international provider: Ed25519, SHA-256, HPKE over X25519, AES-256-GCM.

Sources of rule: RFC 8032 (Ed25519), FIPS 180-4 (SHA-256), RFC 9180 (HPKE, base mode,
DHKEM(X25519, HKDF-SHA256), HKDF-SHA256, AES-256-GCM), NIST SP 800-38D (GCM).
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature, InvalidTag, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hpke
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.types import PrivateKeyTypes
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from cryptography.utils import Buffer

from kiosk.crypto.errors import KeyFileError, SealedError
from kiosk.crypto.providers import key_id

_SUITE = hpke.Suite(hpke.KEM.X25519, hpke.KDF.HKDF_SHA256, hpke.AEAD.AES_256_GCM)
_DATA_KEY_SIZE = 32


@dataclass(frozen=True, kw_only=True, slots=True)
class Ed25519Key:
    """An Ed25519 private key in memory."""

    key_id: str
    public: bytes
    private: Ed25519PrivateKey

    def sign(self, message: bytes) -> bytes:
        """Return the 64-byte signature."""
        return self.private.sign(message)


@dataclass(frozen=True, kw_only=True, slots=True)
class X25519Key:
    """An X25519 private key in memory."""

    key_id: str
    public: bytes
    private: X25519PrivateKey

    def unwrap(self, wrapped: bytes, context: bytes) -> bytes:
        """Return the data key, or raise `SealedError`."""
        try:
            return _SUITE.decrypt(wrapped, self.private, info=context)
        except (InvalidTag, ValueError) as error:
            raise SealedError("the data key is not wrapped for this key") from error


class AesGcm:
    """AES-256-GCM under one data key."""

    def __init__(self, data_key: bytes) -> None:
        self._aead = AESGCM(data_key)

    def seal_into(self, nonce: bytes, plain: Buffer, bound: bytes, out: memoryview) -> None:
        """Write ciphertext and tag."""
        self._aead.encrypt_into(nonce, plain, bound, out)

    def open(self, nonce: bytes, sealed: Buffer, bound: bytes) -> bytes:
        """Return the plain bytes, or raise `SealedError`."""
        try:
            return self._aead.decrypt(nonce, sealed, bound)
        except InvalidTag as error:
            raise SealedError("a part was altered") from error


class International:
    """See the module's first lines."""

    name = "international"
    signature_algorithm = "Ed25519"

    def digest(self, parts: Iterable[Buffer]) -> bytes:
        """Return the SHA-256."""
        state = hashlib.sha256()
        for part in parts:
            state.update(part)
        return state.digest()

    def new_signing_key(self) -> bytes:
        """Make an Ed25519 key; returns PEM."""
        return _pem(Ed25519PrivateKey.generate())

    def load_signing_key(self, pem: bytes) -> Ed25519Key:
        """Read an Ed25519 key."""
        private = _load(pem)
        if not isinstance(private, Ed25519PrivateKey):
            raise KeyFileError("not an Ed25519 private key")
        public = private.public_key().public_bytes_raw()
        return Ed25519Key(key_id=self._name(public), public=public, private=private)

    def verify(self, public: bytes, message: bytes, signature: bytes) -> bool:
        """Say whether the signature holds."""
        try:
            Ed25519PublicKey.from_public_bytes(public).verify(signature, message)
        except (InvalidSignature, ValueError):
            return False
        return True

    def new_sealing_key(self) -> bytes:
        """Make an X25519 key; returns PEM."""
        return _pem(X25519PrivateKey.generate())

    def load_sealing_key(self, pem: bytes) -> X25519Key:
        """Read an X25519 key."""
        private = _load(pem)
        if not isinstance(private, X25519PrivateKey):
            raise KeyFileError("not an X25519 private key")
        public = private.public_key().public_bytes_raw()
        return X25519Key(key_id=self._name(public), public=public, private=private)

    def wrap(self, data_key: bytes, public: bytes, context: bytes) -> bytes:
        """Encrypt a data key by one-shot HPKE: encapsulated key, then ciphertext."""
        return _SUITE.encrypt(data_key, X25519PublicKey.from_public_bytes(public), info=context)

    def new_data_key(self) -> bytes:
        """Make 32 random bytes."""
        return os.urandom(_DATA_KEY_SIZE)

    def cipher(self, data_key: bytes) -> AesGcm:
        """Return AES-256-GCM under the key."""
        if len(data_key) != _DATA_KEY_SIZE:
            raise SealedError("a data key of another cipher")
        return AesGcm(data_key)

    def _name(self, public: bytes) -> str:
        return key_id(self.digest([public]))


def _pem(private: Ed25519PrivateKey | X25519PrivateKey) -> bytes:
    return private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def _load(pem: bytes) -> PrivateKeyTypes:
    try:
        return load_pem_private_key(pem, password=None)
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise KeyFileError("not a PKCS #8 private key") from error
