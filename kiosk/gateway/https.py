"""Straight to the intake: HTTPS with the terminal's certificate.

The whole exchange has one deadline, from the name lookup to the last byte of the body; a peer that
sends a byte now and then gains nothing by it. Proxies, passwords and certificates of the
environment are ignored, redirects are not followed, and nothing is decompressed.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Mapping
from pathlib import Path

import requests
import urllib3
from requests.adapters import HTTPAdapter

from kiosk.gateway.errors import GatewayError, IntakeGarbled, IntakeUnreachable
from kiosk.gateway.transport import ANSWER_LIMIT, TIME_LIMIT, Json, Reply
from kiosk.gateway.why import why

_PIECE = 65536


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
        """Take the address and the terminal's identity.

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
        self._base = base_url.rstrip("/")
        self._limit = time_limit
        self._session = requests.Session()
        self._session.trust_env = False
        self._session.cert = (str(cert), str(key))
        self._session.verify = str(ca)
        self._session.headers.update({"accept-encoding": "identity", **(headers or {})})
        self._session.mount("https://", HTTPAdapter(max_retries=0))

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
        sent = {**({} if data is None else {"content-type": kind}), **(headers or {})}
        exchange = _Exchange(self._session, self._limit)
        exchange.start(method, self._base + path, data, sent)
        return exchange.result()

    def close(self) -> None:
        """Give up kept connections."""
        self._session.close()


class _Exchange:
    """One request in a thread of its own, so that its caller can leave at the deadline."""

    def __init__(self, session: requests.Session, limit: float) -> None:
        self._session = session
        self._limit = limit
        self._done = threading.Event()
        self._reply: Reply | None = None
        self._error: GatewayError = IntakeUnreachable("no_answer")

    def start(self, method: str, url: str, data: bytes | None, headers: dict[str, str]) -> None:
        """Send in the background."""
        arguments = (method, url, data, headers)
        threading.Thread(target=self._run, args=arguments, daemon=True).start()

    def result(self) -> Reply:
        """Return the answer, or raise what came instead of it."""
        if not self._done.wait(self._limit):
            raise IntakeUnreachable("too_slow")
        if self._reply is None:
            raise self._error
        return self._reply

    def _run(self, method: str, url: str, data: bytes | None, headers: dict[str, str]) -> None:
        try:
            self._reply = self._exchange(method, url, data, headers)
        except GatewayError as error:
            self._error = error
        except (requests.exceptions.RequestException, urllib3.exceptions.HTTPError) as error:
            self._error = why(error)
        finally:
            self._done.set()

    def _exchange(
        self, method: str, url: str, data: bytes | None, headers: dict[str, str]
    ) -> Reply:
        with self._session.request(
            method,
            url,
            data=data,
            headers=headers,
            timeout=self._limit,
            allow_redirects=False,
            stream=True,
        ) as answer:
            return Reply(
                status=answer.status_code,
                body=_read(answer),
                headers={name.lower(): value for name, value in answer.headers.items()},
            )


def _read(answer: requests.Response) -> bytes:
    """Read a body up to the limit."""
    body = bytearray()
    for piece in answer.raw.stream(_PIECE, decode_content=False):
        body += piece
        if len(body) > ANSWER_LIMIT:
            raise IntakeGarbled("too_long")
    return bytes(body)


def _encoded(body: Json | bytes | None) -> tuple[bytes | None, str]:
    """Return a body's bytes and media type."""
    if body is None or isinstance(body, bytes):
        return body, "application/octet-stream"
    return json.dumps(body, ensure_ascii=False).encode(), "application/json"
