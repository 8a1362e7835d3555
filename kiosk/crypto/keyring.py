"""Reading the key files of a terminal: from systemd's credentials, or from its keys directory.

A private key may come from the service manager, decrypted for this one unit (systemd.exec(5),
``LoadCredentialEncrypted=``): a file of its name in ``$CREDENTIALS_DIRECTORY`` goes before the one
in the keys directory. A private file that others may read is refused, whatever is in it: a key
that somebody has copied is no identity. systemd lends a credential by an access list, whose mask
stands in the group's bits, so those say nothing there.

Sealing keys outlive their rotation: a former one stays in ``former/``, under its own id, until
nothing that waits needs it.
"""

from __future__ import annotations

import base64
import json
import os
import stat
import time
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path

from kiosk.crypto.errors import KeyFileError
from kiosk.crypto.providers import Provider, PublicSealingKey, SealingKey, SigningKey
from kiosk.crypto.registry import provider

CREDENTIALS = "CREDENTIALS_DIRECTORY"
PUBLIC_FILE = "sealing-public.json"
SIGNING_FILE = "agent-signing.pem"
SEALING_FILE = "agent-sealing.key"
TLS_KEY_FILE = "terminal.pem"
FORMER = "former"
FORMER_SUFFIX = ".key"
_OTHERS, _WORLD = 0o077, 0o007


@dataclass(frozen=True, kw_only=True, slots=True)
class PublicKeys:
    """All that a session is told about keys: the provider and who can open.

    Attributes:
        terminal: the terminal's id.
        provider: name of the crypto provider.
        recipients: the agent's and the recovery key.
    """

    terminal: str
    provider: str
    recipients: tuple[PublicSealingKey, ...]

    def to_json(self) -> dict[str, object]:
        """Return the object that stands in ``sealing-public.json``."""
        return {
            "terminal": self.terminal,
            "provider": self.provider,
            "keys": [
                {
                    "holder": key.holder,
                    "key_id": key.key_id,
                    "public": base64.b64encode(key.public).decode(),
                }
                for key in self.recipients
            ],
        }

    @classmethod
    def from_json(cls, given: Mapping[str, object]) -> PublicKeys:
        """Read such an object; every key's id is checked against its bytes.

        Raises:
            KeyFileError: it is not such an object.
        """
        keys = given.get("keys")
        name, terminal = given.get("provider"), given.get("terminal")
        if not isinstance(keys, list) or not keys or not isinstance(name, str):
            raise KeyFileError("public keys: not as documented")
        if not isinstance(terminal, str):
            raise KeyFileError("public keys: no terminal")
        chosen = provider(name)
        recipients = tuple(_recipient(chosen, key) for key in keys)
        return cls(terminal=terminal, provider=name, recipients=recipients)

    @classmethod
    def read(cls, keys_dir: Path) -> PublicKeys:
        """Read ``sealing-public.json``; raise `KeyFileError` when it can't be used."""
        try:
            given = json.loads(_bytes(keys_dir / PUBLIC_FILE))
        except ValueError as error:
            raise KeyFileError(f"{PUBLIC_FILE}: not JSON") from error
        if not isinstance(given, dict):
            raise KeyFileError(f"{PUBLIC_FILE}: not an object")
        return cls.from_json(given)


def read_signing_key(keys_dir: Path, chosen: Provider) -> SigningKey:
    """Read the terminal's signing key; raise `KeyFileError` when it can't be used."""
    return chosen.load_signing_key(read_private(private_path(keys_dir, SIGNING_FILE)))


def read_sealing_key(keys_dir: Path, chosen: Provider, wanted: Collection[str] = ()) -> SealingKey:
    """Read the agent's sealing key, or the former one that ``wanted`` names instead of it.

    Raises:
        KeyFileError: it can't be used.
    """
    former = next((one for one in _former(keys_dir) if one.stem in wanted), None)
    path = private_path(keys_dir, SEALING_FILE) if former is None else former
    return chosen.load_sealing_key(read_private(path))


def former_ids(keys_dir: Path) -> frozenset[str]:
    """Return the ids of the former sealing keys that are still kept."""
    return frozenset(path.stem for path in _former(keys_dir))


def drop_former(keys_dir: Path, needed: Collection[str], *, older_than: float) -> int:
    """Delete former sealing keys that nothing needs; returns how many.

    Args:
        keys_dir: the terminal's keys.
        needed: ids of the keys for which anything is sealed that waits here.
        older_than: seconds since the rotation; a session that began before may still seal.
    """
    before = time.time() - older_than
    over = [one for one in _former(keys_dir) if one.stem not in needed]
    gone = [one for one in over if one.stat().st_mtime < before]
    for path in gone:
        path.unlink()
    return len(gone)


def private_path(keys_dir: Path, name: str) -> Path:
    """Return where a private key is: lent by the service manager, or in the keys directory."""
    lender = os.environ.get(CREDENTIALS)
    path = Path(lender) / name if lender else keys_dir / name
    return path if path.exists() else keys_dir / name


def tls_key(keys_dir: Path) -> Path:
    """Return where the certificate's private key is; raise `KeyFileError` if others may read it."""
    path = private_path(keys_dir, TLS_KEY_FILE)
    if path.exists():  # who connects says that it is missing
        require_private(path, path.stat().st_mode)
    return path


def lent(keys_dir: Path, name: str) -> bool:
    """Say whether a private key is lent by the service manager, and can't be replaced here."""
    return private_path(keys_dir, name) != keys_dir / name


def read_private(path: Path) -> bytes:
    """Return a private file's bytes.

    Raises:
        KeyFileError: it can't be read, or others may read it too.
    """
    try:
        with path.open("rb") as file:
            require_private(path, os.fstat(file.fileno()).st_mode)
            return file.read()
    except OSError as error:
        raise KeyFileError(f"{path.name}: {error.strerror}") from error


def require_private(path: Path, mode: int) -> None:
    """Raise `KeyFileError` when a private file's mode lets others read it."""
    lender = os.environ.get(CREDENTIALS)
    forbidden = _WORLD if lender and path.parent == Path(lender) else _OTHERS
    if stat.S_IMODE(mode) & forbidden:
        raise KeyFileError(
            f"{path.name}: others may read it (mode {stat.S_IMODE(mode):04o}); if nobody has "
            f"copied it: chmod 600 {path}; else make new keys: kiosk enrol --replaces"
        )


def _former(keys_dir: Path) -> list[Path]:
    return sorted((keys_dir / FORMER).glob(f"*{FORMER_SUFFIX}"))


def _recipient(chosen: Provider, key: object) -> PublicSealingKey:
    if not isinstance(key, dict):
        raise KeyFileError("public keys: not as documented")
    try:
        public = base64.b64decode(key["public"], validate=True)
        holder, key_id = str(key["holder"]), str(key["key_id"])
    except (KeyError, TypeError, ValueError) as error:
        raise KeyFileError("public keys: not as documented") from error
    if chosen.digest([public])[:8].hex() != key_id:
        raise KeyFileError("public keys: a key does not match its id")
    return PublicSealingKey(holder=holder, key_id=key_id, public=public)


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise KeyFileError(f"{path.name}: {error.strerror}") from error
