"""Client of the centre's desk (`intake.enrolment.api` has the table of its calls)."""

from __future__ import annotations

import base64
import http.client
import json
import socket
import ssl
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlsplit

import urllib3

from kiosk.crypto.identity import Statement
from kiosk.enrolment.errors import (
    DeskGarbled,
    DeskUnreachable,
    EnrolmentExpired,
    EnrolmentRefused,
)

TIME_LIMIT = 10.0
"""Seconds for one exchange."""
LATER = frozenset({"TOO_MANY", "UNAVAILABLE", "INTERNAL"})
"""Problems that pass by themselves."""
OVER = frozenset({"ENROLMENT_CLOSED", "ENROLMENT_EXPIRED", "NOT_FOUND"})
"""Problems of a code that is used up; a new one helps."""
DONE = frozenset({200, 201, 204})
_MOST = 262_144
_REASONS: tuple[tuple[type[BaseException], str], ...] = (
    (ssl.SSLCertVerificationError, "not_trusted"),
    (ssl.SSLError, "not_tls"),
    (socket.gaierror, "name_unknown"),
    (urllib3.exceptions.NameResolutionError, "name_unknown"),
    (urllib3.exceptions.NewConnectionError, "no_connection"),
    (TimeoutError, "too_slow"),
    (urllib3.exceptions.TimeoutError, "too_slow"),
)
_HTTPS_PORT = 443


class Desk:
    """The desk at one address, believed by one authority."""

    def __init__(self, url: str, *, ca: Path, identity: tuple[Path, Path] | None = None) -> None:
        """Take the address; ``identity`` is the certificate and key to show, if there is one.

        Raises:
            ValueError: the address is not HTTPS.
        """
        if not url.startswith("https://"):
            raise ValueError("the desk is reached by https only")
        self._base = url.rstrip("/")
        cert, key = map(str, identity) if identity else (None, None)
        self._pool = urllib3.PoolManager(
            cert_reqs="CERT_REQUIRED",
            ca_certs=str(ca),
            cert_file=cert,
            key_file=key,
            timeout=TIME_LIMIT,
            retries=False,
        )

    def close(self) -> None:
        """Give up kept connections."""
        self._pool.clear()

    def begin(self, statement: Statement, signatures: tuple[bytes, bytes]) -> tuple[str, str, str]:
        """Hand in a statement; returns the enrolment's id, the desk's number, and its mandate."""
        told = self._call("POST", "/v1/enrolments", _asked(statement, *signatures))
        mandate = told.get("mandate", "")
        return _text(told, "id"), _text(told, "nonce"), mandate if isinstance(mandate, str) else ""

    def reveal(self, enrolment: str, nonce: str) -> None:
        """Tell our number."""
        self._call("POST", f"/v1/enrolments/{enrolment}/nonce", {"nonce": nonce})

    def outcome(self, enrolment: str) -> Mapping[str, object] | None:
        """Return what was granted; None while nobody has decided."""
        told = self._call("GET", f"/v1/enrolments/{enrolment}", None)
        return told if _text(told, "stage") == "approved" else None

    def renew(
        self, statement: Statement, signatures: tuple[bytes, bytes], present: bytes
    ) -> Mapping[str, object]:
        """Ask for a new certificate over the present one; returns what was granted."""
        asked = {**_asked(statement, *signatures), "present_signature": _base64(present)}
        return self._call("POST", "/v1/renewals", asked)

    def mandate(self) -> Mapping[str, object]:
        """Ask who administers this terminal now, over its certificate."""
        return self._call("GET", "/v1/mandate", None)

    def _call(
        self, method: str, path: str, body: Mapping[str, object] | None
    ) -> Mapping[str, object]:
        """Raise one of the room's errors unless the desk did what it was asked."""
        try:
            status, said, after = self._exchange(method, path, body)
        except (urllib3.exceptions.HTTPError, OSError) as error:
            raise DeskUnreachable(_reason(error)) from error
        if status in DONE:
            return said
        code = said.get("code")
        if not isinstance(code, str):
            raise DeskUnreachable(f"status_{status}", after=after)
        if code in LATER:
            raise DeskUnreachable(code.lower(), after=after)
        raise EnrolmentExpired(code) if code in OVER else EnrolmentRefused(code)

    def _exchange(
        self, method: str, path: str, body: Mapping[str, object] | None
    ) -> tuple[int, Mapping[str, object], float]:
        """Return the status, what was said, and the seconds after which to ask again."""
        answer = self._pool.request(
            method, self._base + path, json=body, redirect=False, preload_content=False
        )
        try:
            said = _object(answer.read(_MOST, decode_content=False))
            return answer.status, said, _seconds(answer.headers.get("retry-after", ""))
        finally:
            answer.close()


def first_authority(url: str) -> bytes:
    """Ask a desk that nobody vouches for yet who its authority is; returns PEM.

    The answer is believed only together with a code that a person compared.

    Raises:
        DeskUnreachable: no answer.
        DeskGarbled: no certificate came.
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    parts = urlsplit(url)
    link = http.client.HTTPSConnection(
        parts.hostname or "", parts.port or _HTTPS_PORT, timeout=TIME_LIMIT, context=context
    )
    try:
        link.request("GET", f"{parts.path.rstrip('/')}/v1/authority")
        answer = link.getresponse()
        said = json.loads(answer.read(_MOST))
    except (OSError, http.client.HTTPException) as error:
        raise DeskUnreachable(_reason(error)) from error
    except ValueError as error:
        raise DeskGarbled("this address is no desk where terminals enrol") from error
    finally:
        link.close()
    if not isinstance(said, dict):
        raise DeskGarbled("this address is no desk where terminals enrol")
    return _text(said, "authority").encode()


def _reason(error: BaseException) -> str:
    """Return in one word why no answer came, as `kiosk.gateway.why` says it."""
    cause: BaseException | None = error
    while cause is not None:
        for kind, word in _REASONS:
            if isinstance(cause, kind):
                return word
        cause = cause.__cause__ or cause.__context__
    return "no_connection"


def _seconds(told: str) -> float:
    """Read ``Retry-After`` (RFC 9110, 10.2.3); its form with a date counts as nothing said."""
    return float(told) if told.isascii() and told.isdigit() else 0.0


def _asked(statement: Statement, own: bytes, evidence: bytes) -> dict[str, object]:
    return {
        "statement": statement.to_json(),
        "signature": _base64(own),
        "evidence_signature": _base64(evidence),
    }


def _object(raw: bytes) -> Mapping[str, object]:
    if not raw:
        return {}
    try:
        said = json.loads(raw)
    except (ValueError, RecursionError) as error:
        raise DeskGarbled("not JSON") from error
    if not isinstance(said, dict):
        raise DeskGarbled("not an object")
    return said


def _text(said: Mapping[str, object], name: str) -> str:
    value = said.get(name)
    if not isinstance(value, str):
        raise DeskGarbled(f"the desk did not tell {name}")
    return value


def _base64(raw: bytes) -> str:
    return base64.b64encode(raw).decode()
