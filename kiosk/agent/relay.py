"""One visit's line to the intake: a process that knows a few calls and nothing else.

A session has no network. Its relay has the terminal's certificate and a visit token, and
carries only the calls below, within limits of time, size and number. It is there for one
visit, at most for half an hour, keeps nothing, and dies with the agent.
"""

from __future__ import annotations

import json
import os
import re
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from kiosk.agent.lines import Addresses
from kiosk.agent.walls import raise_walls
from kiosk.channel import MAX_FRAME, Refused, Request, Secrets, Server
from kiosk.crypto.keyring import tls_key
from kiosk.gateway import IntakeGarbled, IntakeUnreachable, Reply, Transport
from kiosk.gateway.https import HttpsTransport

LIFETIME = 30 * 60.0
"""Seconds a relay lives at most."""
TIME_LIMIT = 8.0
"""Seconds a call may take."""
MAX_CALLS = 200
"""Calls of one visit; a visit needs about ten."""
ALLOWED = (
    ("GET", re.compile(r"/v1/catalogue(\?division=[0-9]{6})?")),
    ("POST", re.compile(r"/v1/prefill")),
    ("POST", re.compile(r"/v1/enterprise-sign-in")),
    ("POST", re.compile(r"/v1/applications/mine")),
    ("POST", re.compile(r"/v1/evaluations")),
    ("GET", re.compile(r"/v1/progress/[0-9A-Z]{1,40}\.[0-9a-f]{16}")),
)
KEPT_HEADERS = frozenset({"content-type", "date", "etag", "retry-after"})
_ROOM = 4096


@dataclass(frozen=True, kw_only=True, slots=True)
class RelayJob:
    """What a relay is told.

    Attributes:
        path: the socket to serve.
        secret: what its session proves itself with.
        visit: the only visit it may ask for.
        token: the visit token sent with every request.
        addresses: of the intakes' terminal APIs.
        keys: directory with the terminal's certificate.
        users: uids that may call besides our own.
    """

    path: Path
    secret: str
    visit: str
    token: str
    addresses: Addresses
    keys: Path
    users: frozenset[int] = frozenset()


def relay(job: RelayJob, pipe: Connection) -> None:
    """Be the relay of one visit (runs in a process of its own)."""
    raise_walls("kiosk-relay", parent=os.getppid())
    lines = {address: _line(job, address) for address in job.addresses.all()}
    places = {place: lines[url] for place, url in job.addresses.by_jurisdiction.items()}
    calls = Calls(job.visit, lines[job.addresses.default], places)
    roles = Secrets(roles={"session": job.secret})
    operations = {("session", "api"): calls.serve}
    server = Server(job.path, roles, operations, allowed_uids={os.getuid(), *job.users})
    server.start()
    pipe.send_bytes(b"ready")
    pipe.poll(LIFETIME)
    server.close()
    os._exit(0)


def _line(job: RelayJob, address: str) -> HttpsTransport:
    return HttpsTransport(
        address,
        cert=job.keys / "terminal.crt",
        key=tls_key(job.keys),
        ca=job.keys / "ca.crt",
        time_limit=TIME_LIMIT,
        headers={"X-Visit-Token": job.token},
    )


class Calls:
    """The allow-list and the limits, over any transports.

    A call that names a jurisdiction goes to its own intake, where it has one; all else to the
    terminal's.
    """

    def __init__(
        self, visit: str, transport: Transport, places: Mapping[str, Transport] | None = None
    ) -> None:
        self._visit = visit
        self._transport = transport
        self._places = places or {}
        self._made = 0
        self._lock = threading.Lock()

    def serve(self, request: Request) -> Mapping[str, object]:
        """Carry one call; refuse with ``not_allowed``, ``unreachable`` or ``garbled``."""
        method, path = request.text("method"), request.text("path")
        body = self._body(request.fields.get("body"))
        if not any(method == verb and form.fullmatch(path) for verb, form in ALLOWED):
            raise Refused("not_allowed", "this call is not on the list")
        if (method == "POST" or body is not None) and (body or {}).get("visit") != self._visit:
            raise Refused("not_allowed", "another visit")
        self._count()
        try:
            return _told(self._line(path, body).request(method, path, body))
        except IntakeUnreachable as error:
            raise Refused("unreachable", error.reason) from error
        except IntakeGarbled as error:
            raise Refused("garbled", error.reason) from error

    def _line(self, path: str, body: Mapping[str, object] | None) -> Transport:
        named = parse_qs(urlsplit(path).query).get("division", [""])[0]
        place = str((body or {}).get("jurisdiction", named))
        return self._places.get(place, self._transport)

    def _count(self) -> None:
        with self._lock:
            self._made += 1
            if self._made > MAX_CALLS:
                raise Refused("not_allowed", "too many calls")

    @staticmethod
    def _body(text: object) -> Mapping[str, object] | None:
        if text is None:
            return None
        try:
            body = json.loads(text) if isinstance(text, str) else None
        except (ValueError, RecursionError):
            body = None
        if not isinstance(body, dict):
            raise Refused("not_allowed", "the body is no JSON object")
        return body


def _told(reply: Reply) -> dict[str, object]:
    """Return what a session hears of an answer, if it fits a frame."""
    try:
        text = reply.body.decode()
    except UnicodeDecodeError as error:
        raise Refused("garbled", "not_text") from error
    told: dict[str, object] = {
        "status": reply.status,
        "headers": {name: value for name, value in reply.headers.items() if name in KEPT_HEADERS},
        "body": text,
    }
    if len(json.dumps(told, ensure_ascii=False).encode()) > MAX_FRAME - _ROOM:
        raise Refused("garbled", "too_long")
    return told
