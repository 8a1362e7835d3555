"""Where a service is, and how a client gets there: a local socket, or TCP with TLS.

A service's URI is one of ::

    ws+unix:///run/yiduan/xfs4iot/IdReader.sock:/xfs4iot/v1.0/IdReader/
    wss://192.0.2.7:5846/xfs4iot/v1.0/IdReader/
    ws://127.0.0.1:5846/xfs4iot/v1.0/IdReader/

The first form is that of the ``ws`` library.  Plain ``ws`` is taken on loopback only.
"""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from drivers.service.envelope import MAX_MESSAGE

if TYPE_CHECKING:
    import ssl

    from websockets.sync.client import ClientConnection

OPEN_S = 5.0
"""Seconds an attempt to connect may take, TLS included, on a machine that is busy."""

_LOCAL = re.compile(r"ws\+unix://(/[^:]+):(/xfs4iot/v1\.0/(?:([0-9A-Za-z]+)/)?)\Z")
_REMOTE = re.compile(
    r"(wss?)://(\[[0-9a-f:.]+\]|[0-9A-Za-z.-]+):\d+/xfs4iot/v1\.0/(?:([0-9A-Za-z]+)/)?\Z"
)


class AddressError(ValueError):
    """A URI that is none of the forms above, or would carry secrets in plain text."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Address:
    """One service's place.

    Attributes:
        uri: as above.
        service: its name, empty for the publisher.
        socket: path of its local socket, ``None`` over TCP.
        trust: PEM file of the certificates a server must be signed by; the system's by default.
    """

    uri: str
    service: str
    socket: str | None = None
    trust: Path | None = None

    @classmethod
    def local(cls, socket: str, service: str) -> Self:
        """Return the address of a service on a local socket."""
        path = f"/xfs4iot/v1.0/{service}/" if service else "/xfs4iot/v1.0/"
        return cls(uri=f"ws+unix://{socket}:{path}", service=service, socket=socket)

    @classmethod
    def parse(cls, uri: str, trust: Path | None = None) -> Self:
        """Read a URI, such as a publisher tells.

        Raises:
            AddressError: it is of another form, or plain text to another machine.
        """
        local = _LOCAL.match(uri)
        if local:
            return cls(uri=uri, service=local[3] or "", socket=local[1])
        remote = _REMOTE.match(uri)
        if remote is None:
            raise AddressError("not the address of a service")
        if remote[1] == "ws" and not _is_loopback(remote[2].strip("[]")):
            raise AddressError("plain text to another machine: use wss")
        return cls(uri=uri, service=remote[3] or "", trust=trust)

    def connect(self, secret: str) -> ClientConnection:
        """Open a connection.

        Raises:
            OSError: nobody is there.
            WebSocketException: refused, or no web socket.
        """
        from websockets.sync.client import connect, unix_connect  # noqa: PLC0415  # heavy

        options: dict[str, Any] = {
            "additional_headers": {"Authorization": f"Bearer {secret}"},
            "user_agent_header": None,
            "compression": None,
            "open_timeout": OPEN_S,
            "close_timeout": 0.5,
            "max_size": 2 * MAX_MESSAGE,
        }
        if self.socket is None:
            return connect(
                self.uri, ssl=self._context(), proxy=None, ping_interval=5, legacy=True, **options
            )
        uri = "ws://localhost" + self.uri.rpartition(":")[2]
        return unix_connect(self.socket, uri, ping_interval=None, legacy=True, **options)

    def _context(self) -> ssl.SSLContext | None:
        if not self.uri.startswith("wss:"):
            return None
        import ssl  # noqa: PLC0415  # heavy: over TCP only

        return ssl.create_default_context(cafile=self.trust)


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
