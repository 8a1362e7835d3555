"""Which command of a service runs when; pure: messages and times in, actions out.

Theory of operation.  A service has any number of connections and one device.  Every command is
acknowledged at once.  Commands that the host answers itself (`CommandSpec.at_once`) are answered
whatever runs; all others queue, first come first served over all connections, and one runs at a
time.  A deadline counts from
receipt, so time in the queue counts too.  Every acknowledged command gets exactly one completion,
except when its connection is gone: then nobody is left to tell.

A running command can only be *asked* to stop (by Cancel, its deadline, or a disconnect).  It then
ends by itself, with its real result if that came first, or is abandoned after the grace of its
command: its worker is ended and the completion is sent without it.

============  ===================  =====================================================
running is    what comes           what follows
============  ===================  =====================================================
running       finished             completion; the next one starts
running       cancel, deadline     Stop; running → stopping, with the cause
running       disconnect           Stop; running → stopping, nobody to tell
running       withdrawn            Stop; running → stopping, with the cause
stopping      finished, canceled   completion with the cause; the next one starts
stopping      finished, other      completion with the real result; the next one starts
stopping      grace is over        Abandon; completion with the cause; next after `resume`
any           worker lost          completion hardwareError; next after `resume`
============  ===================  =====================================================

Times are seconds of one monotonic clock.  No method blocks, raises on a client's mistake, or looks
at a clock.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Container, Mapping
from dataclasses import dataclass

from drivers.service.envelope import (
    CompletionCode,
    EnvelopeError,
    Header,
    Message,
    MessageType,
    Outcome,
    Payload,
    Refusal,
)
from drivers.service.interfaces.common import CANCEL, SET_VERSIONS
from drivers.service.interfaces.spec import MOST_REQUESTS, CommandSpec
from drivers.service.versions import Pins


@dataclass(frozen=True, kw_only=True, slots=True)
class Command:
    """An accepted command; ``key`` is unique in its service, ``deadline`` in clock seconds."""

    key: int
    connection: int
    request_id: int
    spec: CommandSpec
    payload: Payload
    deadline: float | None

    @property
    def name(self) -> str:
        """Return "Interface.Command"."""
        return self.spec.name


@dataclass(frozen=True, kw_only=True, slots=True)
class Send:
    """Send this message on this connection."""

    connection: int
    message: Message


@dataclass(frozen=True, kw_only=True, slots=True)
class Start:
    """Give this command to the worker."""

    command: Command


@dataclass(frozen=True, kw_only=True, slots=True)
class Stop:
    """Ask the worker to stop this command."""

    command: Command


@dataclass(frozen=True, kw_only=True, slots=True)
class Abandon:
    """The worker did not stop in time: end it.  Nothing starts before `Dispatcher.resume`."""

    command: Command


@dataclass(frozen=True, kw_only=True, slots=True)
class Answer:
    """Answer this command at once by `Dispatcher.answer`."""

    command: Command


Action = Send | Start | Stop | Abandon | Answer

Permit = Callable[[int, CommandSpec], Outcome | None]
"""Says how a command of that connection ends that may not be given now, or ``None``."""


@dataclass(kw_only=True, slots=True)
class _Running:
    command: Command
    cause: CompletionCode | None = None
    abandon_at: float | None = None


class Dispatcher:
    """The queue of one service."""

    def __init__(
        self,
        commands: Mapping[str, CommandSpec],
        events: Mapping[str, str] | None = None,
        permit: Permit | None = None,
    ) -> None:
        self._commands = dict(commands)
        self._permit = permit
        self._pins = Pins(commands, events or {})
        self._queue: deque[Command] = deque()
        self._running: _Running | None = None
        self._paused = True
        self._last_key = 0

    @property
    def running(self) -> Command | None:
        """Return the command that has the device, if any."""
        return self._running.command if self._running else None

    # -- from connections -------------------------------------------------------------------

    def receive(self, connection: int, message: Message, now: float) -> list[Action]:
        """Take one message that could be parsed."""
        head = message.header
        try:
            request_id = self._admit(connection, message)
        except EnvelopeError as error:
            return [Send(connection=connection, message=error.acknowledge())]
        accepted = Header(
            name=head.name,
            type=MessageType.ACKNOWLEDGE,
            version=head.version,
            request_id=request_id,
        )
        actions: list[Action] = [Send(connection=connection, message=Message(header=accepted))]
        command = self._command(connection, request_id, message, now)
        problem = self._problem(command, head)
        if problem:
            return [*actions, self.answer(command, problem)]
        if command.name == CANCEL:
            return [*actions, *self._cancel(command, now)]
        if command.name == SET_VERSIONS:
            return [*actions, self.answer(command, self._pins.pin(connection, command.payload))]
        if command.spec.at_once:
            return [*actions, Answer(command=command)]
        self._queue.append(command)
        return [*actions, *self._next()]

    def disconnect(self, connection: int, now: float) -> list[Action]:
        """Forget a connection: its queued commands are dropped, a running one is stopped."""
        self._pins.forget(connection)
        self._queue = deque(one for one in self._queue if one.connection != connection)
        if self._running and self._running.command.connection == connection:
            return self._stop(CompletionCode.CANCELED, now)
        return []

    def withdraw(
        self, connections: Container[int], cause: CompletionCode, now: float
    ) -> list[Action]:
        """End what these connections have queued or running, with that code."""
        hit = [one for one in self._unfinished() if one.connection in connections]
        return self._end(hit, cause, now)

    # -- from the worker --------------------------------------------------------------------

    def event(self, key: int, name: str, version: str, payload: Payload) -> list[Action]:
        """Pass on an event of the running command; late ones are dropped."""
        command = self.running
        if command is None or command.key != key:
            return []
        header = Header(
            name=name,
            type=MessageType.EVENT,
            version=version,
            request_id=command.request_id,
        )
        message = Message(header=header, payload=payload)
        return [Send(connection=command.connection, message=message)]

    def finished(self, key: int, outcome: Outcome) -> list[Action]:
        """Take the end of the running command; late ones are dropped."""
        running = self._running
        if running is None or running.command.key != key:
            return []
        if outcome.code is CompletionCode.CANCELED and running.cause:
            outcome = Outcome(code=running.cause)
        self._running = None
        return [self.answer(running.command, outcome), *self._next()]

    def worker_lost(self, description: str) -> list[Action]:
        """The worker ended unasked: its command fails, the others wait for `resume`."""
        self._paused = True
        running, self._running = self._running, None
        if running is None:
            return []
        outcome = Outcome(code=CompletionCode.HARDWARE_ERROR, description=description)
        if running.cause:
            outcome = Outcome(code=running.cause)
        return [self.answer(running.command, outcome)]

    def pause(self) -> None:
        """Start nothing until `resume`."""
        self._paused = True

    def resume(self) -> list[Action]:
        """A worker is there: start what waits."""
        self._paused = False
        return self._next()

    # -- from the clock ---------------------------------------------------------------------

    def next_time(self) -> float | None:
        """Return when `tick` has something to do, ``None`` when nothing is timed."""
        times = [one.deadline for one in self._queue]
        if self._running and self._running.cause:
            times.append(self._running.abandon_at)
        elif self._running:
            times.append(self._running.command.deadline)
        return min((one for one in times if one is not None), default=None)

    def tick(self, now: float) -> list[Action]:
        """Do what is due."""
        actions: list[Action] = []
        late = [one for one in self._queue if one.deadline is not None and one.deadline <= now]
        for command in late:
            self._queue.remove(command)
            actions.append(self.answer(command, Outcome(code=CompletionCode.TIME_OUT)))
        running = self._running
        if running is None:
            return actions
        if running.cause is not None:
            return [*actions, *self._abandon(now)]
        deadline = running.command.deadline
        if deadline is not None and deadline <= now:
            actions += self._stop(CompletionCode.TIME_OUT, now)
        return actions

    # -- inside -----------------------------------------------------------------------------

    def answer(self, command: Command, outcome: Outcome) -> Send:
        """Return the completion of a command."""
        header = Header(
            name=command.name,
            type=MessageType.COMPLETION,
            version=command.spec.answer_version,
            request_id=command.request_id,
            completion_code=outcome.code,
            error_description=outcome.description,
        )
        message = Message(header=header, payload=outcome.payload)
        return Send(connection=command.connection, message=message)

    def _admit(self, connection: int, message: Message) -> int:
        """Return the request id, or raise the refusal."""
        head = message.header

        def refuse(refusal: Refusal, problem: str) -> EnvelopeError:
            return EnvelopeError(
                refusal,
                problem,
                name=head.name,
                request_id=head.request_id,
                version=head.version,
            )

        if head.type is not MessageType.COMMAND:
            raise refuse(Refusal.INVALID_MESSAGE, "only commands are taken")
        if head.request_id is None:
            raise refuse(Refusal.INVALID_REQUEST_ID, "a command needs a request id")
        mine = [one.request_id for one in self._unfinished() if one.connection == connection]
        if head.request_id in mine:
            raise refuse(Refusal.INVALID_REQUEST_ID, "that request id is still in use")
        known = self._commands.get(head.name)
        if len(mine) >= MOST_REQUESTS and not (known and known.at_once):
            raise refuse(Refusal.TOO_MANY_REQUESTS, f"{MOST_REQUESTS} commands are waiting")
        return head.request_id

    def _unfinished(self) -> list[Command]:
        return [*([self._running.command] if self._running else []), *self._queue]

    def _command(self, connection: int, request_id: int, message: Message, now: float) -> Command:
        self._last_key += 1
        timeout = message.header.timeout
        unknown = CommandSpec(name=message.header.name, answer_version=message.header.version)
        return Command(
            key=self._last_key,
            connection=connection,
            request_id=request_id,
            spec=self._commands.get(message.header.name, unknown),
            payload=message.payload,
            deadline=None if timeout is None else now + timeout / 1000,
        )

    def _problem(self, command: Command, head: Header) -> Outcome | None:
        """Return the completion of a command that is not carried out."""
        known = self._commands.get(head.name)
        if known is None:
            return Outcome(
                code=CompletionCode.UNSUPPORTED_COMMAND,
                description="this service has no such command",
            )
        refused = self._permit(command.connection, known) if self._permit else None
        if refused is not None:
            return refused
        if not self._pins.takes(command.connection, known, head.version):
            return Outcome(
                code=CompletionCode.UNSUPPORTED_COMMAND,
                description=f"versions taken: {', '.join(known.versions)}",
            )
        wrong = known.check(command.payload)
        return Outcome(code=CompletionCode.INVALID_DATA, description=wrong) if wrong else None

    def _next(self) -> list[Action]:
        if self._paused or self._running or not self._queue:
            return []
        self._running = _Running(command=self._queue.popleft())
        return [Start(command=self._running.command)]

    def _stop(self, cause: CompletionCode, now: float) -> list[Action]:
        running = self._running
        if running is None or running.cause is not None:
            return []
        running.cause = cause
        running.abandon_at = now + running.command.spec.stop_grace_s
        return [Stop(command=running.command)]

    def _abandon(self, now: float) -> list[Action]:
        running = self._running
        if running is None or running.cause is None or running.abandon_at is None:
            return []
        if running.abandon_at > now:
            return []
        self._running = None
        self._paused = True
        completion = self.answer(running.command, Outcome(code=running.cause))
        return [Abandon(command=running.command), completion]

    def _cancel(self, command: Command, now: float) -> list[Action]:
        """Cancel commands of the caller's own connection, by id or all."""
        wanted = command.payload.get("requestIds")
        hit = [
            one
            for one in self._unfinished()
            if one.connection == command.connection
            and (not isinstance(wanted, list) or one.request_id in wanted)
        ]
        if not hit:
            outcome = Outcome(
                code=CompletionCode.COMMAND_ERROR_CODE,
                payload={"errorCode": "noMatchingRequestIDs"},
            )
            return [self.answer(command, outcome)]
        return [self.answer(command, Outcome()), *self._end(hit, CompletionCode.CANCELED, now)]

    def _end(self, hit: list[Command], cause: CompletionCode, now: float) -> list[Action]:
        """End queued commands now and ask a running one to stop."""
        actions: list[Action] = []
        for one in hit:
            if one in self._queue:
                self._queue.remove(one)
                actions.append(self.answer(one, Outcome(code=cause)))
            else:
                actions += self._stop(cause, now)
        return actions
