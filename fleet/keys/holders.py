"""Persons and their keys: ``<directory>/<person>/<role>.key``, one stick a person in the end."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from securesystemslib.signer import CryptoSigner, Key, SSlibKey

from fleet.errors import KeyRefused
from fleet.keys import sealed_file

PERSONAL: Final = ("root", "targets")
"""Roles whose keys belong to persons."""
ONLINE: Final = ("snapshot", "timestamp")
"""Roles whose keys lie on the publishing machine."""
_HOLDER: Final = "x-holder"
_PERSON: Final = re.compile(r"[a-z][a-z0-9-]{1,30}")


@dataclass(frozen=True, kw_only=True, slots=True)
class Holder:
    """A person whose keys are open: the newest first, of each role."""

    person: str
    signers: tuple[CryptoSigner, ...]

    def of(self, keyids: Iterator[str] | list[str]) -> Iterator[CryptoSigner]:
        """Yield the signers whose keys are among those of a role."""
        wanted = set(keyids)
        return (own for own in self.signers if own.public_key.keyid in wanted)


def make(
    directory: Path, person: str, role: str, passphrase: str, *, cost: int = 0
) -> CryptoSigner:
    """Make a person's key of a role; older ones stay, under a number.

    Raises:
        KeyRefused: the name is no name, or the passphrase too short.
    """
    if not _PERSON.fullmatch(person):
        raise KeyRefused(f"{person!r}: a person is named by small letters, digits and hyphens")
    key = Ed25519PrivateKey.generate()
    number = sum(1 for _ in (directory / person).glob(f"{role}*.key")) + 1
    name = f"{role}.key" if number == 1 else f"{role}-{number}.key"
    sealed_file.write(directory / person / name, key, passphrase, cost)
    return signer(key, person)


def opened(directory: Path, person: str, passphrase: str) -> Holder:
    """Open the keys of a person; those of before, under another passphrase, stay shut.

    Raises:
        KeyRefused: there is none, or the passphrase opens none.
    """
    files = sorted((directory / person).glob("*.key"))
    if not files:
        raise KeyRefused(f"{directory / person}: no keys of {person} are here")
    keys, refused = [], None
    for path in files:
        try:
            keys.append(sealed_file.read(path, passphrase))
        except KeyRefused as error:
            refused = error
    if not keys and refused is not None:
        raise refused
    return Holder(person=person, signers=tuple(signer(key, person) for key in keys))


def make_online(directory: Path) -> Mapping[str, CryptoSigner]:
    """Make the two keys of the publishing machine.

    Raises:
        KeyRefused: they are there already.
    """
    made = {}
    for role in ONLINE:
        own = CryptoSigner.generate_ed25519()
        sealed_file.put(directory / f"{role}.pem", own.private_bytes)
        made[role] = own
    return made


def online(directory: Path) -> Mapping[str, CryptoSigner]:
    """Return the signers of the publishing machine.

    Raises:
        KeyRefused: their files cannot be read.
    """
    try:
        keys = {
            role: load_pem_private_key((directory / f"{role}.pem").read_bytes(), None)
            for role in ONLINE
        }
    except (OSError, ValueError) as error:
        raise KeyRefused(f"{directory}: no publishing keys can be read ({error})") from error
    return {
        role: CryptoSigner(key) for role, key in keys.items() if isinstance(key, Ed25519PrivateKey)
    }


def signer(key: Ed25519PrivateKey, person: str) -> CryptoSigner:
    """Return a signer whose public key says whose it is."""
    bare = SSlibKey.from_crypto(key.public_key())
    told = SSlibKey(bare.keyid, bare.keytype, bare.scheme, bare.keyval, {_HOLDER: person})
    return CryptoSigner(key, told)


def holder_of(key: Key) -> str:
    """Return whose key it is; empty for those of the publishing machine."""
    return str(key.unrecognized_fields.get(_HOLDER, ""))
