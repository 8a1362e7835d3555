"""The other end of a service, for sessions: blocking calls, safe from any thread, light to import.

::

    reader = ServiceClient(run / "xfs4iot" / "IdReader.sock", "IdReader", secret)
    reader.on_unsolicited(lambda event: ...)
    reader.connect()
    done = reader.call("XIdCard.Read", {"visit": visit}, 60.0, on_event=lambda event: ...)

A lost connection fails what was running with `ServiceUnavailable`; the client then connects again
by itself, in the background, and a call made meanwhile waits a moment for it.  Nothing is ever sent
twice: a command whose connection broke may have been carried out, and only its caller knows
whether it may be repeated.
"""

from __future__ import annotations

import queue
import re
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from os import PathLike
from typing import TYPE_CHECKING, Self

from websockets.exceptions import InvalidStatus, WebSocketException

from drivers.service.address import OPEN_S, Address
from drivers.service.envelope import (
    CompletionCode,
    EnvelopeError,
    Header,
    Message,
    MessageType,
    Payload,
    build,
    parse,
)
from drivers.service.grace import LET_OUT_S

if TYPE_CHECKING:
    from websockets.sync.client import ClientConnection

COME_BACK_S = 2.0
"""Seconds a service that is not there is waited for; an attempt under way is always awaited."""

ANSWER_S = 3.0
"""Seconds a service may take beyond a command's own time before it counts as gone.

A command that is let out, see `drivers.service.grace`, has this beyond the time that takes.
"""

RECONNECT_S = (0.1, 0.5, 1.0, 2.0, 5.0)
"""Seconds between attempts to reach a service again; the last one repeats."""

_OURS = re.compile(r"X[A-Z]")  # extensions of our own, whose messages are version 1.0


class ServiceUnavailable(Exception):
    """The service cannot be reached, refused the connection, or went away."""


class CommandFailed(Exception):
    """A command was refused or ended otherwise than well.

    Attributes:
        completion_code: the standard's word: a completion code, or a refusal of the message.
        error_code: ``errorCode`` of the payload, ``None`` when there is none.
        description: for technicians.
        payload: what came with it.
    """

    def __init__(
        self,
        completion_code: str,
        error_code: str | None = None,
        description: str | None = None,
        payload: Payload | None = None,
    ) -> None:
        words = [completion_code, error_code, description]
        super().__init__(" ".join(word for word in words if word))
        self.completion_code = completion_code
        self.error_code = error_code
        self.description = description
        self.payload: Payload = payload or {}


@dataclass(frozen=True, kw_only=True, slots=True)
class Event:
    """Something that happened: the event's name, such as ``CardReader.MediaRemovedEvent``."""

    name: str
    payload: Payload = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True, slots=True)
class Completion:
    """A command that ended well, and what it brought."""

    name: str
    payload: Payload = field(default_factory=dict)


OnEvent = Callable[[Event], None]
OnConnection = Callable[[bool], None]

_Answers = queue.SimpleQueue[Message | None]  # None: the connection is gone


class ServiceClient:
    """One connection to one service, kept up until `close`."""

    def __init__(self, socket_path: str | PathLike[str], service: str, secret: str) -> None:
        self._address = Address.local(str(socket_path), service)
        self._service = service
        self._secret = secret
        self._lock = threading.Lock()
        self._changed = threading.Condition(self._lock)
        self._connection: ClientConnection | None = None
        self._refusal = ""  # since it was last asked to connect
        self._trying = False  # an attempt is due or under way
        self._retry_now = threading.Event()
        self._closed = False
        self._keeper: threading.Thread | None = None
        self._problem = "never connected"
        self._last_id = 0
        self._waiting: dict[int, _Answers] = {}
        self._listeners: list[OnEvent] = []
        self._watchers: list[OnConnection] = []

    @classmethod
    def at(cls, address: Address, secret: str) -> Self:
        """Return a client of the service at an address, such as `discover` finds."""
        client = cls("", address.service or "publisher", secret)
        client._address = address
        return client

    # -- public -----------------------------------------------------------------------------

    def on_unsolicited(self, callback: OnEvent) -> None:
        """Call this for every event that belongs to no command; on the client's own thread."""
        self._listeners.append(callback)

    def on_connection(self, callback: OnConnection) -> None:
        """Call this when the service comes (true) or goes (false); on the client's own thread."""
        self._watchers.append(callback)

    def connect(self, timeout_s: float = COME_BACK_S) -> None:
        """Connect, and stay connected until `close`; a call does this by itself.

        Args:
            timeout_s: how long a service that is not there may take to come; an attempt that is
                under way then is awaited, so that what is raised is how it ended.

        Raises:
            ServiceUnavailable: refused, or not reached in time; the client goes on trying.
        """
        with self._changed:
            if self._closed:
                raise ServiceUnavailable(f"{self._service}: the client is closed")
            if self._keeper is None or not self._keeper.is_alive():
                name = f"service {self._service}"
                self._keeper = threading.Thread(target=self._keep, name=name, daemon=True)
                self._keeper.start()
            if self._connection is None:
                self._refusal, self._trying = "", True
                self._retry_now.set()
                self._changed.wait_for(self._is_decided, timeout_s)
                self._changed.wait_for(lambda: self._is_decided() or not self._trying, OPEN_S)
            if self._connection is None:
                raise ServiceUnavailable(f"{self._service}: {self._refusal or self._problem}")

    def _is_decided(self) -> bool:
        return self._connection is not None or bool(self._refusal) or self._closed

    def call(
        self,
        name: str,
        payload: Payload | None = None,
        timeout_s: float | None = None,
        on_event: OnEvent | None = None,
        version: str = "",
    ) -> Completion:
        """Send a command and wait for its end.

        Args:
            name: "Interface.Command".
            payload: what the command takes.
            timeout_s: time the service has from receipt, queueing included; ``None`` is no limit.
            on_event: called for each event of this command, on the calling thread.
            version: of the message; 2.0 by default, 1.0 for our extensions.

        Raises:
            ServiceUnavailable: the service is not there, or went away; what the command did before
                that is not known.
            CommandFailed: it was refused or ended otherwise than with success.
        """
        request_id, answers = self._begin(name, payload or {}, timeout_s, version)
        limit = None if timeout_s is None else time.monotonic() + timeout_s + _grace(name)
        try:
            while True:
                message = self._next(answers, limit)
                completion = _read_answer(message, on_event)
                if completion is not None:
                    return completion
        finally:
            with self._lock:
                self._waiting.pop(request_id, None)

    def cancel(self) -> bool:
        """Stop every command of this client; say whether there was one.

        Each stopped call ends with `CommandFailed`, code ``canceled``, or with its real result if
        that came first.
        """
        try:
            self.call("Common.Cancel", None, 1.0)
        except CommandFailed as error:
            if error.error_code == "noMatchingRequestIDs":
                return False
            raise
        return True

    def close(self) -> None:
        """End the connection; running calls fail."""
        with self._changed:
            self._closed = True
            connection, keeper = self._connection, self._keeper
            self._changed.notify_all()
        self._retry_now.set()
        if connection is not None:
            connection.close()
        if keeper is not None and keeper is not threading.current_thread():
            keeper.join(OPEN_S)

    # -- a call -----------------------------------------------------------------------------

    def _begin(
        self, name: str, payload: Payload, timeout_s: float | None, version: str
    ) -> tuple[int, _Answers]:
        self.connect()
        answers: _Answers = queue.SimpleQueue()
        with self._lock:
            self._last_id += 1
            request_id = self._last_id
        header = Header(
            name=name,
            type=MessageType.COMMAND,
            version=version or ("1.0" if _OURS.match(name) else "2.0"),
            request_id=request_id,
            timeout=None if timeout_s is None else max(1, round(timeout_s * 1000)),
        )
        text = build(Message(header=header, payload=payload))
        with self._lock:
            connection = self._connection
            self._waiting[request_id] = answers
        try:
            if connection is None:
                raise ConnectionError(self._problem)
            connection.send(text)
        except (OSError, WebSocketException) as error:
            with self._lock:
                self._waiting.pop(request_id, None)
            raise ServiceUnavailable(f"{self._service}: {error}") from error
        return request_id, answers

    def _next(self, answers: _Answers, limit: float | None) -> Message:
        left = None if limit is None else max(0.0, limit - time.monotonic())
        try:
            message = answers.get(timeout=left)
        except queue.Empty:
            raise ServiceUnavailable(f"{self._service}: no answer") from None
        if message is None:
            raise ServiceUnavailable(f"{self._service}: {self._problem}")
        return message

    # -- the client's own thread ------------------------------------------------------------

    def _keep(self) -> None:
        """Keep a connection up until closed."""
        attempt = 0
        while not self._closed:
            self._retry_now.clear()
            self._trying = True
            try:
                connection = self._address.connect(self._secret)
            except (OSError, WebSocketException) as error:
                self._fail(error)
                self._retry_now.wait(RECONNECT_S[min(attempt, len(RECONNECT_S) - 1)])
                attempt += 1
                continue
            attempt = 0
            self._use(connection)

    def _fail(self, error: Exception) -> None:
        """Keep why there is no connection; a refusal is final for who waits for one."""
        with self._changed:
            self._problem, self._trying = str(error) or type(error).__name__, False
            # An HTTP status, or a certificate that is not trusted (ssl is not imported for it).
            if isinstance(error, InvalidStatus) or hasattr(error, "verify_code"):
                self._refusal = self._problem
            self._changed.notify_all()

    def _use(self, connection: ClientConnection) -> None:
        """Read a connection until it ends."""
        with self._changed:
            self._connection, self._trying = connection, False
            stop = self._closed
            self._changed.notify_all()
        self._watch(connected=True)
        try:
            if not stop:
                self._read(connection)
        except (OSError, WebSocketException) as error:
            self._problem = str(error) or type(error).__name__
        finally:
            connection.close()
            self._lost()

    def _read(self, connection: ClientConnection) -> None:
        while True:
            try:
                message = parse(connection.recv())
            except EnvelopeError:
                continue  # not ours to repair; a caller's own limit notices
            self._deliver(message)

    def _deliver(self, message: Message) -> None:
        request_id = message.header.request_id
        if request_id is None and message.header.type is MessageType.ACKNOWLEDGE:
            return  # a refusal of something that could not be read: no call of ours waits for it
        if request_id is None:
            event = Event(name=message.header.name, payload=message.payload)
            for listener in list(self._listeners):
                listener(event)
            return
        with self._lock:
            answers = self._waiting.get(request_id)
        if answers is not None:
            answers.put(message)

    def _lost(self) -> None:
        with self._lock:
            self._connection = None
            waiting = list(self._waiting.values())
            self._waiting.clear()
        for answers in waiting:
            answers.put(None)
        self._watch(connected=False)

    def _watch(self, *, connected: bool) -> None:
        for watcher in list(self._watchers):
            watcher(connected)


def _grace(name: str) -> float:
    """Return the seconds past its time after which a command's silence means the service is gone.

    A running print is let out, so its answer may come late.
    """
    return LET_OUT_S.get(name, 0.0) + ANSWER_S


def _read_answer(message: Message, on_event: OnEvent | None) -> Completion | None:
    """Return the completion, ``None`` when the command goes on."""
    head = message.header
    match head.type:
        case MessageType.ACKNOWLEDGE:
            if head.status is not None:
                raise CommandFailed(head.status, None, head.error_description)
        case MessageType.EVENT:
            if on_event is not None:
                on_event(Event(name=head.name, payload=message.payload))
        case MessageType.COMPLETION:
            if head.completion_code is not CompletionCode.SUCCESS:
                code = message.payload.get("errorCode")
                raise CommandFailed(
                    head.completion_code or CompletionCode.INTERNAL_ERROR,
                    code if isinstance(code, str) else None,
                    head.error_description,
                    message.payload,
                )
            return Completion(name=head.name, payload=message.payload)
    return None
