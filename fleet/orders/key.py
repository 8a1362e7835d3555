"""The console's key for commands; terminals are given its public half with their enrolment."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)

from fleet.errors import KeyRefused
from kiosk.crypto.provision import write_private

FILE: Final = "command.pem"


def command_key(directory: Path, name: str = FILE) -> Ed25519PrivateKey:
    """Return the key of this console; made on first need, mode 0600.

    Raises:
        KeyRefused: the file is there and no such key.
        OSError: it can't be read or made.
    """
    path = directory / name
    if not path.exists():
        directory.mkdir(parents=True, exist_ok=True, mode=0o700)
        made = Ed25519PrivateKey.generate()
        write_private(path, made.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    try:
        key = load_pem_private_key(path.read_bytes(), password=None)
    except (ValueError, TypeError) as error:
        raise KeyRefused(f"{path} is no key: restore it from the backup") from error
    if not isinstance(key, Ed25519PrivateKey):
        raise KeyRefused(f"{path} is a key of another kind: restore it from the backup")
    return key
