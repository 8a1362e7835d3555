"""One device's service: its front, and the worker that has the device.

A worker that ran a command of a visit (a connection is a visit) is *touched*.  When that visit
disconnects, nothing new is started, a running command ends, the worker leaves, and a fresh one
takes the device before the next command starts.  The same happens when the device is handed over to
maintenance or back, and once for a worker that cannot get its device back (see
`drivers.service.keeper`).  During such a planned change the status stays what it was.

A worker whose driver is stuck between commands gives no sign of life and is killed: an old status
would be a lie.  (During a command its time limit and `CommandSpec.stop_grace_s` see to that.)

A worker that ends unasked makes the device ``starting`` and is replaced after a wait that grows,
see `BACK_OFF_S`; from the `MOST_CRASHES`-th time in a row on the device is ``hardwareError``.

The state of the device is logged when it changes: once down, with the first message of the
trouble, once up again.
"""

from __future__ import annotations

import asyncio
import os
import socket
from collections.abc import Callable, Mapping
from dataclasses import replace

from drivers.service.adapter import WorkerPlan
from drivers.service.dispatcher import Command
from drivers.service.envelope import CompletionCode, Outcome, Payload
from drivers.service.front import ServiceFront
from drivers.service.interfaces.common import ERROR, DeviceWord
from drivers.service.interfaces.offer import ServiceSpec
from drivers.service.keeper import BACK_OFF_S, Step
from drivers.service.roles import Role
from drivers.service.status import device_word
from drivers.service.worker_link import Line, WorkerLink

Finish = Callable[[Command, Outcome], Outcome]
"""Completes an outcome before it is sent; the host adds its evidence here."""

SETTLE_S = 3.0
"""A fresh worker that has not told a state after this long makes the device ``starting``."""

MOST_CRASHES = 3
"""Ends of a worker in a row after which its device is out of order, and not just starting."""

HUNG_S = 30.0
"""A worker that says nothing for this long, with no command running, is stuck."""

STEADY_S = 60.0
"""A worker that lived this long ends no row of crashes, it begins one."""

_DOWN = {DeviceWord.NO_DEVICE, DeviceWord.HARDWARE_ERROR}


def unchanged(command: Command, outcome: Outcome) -> Outcome:
    """Leave an outcome as it is."""
    del command
    return outcome


class DeviceService(ServiceFront):
    """One device, its queue, its worker and its connections."""

    def __init__(self, spec: ServiceSpec, plan: WorkerPlan, finish: Finish = unchanged) -> None:
        super().__init__(spec, spec.device)
        self.spec = spec
        self._plan = plan
        self._finish = finish
        self._worker: WorkerLink | None = None
        self._links: set[WorkerLink] = set()
        self._touched_by: set[int] = set()
        self._retiring = False
        self._restarted = False
        self._failures = 0
        self._started = 0.0
        self._model: Payload = {}
        self._settle: asyncio.TimerHandle | None = None
        self._watch: asyncio.TimerHandle | None = None
        self._heard = 0.0

    # -- for the host -----------------------------------------------------------------------

    @property
    def worker_pid(self) -> int | None:
        """Return the process id of the present worker."""
        return self._worker.pid if self._worker else None

    def start(self) -> None:
        """Start the first worker."""
        self._start_worker()

    def prepare_stop(self) -> None:
        """Start no worker and no timer any more."""
        super().prepare_stop()
        for timer in (self._settle, self._watch):
            if timer is not None:
                timer.cancel()

    async def stop(self) -> None:
        """End every worker and wait for its end."""
        await super().stop()
        links = list(self._links)
        for link in links:
            link.leave()
        for link in links:
            await link.ended()

    def hand_over(self, connection: socket.socket) -> bool:
        """Give a connection of the pictures socket to the worker; say whether it took it."""
        return self._worker is not None and self._worker.hand_over(connection)

    def disconnected(self, connection: int) -> None:
        """Forget a connection; a worker that served it is replaced."""
        if connection in self._touched_by:
            self._retire_soon()
        super().disconnected(connection)
        self._retire_if_idle()

    def vendor_mode(self, *, active: bool) -> None:
        """Hand the device over to maintenance, or back to the visits."""
        losing = self.of_role(Role.SESSION if active else Role.MAINTENANCE)
        self.set_status(self.status, handed_over=active)
        if self._touched_by:
            self._retire_soon()
        cause = CompletionCode.DEVICE_NOT_READY if active else CompletionCode.SEQUENCE_ERROR
        self.do(self.dispatcher.withdraw(losing, cause, self.now()))
        self._retire_if_idle()

    # -- carrying out -------------------------------------------------------------------------

    def run(self, command: Command) -> None:
        """Give a command to the worker."""
        self._touched_by.add(command.connection)
        self._write(
            {
                "op": "run",
                "job": command.key,
                "command": command.name,
                "payload": command.payload,
            }
        )

    def ask_to_stop(self, command: Command) -> None:
        """Tell the worker."""
        self._write({"op": "cancel", "job": command.key})

    def abandon(self) -> None:
        """Kill a worker that did not stop."""
        worker, self._worker = self._worker, None
        if worker is not None:
            self.log.warning("worker_abandoned")
            worker.kill()

    def model(self) -> Payload:
        """Return what the device says of itself."""
        return self._model

    def tick(self) -> None:
        """Do what is due now."""
        super().tick()
        self._retire_if_idle()

    # -- from the worker --------------------------------------------------------------------

    def worker_said(self, link: WorkerLink, line: Line) -> None:
        """Take one line of a worker; lines of one that is leaving are dropped."""
        if link is not self._worker:
            return
        self._heard = self.now()
        match line.get("op"):
            case "ready":
                self.do(self.dispatcher.resume())
            case "state":
                self._take_state(line)
            case "event":
                name = str(line["name"])
                version = self.offer.event_version(name)
                self.do(self.dispatcher.event(_number(line), name, version, _payload(line)))
            case "unsolicited":
                self.broadcast(str(line["name"]), _payload(line))
            case "done":
                self._take_done(line)
            case "restart":
                self._take_restart()
            case "fault":
                self.log.error("worker_fault", kind=line.get("kind"), where=line.get("where"))

    def worker_ended(self, link: WorkerLink) -> None:
        """Take the end of a worker, asked for or not, and see to the next one."""
        self._links.discard(link)
        if self.stopping:
            return
        if link is self._worker:
            self._worker = None
            self.do(self.dispatcher.worker_lost("the device process ended"))
            self._take_crash()
        elif self._worker is None:
            self._start_worker()

    def nursery_hung(self) -> None:
        """End the host at once: the service manager starts another, with another clean parent.

        Nothing can be taken leave of, for what would have to end can't be waited for.
        """
        self.log.critical("nursery_hung")
        os._exit(1)

    def _take_crash(self) -> None:
        if self.now() - self._started > STEADY_S:
            self._failures = 0
        wait = BACK_OFF_S[min(self._failures, len(BACK_OFF_S) - 1)]
        self._failures += 1
        if self._failures < MOST_CRASHES:
            self._tell_status(DeviceWord.STARTING, self.offer.unknown)
        else:
            message = "the device process ends again and again"
            self._tell_status(
                DeviceWord.HARDWARE_ERROR, self.offer.unknown, message, Step.OUT_OF_ORDER
            )
        asyncio.get_running_loop().call_later(wait, self._start_worker)

    def _take_state(self, line: Line) -> None:
        status, model = line.get("status"), line.get("model")
        self._model = model if isinstance(model, dict) else {}
        word = DeviceWord(str(line["word"]))
        if self._settle is not None:
            self._settle.cancel()
        if word is DeviceWord.STARTING and device_word(self.status) in _DOWN:
            return  # a fresh worker has not looked yet: what was wrong still is
        if word is DeviceWord.ONLINE:
            self._failures = 0
            self._restarted = False
        own = status if isinstance(status, dict) else {}
        self._tell_status(word, own, str(line.get("message", "")), str(line.get("step", "")))

    def _take_done(self, line: Line) -> None:
        command = self.dispatcher.running
        if command is None or command.key != _number(line):
            return
        description = line.get("description")
        outcome = Outcome(
            code=CompletionCode(str(line["code"])),
            payload=_payload(line),
            description=description if isinstance(description, str) else None,
        )
        self.do(self.dispatcher.finished(command.key, self._finish(command, outcome)))
        self._retire_if_idle()

    def _take_restart(self) -> None:
        """Replace a worker that cannot get its device back; once a trouble."""
        if not self._restarted:
            self._restarted = True
            self._retire_soon()
            self._retire_if_idle()

    # -- the worker's life ------------------------------------------------------------------

    def _start_worker(self) -> None:
        if self.stopping or self._worker is not None:
            return
        self._touched_by.clear()
        self._retiring = False
        self._started = self._heard = self.now()
        try:
            self._worker = WorkerLink(replace(self._plan, restarted=self._restarted), self)
        except (OSError, EOFError) as error:  # no process to be had, or the clean parent just died
            self.log.error("worker_not_started", kind=type(error).__name__)  # noqa: TRY400
            self._take_crash()
            return
        self._links.add(self._worker)
        self._watch_worker()
        self._settle = asyncio.get_running_loop().call_later(SETTLE_S, self._not_settled)

    def _not_settled(self) -> None:
        if device_word(self.status) not in _DOWN:
            self._tell_status(DeviceWord.STARTING, self.offer.unknown)

    def _watch_worker(self) -> None:
        """Kill a worker that is stuck, now or when its time is over."""
        if self._watch is not None:
            self._watch.cancel()
        left = self._heard + HUNG_S - self.now()
        if self.dispatcher.running is not None:
            self._heard = self.now()
        elif left <= 0 and self._worker is not None:
            self.log.error("worker_hung")
            self._worker.kill()
            return
        wait = left if left > 0 else HUNG_S
        self._watch = asyncio.get_running_loop().call_later(wait, self._watch_worker)

    def _retire_soon(self) -> None:
        """Start nothing more with this worker."""
        self._retiring = True
        self.dispatcher.pause()

    def _retire_if_idle(self) -> None:
        if not self._retiring or self.dispatcher.running is not None or self._worker is None:
            return
        self.dispatcher.pause()
        worker, self._worker = self._worker, None
        worker.leave()

    # -- telling ------------------------------------------------------------------------------

    def _write(self, line: Mapping[str, object]) -> None:
        if self._worker is not None:
            self._worker.send(line)

    def _tell_status(
        self, word: DeviceWord, own: Payload, message: str = "", step: str = ""
    ) -> None:
        """Tell a new status; of one trouble the first message is kept."""
        before = _trouble(self.status)
        lasts = device_word(self.status) == word
        message = before.get("message", message) if lasts and message else message
        status: dict[str, object] = {"common": {"device": word}, **own}
        if message:
            status["xTrouble"] = {"message": message, **({"step": step} if step else {})}
        if not lasts:
            self.log.info("device_state", word=word, message=message)
        self.set_status(status)
        if step == Step.OUT_OF_ORDER and before.get("step") != step:
            self._tell_out_of_order(message)

    def _tell_out_of_order(self, message: str) -> None:
        self.broadcast(
            ERROR, {"eventId": "hardware", "action": "maintenance", "vendorDescription": message}
        )


def _trouble(status: Payload) -> dict[str, str]:
    trouble = status.get("xTrouble")
    return dict(trouble) if isinstance(trouble, Mapping) else {}


def _payload(line: Line) -> Payload:
    payload = line.get("payload")
    return payload if isinstance(payload, dict) else {}


def _number(line: Line) -> int:
    number = line.get("job")
    return number if isinstance(number, int) else 0
