"""The endpoints: one web socket server a device, on a Unix socket, and who may use it.

A caller must run as an allowed user (``SO_PEERCRED``; by default our own), and must know the
secret of role ``session`` (``Authorization: Bearer``), for on a desk all users are the same.
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
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from typing import Protocol

import structlog
from websockets.asyncio.server import Server, ServerConnection, unix_serve
from websockets.exceptions import ConnectionClosed
from websockets.http11 import Request, Response

from drivers.service.envelope import MAX_MESSAGE, Message, build
from drivers.service.service import DeviceService

URI_PREFIX = "/xfs4iot/v1.0"
LONGEST_SOCKET_PATH = 100
"""Bytes of a socket's path; the kernel takes 107."""

_BACKLOG = 1000  # messages a client may leave unread before it is cut off
_SOCKET_MODE = 0o660  # the directory's group decides who reaches it; the gate who comes in
_CREDENTIALS = struct.Struct("3i")

_log = structlog.get_logger("kiosk-devices")


@dataclass(frozen=True, kw_only=True, slots=True)
class Gate:
    """Who may connect: the users, and the secret that proves role ``session``."""

    secret: str
    uids: frozenset[int]

    def refusal(self, uid: int, authorization: str | None) -> HTTPStatus | None:
        """Return why this caller is refused, ``None`` when it may come in."""
        if uid not in self.uids:
            return HTTPStatus.FORBIDDEN
        offered = (authorization or "").encode()
        if not hmac.compare_digest(offered, f"Bearer {self.secret}".encode()):
            return HTTPStatus.UNAUTHORIZED
        return None


def own_uid() -> frozenset[int]:
    """Return the user this process runs as."""
    return frozenset({os.getuid()})


class Endpoint:
    """One service on one socket."""

    def __init__(self, service: DeviceService, path: Path, gate: Gate) -> None:
        if len(os.fsencode(path)) > LONGEST_SOCKET_PATH:
            raise ValueError(f"socket path is longer than {LONGEST_SOCKET_PATH} bytes: {path}")
        self._service = service
        self._path = path
        self._gate = gate
        self._uri = f"{URI_PREFIX}/{service.spec.service}/"
        self._server: Server | None = None

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
        offered = request.headers.get_all("Authorization")
        refused = self._gate.refusal(_peer_uid(connection), offered[0] if offered else None)
        if refused is None:
            return None
        _log.warning("caller_refused", service=self._service.spec.service, status=int(refused))
        return connection.respond(refused, "not allowed\n")

    async def _serve(self, connection: ServerConnection) -> None:
        """Serve one connection until it ends."""
        outbox: asyncio.Queue[Message] = asyncio.Queue(_BACKLOG)

        def send(message: Message) -> None:
            try:
                outbox.put_nowait(message)
            except asyncio.QueueFull:
                connection.transport.abort()  # it reads nothing: it is as good as gone

        number = self._service.connected(send)
        writer = asyncio.create_task(_write_all(connection, outbox))
        try:
            async for data in connection:
                self._service.received(number, data)
        except ConnectionClosed:
            pass  # gone without a closing handshake is gone
        finally:
            self._service.disconnected(number)
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


class Host:
    """All endpoints of a terminal."""

    def __init__(self, endpoints: Iterable[Listening]) -> None:
        self._endpoints = list(endpoints)

    async def start(self) -> None:
        """Start every endpoint."""
        for endpoint in self._endpoints:
            await endpoint.start()

    async def stop(self) -> None:
        """Stop every endpoint, all at once."""
        await asyncio.gather(*(endpoint.stop() for endpoint in self._endpoints))
