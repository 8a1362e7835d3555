"""One device's service: carries out what its dispatcher decided, and looks after its worker.

Theory of operation.  Everything here runs on one event loop, and nothing waits.  Messages, worker
lines and timers come in; the dispatcher answers each with actions; this class does them.

A worker that ran a command of a visit (a connection is a visit) is *touched*.  When that visit
disconnects, nothing new is started, a running command ends, the worker leaves, and a fresh one
takes the device before the next command starts.  During such a planned change the status stays what
it was.  A worker that ends unasked makes the device ``starting`` and is replaced after a wait that
grows, see `BACK_OFF_S`.

The state of the device is logged when it changes: once down, once up again.
"""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable, Mapping

import structlog

from drivers.service.adapter import WorkerPlan
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
    CompletionCode,
    EnvelopeError,
    Header,
    Message,
    MessageType,
    Outcome,
    Payload,
    parse,
)
from drivers.service.interfaces.common import (
    STATUS,
    STATUS_CHANGED,
    DeviceWord,
    ServiceSpec,
    capabilities,
)
from drivers.service.keeper import BACK_OFF_S
from drivers.service.status import device_word, difference
from drivers.service.worker_link import Line, WorkerLink

Finish = Callable[[Command, Outcome], Outcome]
"""Completes an outcome before it is sent; the host adds its evidence here."""

SendMessage = Callable[[Message], None]

SETTLE_S = 3.0
"""A fresh worker that has not told a state after this long makes the device ``starting``."""


def unchanged(command: Command, outcome: Outcome) -> Outcome:
    """Leave an outcome as it is."""
    del command
    return outcome


class DeviceService:
    """One device, its queue, its worker and its connections."""

    def __init__(self, spec: ServiceSpec, plan: WorkerPlan, finish: Finish = unchanged) -> None:
        self.spec = spec
        self._plan = plan
        self._finish = finish
        self._dispatcher = Dispatcher(spec.commands())
        self._connections: dict[int, SendMessage] = {}
        self._last_connection = 0
        self._worker: WorkerLink | None = None
        self._links: set[WorkerLink] = set()
        self._touched_by: set[int] = set()
        self._retiring = False
        self._stopping = False
        self._failures = 0
        self._model: Payload = {}
        self._status: Payload = {"common": {"device": DeviceWord.STARTING}, **spec.unknown}
        self._timer: asyncio.TimerHandle | None = None
        self._settle: asyncio.TimerHandle | None = None
        self._log = structlog.get_logger("kiosk-devices").bind(device=spec.device)

    # -- for the host -----------------------------------------------------------------------

    @property
    def status(self) -> Payload:
        """Return the payload of a Common.Status completion."""
        return self._status

    @property
    def worker_pid(self) -> int | None:
        """Return the process id of the present worker."""
        return self._worker.pid if self._worker else None

    def start(self) -> None:
        """Start the first worker."""
        self._start_worker()

    def prepare_stop(self) -> None:
        """Start no worker and no timer any more."""
        self._stopping = True
        for timer in (self._timer, self._settle):
            if timer is not None:
                timer.cancel()

    async def stop(self) -> None:
        """End every worker and wait for its end."""
        self.prepare_stop()
        links = list(self._links)
        for link in links:
            link.leave()
        for link in links:
            await link.ended()

    def connected(self, send: SendMessage) -> int:
        """Take a new connection; return its number."""
        self._last_connection += 1
        self._connections[self._last_connection] = send
        return self._last_connection

    def hand_over(self, connection: socket.socket) -> bool:
        """Give a connection of the pictures socket to the worker; say whether it took it."""
        return self._worker is not None and self._worker.hand_over(connection)

    def received(self, connection: int, data: str | bytes) -> None:
        """Take what came on a connection."""
        try:
            message = parse(data)
        except EnvelopeError as error:
            self._log.warning("message_refused", refusal=error.refusal)
            self._send(connection, error.acknowledge())
            return
        self._do(self._dispatcher.receive(connection, message, self._now()))

    def disconnected(self, connection: int) -> None:
        """Forget a connection; a worker that served it is replaced."""
        self._connections.pop(connection, None)
        if connection in self._touched_by:
            self._retiring = True
            self._dispatcher.pause()
        self._do(self._dispatcher.disconnect(connection, self._now()))
        self._retire_if_idle()

    # -- from the worker --------------------------------------------------------------------

    def worker_said(self, link: WorkerLink, line: Line) -> None:
        """Take one line of a worker; lines of one that is leaving are dropped."""
        if link is not self._worker:
            return
        match line.get("op"):
            case "ready":
                self._do(self._dispatcher.resume())
            case "state":
                self._take_state(line)
            case "event":
                name = str(line["name"])
                version = self.spec.event_version(name)
                actions = self._dispatcher.event(_number(line), name, version, _payload(line))
                self._do(actions)
            case "unsolicited":
                self._broadcast(str(line["name"]), _payload(line))
            case "done":
                self._take_done(line)
            case "fault":
                self._log.error("worker_fault", kind=line.get("kind"), where=line.get("where"))

    def worker_ended(self, link: WorkerLink) -> None:
        """Take the end of a worker, asked for or not, and see to the next one."""
        self._links.discard(link)
        if self._stopping:
            return
        if link is self._worker:
            self._worker = None
            self._do(self._dispatcher.worker_lost("the device process ended"))
            self._tell_status({"common": {"device": DeviceWord.STARTING}, **self.spec.unknown})
            wait = BACK_OFF_S[min(self._failures, len(BACK_OFF_S) - 1)]
            self._failures += 1
            asyncio.get_running_loop().call_later(wait, self._start_worker)
        elif self._worker is None:
            self._start_worker()

    def _take_state(self, line: Line) -> None:
        status, model = line.get("status"), line.get("model")
        self._model = model if isinstance(model, dict) else {}
        word = str(line["word"])
        if word == DeviceWord.ONLINE:
            self._failures = 0
        if self._settle is not None:
            self._settle.cancel()
        own = status if isinstance(status, dict) else {}
        self._tell_status({"common": {"device": word}, **own}, str(line.get("message", "")))

    def _take_done(self, line: Line) -> None:
        command = self._dispatcher.running
        if command is None or command.key != _number(line):
            return
        description = line.get("description")
        outcome = Outcome(
            code=CompletionCode(str(line["code"])),
            payload=_payload(line),
            description=description if isinstance(description, str) else None,
        )
        self._do(self._dispatcher.finished(command.key, self._finish(command, outcome)))
        self._retire_if_idle()

    # -- the worker's life ------------------------------------------------------------------

    def _start_worker(self) -> None:
        if self._stopping or self._worker is not None:
            return
        self._touched_by.clear()
        self._retiring = False
        self._worker = WorkerLink(self._plan, self)
        self._links.add(self._worker)
        self._settle = asyncio.get_running_loop().call_later(SETTLE_S, self._not_settled)

    def _not_settled(self) -> None:
        self._tell_status({"common": {"device": DeviceWord.STARTING}, **self.spec.unknown})

    def _retire_if_idle(self) -> None:
        if not self._retiring or self._dispatcher.running is not None or self._worker is None:
            return
        self._dispatcher.pause()
        worker, self._worker = self._worker, None
        worker.leave()

    def _abandon_worker(self) -> None:
        worker, self._worker = self._worker, None
        if worker is not None:
            self._log.warning("worker_abandoned")
            worker.kill()

    # -- doing ------------------------------------------------------------------------------

    def _do(self, actions: list[Action]) -> None:
        for action in actions:
            match action:
                case Send(connection=connection, message=message):
                    self._send(connection, message)
                case Start(command=command):
                    self._run(command)
                case Stop(command=command):
                    self._write({"op": "cancel", "job": command.key})
                case Abandon():
                    self._abandon_worker()
                case Answer(command=command):
                    self._answer(command)
        self._set_timer()

    def _run(self, command: Command) -> None:
        self._touched_by.add(command.connection)
        self._write(
            {
                "op": "run",
                "job": command.key,
                "command": command.name,
                "payload": command.payload,
            }
        )

    def _answer(self, command: Command) -> None:
        payload = self._status if command.name == STATUS else capabilities(self.spec, self._model)
        completion = self._dispatcher.answer(command, Outcome(payload=payload))
        self._send(completion.connection, completion.message)

    def _write(self, line: Mapping[str, object]) -> None:
        if self._worker is not None:
            self._worker.send(line)

    def _send(self, connection: int, message: Message) -> None:
        send = self._connections.get(connection)
        if send is not None:
            send(message)

    def _broadcast(self, name: str, payload: Payload) -> None:
        header = Header(
            name=name,
            type=MessageType.UNSOLICITED,
            version=self.spec.event_version(name),
        )
        for send in list(self._connections.values()):
            send(Message(header=header, payload=payload))

    def _tell_status(self, status: Payload, message: str = "") -> None:
        before, self._status = self._status, status
        changed = difference(before, status)
        if not changed:
            return
        if device_word(before) != device_word(status):
            self._log.info("device_state", word=device_word(status), message=message)
        self._broadcast(STATUS_CHANGED, changed)

    def _set_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        when = self._dispatcher.next_time()
        if when is not None and not self._stopping:
            self._timer = asyncio.get_running_loop().call_at(when, self._tick)

    def _tick(self) -> None:
        self._do(self._dispatcher.tick(self._now()))
        self._retire_if_idle()

    def _now(self) -> float:
        return asyncio.get_running_loop().time()


def _payload(line: Line) -> Payload:
    payload = line.get("payload")
    return payload if isinstance(payload, dict) else {}


def _number(line: Line) -> int:
    number = line.get("job")
    return number if isinstance(number, int) else 0
