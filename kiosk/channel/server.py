"""The serving side of a local endpoint.

A thread a connection: the callers are our own few processes. A connection starts
with a hello that names a role and proves it; the peer's uid is checked besides.
What a handler raises as `Refused` goes back to the caller; anything else is logged
by its type, answered as ``internal``, and ends that connection only.
"""

from __future__ import annotations

import contextlib
import os
import socket
import struct
import threading
import traceback
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import structlog

from kiosk.channel import frame
from kiosk.channel.errors import ChannelClosed, ChannelError, Refused
from kiosk.channel.secrets import Secrets

log = structlog.get_logger()
_CREDENTIALS = struct.Struct("3i")


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Caller:
    """Who is at the other end of one connection.

    Attributes:
        role: the proven role.
        pid: process id by the kernel.
        uid: user id by the kernel.
        memory: a place for the serving room to keep what belongs to this connection.
    """

    role: str
    pid: int
    uid: int
    memory: dict[str, object] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Request:
    """One call: the operation's name, its fields, and descriptors (closed after it)."""

    caller: Caller
    op: str
    fields: Mapping[str, object]
    fds: Sequence[int]

    def text(self, name: str) -> str:
        """Return a text field, or refuse with ``bad_request``."""
        value = self.fields.get(name)
        if not isinstance(value, str):
            raise Refused("bad_request", f"{name} must be text")
        return value

    def number(self, name: str) -> float:
        """Return a number field, or refuse with ``bad_request``."""
        value = self.fields.get(name)
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise Refused("bad_request", f"{name} must be a number")
        return value


Handler = Callable[[Request], Mapping[str, object] | None]


class Server:
    """One local endpoint with its operations."""

    def __init__(
        self,
        path: Path,
        secrets: Secrets,
        operations: Mapping[tuple[str, str], Handler],
        *,
        allowed_uids: Collection[int] | None = None,
        on_leave: Callable[[Caller], None] | None = None,
    ) -> None:
        """Bind the socket (mode 0660); serving starts with `start`.

        Args:
            path: where to listen; an old socket file there is replaced.
            secrets: the roles that may call.
            operations: (role, operation) → handler. What is not in it is refused.
            allowed_uids: users that may connect; by default our own.
            on_leave: called once when a caller's connection ends.
        """
        self.path = path
        self._secrets = secrets
        self._operations = dict(operations)
        self._uids = {os.getuid()} if allowed_uids is None else set(allowed_uids)
        self._on_leave = on_leave
        self._connections: set[socket.socket] = set()
        self._lock = threading.Lock()
        path.parent.mkdir(parents=True, exist_ok=True)
        with contextlib.suppress(FileNotFoundError):
            path.unlink()
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self._socket.bind(str(path))
        path.chmod(0o660)
        self._socket.listen(16)

    def start(self) -> None:
        """Serve in background threads until `close`."""
        threading.Thread(target=self._accept, name=f"listen-{self.path.name}", daemon=True).start()

    def close(self) -> None:
        """Stop listening and end every connection."""
        with contextlib.suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()
        with self._lock:
            for connection in self._connections:
                with contextlib.suppress(OSError):
                    connection.shutdown(socket.SHUT_RDWR)
        with contextlib.suppress(FileNotFoundError):
            self.path.unlink()

    def _accept(self) -> None:
        while True:
            try:
                connection, _ = self._socket.accept()
            except OSError:
                return
            with self._lock:
                self._connections.add(connection)
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        caller: Caller | None = None
        try:
            caller = self._greet(connection)
            while True:
                self._answer(connection, caller)
        except ChannelClosed:
            pass
        except ChannelError as error:
            log.warning("channel_broken", socket=self.path.name, problem=type(error).__name__)
        finally:
            with self._lock:
                self._connections.discard(connection)
            connection.close()
            if caller is not None and self._on_leave is not None:
                self._on_leave(caller)

    def _greet(self, connection: socket.socket) -> Caller:
        raw = connection.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, _CREDENTIALS.size)
        pid, uid, _gid = _CREDENTIALS.unpack(raw)
        hello, fds = frame.receive(connection)
        frame.close_all(fds)
        role = hello.get("hello")
        if uid not in self._uids or not self._secrets.proves(role, hello.get("secret")):
            log.warning("channel_stranger", socket=self.path.name, uid=uid, pid=pid)
            frame.send(connection, {"error": "stranger"})
            raise ChannelClosed("stranger")
        frame.send(connection, {"ok": True})
        return Caller(role=str(role), pid=pid, uid=uid)

    def _answer(self, connection: socket.socket, caller: Caller) -> None:
        message, fds = frame.receive(connection)
        try:
            answer = self._run(caller, message, fds)
        finally:
            frame.close_all(fds)
        frame.send(connection, answer)

    def _run(self, caller: Caller, message: frame.Message, fds: list[int]) -> frame.Message:
        op = str(message.get("op"))
        handler = self._operations.get((caller.role, op))
        if handler is None:
            return {"error": "unknown_operation", "detail": f"{caller.role} may not {op[:40]}"}
        fields = {k: v for k, v in message.items() if k not in {"op", "fds"}}
        try:
            answer = handler(Request(caller=caller, op=op, fields=fields, fds=tuple(fds)))
        except Refused as refusal:
            return {"error": refusal.code, "detail": refusal.detail}
        except Exception as error:  # noqa: BLE001 - one bad call must not end the endpoint
            # No traceback: its lines and locals may hold what a citizen said.
            problem = type(error).__name__
            where = _place(error)
            log.error("channel_handler_failed", op=op, problem=problem, where=where)  # noqa: TRY400
            return {"error": "internal", "detail": problem}
        return {"ok": True, **(answer or {})}


def _place(error: Exception) -> str:
    """Return file and line of an error, for developers."""
    last = traceback.extract_tb(error.__traceback__)[-1]
    return f"{Path(last.filename).name}:{last.lineno}"
