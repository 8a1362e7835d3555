"""What checks stand on: the address, the terminal's own keys, one synthetic person, one item."""

from __future__ import annotations

import base64
import secrets
import time
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.x509.oid import NameOID

from kiosk.crypto import PROVIDERS, Provider, SigningKey
from kiosk.crypto.keyring import private_path, read_private, read_signing_key
from kiosk.crypto.provision import EVIDENCE_FILE
from kiosk.domain.catalogue import Catalogue
from kiosk.domain.envelope import Attachment, Signature
from kiosk.domain.identity import Evidence, SignedEvidence, id_hash
from kiosk.gateway import IntakeClient, Reply, Transport
from kiosk.gateway.https import HttpsTransport
from kiosk.gateway.transport import TIME_LIMIT, Json
from kiosk.intake_check.finding import Skipped

SYNTHETIC = "40"
"""Beginning of the numbers of the synthetic population (GB/T 2260 assigns it to no place)."""
FOR_TESTS = "TEST"
"""What the name of a terminal has that may file probes."""


class StandError(Exception):
    """The command was not given what it needs; the text says what."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Identity:
    """A certificate that speaks to the intake, and whom it believes."""

    cert: Path
    key: Path
    ca: Path

    @property
    def terminal(self) -> str:
        """The common name of the certificate: the terminal's id.

        Raises:
            StandError: it is no certificate.
        """
        try:
            read = x509.load_pem_x509_certificate(self.cert.read_bytes())
        except (OSError, ValueError) as error:
            raise StandError(f"{self.cert}: {error}") from error
        names = read.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
        return str(names[0].value) if names else ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Keys:
    """What a terminal signs with: envelopes, and readings of cards (Ed25519 always)."""

    provider: Provider
    signing: SigningKey
    evidence: SigningKey


class Timed:
    """A transport that remembers its slowest exchange."""

    def __init__(self, inner: Transport) -> None:
        self._inner = inner
        self.slowest = 0.0
        self.call = ""

    def request(
        self,
        method: str,
        path: str,
        body: Json | bytes | None = None,
        *,
        headers: Mapping[str, str] | None = None,
    ) -> Reply:
        """Send a request; see :class:`kiosk.gateway.transport.Transport`."""
        began = time.monotonic()
        try:
            return self._inner.request(method, path, body, headers=headers)
        finally:
            took = time.monotonic() - began
            if took > self.slowest:
                self.slowest, self.call = took, f"{method} {path.partition('?')[0]}"


@dataclass(kw_only=True)
class Stand:
    """Everything the checks of one run share.

    Attributes:
        url: ``https://`` address of the terminal API.
        identity: the certificate of an enrolled terminal.
        keys: its other keys; None where only the line can be looked at.
        catalogue: of the place that serves, as terminals have it.
        thing: code of the thing that is asked about and filed.
        items: codes of its items.
        id_no: number of the synthetic person.
        time_limit: seconds for one exchange.
        strangers: by the code that refuses them, certificates that may not be served.
        burst: how many requests to make until one is refused as too many; 0: do not try.
        files: by the check that filed them, what later checks hold on to.
    """

    url: str
    identity: Identity
    catalogue: Catalogue
    thing: str
    items: tuple[str, ...]
    id_no: str
    keys: Keys | None = None
    time_limit: float = TIME_LIMIT
    strangers: Mapping[str, Identity] = field(default_factory=dict)
    burst: int = 0
    files: dict[str, object] = field(default_factory=dict)
    visit: str = field(default_factory=lambda: uuid.uuid4().hex)

    def __post_init__(self) -> None:
        if not self.id_no.startswith(SYNTHETIC):
            raise StandError(f"only numbers that begin with {SYNTHETIC} are nobody's")
        self.line = Timed(self.transport(self.identity))
        self.client = IntakeClient(self.line)

    @property
    def terminal(self) -> str:
        """Whose certificate it is."""
        return self.identity.terminal

    @property
    def place(self) -> str:
        """GB/T 2260 code of the place that serves."""
        return self.catalogue.jurisdiction.code

    def transport(self, identity: Identity) -> HttpsTransport:
        """Return a way to the intake over a certificate."""
        return HttpsTransport(
            self.url,
            cert=identity.cert,
            key=identity.key,
            ca=identity.ca,
            time_limit=self.time_limit,
        )

    def signing(self) -> Keys:
        """Return the terminal's keys.

        Raises:
            Skipped: none were given.
        """
        if self.keys is None:
            raise Skipped("no_keys")
        return self.keys

    def evidence(self, *, id_no: str = "", age: timedelta = timedelta()) -> SignedEvidence:
        """Return evidence that a card was read, as a device host signs it.

        Raises:
            Skipped: there is no key to sign it with.
        """
        keys = self.signing()
        moment = (datetime.now(UTC) - age).strftime("%Y-%m-%dT%H:%M:%SZ")
        told = Evidence(
            visit=self.visit,
            terminal=self.terminal,
            id_hash=id_hash(self.visit, id_no or self.id_no),
            time=moment,
            method="id_card",
            nonce=secrets.token_hex(16),
        )
        signature = keys.evidence.sign(told.canonical())
        return SignedEvidence(evidence=told, signature=base64.b64encode(signature).decode())

    def sign(self, envelope: bytes) -> Signature:
        """Return the terminal's signature over an envelope."""
        keys = self.signing()
        return Signature(
            terminal=self.terminal,
            key_id=keys.signing.key_id,
            algorithm=keys.provider.signature_algorithm,
            signature=base64.b64encode(keys.signing.sign(envelope)).decode(),
        )


def read_keys(directory: Path, provider: Provider) -> Keys:
    """Read a terminal's keys as ``kiosk provision`` writes them.

    Raises:
        KeyFileError: one of them cannot be used.
    """
    evidence = read_private(private_path(directory, EVIDENCE_FILE))
    return Keys(
        provider=provider,
        signing=read_signing_key(directory, provider),
        evidence=PROVIDERS["international"].load_signing_key(evidence),
    )


@dataclass(frozen=True, kw_only=True, slots=True)
class Page:
    """A file that nobody has seen before: its attachment and its bytes."""

    attachment: Attachment
    body: bytes
