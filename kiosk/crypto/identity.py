"""What a terminal says of itself when it enrols or renews, and the code both sides show.

Theory of operation
-------------------
A terminal makes its keys itself and sends the public ones in a *statement*: a certificate
request (which its own key has signed), the public signing, evidence and sealing keys, and the id
it wants. Signing and evidence key sign the statement, so nobody registers a key that is not theirs.

Nothing that both sides know beforehand protects the first conversation. So it is protected by a
*code* of eight signs, which is compared by a person: the terminal shows it, the centre's officer
types it. It is a digest of the statement, of the authority's certificate, of who will administer
the terminal and of a random number of each side. Somebody in the middle who swaps a key, or shows
the terminal another authority or another broker, makes the two codes differ. They can't search for
keys that give the same code either: the terminal is bound to its number by a *commitment* before it
hears the centre's, and tells it only afterwards. So each try is one guess in 2⁴⁰, made before
anything is known (the short authentication strings of ZRTP, RFC 6189 §4.4.1.1, and of Vaudenay,
CRYPTO 2005, are of this shape).
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from cryptography.hazmat.primitives.serialization import Encoding

from kiosk.crypto.errors import CryptoError
from kiosk.crypto.registry import PROVIDERS
from standards import canonical

CODE_LENGTH = 8
NONCE_BYTES = 16
_SIGNS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's base 32: none of its signs is taken for another."""
_READ_AS = str.maketrans("OIL", "011", "- \t\u2013")
_FORM = "yiduan identity 1"
_EVIDENCE = PROVIDERS["international"]
TlsKey = ec.EllipticCurvePublicKey | ed25519.Ed25519PublicKey


class StatementError(CryptoError):
    """A statement is not what it must be, or not signed by the keys that it names."""


class Purpose(StrEnum):
    """What a statement asks for; one can't be used as the other."""

    ENROLMENT = "enrolment"
    RENEWAL = "renewal"


@dataclass(frozen=True, kw_only=True, slots=True)
class Statement:
    """What a terminal says of itself.

    Attributes:
        purpose: what it asks for.
        request: certificate request, PEM.
        provider: name of the crypto provider of the signing and sealing key.
        signing: public signing key, raw bytes.
        evidence: public evidence key, Ed25519.
        sealing: public sealing key, raw bytes.
        terminal: the id it has or wants; empty: the centre gives one.
        jurisdiction: GB/T 2260 code of the place it is set up for; empty: the centre says.
        replaces: it takes the place of a terminal of that id.
        nonce: makes the statement one of its kind, hexadecimal.
        commitment: SHA-256 of the number that the terminal tells later; empty in a renewal.
    """

    purpose: Purpose
    request: str
    provider: str
    signing: bytes
    evidence: bytes
    sealing: bytes
    terminal: str
    nonce: str
    jurisdiction: str = ""
    commitment: str = ""
    replaces: bool = False

    def to_json(self) -> dict[str, object]:
        """Return the object that is signed; keys are base64."""
        return {
            "form": _FORM,
            "purpose": str(self.purpose),
            "request": self.request,
            "provider": self.provider,
            "signing": _text64(self.signing),
            "evidence": _text64(self.evidence),
            "sealing": _text64(self.sealing),
            "terminal": self.terminal,
            "jurisdiction": self.jurisdiction,
            "replaces": self.replaces,
            "nonce": self.nonce,
            "commitment": self.commitment,
        }

    @classmethod
    def from_json(cls, given: Mapping[str, object]) -> Statement:
        """Read such an object; raise `StatementError` when it is none."""
        try:
            if given["form"] != _FORM or not isinstance(given["replaces"], bool):
                raise StatementError("another form of statement")
            return cls(
                purpose=Purpose(_text(given, "purpose")),
                request=_text(given, "request"),
                provider=_text(given, "provider"),
                signing=_bytes64(given, "signing"),
                evidence=_bytes64(given, "evidence"),
                sealing=_bytes64(given, "sealing"),
                terminal=_text(given, "terminal"),
                jurisdiction=_text(given, "jurisdiction"),
                replaces=given["replaces"],
                nonce=_text(given, "nonce"),
                commitment=_text(given, "commitment"),
            )
        except (KeyError, ValueError, binascii.Error) as error:
            raise StatementError("a statement lacks something") from error

    def canonical(self) -> bytes:
        """Return the bytes that are signed (RFC 8785)."""
        return canonical.dumps(self.to_json())

    @property
    def digest(self) -> str:
        """SHA-256 of the bytes, hexadecimal."""
        return hashlib.sha256(self.canonical()).hexdigest()

    def check(self, signature: bytes, evidence_signature: bytes) -> TlsKey:
        """Hold the statement against the keys it names.

        Returns:
            The public key for the certificate, whose owner signed the request.

        Raises:
            StatementError: a signature does not hold, or a key is none.
        """
        chosen = PROVIDERS.get(self.provider)
        if chosen is None or not chosen.verify(self.signing, self.canonical(), signature):
            raise StatementError("the signing key did not sign it")
        if not _EVIDENCE.verify(self.evidence, self.canonical(), evidence_signature):
            raise StatementError("the evidence key did not sign it")
        return self.requested()

    def requested(self) -> TlsKey:
        """Return the public key for the certificate; raise `StatementError` when it is none."""
        return _requested(self.request)


def new_request(key: ec.EllipticCurvePrivateKey) -> str:
    """Return a certificate request, PEM; the authority gives the name, so it has none."""
    builder = x509.CertificateSigningRequestBuilder().subject_name(x509.Name([]))
    request = builder.sign(key, hashes.SHA256())
    return request.public_bytes(Encoding.PEM).decode()


def code_of(
    statement_digest: str, authority: str, center_nonce: str, own_nonce: str, mandate: str = ""
) -> str:
    """Return the code of an enrolment, eight signs with a dash in their middle.

    Args:
        statement_digest: see `Statement.digest`.
        authority: fingerprint of the authority, see `fingerprint`.
        center_nonce: the centre's random number, hexadecimal.
        own_nonce: the terminal's, hexadecimal.
        mandate: digest of who will administer the terminal, see `kiosk.status.mandate`; empty
            where nobody does from afar.
    """
    parts = [_FORM, "code", statement_digest, authority, center_nonce, own_nonce]
    told = canonical.dumps([*parts, mandate] if mandate else parts)
    number = int.from_bytes(hashlib.sha256(told).digest()[: CODE_LENGTH * 5 // 8])
    signs = [_SIGNS[number >> 5 * place & 31] for place in reversed(range(CODE_LENGTH))]
    return f"{''.join(signs[:4])}-{''.join(signs[4:])}"


def typed_code(text: str) -> str:
    """Return a code as `code_of` writes it, from what a person typed; empty when it is none."""
    signs = text.upper().translate(_READ_AS)
    if len(signs) != CODE_LENGTH or set(signs) - set(_SIGNS):
        return ""
    return f"{signs[:4]}-{signs[4:]}"


def commit(nonce: str) -> str:
    """Return what binds to a number without telling it."""
    return hashlib.sha256(f"{_FORM} {nonce}".encode()).hexdigest()


def keeps(commitment: str, nonce: str) -> bool:
    """Say whether a number is the one that was committed to."""
    return hmac.compare_digest(commitment.encode(), commit(nonce).encode())


def fingerprint(certificate: bytes) -> str:
    """Return the SHA-256 of a certificate (PEM), hexadecimal.

    Raises:
        StatementError: it is no certificate.
    """
    try:
        return x509.load_pem_x509_certificate(certificate).fingerprint(hashes.SHA256()).hex()
    except ValueError as error:
        raise StatementError("not a certificate") from error


def _requested(pem: str) -> TlsKey:
    try:
        request = x509.load_pem_x509_csr(pem.encode())
        valid, key = request.is_signature_valid, request.public_key()
    except (ValueError, UnsupportedAlgorithm, InvalidSignature) as error:
        raise StatementError("not a certificate request") from error
    p256 = isinstance(key, ec.EllipticCurvePublicKey) and isinstance(key.curve, ec.SECP256R1)
    if not valid or not (p256 or isinstance(key, ed25519.Ed25519PublicKey)):
        raise StatementError("a certificate request for a key of P-256 or Ed25519 is wanted")
    return key  # type: ignore[return-value]  # one of the two


def _text(given: Mapping[str, object], name: str) -> str:
    value = given[name]
    if not isinstance(value, str):
        raise StatementError(f"a statement lacks {name}")
    return value


def _bytes64(given: Mapping[str, object], name: str) -> bytes:
    return base64.b64decode(_text(given, name), validate=True)


def _text64(raw: bytes) -> str:
    return base64.b64encode(raw).decode()
