"""The host's end of a pictures socket: who may come in; then the connection goes to the worker.

See `drivers.service.pictures` for the wire.  The host takes one packet of each caller, the secret,
and nothing after it: the worker process answers from then on.
"""

from __future__ import annotations

import asyncio
import os
import socket
import struct
from pathlib import Path

import structlog

from drivers.service.host import LONGEST_SOCKET_PATH, Gate
from drivers.service.pictures import LONGEST_PACKET, parse_packet, send_packet
from drivers.service.service import DeviceService

HELLO_S = 2.0
"""Seconds a caller has to say its secret."""
MOST_CALLERS = 16
"""Callers that may be saying it at the same time."""

_PAUSE_S = 0.2
_SOCKET_MODE = 0o660
_CREDENTIALS = struct.Struct("3i")

_log = structlog.get_logger("kiosk-devices")


class PictureGate:
    """The listening socket of one service's pictures."""

    def __init__(self, service: DeviceService, path: Path, gate: Gate) -> None:
        if len(os.fsencode(path)) > LONGEST_SOCKET_PATH:
            raise ValueError(f"socket path is longer than {LONGEST_SOCKET_PATH} bytes: {path}")
        self._service = service
        self._path = path
        self._gate = gate
        self._listening: socket.socket | None = None
        self._accepting: asyncio.Task[None] | None = None
        self._callers: set[asyncio.Task[None]] = set()

    async def start(self) -> None:
        """Listen."""
        self._path.parent.mkdir(parents=True, exist_ok=True)
        self._path.unlink(missing_ok=True)
        self._listening = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._listening.setblocking(False)
        self._listening.bind(str(self._path))
        self._path.chmod(_SOCKET_MODE)
        self._listening.listen(MOST_CALLERS)
        self._accepting = asyncio.create_task(self._accept(self._listening))

    async def stop(self) -> None:
        """Take no more callers."""
        if self._accepting is not None:
            self._accepting.cancel()
        for caller in list(self._callers):
            caller.cancel()
        if self._listening is not None:
            self._listening.close()
        self._path.unlink(missing_ok=True)

    async def _accept(self, listening: socket.socket) -> None:
        loop = asyncio.get_running_loop()
        while True:
            try:
                line, _ = await loop.sock_accept(listening)
            except OSError as error:  # no descriptor left, or the caller went: others still come
                _log.warning("caller_not_accepted", error=type(error).__name__)
                await asyncio.sleep(_PAUSE_S)
                continue
            if len(self._callers) >= MOST_CALLERS:
                line.close()
                continue
            caller = asyncio.create_task(self._admit(line))
            self._callers.add(caller)
            caller.add_done_callback(self._callers.discard)

    async def _admit(self, line: socket.socket) -> None:
        """Hear the secret, then hand the connection over; our own copy of it is closed."""
        with line:
            try:
                hello = await asyncio.wait_for(self._hello(line), HELLO_S)
            except (TimeoutError, OSError):
                return
            problem = self._problem(line, hello)
            if problem is not None:
                _refuse(line, problem)

    def _problem(self, line: socket.socket, hello: bytes) -> str | None:
        """Return why there is no connection to the worker, ``None`` if now there is."""
        packet = parse_packet(hello)
        secret = packet.get("secret") if packet else None
        offered = f"Bearer {secret}" if isinstance(secret, str) else None
        refused = self._gate.refusal(_peer_uid(line), offered)
        if refused is not None:
            name = self._service.spec.service
            _log.warning("caller_refused", service=name, status=int(refused), of="pictures")
            return "refused"
        return None if self._service.hand_over(line) else "starting"

    async def _hello(self, line: socket.socket) -> bytes:
        line.setblocking(False)
        return await asyncio.get_running_loop().sock_recv(line, LONGEST_PACKET + 1)


def _refuse(line: socket.socket, problem: str) -> None:
    try:
        send_packet(line, {"error": problem})
    except OSError:
        return  # it did not wait for the answer


def _peer_uid(line: socket.socket) -> int:
    raw = line.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, _CREDENTIALS.size)
    uid: int = _CREDENTIALS.unpack(raw)[1]
    return uid
