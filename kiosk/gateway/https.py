"""Straight to the intake: HTTPS with the terminal's certificate.

The whole exchange has one deadline, from the name lookup to the last byte of the body; a peer that
sends a byte now and then gains nothing by it. Proxies, passwords and certificates of the
environment are ignored, redirects are not followed, and nothing is decompressed.

Connections are kept, and so are the threads that wait on them (`kiosk.gateway.waiting`): a
conversation of many exchanges costs one handshake and one thread.
"""

from __future__ import annotations

import json
import ssl
import threading
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlsplit

import urllib3

from kiosk.gateway.errors import IntakeGarbled, IntakeUnreachable
from kiosk.gateway.transport import ANSWER_LIMIT, TIME_LIMIT, Json, Reply
from kiosk.gateway.waiting import TooSlow, Waiters
from kiosk.gateway.why import why

_PIECE = 65536
_KEPT = 4
"""Connections that are kept for the next exchange."""
_PORT = 443


class HttpsTransport:
    """Requests over mutual TLS; safe for several threads."""

    def __init__(
        self,
        base_url: str,
        *,
        cert: Path,
        key: Path,
        ca: Path,
        time_limit: float = TIME_LIMIT,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        """Take the address and the terminal's identity; nothing is read or connected yet.

        Args:
            base_url: ``https://host:port`` of the intake.
            cert: the terminal's certificate, PEM.
            key: its private key, PEM.
            ca: the only authority that is believed.
            time_limit: seconds for one whole exchange.
            headers: sent with every request (a visit token).

        Raises:
            ValueError: the address is not HTTPS.
        """
        if not base_url.startswith("https://"):
            raise ValueError("the intake is reached by https only")
        address = urlsplit(base_url.rstrip("/"))
        self._host, self._port = address.hostname or "", address.port or _PORT
        self._prefix = address.path
        self._files = cert, key, ca
        self._limit = time_limit
        self._headers = {"accept-encoding": "identity", **(headers or {})}
        self._opening = threading.Lock()
        self._pool: urllib3.HTTPSConnectionPool | None = None
        self._waiters = Waiters("kiosk-exchange")

    def request(
        self,
        method: str,
        path: str,
        body: Json | bytes | None = None,
        *,
        headers: Mapping[str, str] | None = None,
    ) -> Reply:
        """Send a request; see :class:`kiosk.gateway.transport.Transport`."""
        data, kind = _encoded(body)
        sent = {
            **self._headers,
            **({} if data is None else {"content-type": kind}),
            **(headers or {}),
        }
        try:
            return self._waiters.wait(
                lambda: self._exchange(method, self._prefix + path, data, sent), self._limit
            )
        except TooSlow as error:
            raise IntakeUnreachable("too_slow") from error

    def close(self) -> None:
        """Give up kept connections and threads."""
        self._waiters.close()
        if self._pool is not None:
            self._pool.close()

    def _exchange(
        self, method: str, path: str, data: bytes | None, headers: Mapping[str, str]
    ) -> Reply:
        answered = False
        try:
            answer = self._connections().urlopen(
                method,
                path,
                body=data,
                headers=headers,
                retries=False,
                redirect=False,
                preload_content=False,
                decode_content=False,
            )
            answered = True
            with answer:
                return Reply(
                    status=answer.status,
                    body=_read(answer),
                    headers={name.lower(): value for name, value in answer.headers.items()},
                )
        except (urllib3.exceptions.HTTPError, OSError) as error:
            raise why(error, answered=answered) from error

    def _connections(self) -> urllib3.HTTPSConnectionPool:
        """Return the pool; the first exchange makes it, and reads the keys."""
        with self._opening:
            if self._pool is None:
                self._pool = urllib3.HTTPSConnectionPool(
                    self._host,
                    self._port,
                    timeout=self._limit,
                    maxsize=_KEPT,
                    ssl_context=_identity(*self._files),
                )
            return self._pool


def _identity(cert: Path, key: Path, ca: Path) -> ssl.SSLContext:
    """Return TLS with our certificate that believes one authority and nothing else.

    Raises:
        IntakeUnreachable: ``keys_unusable``.
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    try:
        context.load_verify_locations(ca)
        context.load_cert_chain(cert, key)
    except OSError as error:  # also what `ssl` says of a file that is none
        raise IntakeUnreachable("keys_unusable") from error
    return context


def _read(answer: urllib3.BaseHTTPResponse) -> bytes:
    """Read a body up to the limit."""
    body = bytearray()
    for piece in answer.stream(_PIECE, decode_content=False):
        body += piece
        if len(body) > ANSWER_LIMIT:
            raise IntakeGarbled("too_long")
    return bytes(body)


def _encoded(body: Json | bytes | None) -> tuple[bytes | None, str]:
    """Return a body's bytes and media type."""
    if body is None or isinstance(body, bytes):
        return body, "application/octet-stream"
    return json.dumps(body, ensure_ascii=False).encode(), "application/json"
