"""One exchange of IPP over HTTP, on a Unix socket or an address, within a time.

Source: RFC 8010 section 4: a POST of type ``application/ipp``; an IPP error comes with HTTP 200.
CUPS listens on ``/run/cups/cups.sock`` and checks the caller's user there; a driverless printer
listens at ``ipp://host:631/ipp/print``.  A connection is used once: what the last exchange left
behind cannot be taken for the answer of the next.
"""

from __future__ import annotations

import http.client
import os
import pwd
import re
import socket
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

from drivers.a4.ipp import LONGEST, IppError, Message, decode, encode
from drivers.a4.names import Found, Names, Place
from drivers.errors import DeviceFailed, DeviceGarbled, DeviceSilent, TransportLost
from drivers.line_trace import LINE

PORT = 631
CUPS_SOCKET = "/run/cups/cups.sock"

_QUEUE = re.compile(r"[A-Za-z0-9_.-]{1,127}")
_OK = 200
_REFUSALS = frozenset({401, 403, 426})


@dataclass(frozen=True, kw_only=True, slots=True)
class Target:
    """Where a printer is: a socket's path or host and port, and its resource there."""

    host: str
    port: int
    socket_path: str
    resource: str

    @property
    def uri(self) -> str:
        """Return ``printer-uri`` as requests name it."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        port = "" if self.port == PORT else f":{self.port}"
        return f"ipp://{host}{port}{self.resource}"

    @classmethod
    def parse(cls, port: str, queue: str | None = None) -> Target:
        """Read ``ipp://host/path``, the path of a socket, or the name of a queue of CUPS.

        A queue is looked for where the programs of CUPS look: at ``CUPS_SERVER``, else at its
        socket, else on this machine.

        Raises:
            ValueError: it is none of these.
        """
        if port.startswith("ipp://"):
            return cls._of_url(port, queue)
        resource = f"/printers/{quote(queue)}" if queue else "/ipp/print"
        if port.startswith("/"):
            return cls(host="localhost", port=PORT, socket_path=port, resource=resource)
        if not _QUEUE.fullmatch(port) or queue:
            raise ValueError("not an ipp:// address, the path of a socket or the name of a queue")
        return cls._of_queue(port)

    @classmethod
    def _of_url(cls, url: str, queue: str | None) -> Target:
        parts = urlsplit(url)
        if not parts.hostname or parts.username or parts.query:
            raise ValueError("an ipp:// address has a host and a path, nothing else")
        resource = f"/printers/{quote(queue)}" if queue else parts.path or "/ipp/print"
        return cls(host=parts.hostname, port=parts.port or PORT, socket_path="", resource=resource)

    @classmethod
    def _of_queue(cls, queue: str) -> Target:
        server = os.environ.get("CUPS_SERVER") or (
            CUPS_SOCKET if Path(CUPS_SOCKET).exists() else ""
        )
        if server.startswith("/"):
            return cls.parse(server, queue)
        return cls._of_url(f"ipp://{server or 'localhost'}/", queue)


def exchange(
    target: Target, request: Message, seconds: float, document: bytes, names: Names
) -> Message:
    """Send one request, with its document, and return the answer.

    Args:
        target: the printer.
        request: what is asked.
        seconds: limit for all of it, finding the address and connecting included.
        document: bytes sent behind the request.
        names: where hosts are; the same from one exchange to the next.

    Raises:
        TransportLost: nobody listens there, it has no address, or the connection broke.
        DeviceSilent: no whole answer came in time.
        DeviceGarbled: the answer is not IPP, or not to this request.
        DeviceFailed: the print service refuses this user.
    """
    ends = time.monotonic() + seconds
    try:
        with _connect(target, ends, names) as line:
            status, data = _post(target, line, encode(request) + document)
    except TimeoutError as error:
        raise DeviceSilent("the printer gives no answer in time") from error
    except http.client.HTTPException as error:
        raise DeviceGarbled("the printer does not answer in HTTP") from error
    except OSError as error:
        raise TransportLost(f"{target.uri}: {error.strerror or 'not reached'}") from error
    return _answer(request, status, data)


def _answer(request: Message, status: int, data: bytes) -> Message:
    if status in _REFUSALS:
        raise DeviceFailed(f"the print service refuses this user (HTTP {status})")
    if status != _OK or len(data) > LONGEST:
        raise DeviceGarbled(f"the printer does not answer in IPP (HTTP {status})")
    try:
        answer, _ = decode(data)
    except IppError as error:
        raise DeviceGarbled(f"the printer's answer is no IPP message: {error}") from error
    if answer.request_id != request.request_id:
        raise DeviceGarbled("the printer answers another request")
    return answer


class _TimedSocket(socket.socket):
    """A socket all of whose reads end at one moment, however the bytes trickle in."""

    ends = 0.0

    def recv_into(self, *arguments: Any, **named: Any) -> int:
        """Read, for what is left of the time."""
        left = self.ends - time.monotonic()
        if left <= 0:
            raise TimeoutError
        self.settimeout(left)
        return super().recv_into(*arguments, **named)


def _connect(target: Target, ends: float, names: Names) -> _TimedSocket:
    if target.socket_path:
        return _connected(socket.AF_UNIX, target.socket_path, ends)
    place = (target.host, target.port)
    found = _found(names, place, ends)
    problem = OSError("no address")
    for family, _kind, _protocol, _name, address in found:
        try:
            return _connected(family, address, ends)
        except TimeoutError:
            names.forget(place)
            raise
        except OSError as error:
            problem = error
    names.forget(place)
    raise problem


def _found(names: Names, place: Place, ends: float) -> Found:
    try:
        return names.addresses(place, ends - time.monotonic())
    except TimeoutError as error:
        raise TransportLost(f"{place[0]}: its address was not found in time") from error


def _connected(family: int, address: Any, ends: float) -> _TimedSocket:
    line = _TimedSocket(family, socket.SOCK_STREAM)
    line.ends = ends
    try:
        line.settimeout(max(0.01, ends - time.monotonic()))
        line.connect(address)
    except OSError:
        line.close()
        raise
    return line


def _user() -> str:
    """Return the name of this process' user: CUPS compares it with the kernel's word.

    Without it CUPS lets nobody cancel a job (its default policy wants an owner that is proven).
    """
    try:
        return pwd.getpwuid(os.geteuid()).pw_name
    except KeyError:
        return str(os.geteuid())


def _post(target: Target, line: _TimedSocket, body: bytes) -> tuple[int, bytes]:
    """Send a body and return status and content of the answer, one byte more than allowed at most.

    A write has the rest of the time as a whole, as `socket.sendall` counts it.
    """
    connection = http.client.HTTPConnection(target.host, target.port)
    connection.sock = line
    line.settimeout(max(0.01, line.ends - time.monotonic()))
    headers = {"Content-Type": "application/ipp", "Connection": "close", "User-Agent": "yiduan"}
    if target.socket_path:
        headers["Authorization"] = f"PeerCred {_user()}"
    LINE.sent(body)
    connection.request("POST", target.resource, body, headers)
    response = connection.getresponse()
    content = response.read(LONGEST + 1)
    LINE.came(content)
    return response.status, content
