"""The front of a service: its connections, its queue, its status; the same for every service.

Theory of operation.  Everything here runs on one event loop, and nothing waits.  Messages and
timers come in; the dispatcher answers each with actions; this class does them.  Who carries a
command out is said by what is built on it: a worker for a device, the host itself for the publisher
and the vendor mode.

While the devices are handed over to maintenance, a visit sees its device ``offline`` (powered,
switched out of use): its screen then says the same as if a switch had been turned.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Container
from dataclasses import dataclass

import structlog

from drivers.service.dispatcher import (
    Abandon,
    Action,
    Answer,
    Command,
    Dispatcher,
    Send,
    Start,
    Stop,
)
from drivers.service.envelope import (
    EnvelopeError,
    Header,
    Message,
    MessageType,
    Outcome,
    Payload,
    parse,
)
from drivers.service.interfaces.common import (
    CAPABILITIES,
    GET_TRANSACTION,
    SET_TRANSACTION,
    STATUS,
    STATUS_CHANGED,
    DeviceWord,
)
from drivers.service.interfaces.offer import Offer, capabilities
from drivers.service.interfaces.spec import CommandSpec
from drivers.service.roles import RIGHTS, Role, refusal
from drivers.service.status import difference, merged

SendMessage = Callable[[Message], None]

_NO_TRANSACTION: Payload = {"state": "inactive"}


@dataclass(frozen=True, kw_only=True, slots=True)
class _Connection:
    send: SendMessage
    role: Role


class ServiceFront:
    """One service as its clients see it."""

    def __init__(self, offer: Offer, name: str, word: DeviceWord = DeviceWord.STARTING) -> None:
        self.offer = offer
        self.dispatcher = Dispatcher(offer.commands(), offer.events(), self._permit)
        self.log = structlog.get_logger("kiosk-devices").bind(device=name)
        self.stopping = False
        self._connections: dict[int, _Connection] = {}
        self._last_connection = 0
        self._handed_over = False
        self._status: Payload = {"common": {"device": word}, **offer.unknown}
        self._transaction: tuple[int, Payload] = (0, _NO_TRANSACTION)
        self._timer: asyncio.TimerHandle | None = None

    # -- for the host -----------------------------------------------------------------------

    @property
    def status(self) -> Payload:
        """Return the payload of a Common.Status completion, as maintenance sees it."""
        return self._status

    def start(self) -> None:
        """Begin to carry out commands."""
        self.do(self.dispatcher.resume())

    def prepare_stop(self) -> None:
        """Start nothing any more."""
        self.stopping = True
        if self._timer is not None:
            self._timer.cancel()

    async def stop(self) -> None:
        """End everything that was started, and wait for its end."""
        self.prepare_stop()

    def connected(self, send: SendMessage, role: Role = Role.SESSION) -> int:
        """Take a new connection; return its number."""
        self._last_connection += 1
        self._connections[self._last_connection] = _Connection(send=send, role=role)
        return self._last_connection

    def received(self, connection: int, data: str | bytes) -> None:
        """Take what came on a connection."""
        try:
            message = parse(data)
        except EnvelopeError as error:
            self.log.warning("message_refused", refusal=error.refusal)
            self._send(connection, error.acknowledge())
            return
        self.do(self.dispatcher.receive(connection, message, self.now()))

    def disconnected(self, connection: int) -> None:
        """Forget a connection; what it has queued or running is cancelled."""
        self._connections.pop(connection, None)
        if self._transaction[0] == connection:
            self._transaction = (0, _NO_TRANSACTION)
        self.do(self.dispatcher.disconnect(connection, self.now()))

    # -- for what is built on it --------------------------------------------------------------

    def run(self, command: Command) -> None:
        """Carry out a queued command; its end is told to the dispatcher."""

    def ask_to_stop(self, command: Command) -> None:
        """Ask the running command to end."""

    def abandon(self) -> None:
        """Give the running command up: it did not end when asked."""

    def model(self) -> Payload:
        """Return what is known of the device, see `capabilities`."""
        return {}

    def answer(self, command: Command) -> None:
        """Answer a command that needs no device."""
        payload: Payload = {}
        match command.name:
            case name if name == STATUS:
                payload = self._seen(self._status, self._role(command.connection))
            case name if name == CAPABILITIES:
                payload = capabilities(self.offer, self.model())
            case name if name == SET_TRANSACTION:
                self._transaction = (command.connection, dict(command.payload))
            case name if name == GET_TRANSACTION:
                payload = self._transaction[1]
        self.complete(command, Outcome(payload=payload))

    def complete(self, command: Command, outcome: Outcome) -> None:
        """Send the completion of a command that was answered at once."""
        completion = self.dispatcher.answer(command, outcome)
        self._send(completion.connection, completion.message)

    def do(self, actions: list[Action]) -> None:
        """Do what the dispatcher decided, then wait for its next instant."""
        for action in actions:
            match action:
                case Send(connection=connection, message=message):
                    self._send(connection, message)
                case Start(command=command):
                    self.run(command)
                case Stop(command=command):
                    self.ask_to_stop(command)
                case Abandon():
                    self.abandon()
                case Answer(command=command):
                    self.answer(command)
        self._set_timer()

    def broadcast(
        self, name: str, payload: Payload | None = None, to: Container[int] | None = None
    ) -> None:
        """Send an unsolicited event to every connection, or to these."""
        header = Header(
            name=name, type=MessageType.UNSOLICITED, version=self.offer.event_version(name)
        )
        for number in list(self._connections):
            if to is None or number in to:
                self._send(number, Message(header=header, payload=payload or {}))

    def set_status(self, status: Payload, *, handed_over: bool | None = None) -> None:
        """Take a new status and tell each connection what changed for it."""
        before = {role: self._seen(self._status, role) for role in Role}
        self._status = status
        if handed_over is not None:
            self._handed_over = handed_over
        changed = {role: difference(before[role], self._seen(status, role)) for role in Role}
        for role, difference_seen in changed.items():
            if difference_seen:
                self.broadcast(STATUS_CHANGED, difference_seen, to=self.of_role(role))

    def of_role(self, role: Role) -> frozenset[int]:
        """Return the connections of a role."""
        return frozenset(number for number, one in self._connections.items() if one.role is role)

    def now(self) -> float:
        """Return the loop's time, in seconds."""
        return asyncio.get_running_loop().time()

    def tick(self) -> None:
        """Do what is due now."""
        self.do(self.dispatcher.tick(self.now()))

    # -- inside -----------------------------------------------------------------------------

    def _role(self, connection: int) -> Role:
        one = self._connections.get(connection)
        return one.role if one else Role.AGENT

    def _permit(self, connection: int, spec: CommandSpec) -> Outcome | None:
        return refusal(self._role(connection), spec, handed_over=self._handed_over)

    def _seen(self, status: Payload, role: Role) -> Payload:
        """Return a status as this role sees it."""
        rights = RIGHTS[role]
        if not self._handed_over or rights.handed_over or not rights.in_service:
            return status
        return merged(status, {"common": {"device": DeviceWord.OFFLINE}})

    def _send(self, connection: int, message: Message) -> None:
        one = self._connections.get(connection)
        if one is not None:
            one.send(message)

    def _set_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        when = self.dispatcher.next_time()
        if when is not None and not self.stopping:
            self._timer = asyncio.get_running_loop().call_at(when, self.tick)
