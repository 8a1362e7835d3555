"""Intake and broker, asked as the terminal asks them; the clock, held against the intake's."""

from __future__ import annotations

import contextlib
import http.client
import socket
import ssl
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from pathlib import Path
from urllib.parse import urlsplit

from kiosk.doctor.finding import Finding, Verdict, attention, broken, ok, unknown
from kiosk.doctor.lent import opened
from kiosk.settings.model import Centre

TIME_LIMIT = 8.0
"""Seconds for the connection and its answer."""
SLOW_MS = 1500
SKEW_S = 60.0
"""From here on the slips' times are wrong to the eye; certificates suffer at a day."""
ALERT_S = 0.5
"""Seconds in which a server that refuses a certificate has said so (TLS 1.3 tells it late)."""
_PORT = 443
_FAILURES: tuple[tuple[type[Exception], str], ...] = (
    (socket.gaierror, "lookup"),
    (ssl.SSLCertVerificationError, "stranger"),
    (ssl.SSLError, "insecure"),
    (TimeoutError, "silent"),
    (ConnectionRefusedError, "refused"),
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Answer:
    """What the intake's machine said: how long it took, and its time."""

    milliseconds: int
    at: datetime | None


def intake(url: str, keys: Path) -> tuple[Answer | None, Finding]:
    """Connect with the terminal's certificate and ask for nothing but an answer."""
    host = urlsplit(url).hostname or ""
    began = time.monotonic()
    try:
        at = _ask(url, _context(keys))
    except (OSError, http.client.HTTPException) as error:
        return None, _failed(host, error)
    answer = Answer(milliseconds=int((time.monotonic() - began) * 1000), at=at)
    if answer.milliseconds > SLOW_MS:
        return answer, attention("intake", "slow", host=host, ms=answer.milliseconds)
    return answer, ok("intake", host=host, ms=answer.milliseconds)


def _failed(host: str, error: Exception) -> Finding:
    """Name a failure for what it is; the narrower class stands first."""
    for kind, case in _FAILURES:
        if isinstance(error, kind):
            problem = getattr(error, "verify_message", "") or type(error).__name__
            return broken("intake", case, host=host, problem=problem)
    return broken("intake", "unreachable", host=host, problem=type(error).__name__)


def broker(centre: Centre, keys: Path) -> Finding:
    """Knock at the centre's broker with the terminal's certificate.

    Nothing is said behind the handshake: a second connection by the terminal's name would end the
    agent's. A broker that does not want the certificate says so at once; one that does, waits.
    """
    host = centre.bus_host
    if not host:
        return Finding(check="broker", case="alone", verdict=Verdict.OK)
    try:
        _knock(host, centre.bus_port, _context(keys))
    except OSError as error:
        told = _failed(host, error)
        return attention("broker", told.case, **told.values)
    return ok("broker", host=host)


def _knock(host: str, port: int, context: ssl.SSLContext) -> None:
    """Shake hands; raise what the other end finds wrong within `ALERT_S`."""
    with (
        socket.create_connection((host, port), TIME_LIMIT) as line,
        context.wrap_socket(line, server_hostname=host) as link,
    ):
        link.settimeout(ALERT_S)
        with contextlib.suppress(TimeoutError):
            if not link.recv(1):
                raise ConnectionRefusedError(host)


def clock(answer: Answer | None, now: datetime | None = None) -> Finding:
    """Hold the clock against the intake's; ``now`` is the clock's time when it is None."""
    if answer is None or answer.at is None:
        return unknown("clock", "nothing")
    seconds = abs(((now or datetime.now(UTC)) - answer.at).total_seconds())
    if seconds > SKEW_S:
        return broken("clock", "wrong", seconds=int(seconds))
    return ok("clock", seconds=int(seconds))


def _context(keys: Path) -> ssl.SSLContext:
    context = ssl.create_default_context(cafile=str(keys / "ca.crt"))
    with opened(keys / "terminal.pem") as key:
        context.load_cert_chain(str(keys / "terminal.crt"), str(key))
    return context


def _ask(url: str, context: ssl.SSLContext) -> datetime | None:
    parts = urlsplit(url)
    link = http.client.HTTPSConnection(
        parts.hostname or "", parts.port or _PORT, timeout=TIME_LIMIT, context=context
    )
    try:
        link.request("HEAD", "/")
        said = link.getresponse().getheader("date")
    finally:
        link.close()
    try:
        return parsedate_to_datetime(said) if said else None
    except ValueError:
        return None
