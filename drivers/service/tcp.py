"""The host's endpoint for other machines: one port, TLS, and secrets of its own.

The standard has a client look for the publisher on the ports 5846 to 5856 (80 and 443 belong to
others here); the first free one is taken, and every service is below it.  Off this machine nothing
is served without TLS.
"""

from __future__ import annotations

import errno
import ipaddress
import ssl
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from http import HTTPStatus
from pathlib import Path
from typing import Final

from websockets.asyncio.server import Server, ServerConnection, serve
from websockets.http11 import Request, Response

from drivers.service.envelope import MAX_MESSAGE
from drivers.service.front import ServiceFront
from drivers.service.host import Gate, authorization, converse, refuse, uri_path
from drivers.service.roles import Role

PORTS: Final = range(5846, 5857)
"""Ports of a publisher (XFS4IoT, CWA 17852-1)."""

MOST_CONNECTIONS: Final = 64
"""Connections over TCP at the same time; the next one is answered 503."""


class TcpError(Exception):
    """The endpoint cannot listen, or its certificate cannot be used."""


@dataclass(frozen=True, kw_only=True, slots=True)
class TcpSettings:
    """Where to listen, and with what.

    Attributes:
        address: an IP address of this machine.
        certificate: PEM file, with its chain; none is possible on loopback only.
        key: PEM file of its private key.
        secrets: by role, other than those of the local sockets.
    """

    address: str = "127.0.0.1"
    certificate: Path | None = None
    key: Path | None = None
    secrets: Mapping[Role, str] = field(default_factory=dict, repr=False)


def server_context(settings: TcpSettings) -> ssl.SSLContext | None:
    """Return the TLS context, ``None`` for plain text on loopback.

    Raises:
        TcpError: the files hold no usable certificate and key, or plain text would leave the
            machine.
    """
    if settings.certificate is None:
        if ipaddress.ip_address(settings.address).is_loopback:
            return None
        raise TcpError(f"{settings.address}: no plain text off this machine; name a certificate")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    try:
        context.load_cert_chain(settings.certificate, settings.key)
    except (OSError, ssl.SSLError) as error:
        raise TcpError(f"{settings.certificate}: certificate or key: {error}") from error
    return context


class TcpEndpoint:
    """Every service of the host on one port."""

    def __init__(self, services: Sequence[ServiceFront], settings: TcpSettings) -> None:
        self._services = {uri_path(one.offer.service): one for one in services}
        self._settings = settings
        self._gate = Gate(secrets=settings.secrets, uids=None)
        self._context = server_context(settings)
        self._server: Server | None = None
        self._open = 0
        self.port = 0

    async def start(self) -> None:
        """Listen on the first free port.

        Raises:
            TcpError: none is free.
        """
        for port in PORTS:
            if await self._listen(port):
                self.port = port
                return
        raise TcpError(f"{self._settings.address}: ports {PORTS[0]} to {PORTS[-1]} are in use")

    async def stop(self) -> None:
        """Close every connection."""
        if self._server is not None:
            self._server.close()
            await self._server.wait_closed()

    def uris(self) -> list[str]:
        """Return the address of every service but the publisher."""
        scheme = "ws" if self._context is None else "wss"
        host = self._settings.address
        place = f"{scheme}://{f'[{host}]' if ':' in host else host}:{self.port}"
        return [place + path for path, one in self._services.items() if one.offer.service]

    async def _listen(self, port: int) -> bool:
        try:
            self._server = await serve(
                self._serve,
                self._settings.address,
                port,
                ssl=self._context,
                process_request=self._admit,
                compression=None,
                max_size=2 * MAX_MESSAGE,
                open_timeout=5,
                ping_interval=5,
                ping_timeout=10,
                close_timeout=1,
                server_header=None,
            )
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                return False
            raise TcpError(f"{self._settings.address}: {error}") from error
        return True

    def _admit(self, connection: ServerConnection, request: Request) -> Response | None:
        service = self._services.get(request.path)
        if service is None:
            return connection.respond(HTTPStatus.NOT_FOUND, "no such service\n")
        if self._open >= MOST_CONNECTIONS:
            return connection.respond(HTTPStatus.SERVICE_UNAVAILABLE, "too many connections\n")
        role = self._gate.admit(-1, authorization(request))
        return refuse(connection, role, service.offer.service)

    async def _serve(self, connection: ServerConnection) -> None:
        request = connection.request
        role = self._gate.admit(-1, authorization(request))
        if request is None or not isinstance(role, Role):
            return
        self._open += 1
        try:
            await converse(connection, self._services[request.path], role)
        finally:
            self._open -= 1
