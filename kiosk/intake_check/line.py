"""The line itself: TLS, whose certificates are believed, clock, limits, the shape of a refusal."""

from __future__ import annotations

import http.client
import socket
import ssl
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Final
from urllib.parse import urlsplit

from kiosk.gateway import IntakeGarbled, IntakeUnreachable, Reply, answers
from kiosk.gateway.ports import MODULES
from kiosk.gateway.status import retry_after, success
from kiosk.intake_check.asking import refused
from kiosk.intake_check.finding import Failed, Skipped, Verdict
from kiosk.intake_check.stand import Identity, Stand

SKEW_S: Final = 60
"""Beyond it times on slips are wrong to the eye; at 300 s evidence of a reading is refused."""
SLOW_S: Final = 3.0
"""A citizen waits for every answer; the terminal gives up after 8 s."""
SOON_DAYS: Final = 30
TOO_LONG: Final = (1 << 20) + 1
"""Bytes of a body, one more than any may have."""


def tls(stand: Stand) -> None:
    """TLS 1.2 or newer, by a certificate that is believed and will be for a while."""
    with _connected(stand, stand.identity) as link:
        ends = ssl.cert_time_to_seconds(str((link.getpeercert() or {})["notAfter"]))
        if link.version() not in {"TLSv1.2", "TLSv1.3"}:
            raise Failed("old_tls", version=str(link.version()))
    days = int((ends - datetime.now(UTC).timestamp()) // 86400)
    if days < SOON_DAYS:
        raise Failed("certificate_ends", Verdict.ATTENTION, days=days)


def anonymous(stand: Stand) -> None:
    """Who shows no certificate is served nothing."""
    parts = urlsplit(stand.url)
    context = ssl.create_default_context(cafile=str(stand.identity.ca))
    link = http.client.HTTPSConnection(
        parts.hostname or "", parts.port or 443, timeout=stand.time_limit, context=context
    )
    try:
        link.request("GET", f"/v1/catalogue?division={stand.place}")
        status = link.getresponse().status
    except (OSError, http.client.HTTPException):
        return
    finally:
        link.close()
    if status < 400:
        raise Failed("served_anybody", status=status)


def unknown_terminal(stand: Stand) -> None:
    """A certificate of the right authority for a terminal that nobody enrolled is refused."""
    _stranger(stand, "UNKNOWN_TERMINAL")


def revoked_terminal(stand: Stand) -> None:
    """A terminal whose enrolment was revoked is refused, and told so."""
    _stranger(stand, "TERMINAL_REVOKED")


def clock(stand: Stand) -> None:
    """Its clock and ours agree, or slips and evidence carry wrong times."""
    reply = _catalogue(stand)
    try:
        at = parsedate_to_datetime(reply.headers.get("date", ""))
    except (ValueError, TypeError):
        raise Failed("no_date", Verdict.ATTENTION) from None
    seconds = int(abs((datetime.now(UTC) - at).total_seconds()))
    if seconds > SKEW_S:
        raise Failed("clock_wrong", seconds=seconds)


def document(stand: Stand) -> None:
    """It publishes its calls (OpenAPI), and all that terminals make are among them."""
    reply = stand.line.request("GET", "/openapi.json")
    if reply.status == 404:
        raise Failed("no_document", Verdict.ATTENTION)
    paths = answers.document(success(reply)).get("paths")
    there = {
        f"{method.upper()} {path}"
        for path, own in (paths if isinstance(paths, dict) else {}).items()
        for method in own
    }
    wanted = {call for one in MODULES for calls in one.calls.values() for call in calls}
    if missing := sorted(wanted - there):
        raise Failed("calls_missing", calls=", ".join(missing))


def problem_shape(stand: Stand) -> None:
    """What it refuses it says in one shape: code, words for a citizen, whether to come again."""
    refused(stand.line.request("GET", "/v1/no-such-call"), "NOT_FOUND")


def oversize(stand: Stand) -> None:
    """A body that is longer than any may be is refused, not read to the end and not stored."""
    body = b'{"x":"' + b"x" * TOO_LONG + b'"}'
    sent = {"content-type": "application/json"}
    refused(stand.line.request("POST", "/v1/prefill", body, headers=sent), "TOO_LARGE")


def compressed(stand: Stand) -> None:
    """Nothing is unpacked: a few kilobytes could become gigabytes."""
    sent = {"content-type": "application/json", "content-encoding": "gzip"}
    reply = stand.line.request("POST", "/v1/prefill", b"\x1f\x8b", headers=sent)
    refused(reply, "MEDIA_TYPE")


def pace(stand: Stand) -> None:
    """A terminal that asks too often is told when to come again."""
    if not stand.burst:
        raise Skipped("no_burst")
    for _ in range(stand.burst):
        reply = _catalogue(stand)
        if reply.status == 429:
            if retry_after(reply) is None:
                raise Failed("no_retry_after")
            return
    raise Failed("never_too_many", Verdict.ATTENTION, count=stand.burst)


def speed(stand: Stand) -> None:
    """No answer of this run took long."""
    if stand.line.slowest > SLOW_S:
        seconds = f"{stand.line.slowest:.1f}"
        raise Failed("slow", Verdict.ATTENTION, call=stand.line.call, seconds=seconds)


def _catalogue(stand: Stand) -> Reply:
    return stand.line.request("GET", f"/v1/catalogue?division={stand.place}")


def _stranger(stand: Stand, code: str) -> None:
    identity = stand.strangers.get(code)
    if identity is None:
        raise Skipped("no_stranger")
    way = stand.transport(identity)
    try:
        refused(way.request("GET", f"/v1/catalogue?division={stand.place}"), code)
    finally:
        way.close()


def _connected(stand: Stand, identity: Identity) -> ssl.SSLSocket:
    """Return a connection over a certificate.

    Raises:
        Failed: there is none.
    """
    parts = urlsplit(stand.url)
    context = ssl.create_default_context(cafile=str(identity.ca))
    context.load_cert_chain(str(identity.cert), str(identity.key))
    host = parts.hostname or ""
    try:
        plain = socket.create_connection((host, parts.port or 443), stand.time_limit)
        return context.wrap_socket(plain, server_hostname=host)
    except OSError as error:
        raise Failed("no_connection", reason=_why(stand, error)) from error


def _why(stand: Stand, error: OSError) -> str:
    """Return why there is no connection, in a word of `kiosk.gateway.why` where it has one."""
    try:
        _catalogue(stand)
    except IntakeUnreachable as known:
        return known.reason
    except IntakeGarbled:
        pass
    return getattr(error, "verify_message", "") or error.strerror or type(error).__name__
