"""The private keys of an identity, and what they state and sign."""

from __future__ import annotations

import base64
import json
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from cryptography.x509.oid import NameOID

from kiosk.crypto import CryptoError, KeyFileError, PublicKeys, SealingKey, SigningKey
from kiosk.crypto.identity import NONCE_BYTES, Purpose, Statement, new_request
from kiosk.crypto.keyring import (
    PUBLIC_FILE,
    SEALING_FILE,
    SIGNING_FILE,
    TLS_KEY_FILE,
    private_path,
    read_private,
)
from kiosk.crypto.provision import EVIDENCE_FILE, write_private
from kiosk.crypto.registry import PROVIDERS, provider
from kiosk.enrolment.errors import DeskGarbled
from kiosk.enrolment.staging import IDENTITY_FILE

CERTIFICATE_FILE = "terminal.crt"
AUTHORITY_FILE = "ca.crt"
_EVIDENCE = PROVIDERS["international"]


@dataclass(frozen=True, kw_only=True, slots=True)
class OwnKeys:
    """The private keys of one identity, in memory."""

    provider: str
    signing: SigningKey
    evidence: SigningKey
    sealing: SealingKey
    tls: ec.EllipticCurvePrivateKey

    @classmethod
    def read(cls, keys: Path, provider_name: str) -> OwnKeys:
        """Read them; raise `KeyFileError` when one can't be used."""
        chosen = provider(provider_name)

        def pem(name: str) -> bytes:
            return read_private(private_path(keys, name))

        return cls(
            provider=provider_name,
            signing=chosen.load_signing_key(pem(SIGNING_FILE)),
            evidence=_EVIDENCE.load_signing_key(pem(EVIDENCE_FILE)),
            sealing=chosen.load_sealing_key(pem(SEALING_FILE)),
            tls=_tls(pem(TLS_KEY_FILE)),
        )

    def statement(self, purpose: Purpose, terminal: str, nonce: str) -> Statement:
        """Return what these keys say of themselves."""
        return Statement(
            purpose=purpose,
            request=new_request(self.tls),
            provider=self.provider,
            signing=self.signing.public,
            evidence=self.evidence.public,
            sealing=self.sealing.public,
            terminal=terminal,
            nonce=nonce,
        )

    def sign(self, statement: Statement) -> tuple[bytes, bytes]:
        """Return the signatures of the signing and of the evidence key."""
        told = statement.canonical()
        return self.signing.sign(told), self.evidence.sign(told)


def make(keys: Path, provider_name: str, *, anew: frozenset[str] = frozenset()) -> None:
    """Make the private keys that are missing, and those named ``anew`` in any case."""
    chosen = provider(provider_name)
    makers: Mapping[str, Callable[[], bytes]] = {
        SIGNING_FILE: chosen.new_signing_key,
        SEALING_FILE: chosen.new_sealing_key,
        EVIDENCE_FILE: _EVIDENCE.new_signing_key,
        TLS_KEY_FILE: _new_tls,
    }
    keys.mkdir(parents=True, exist_ok=True, mode=0o700)
    for name, maker in makers.items():
        if name in anew or not (keys / name).exists():
            write_private(keys / name, maker())


def new_nonce() -> str:
    """Return a random number, hexadecimal."""
    return secrets.token_hex(NONCE_BYTES)


@dataclass(frozen=True, kw_only=True, slots=True)
class Granted:
    """What the centre gave, checked against the keys it was given for.

    Attributes:
        terminal: the id.
        jurisdiction: GB/T 2260 code of the place.
        certificate: PEM.
        ends: when it does.
        public: what a session is given.
    """

    terminal: str
    jurisdiction: str
    certificate: bytes
    ends: datetime
    public: PublicKeys

    @classmethod
    def read(cls, told: Mapping[str, object], own: OwnKeys, authority: bytes) -> Granted:
        """Read the desk's answer.

        Raises:
            DeskGarbled: it is not for these keys, or not of this authority.
        """
        terminal, place = told.get("terminal"), told.get("jurisdiction")
        pem, recovery = told.get("certificate"), told.get("recovery")
        if not (isinstance(terminal, str) and isinstance(place, str) and isinstance(pem, str)):
            raise DeskGarbled("the grant lacks something")
        if not isinstance(recovery, dict):
            raise DeskGarbled("the grant lacks the recovery key")
        certificate = _ours(pem.encode(), own, authority, terminal)
        return cls(
            terminal=terminal,
            jurisdiction=place,
            certificate=pem.encode(),
            ends=certificate.not_valid_after_utc,
            public=_public(terminal, own, recovery),
        )

    def write(self, keys: Path, *, url: str, authority: bytes) -> None:
        """Write the identity's public half beside its keys."""
        about = {
            "terminal": self.terminal,
            "jurisdiction": self.jurisdiction,
            "enrol_url": url,
            "enrolled_at": datetime.now(UTC).isoformat(timespec="seconds"),
        }
        write_private(keys / AUTHORITY_FILE, authority)
        write_private(keys / CERTIFICATE_FILE, self.certificate)
        write_private(keys / PUBLIC_FILE, _json(self.public.to_json()))
        write_private(keys / IDENTITY_FILE, _json(about))


def _ours(pem: bytes, own: OwnKeys, authority: bytes, terminal: str) -> x509.Certificate:
    try:
        certificate = x509.load_pem_x509_certificate(pem)
        issuers = x509.load_pem_x509_certificates(authority)
    except ValueError as error:
        raise DeskGarbled("the grant holds no certificate") from error
    names = certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
    if [one.value for one in names] != [terminal]:
        raise DeskGarbled("the certificate is for another terminal")
    if certificate.public_key() != own.tls.public_key():
        raise DeskGarbled("the certificate is for another key")
    if not any(_issued(certificate, issuer) for issuer in issuers):
        raise DeskGarbled("the certificate is of another authority")
    return certificate


def _issued(certificate: x509.Certificate, issuer: x509.Certificate) -> bool:
    try:
        certificate.verify_directly_issued_by(issuer)
    except (ValueError, TypeError, InvalidSignature):
        return False
    return True


def _public(terminal: str, own: OwnKeys, recovery: Mapping[str, object]) -> PublicKeys:
    agent = {
        "holder": "agent",
        "key_id": own.sealing.key_id,
        "public": base64.b64encode(own.sealing.public).decode(),
    }
    keys = [agent, {**recovery, "holder": "recovery"}]
    try:
        return PublicKeys.from_json({"terminal": terminal, "provider": own.provider, "keys": keys})
    except CryptoError as error:
        raise DeskGarbled(f"the recovery key can't be used: {error}") from error


def with_commitment(
    statement: Statement, commitment: str, *, jurisdiction: str, replaces: bool
) -> Statement:
    """Return the statement of a first enrolment."""
    return replace(statement, commitment=commitment, jurisdiction=jurisdiction, replaces=replaces)


def _tls(pem: bytes) -> ec.EllipticCurvePrivateKey:
    try:
        key = load_pem_private_key(pem, password=None)
    except (ValueError, TypeError) as error:
        raise KeyFileError(f"{TLS_KEY_FILE}: not a private key") from error
    if not isinstance(key, ec.EllipticCurvePrivateKey):
        raise KeyFileError(f"{TLS_KEY_FILE}: not a key of P-256")
    return key


def _new_tls() -> bytes:
    key = ec.generate_private_key(ec.SECP256R1())
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def _json(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, indent=2, sort_keys=True).encode() + b"\n"
