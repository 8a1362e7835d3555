"""The national provider: SM2 signatures and key encryption, SM3, SM4-GCM.

Sources of rule: GB/T 32918.2 and .4 (SM2; signer identity and DER form by GM/T 0009),
GB/T 32905 (SM3), GB/T 32907 (SM4), RFC 8998 (SM4-GCM).

SM2 comes from gmssl-pyx, whose C code prints to standard error when it is given what it
cannot use; so lengths and curve points are checked here first. SM3 and SM4 come from
OpenSSL by ``cryptography``. SM2 encryption binds no context: the header that names the
recipients is bound by every part instead (`kiosk.crypto.sealed`).
"""

from __future__ import annotations

import base64
import binascii
import os
from collections.abc import Iterable
from dataclasses import dataclass

import gmssl_pyx
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.utils import Buffer

from kiosk.crypto.errors import KeyFileError, SealedError
from kiosk.crypto.providers import TAG_SIZE, key_id

SIGNER_ID = b"1234567812345678"
"""The default signer identity of GM/T 0009."""
_DATA_KEY_SIZE = 16
_POINT = b"\x04"
_PEM_BEGIN = b"-----BEGIN PRIVATE KEY-----\n"
_PEM_END = b"-----END PRIVATE KEY-----\n"
# PKCS #8 around a 32-byte private number and a 65-byte point on curve 1.2.156.10197.1.301;
# all lengths are fixed, so the DER is two constant runs.
_DER_HEAD = bytes.fromhex(
    "308187020100301306072a8648ce3d020106082a811ccf5501822d046d306b0201010420"
)
_DER_MIDDLE = bytes.fromhex("a144034200")
_SIGNATURE_SIZES = range(8, 73)
_WRAPPED_SIZES = range(100, 256)


@dataclass(frozen=True, kw_only=True, slots=True)
class Sm2Key:
    """An SM2 private key in memory; signs, and unwraps data keys."""

    key_id: str
    public: bytes
    private: bytes

    def sign(self, message: bytes) -> bytes:
        """Return the signature, DER (r, s)."""
        signature: bytes = gmssl_pyx.sm2_sign(self.private, self.public[1:], message, SIGNER_ID)
        return signature

    def unwrap(self, wrapped: bytes, context: bytes) -> bytes:  # noqa: ARG002 - see module
        """Return the data key, or raise `SealedError`."""
        if len(wrapped) not in _WRAPPED_SIZES:
            raise SealedError("the data key is not wrapped for this key")
        try:
            data_key: bytes = gmssl_pyx.sm2_decrypt(self.private, wrapped)
        except (gmssl_pyx.GmsslInnerError, gmssl_pyx.InvalidValueError) as error:
            raise SealedError("the data key is not wrapped for this key") from error
        return data_key


class Sm4Gcm:
    """SM4-GCM under one data key."""

    def __init__(self, data_key: bytes) -> None:
        self._algorithm = algorithms.SM4(data_key)

    def seal_into(self, nonce: bytes, plain: Buffer, bound: bytes, out: memoryview) -> None:
        """Write ciphertext and tag."""
        context = Cipher(self._algorithm, modes.GCM(nonce)).encryptor()
        context.authenticate_additional_data(bound)
        context.update_into(plain, out)
        context.finalize()
        out[-TAG_SIZE:] = context.tag

    def open(self, nonce: bytes, sealed: Buffer, bound: bytes) -> bytes:
        """Return the plain bytes, or raise `SealedError`."""
        view = memoryview(sealed)
        tag = bytes(view[-TAG_SIZE:])
        context = Cipher(self._algorithm, modes.GCM(nonce, tag)).decryptor()
        context.authenticate_additional_data(bound)
        plain = context.update(view[:-TAG_SIZE])
        try:
            return plain + context.finalize()
        except InvalidTag as error:
            raise SealedError("a part was altered") from error


class National:
    """See the module's first lines."""

    name = "national"
    signature_algorithm = "SM2-SM3"

    def digest(self, parts: Iterable[Buffer]) -> bytes:
        """Return the SM3 digest."""
        state = hashes.Hash(hashes.SM3())
        for part in parts:
            state.update(part)
        return state.finalize()

    def new_signing_key(self) -> bytes:
        """Make an SM2 key; returns PEM."""
        return _new_pem()

    def load_signing_key(self, pem: bytes) -> Sm2Key:
        """Read an SM2 key."""
        return self._load(pem)

    def verify(self, public: bytes, message: bytes, signature: bytes) -> bool:
        """Say whether the signature holds."""
        if len(signature) not in _SIGNATURE_SIZES:
            return False
        try:
            return bool(gmssl_pyx.sm2_verify(_point(public), message, signature, SIGNER_ID))
        except (gmssl_pyx.GmsslInnerError, gmssl_pyx.InvalidValueError):
            return False

    def new_sealing_key(self) -> bytes:
        """Make an SM2 key; returns PEM."""
        return _new_pem()

    def load_sealing_key(self, pem: bytes) -> Sm2Key:
        """Read an SM2 key."""
        return self._load(pem)

    def wrap(self, data_key: bytes, public: bytes, context: bytes) -> bytes:  # noqa: ARG002 - see module
        """Encrypt a data key by SM2; DER (x, y, C3, C2)."""
        wrapped: bytes = gmssl_pyx.sm2_encrypt(_point(public), data_key)
        return wrapped

    def new_data_key(self) -> bytes:
        """Make 16 random bytes."""
        return os.urandom(_DATA_KEY_SIZE)

    def cipher(self, data_key: bytes) -> Sm4Gcm:
        """Return SM4-GCM under the key."""
        if len(data_key) != _DATA_KEY_SIZE:
            raise SealedError("a data key of another cipher")
        return Sm4Gcm(data_key)

    def _load(self, pem: bytes) -> Sm2Key:
        private, public = _parse_pem(pem)
        return Sm2Key(key_id=key_id(self.digest([public])), public=public, private=private)


def _point(public: bytes) -> bytes:
    """Return x ‖ y of a public key that lies on the curve."""
    point: bytes = gmssl_pyx.normalize_sm2_public_key(public)
    return point


def _new_pem() -> bytes:
    point, private = gmssl_pyx.sm2_key_generate()
    return _PEM_BEGIN + _base64_lines(_DER_HEAD + private + _DER_MIDDLE + _POINT + point) + _PEM_END


def _base64_lines(der: bytes) -> bytes:
    text = base64.b64encode(der)
    return b"".join(text[start : start + 64] + b"\n" for start in range(0, len(text), 64))


def _parse_pem(pem: bytes) -> tuple[bytes, bytes]:
    """Return the private number and the public point."""
    if not (pem.startswith(_PEM_BEGIN) and pem.endswith(_PEM_END)):
        raise KeyFileError("not a PKCS #8 private key")
    try:
        der = base64.b64decode(pem[len(_PEM_BEGIN) : -len(_PEM_END)], validate=False)
    except binascii.Error as error:
        raise KeyFileError("not a PKCS #8 private key") from error
    head, rest = der[: len(_DER_HEAD)], der[len(_DER_HEAD) :]
    private, middle, public = rest[:32], rest[32 : 32 + len(_DER_MIDDLE)], rest[37:]
    if head != _DER_HEAD or middle != _DER_MIDDLE:
        raise KeyFileError("not an SM2 private key")
    try:
        _point(public)
    except gmssl_pyx.InvalidValueError as error:
        raise KeyFileError("its public point is not on the curve") from error
    return private, public
