"""Who may say what: registered terminals, signed envelopes, and evidence of a person.

Three things are checked, and none of them can be left out by a caller:

* the terminal is registered; which one calls is what its certificate (mutual TLS) says;
* an envelope is signed by that terminal's key;
* evidence is signed by the key of that terminal's device host, is at most 30 minutes old when
  data is asked for and two hours when an application is made, and its hash names the person
  whose data is asked for or whose application is filed.
"""

from __future__ import annotations

import base64
import binascii
import hmac
import json
import threading
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final

from intake.service.problems import Refusal
from kiosk.crypto import PROVIDERS, KeyFileError, provider
from kiosk.domain.identity import Evidence, id_hash
from standards.errors import CanonicalError

EVIDENCE_LIFE: Final = timedelta(minutes=30)
"""How long a reading of a card opens its holder's data."""
FILING_LIFE: Final = timedelta(hours=2)
"""How long it speaks for an application of the same visit: a slow citizen fills in for long.

A terminal refuses to make one 110 minutes after the reading (:mod:`kiosk.session.reading`), so
what it stored is not refused here for its age.
"""
CLOCK_SKEW: Final = timedelta(minutes=5)
"""How far a terminal's clock may run ahead of ours."""


class RegistryError(Exception):
    """The list of terminals is missing or damaged; the service does not start with it."""


@dataclass(frozen=True, kw_only=True, slots=True)
class FormerKey:
    """A public key that a terminal had until it got another one."""

    public: bytes
    until: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class Terminal:
    """A registered terminal and its public keys, raw bytes; ``revoked``: nothing is taken of it.

    Former keys are those that are still believed; :mod:`intake.enrolment.registry` says how long.
    """

    id: str
    provider: str
    signing_public: bytes
    evidence_public: bytes
    revoked: bool = False
    former_signing: tuple[FormerKey, ...] = ()
    former_evidence: tuple[FormerKey, ...] = ()


class Registry:
    """The registered terminals, read again when the file changes.

    The file is ``{terminal_id: {"provider", "signing_public", "evidence_public"}}``, keys base64.
    A terminal that has ``"revoked": "2026-11-28"`` too, the day it was, is told so for ever.
    One that was replaced has ``"former_evidence": [{"public", "until"}]``: readings that the dead
    machine signed before that time (RFC 3339) still speak, inside applications that are signed by
    the present key. A stolen machine's key is left out.
    """

    def __init__(self, path: Path | None) -> None:
        """Read the list; without one it is empty.

        Raises:
            RegistryError: it is missing or not as documented.
        """
        self._path = path
        self._lock = threading.Lock()
        self._stamp = 0
        self._terminals: dict[str, Terminal] = {}
        self._refresh()

    def get(self, terminal: str, serial: str | None = None) -> Terminal:
        """Return a registered terminal; of a list, by whatever certificate of its name.

        Raises:
            Refusal: ``UNKNOWN_TERMINAL``, or ``TERMINAL_REVOKED``.
        """
        del serial
        found = self._listed(terminal)
        if found is None:
            raise Refusal("UNKNOWN_TERMINAL", "terminal")
        if found.revoked:
            raise Refusal("TERMINAL_REVOKED", "terminal")
        return found

    def listed_as_revoked(self, terminal: str) -> bool:
        """Say whether the list has a terminal as revoked."""
        found = self._listed(terminal)
        return found is not None and found.revoked

    def _listed(self, terminal: str) -> Terminal | None:
        with self._lock:
            self._refresh()
            return self._terminals.get(terminal)

    def _refresh(self) -> None:
        """Read the file if it is another one than last time."""
        if self._path is None:
            return
        try:
            stamp = self._path.stat().st_mtime_ns
            if stamp == self._stamp:
                return
            rows = json.loads(self._path.read_bytes())
            self._terminals = {name: _terminal(name, row) for name, row in rows.items()}
        except (OSError, ValueError, KeyError, TypeError, AttributeError, KeyFileError) as error:
            raise RegistryError(f"{self._path}: {type(error).__name__}") from error
        self._stamp = stamp


def _terminal(name: str, row: dict[str, Any]) -> Terminal:
    """Read one row of the list."""
    return Terminal(
        id=name,
        provider=provider(row["provider"]).name,
        signing_public=base64.b64decode(row["signing_public"], validate=True),
        evidence_public=base64.b64decode(row["evidence_public"], validate=True),
        revoked=bool(row.get("revoked")),
        former_evidence=tuple(map(_former, row.get("former_evidence", ()))),
    )


def _former(row: dict[str, str]) -> FormerKey:
    """Read a former key of the list."""
    until = moment(row["until"])
    if until is None:
        raise ValueError("until")
    return FormerKey(public=base64.b64decode(row["public"], validate=True), until=until)


def check_envelope(terminal: Terminal, envelope: bytes, *, algorithm: str, signature: str) -> None:
    """Refuse an envelope that the terminal's registered key has not signed.

    Raises:
        Refusal: ``BAD_SIGNATURE``.
    """
    chosen = PROVIDERS[terminal.provider]
    if algorithm != chosen.signature_algorithm:
        raise Refusal("BAD_SIGNATURE", "signature.algorithm")
    raw = decode(signature, "signature")
    keys = (terminal.signing_public, *(former.public for former in terminal.former_signing))
    if not any(chosen.verify(key, envelope, raw) for key in keys):
        raise Refusal("BAD_SIGNATURE", "signature.signature")


def check_evidence(
    terminal: Terminal,
    evidence: Evidence,
    signature: str,
    *,
    id_no: str,
    at: datetime,
    life: timedelta = EVIDENCE_LIFE,
) -> None:
    """Refuse evidence that does not speak, at the moment ``at``, for the holder of ``id_no``.

    ``life`` is how old it may be then.

    The signature is Ed25519 over the canonical JSON of the statement, whatever provider signs
    envelopes.  Every reason gives the same answer, so that nobody can probe which one it was.

    Raises:
        Refusal: ``NO_EVIDENCE``.
    """
    try:
        statement = evidence.canonical()
    except CanonicalError as error:
        raise Refusal("NO_EVIDENCE", "evidence") from error
    read_at = moment(evidence.time)
    raw = decode(signature, "evidence_signature")
    keys = _evidence_keys(terminal, read_at)
    holds = (
        any(PROVIDERS["international"].verify(key, statement, raw) for key in keys)
        and evidence.terminal == terminal.id
        and hmac.compare_digest(id_hash(evidence.visit, id_no).encode(), evidence.id_hash.encode())
        and read_at is not None
        and -CLOCK_SKEW <= at - read_at <= life
    )
    if not holds:
        raise Refusal("NO_EVIDENCE", "evidence")


def _evidence_keys(terminal: Terminal, read_at: datetime | None) -> list[bytes]:
    """Return the keys that a reading of that moment may be signed with."""
    former = [
        key.public
        for key in terminal.former_evidence
        if read_at is not None and read_at < key.until
    ]
    return [terminal.evidence_public, *former]


def moment(text: str) -> datetime | None:
    """Return an RFC 3339 time with offset; None for anything else."""
    try:
        read = datetime.fromisoformat(text)
    except ValueError:
        return None
    return read if read.tzinfo is not None else None


def decode(text: str, field: str) -> bytes:
    """Return the bytes of a base64 text.

    Raises:
        Refusal: ``MALFORMED``.
    """
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise Refusal("MALFORMED", field) from error
