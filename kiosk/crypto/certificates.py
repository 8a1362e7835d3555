"""A small certificate authority: of a desk, of tests, and of the desk where terminals enrol.

Rules: X.509 v3 by RFC 5280, ECDSA over P-256 with SHA-256, an authority for ten years, leaves
for one. All certificates begin a day early, since clocks differ.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from kiosk.crypto.errors import KeyFileError

AUTHORITY_LIFE = timedelta(days=3650)
LEAF_LIFE = timedelta(days=365)
RENEW_BEFORE = timedelta(days=30)
THIS_MACHINE = ("localhost", "127.0.0.1", "::1")
LeafKey = ec.EllipticCurvePublicKey | ed25519.Ed25519PublicKey
_EARLY = timedelta(days=1)


@dataclass(frozen=True, kw_only=True, slots=True)
class Issued:
    """A certificate and its private key, both PEM."""

    certificate: bytes
    key: bytes


@dataclass(frozen=True, kw_only=True, slots=True)
class Authority:
    """A certificate authority in memory."""

    certificate: x509.Certificate
    key: ec.EllipticCurvePrivateKey

    @classmethod
    def create(cls, name: str) -> Authority:
        """Make a new self-signed authority."""
        key = ec.generate_private_key(ec.SECP256R1())
        builder = (
            _builder(_name(name), _name(name), key.public_key(), AUTHORITY_LIFE)
            .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
            .add_extension(_usage(certificates=True), critical=True)
        )
        return cls(certificate=builder.sign(key, hashes.SHA256()), key=key)

    @classmethod
    def load(cls, issued: Issued) -> Authority:
        """Read an authority; raise `KeyFileError` when it is none."""
        try:
            key = load_pem_private_key(issued.key, password=None)
            certificate = x509.load_pem_x509_certificate(issued.certificate)
        except (ValueError, TypeError) as error:
            raise KeyFileError("not a certificate authority") from error
        if not isinstance(key, ec.EllipticCurvePrivateKey):
            raise KeyFileError("not a certificate authority")
        return cls(certificate=certificate, key=key)

    @property
    def issued(self) -> Issued:
        """The authority's own certificate and key."""
        return Issued(certificate=_pem(self.certificate), key=_key_pem(self.key))

    def server(self, name: str, hosts: Sequence[str] = THIS_MACHINE) -> Issued:
        """Issue for a server that is reached under these names and addresses."""
        key = ec.generate_private_key(ec.SECP256R1())
        purpose, names = ExtendedKeyUsageOID.SERVER_AUTH, [_host(one) for one in hosts]
        certificate = self._leaf(name, key.public_key(), purpose, names, LEAF_LIFE)
        return Issued(certificate=_pem(certificate), key=_key_pem(key))

    def client(self, name: str) -> Issued:
        """Issue for a terminal, and make its key too."""
        key = ec.generate_private_key(ec.SECP256R1())
        certificate = self.client_of(name, key.public_key())
        return Issued(certificate=_pem(certificate), key=_key_pem(key))

    def client_of(self, name: str, key: LeafKey, life: timedelta = LEAF_LIFE) -> x509.Certificate:
        """Issue for a terminal that keeps its key; its id is the common name and a URN."""
        names = [x509.UniformResourceIdentifier(f"urn:yiduan:terminal:{name}")]
        return self._leaf(name, key, ExtendedKeyUsageOID.CLIENT_AUTH, names, life)

    def issued_here(self, leaf: Issued, now: datetime) -> bool:
        """Say whether a leaf is ours and good for a while yet."""
        try:
            certificate = x509.load_pem_x509_certificate(leaf.certificate)
            certificate.verify_directly_issued_by(self.certificate)
        except (ValueError, TypeError, InvalidSignature):
            return False
        return certificate.not_valid_after_utc - RENEW_BEFORE > now

    def _leaf(
        self,
        name: str,
        key: LeafKey,
        purpose: x509.ObjectIdentifier,
        names: Sequence[x509.GeneralName],
        life: timedelta,
    ) -> x509.Certificate:
        issuer = self.certificate.subject
        builder = (
            _builder(_name(name), issuer, key, life)
            .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
            .add_extension(_usage(certificates=False), critical=True)
            .add_extension(x509.ExtendedKeyUsage([purpose]), critical=False)
            .add_extension(x509.SubjectAlternativeName(names), critical=False)
            .add_extension(
                x509.AuthorityKeyIdentifier.from_issuer_public_key(self.key.public_key()),
                critical=False,
            )
        )
        return builder.sign(self.key, hashes.SHA256())


def _host(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(name))
    except ValueError:
        return x509.DNSName(name)


def _builder(
    subject: x509.Name, issuer: x509.Name, public: LeafKey, life: timedelta
) -> x509.CertificateBuilder:
    begin = datetime.now(UTC) - _EARLY
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(public)
        .serial_number(x509.random_serial_number())
        .not_valid_before(begin)
        .not_valid_after(begin + life)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(public), critical=False)
    )


def _name(common: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common)])


def _usage(*, certificates: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=True,
        key_cert_sign=certificates,
        crl_sign=certificates,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )


def _pem(certificate: x509.Certificate) -> bytes:
    return certificate.public_bytes(Encoding.PEM)


def _key_pem(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
