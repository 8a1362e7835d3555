"""The endpoints: one web socket server a device, on a Unix socket, and who may use it.

A caller must run as an allowed user (``SO_PEERCRED``; by default our own), and must know the
secret of a role (``Authorization: Bearer``), for on a desk all users are the same; see
`drivers.service.roles` for what a role may do.
Anything else is answered by an HTTP status before the connection becomes a web socket.

The web socket layer reads up to twice the 2 MiB of a message, so that a longer one is refused by
name; beyond that it closes the connection with code 1009.
"""

from __future__ import annotations

import asyncio
import hmac
import os
import socket
import struct
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from http import HTTPStatus
from pathlib import Path
from typing import Protocol, runtime_checkable

import structlog
from websockets.asyncio.server import Server, ServerConnection, unix_serve
from websockets.exceptions import ConnectionClosed
from websockets.http11 import Request, Response

from drivers.service.envelope import MAX_MESSAGE, Message, build
from drivers.service.front import ServiceFront
from drivers.service.host_services import Publisher
from drivers.service.roles import Role

URI_PREFIX = "/xfs4iot/v1.0"
LONGEST_SOCKET_PATH = 100
"""Bytes of a socket's path; the kernel takes 107."""

_BACKLOG = 1000  # messages a client may leave unread before it is cut off
_SOCKET_MODE = 0o660  # the directory's group decides who reaches it; the gate who comes in
_CREDENTIALS = struct.Struct("3i")

_log = structlog.get_logger("kiosk-devices")


@dataclass(frozen=True, kw_only=True, slots=True)
class Gate:
    """Who may connect: the users, and the secret that proves each role.

    ``uids`` is ``None`` where the kernel does not know the caller's user, as over TCP.
    """

    secrets: Mapping[Role, str] = field(repr=False)
    uids: frozenset[int] | None

    def admit(self, uid: int, authorization: str | None) -> Role | HTTPStatus:
        """Return the role a caller has proved, or why it is refused."""
        if self.uids is not None and uid not in self.uids:
            return HTTPStatus.FORBIDDEN
        offered = (authorization or "").encode()
        proved = [
            role
            for role, secret in self.secrets.items()
            if hmac.compare_digest(offered, f"Bearer {secret}".encode())
        ]
        return proved[0] if proved else HTTPStatus.UNAUTHORIZED

    def refusal(self, uid: int, authorization: str | None) -> HTTPStatus | None:
        """Return why a caller may not have what only a visit has, ``None`` when it may."""
        role = self.admit(uid, authorization)
        if isinstance(role, HTTPStatus):
            return role
        return None if role is Role.SESSION else HTTPStatus.FORBIDDEN


def own_uid() -> frozenset[int]:
    """Return the user this process runs as."""
    return frozenset({os.getuid()})


def uri_path(service: str) -> str:
    """Return the path of a service; the publisher, which has no name, is at the prefix itself."""
    return f"{URI_PREFIX}/{service}/" if service else f"{URI_PREFIX}/"


class Endpoint:
    """One service on one socket."""

    def __init__(self, service: ServiceFront, path: Path, gate: Gate) -> None:
        if len(os.fsencode(path)) > LONGEST_SOCKET_PATH:
            raise ValueError(f"socket path is longer than {LONGEST_SOCKET_PATH} bytes: {path}")
        self._service = service
        self._path = path
        self._gate = gate
        self._uri = uri_path(service.offer.service)
        self._server: Server | None = None

    def uris(self) -> list[str]:
        """Return where a client finds the service; the form is that of the ``ws`` library."""
        named = self._service.offer.service
        return [f"ws+unix://{self._path.absolute()}:{self._uri}"] if named else []

    async def start(self) -> None:
        """Start the worker and listen."""
        self._service.start()
        self._path.parent.mkdir(parents=True, exist_ok=True)
        self._path.unlink(missing_ok=True)
        self._server = await unix_serve(
            self._serve,
            self._path,
            process_request=self._admit,
            compression=None,
            max_size=2 * MAX_MESSAGE,
            ping_interval=None,
            close_timeout=1,
            server_header=None,
        )
        self._path.chmod(_SOCKET_MODE)

    async def stop(self) -> None:
        """Close every connection, end the worker, remove the socket."""
        self._service.prepare_stop()
        if self._server is not None:
            self._server.close()
            await self._server.wait_closed()
        await self._service.stop()
        self._path.unlink(missing_ok=True)

    def _admit(self, connection: ServerConnection, request: Request) -> Response | None:
        """Refuse a request that is not for this service or from no one we know."""
        if request.path != self._uri:
            return connection.respond(HTTPStatus.NOT_FOUND, "no such service\n")
        role = self._gate.admit(_peer_uid(connection), authorization(request))
        return refuse(connection, role, self._service.offer.service)

    async def _serve(self, connection: ServerConnection) -> None:
        """Serve one connection until it ends."""
        role = self._gate.admit(_peer_uid(connection), authorization(connection.request))
        if isinstance(role, Role):
            await converse(connection, self._service, role)


def authorization(request: Request | None) -> str | None:
    """Return what a request offers as its proof."""
    offered = request.headers.get_all("Authorization") if request else []
    return offered[0] if offered else None


def refuse(connection: ServerConnection, role: Role | HTTPStatus, service: str) -> Response | None:
    """Return the answer to a caller that has proved no role, ``None`` to one that has."""
    if isinstance(role, Role):
        return None
    _log.warning("caller_refused", service=service, status=int(role))
    return connection.respond(role, "not allowed\n")


async def converse(connection: ServerConnection, service: ServiceFront, role: Role) -> None:
    """Carry messages between one connection and a service until the connection ends."""
    outbox: asyncio.Queue[Message] = asyncio.Queue(_BACKLOG)

    def send(message: Message) -> None:
        try:
            outbox.put_nowait(message)
        except asyncio.QueueFull:
            connection.transport.abort()  # it reads nothing: it is as good as gone

    number = service.connected(send, role)
    writer = asyncio.create_task(_write_all(connection, outbox))
    try:
        async for data in connection:
            service.received(number, data)
    except ConnectionClosed:
        pass  # gone without a closing handshake is gone
    finally:
        service.disconnected(number)
        writer.cancel()


async def _write_all(connection: ServerConnection, outbox: asyncio.Queue[Message]) -> None:
    with suppress(ConnectionClosed):
        while True:
            await connection.send(build(await outbox.get()))


def _peer_uid(connection: ServerConnection) -> int:
    """Return the user at the other end, as the kernel knows it."""
    line: socket.socket = connection.transport.get_extra_info("socket")
    raw = line.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, _CREDENTIALS.size)
    uid: int = _CREDENTIALS.unpack(raw)[1]
    return uid


class Listening(Protocol):
    """One socket of the host."""

    async def start(self) -> None:
        """Listen."""

    async def stop(self) -> None:
        """Close every connection and remove the socket."""


@runtime_checkable
class Published(Protocol):
    """A socket that gives access to services a client may look for."""

    def uris(self) -> list[str]:
        """Return where they are."""


class Host:
    """All endpoints of a terminal; the publisher tells of each as soon as it listens."""

    def __init__(self, endpoints: Iterable[Listening], publisher: Publisher | None = None) -> None:
        self._endpoints = list(endpoints)
        self._publisher = publisher or Publisher()

    async def start(self) -> None:
        """Start every endpoint."""
        for endpoint in self._endpoints:
            await endpoint.start()
            if isinstance(endpoint, Published):
                self._publisher.publish(endpoint.uris())
        self._publisher.complete_list()

    async def stop(self) -> None:
        """Stop every endpoint, all at once."""
        await asyncio.gather(*(endpoint.stop() for endpoint in self._endpoints))
