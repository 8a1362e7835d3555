"""One private key in one file, sealed by a passphrase.

The file is JSON: an Ed25519 key of 32 bytes under AES-256-GCM, the sealing key drawn from the
passphrase by scrypt (RFC 7914). Its cost stands in the file, so that it can grow with machines.
PKCS #8 as OpenSSL writes it draws with 2,048 rounds, which is too few for a stick that is lost.
"""

from __future__ import annotations

import base64
import json
import os
from pathlib import Path
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from fleet.errors import KeyRefused

COST: Final = 2**17
"""scrypt's n: 128 MiB and some 0.4 s a try."""
_SHORTEST: Final = 12
_FORMAT: Final = "yiduan-release-key/1"


def write(path: Path, key: Ed25519PrivateKey, passphrase: str, cost: int = 0) -> None:
    """Seal a key into a new file that only its owner reads; ``cost`` 0 is that of today.

    Raises:
        KeyRefused: the file is there already, or the passphrase is shorter than 12 characters.
    """
    if len(passphrase) < _SHORTEST:
        raise KeyRefused(f"a passphrase has at least {_SHORTEST} characters")
    cost = cost or COST
    salt, nonce = os.urandom(16), os.urandom(12)
    sealed = AESGCM(_drawn(passphrase, salt, cost)).encrypt(
        nonce, key.private_bytes_raw(), _FORMAT.encode()
    )
    told = {"format": _FORMAT, "cost": cost} | {
        name: base64.b64encode(value).decode()
        for name, value in (("salt", salt), ("nonce", nonce), ("sealed", sealed))
    }
    put(path, json.dumps(told, indent=1).encode() + b"\n")


def read(path: Path, passphrase: str) -> Ed25519PrivateKey:
    """Open a file.

    Raises:
        KeyRefused: it cannot be read, is none of ours, or the passphrase is another.
    """
    try:
        told = json.loads(path.read_bytes())
        salt, nonce, sealed = (base64.b64decode(told[name]) for name in ("salt", "nonce", "sealed"))
        opened = AESGCM(_drawn(passphrase, salt, int(told["cost"]))).decrypt(
            nonce, sealed, str(told["format"]).encode()
        )
        return Ed25519PrivateKey.from_private_bytes(opened)
    except InvalidTag as error:
        raise KeyRefused(f"{path}: the passphrase does not open it") from error
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise KeyRefused(f"{path}: no key can be read here ({error})") from error


def put(path: Path, data: bytes) -> None:
    """Write a new file that only its owner reads, down to the disk.

    Raises:
        KeyRefused: it is there already: a key is never overwritten.
    """
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError as error:
        raise KeyRefused(f"{path} is there already; a key is never overwritten") from error
    with os.fdopen(descriptor, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def _drawn(passphrase: str, salt: bytes, cost: int) -> bytes:
    return Scrypt(salt=salt, length=32, n=cost, r=8, p=1).derive(passphrase.encode())
