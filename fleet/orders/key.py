"""The console's key for commands; terminals are given its public half with their enrolment."""

from __future__ import annotations

import base64
import json
from collections.abc import Collection
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
from kiosk.status.command import Kind, key_id

FILE: Final = "command.pem"


def command_key(directory: Path) -> Ed25519PrivateKey:
    """Return the key of this console; made on first need, mode 0600.

    Raises:
        KeyRefused: the file is there and no such key.
        OSError: it can't be read or made.
    """
    path = directory / FILE
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


def public_file(key: Ed25519PrivateKey, kinds: Collection[Kind] = tuple(Kind)) -> bytes:
    """Return what a terminal keeps as ``command-keys.json``."""
    public = key.public_key()
    told = {
        "public": base64.b64encode(public.public_bytes_raw()).decode(),
        "kinds": sorted(kind.value for kind in kinds),
    }
    return json.dumps({key_id(public): told}, indent=1).encode()
