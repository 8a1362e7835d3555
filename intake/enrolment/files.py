"""The files of the desk where terminals enrol: its authority, its own certificate, recovery keys.

::

    ca.crt            authority of terminals and servers; terminals keep a copy
    ca.pem            its private key; only this desk reads it
    server.crt, .pem  this desk and the intake's API port, under the names given
    recovery.json     public recovery keys: {provider: {"key_id", "public": base64}}
    recovery-PROVIDER.pem  their private halves: to be taken away, to a place without a network

Made once by ``kiosk-intake enrol init``; what is there is never replaced. Private files have the
mode 0600 and are refused when others may read them.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

from intake.enrolment.desk import Issuer
from kiosk.crypto import PROVIDERS, CryptoError
from kiosk.crypto.certificates import LEAF_LIFE, THIS_MACHINE, Authority, Issued
from kiosk.crypto.keyring import read_private
from kiosk.crypto.provision import write_private
from kiosk.status.mandate import Mandate, MandateError


class FilesError(Exception):
    """A file is missing or can't be used; the message says which and what to do."""


@dataclass(frozen=True, slots=True)
class Files:
    """The directory."""

    root: Path

    @property
    def authority(self) -> Path:
        """Certificate of the authority."""
        return self.root / "ca.crt"

    @property
    def server_certificate(self) -> Path:
        """Certificate for servers."""
        return self.root / "server.crt"

    @property
    def server_key(self) -> Path:
        """Its private key."""
        return self.root / "server.pem"

    def make(self, hosts: Sequence[str]) -> tuple[Path, ...]:
        """Make what is missing; returns the private recovery keys that were made now.

        Raises:
            FilesError: what is there can't be used.
            OSError: the directory can't be written.
        """
        self.root.mkdir(parents=True, exist_ok=True, mode=0o700)
        if not self.authority.exists():
            made = Authority.create("yiduan terminals").issued
            write_private(self.root / "ca.pem", made.key)
            write_private(self.authority, made.certificate)
        if not self.server_certificate.exists():
            leaf = self._authority().server("yiduan intake", [*hosts, *THIS_MACHINE])
            write_private(self.server_key, leaf.key)
            write_private(self.server_certificate, leaf.certificate)
        return self._recovery_keys()

    def issuer(self, *, days: int = LEAF_LIFE.days, mandate: Path | None = None) -> Issuer:
        """Return who issues; raise `FilesError` when a file can't be used.

        Args:
            days: life of a certificate.
            mandate: file of who administers terminals; read again for each that asks.
        """
        try:
            recovery = json.loads((self.root / "recovery.json").read_bytes())
        except (OSError, ValueError) as error:
            raise FilesError(f"recovery.json: {error}; run kiosk-intake enrol init") from error
        told = Issuer(authority=self._authority(), recovery=recovery, life=timedelta(days=days))
        if mandate is None:
            return told
        try:
            read_mandate(mandate)
        except MandateError as error:
            raise FilesError(f"{error}; kiosk-fleet mandate write") from error
        return replace(told, mandate=lambda: read_mandate(mandate))

    def _authority(self) -> Authority:
        try:
            key = read_private(self.root / "ca.pem")
            return Authority.load(Issued(certificate=self.authority.read_bytes(), key=key))
        except (OSError, CryptoError) as error:
            raise FilesError(f"{self.root}: {error}; run kiosk-intake enrol init") from error

    def _recovery_keys(self) -> tuple[Path, ...]:
        listed = self.root / "recovery.json"
        if listed.exists():
            return ()
        made, public = [], {}
        for name, chosen in PROVIDERS.items():
            path = self.root / f"recovery-{name}.pem"
            write_private(path, chosen.new_sealing_key())
            key = chosen.load_sealing_key(path.read_bytes())
            public[name] = {"key_id": key.key_id, "public": base64.b64encode(key.public).decode()}
            made.append(path)
        write_private(listed, json.dumps(public, indent=1).encode())
        return tuple(made)


def read_mandate(path: Path) -> str:
    """Return a mandate as it is told to terminals.

    Raises:
        MandateError: it can't be read, or is none.
    """
    try:
        return Mandate.parse(path.read_bytes()).to_bytes().decode()
    except OSError as error:
        raise MandateError(f"{path}: {error.strerror}") from error
    except MandateError as error:
        raise MandateError(f"{path}: {error}") from error
