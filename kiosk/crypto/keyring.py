"""Reading the key files that provisioning wrote."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from kiosk.crypto.errors import KeyFileError
from kiosk.crypto.providers import Provider, PublicSealingKey, SealingKey, SigningKey
from kiosk.crypto.registry import provider

PUBLIC_FILE = "sealing-public.json"
SIGNING_FILE = "agent-signing.pem"
SEALING_FILE = "agent-sealing.key"


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
    return chosen.load_signing_key(_bytes(keys_dir / SIGNING_FILE))


def read_sealing_key(keys_dir: Path, chosen: Provider) -> SealingKey:
    """Read the agent's sealing key; raise `KeyFileError` when it can't be used."""
    return chosen.load_sealing_key(_bytes(keys_dir / SEALING_FILE))


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
