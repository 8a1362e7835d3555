"""Making all keys and certificates of one terminal, once.

Run it again at any time: what is there and good stays, what is missing is made, leaves
near their end are renewed. It never replaces a private key, since sealed submissions may
wait for it. Files are written whole (temporary file, fsync, rename) with mode 0600 in
directories of mode 0700.

::

    keys/agent-signing.pem     signs envelopes                       keys of the provider
    keys/agent-sealing.key     opens sealed submissions              keys of the provider
    keys/evidence.pem          the device host signs readings        Ed25519 always
    keys/terminal.crt, .pem    the terminal towards the intake
    keys/ca.crt                who vouches for both sides
    keys/intake.crt, .pem      the reference intake on the same desk
    keys/sealing-public.json   see `kiosk.crypto.keyring.PublicKeys`
    recovery/recovery.pem      opens sealed submissions when the terminal can't
    recovery/ca.pem            the authority's private key
    intake/terminals.json      {terminal: {provider, signing_algorithm, signing_key_id,
                               signing_public, evidence_public}}, public keys in base64

``recovery/`` leaves the terminal; nothing there is needed for its work.
"""

from __future__ import annotations

import base64
import json
import os
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from kiosk.crypto.certificates import Authority, Issued
from kiosk.crypto.errors import KeyFileError, ProvisionError
from kiosk.crypto.keyring import PUBLIC_FILE, SEALING_FILE, SIGNING_FILE, PublicKeys
from kiosk.crypto.providers import PublicSealingKey, SealingKey
from kiosk.crypto.registry import PROVIDERS, Provider, provider

EVIDENCE_FILE = "evidence.pem"
RECOVERY_FILE = "recovery.pem"


@dataclass(frozen=True, kw_only=True, slots=True)
class Provisioned:
    """Where everything is.

    Attributes:
        terminal: the terminal's id.
        provider: name of the crypto provider.
        keys: directory of the terminal's own keys.
        recovery: directory that leaves the terminal.
        terminals: the intake's list of terminals.
        public: what a session is given.
    """

    terminal: str
    provider: str
    keys: Path
    recovery: Path
    terminals: Path
    public: PublicKeys


def provision(
    state_dir: Path, terminal_id: str, provider_name: str = "international"
) -> Provisioned:
    """Make what is missing and say where it is.

    Raises:
        ProvisionError: the directory belongs to another terminal or provider.
        KeyFileError: a private key is there but damaged; it is not replaced.
    """
    keys, recovery = _directory(state_dir / "keys"), _directory(state_dir / "recovery")
    _refuse_foreign(keys, terminal_id, provider_name)
    chosen = provider(provider_name)
    public = _key_files(keys, recovery, terminal_id, chosen)
    _certificates(keys, recovery, terminal_id)
    terminals = _enrol(_directory(state_dir / "intake"), keys, terminal_id, chosen)
    write_private(keys / PUBLIC_FILE, _json(public.to_json()))
    return Provisioned(
        terminal=terminal_id,
        provider=provider_name,
        keys=keys,
        recovery=recovery,
        terminals=terminals,
        public=public,
    )


def write_private(path: Path, data: bytes) -> None:
    """Write a whole file with mode 0600, or leave the old one."""
    if path.exists() and path.read_bytes() == data:
        return
    draft = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    fd = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(fd, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(fd)
    draft.replace(path)
    sync_directory(path.parent)


def sync_directory(path: Path) -> None:
    """Make names in a directory survive a power cut."""
    fd = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(fd)
    finally:
        os.close(fd)


def _directory(path: Path) -> Path:
    path.mkdir(parents=True, exist_ok=True, mode=0o700)
    return path


def _refuse_foreign(keys: Path, terminal_id: str, provider_name: str) -> None:
    if not (keys / PUBLIC_FILE).exists():
        return
    there = PublicKeys.read(keys)
    if (there.terminal, there.provider) != (terminal_id, provider_name):
        raise ProvisionError(f"{keys} belongs to {there.terminal} ({there.provider})")


def _key_files(keys: Path, recovery: Path, terminal_id: str, chosen: Provider) -> PublicKeys:
    chosen.load_signing_key(_keep(keys / SIGNING_FILE, chosen.new_signing_key))
    agent = chosen.load_sealing_key(_keep(keys / SEALING_FILE, chosen.new_sealing_key))
    spare = chosen.load_sealing_key(_keep(recovery / RECOVERY_FILE, chosen.new_sealing_key))
    evidence = PROVIDERS["international"]
    evidence.load_signing_key(_keep(keys / EVIDENCE_FILE, evidence.new_signing_key))
    recipients = (_public("agent", agent), _public("recovery", spare))
    return PublicKeys(terminal=terminal_id, provider=chosen.name, recipients=recipients)


def _public(holder: str, key: SealingKey) -> PublicSealingKey:
    return PublicSealingKey(holder=holder, key_id=key.key_id, public=key.public)


def _keep(path: Path, make: Callable[[], bytes]) -> bytes:
    """Return a file's bytes, making it first when it is not there."""
    if not path.exists():
        write_private(path, make())
    return path.read_bytes()


def _certificates(keys: Path, recovery: Path, terminal_id: str) -> None:
    authority = _authority(keys / "ca.crt", recovery / "ca.pem")
    if authority is None:
        return
    _leaf(keys, "terminal", authority, lambda: authority.client(terminal_id))
    _leaf(keys, "intake", authority, lambda: authority.server("yiduan reference intake"))


def _authority(certificate: Path, key: Path) -> Authority | None:
    """Return the authority; None when its key has left with the recovery directory."""
    if certificate.exists() and not key.exists():
        return None
    if not certificate.exists():
        made = Authority.create("yiduan desk").issued
        write_private(key, made.key)
        write_private(certificate, made.certificate)
    return Authority.load(Issued(certificate=certificate.read_bytes(), key=key.read_bytes()))


def _leaf(keys: Path, name: str, authority: Authority, issue: Callable[[], Issued]) -> None:
    certificate, key = keys / f"{name}.crt", keys / f"{name}.pem"
    if certificate.exists() and key.exists():
        there = Issued(certificate=certificate.read_bytes(), key=key.read_bytes())
        if authority.issued_here(there, datetime.now(UTC)):
            return
    made = issue()
    write_private(key, made.key)
    write_private(certificate, made.certificate)


def _enrol(intake: Path, keys: Path, terminal_id: str, chosen: Provider) -> Path:
    """Put the terminal's public keys into the intake's list; others stay."""
    signing = chosen.load_signing_key((keys / SIGNING_FILE).read_bytes())
    evidence = PROVIDERS["international"].load_signing_key((keys / EVIDENCE_FILE).read_bytes())
    path = intake / "terminals.json"
    try:
        terminals = json.loads(path.read_bytes()) if path.exists() else {}
    except ValueError as error:
        raise KeyFileError("terminals.json: not JSON") from error
    terminals[terminal_id] = {
        "provider": chosen.name,
        "signing_algorithm": chosen.signature_algorithm,
        "signing_key_id": signing.key_id,
        "signing_public": base64.b64encode(signing.public).decode(),
        "evidence_public": base64.b64encode(evidence.public).decode(),
    }
    write_private(path, _json(terminals))
    return path


def _json(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, indent=2, sort_keys=True).encode() + b"\n"
