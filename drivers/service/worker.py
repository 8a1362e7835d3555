r"""One worker process: the only process that opens the port of its device.

Theory of operation.  The host forks a worker a device and talks to it in JSON lines over a socket
pair.  A worker that served a visit is ended with that visit, so what a citizen's card said cannot
be found in a later one.  It runs one command at a time on its main thread; a second thread reads
the lines, so that a cancel arrives while a command runs.

The device object is kept while it works.  Any `DeviceError` drops it; it is built anew as
`drivers.service.keeper` says, and when a command asks for it.  The first message of a trouble is
the one that is kept and told: later ones are mostly its consequences.

==========================================  ====================================================
host to worker                              worker to host
==========================================  ====================================================
``{"op":"run","job","command","payload"}``  ``{"op":"ready"}`` once, before the device is opened
``{"op":"cancel","job"}``                   ``{"op":"state","word","status","message",…}``
``{"op":"leave"}``                          ``{"op":"event","job","name","payload"}``
\                                           ``{"op":"unsolicited","name","payload"}``
\                                           ``{"op":"done","job","code","payload","description"}``
\                                           ``{"op":"restart"}``, only a fresh process is left
\                                           ``{"op":"beat"}``, between commands: it is not stuck
\                                           ``{"op":"fault","kind","where"}``, before it ends
==========================================  ====================================================
"""

from __future__ import annotations

import json
import os
import queue
import signal
import socket
import threading
import time
import traceback
from collections.abc import Mapping
from dataclasses import dataclass, field

from drivers.errors import DeviceError, TransportLost
from drivers.line_trace import LINE, OF_PERSONS
from drivers.service.adapter import (
    Adapter,
    Cancelled,
    ServesPictures,
    WorkerPlan,
    make_adapter,
)
from drivers.service.envelope import Outcome, Payload
from drivers.service.interfaces.upkeep import RESET
from drivers.service.keeper import DeviceKeeper
from drivers.service.process import leave_no_dump, tell_no_words, title
from drivers.service.upkeep import begun_anew, traced

BEAT_S = 1.0
"""Least seconds between two signs of life."""

_LEAVE_S = 1.0
"""Seconds after which a worker that was left by its host is gone, even if its device hangs.

A host that is there does not wait so long: it kills after `drivers.service.worker_link.LEAVE_S`.
"""


@dataclass(frozen=True, kw_only=True, slots=True)
class _Job:
    number: int
    command: str
    payload: Payload
    cancelled: Cancelled = field(default_factory=threading.Event)


class Worker:
    """The loop of a worker process."""

    def __init__(self, line: socket.socket, adapter: Adapter, *, restarted: bool = False) -> None:
        self._line = line
        self._adapter = adapter
        self._keeper = DeviceKeeper(adapter, restarted=restarted)
        self._inbox: queue.SimpleQueue[_Job | None] = queue.SimpleQueue()
        self._cancels: dict[int, Cancelled] = {}
        self._leaving = threading.Event()
        self._sending = threading.Lock()
        self._told: dict[str, object] | None = None
        self._last_beat = 0.0

    def serve(self) -> None:
        """Work until told to leave, or until the host is gone."""
        threading.Thread(target=self._read_lines, name="lines", daemon=True).start()
        self.send({"op": "ready"})
        self._keeper.try_open()
        self.tell_state()
        while not self._leaving.is_set():
            self._round()
        self._keeper.close()

    def _round(self) -> None:
        try:
            job = self._inbox.get(timeout=max(0.001, self._keeper.wait_s()))
        except queue.Empty:
            self._poll()
        else:
            if job is not None:
                self._run(job)
        self.tell_state()
        self._beat()

    def _beat(self) -> None:
        """Say that the loop goes round: a driver that is stuck says nothing."""
        if time.monotonic() - self._last_beat >= BEAT_S:
            self._last_beat = time.monotonic()
            self.send({"op": "beat"})

    def _poll(self) -> None:
        if self._keeper.due():
            self._climb()
            return
        try:
            self._adapter.poll(_Emit(self, None))
            self._keeper.settled()
        except DeviceError as error:
            self._keeper.drop(error)

    def _climb(self) -> None:
        """Try to get the device back; ask for a fresh process when nothing else is left."""
        if not self._keeper.climb(_Emit(self, None)) and self._keeper.wants_restart:
            self.tell_state()
            self.send({"op": "restart"})

    def _run(self, job: _Job) -> None:
        outcome = self._outcome(job)
        # The device's new state goes first: who reads the completion then finds it in the status.
        self.tell_state()
        self.send(
            {
                "op": "done",
                "job": job.number,
                "code": outcome.code,
                "payload": outcome.payload,
                "description": outcome.description,
            }
        )

    def _outcome(self, job: _Job) -> Outcome:
        told = traced(job.command, LINE)
        if told is not None:  # also of a device that does not open: that is what one wants to see
            return told
        if job.command == RESET:
            return begun_anew(self._keeper.begin_anew(_Emit(self, job.number)))
        if not self._keeper.try_open():
            error = self._keeper.first_error or TransportLost("the device is not open")
            return self._adapter.failed(job.command, error)
        try:
            outcome = self._adapter.run(
                job.command, job.payload, _Emit(self, job.number), job.cancelled
            )
            self._keeper.settled()
        except DeviceError as error:
            self._keeper.drop(error)
            return self._adapter.failed(job.command, error)
        return outcome

    def tell_state(self) -> None:
        """Tell the host the state if it is not what was told last."""
        state = self._keeper.state()
        line: dict[str, object] = {
            "op": "state",
            "word": state.word,
            "status": state.status,
            "message": state.message,
            "model": self._adapter.model(),
        }
        if self._keeper.first_error is not None:
            line["step"] = self._keeper.step
        if line != self._told:
            self._told = line
            self.send(line)

    def send(self, line: Mapping[str, object]) -> None:
        """Write one line; a host that is gone ends the worker."""
        data = json.dumps(line, separators=(",", ":")).encode() + b"\n"
        try:
            with self._sending:
                self._line.sendall(data)
        except OSError:
            self._leaving.set()  # the host is gone

    def _read_lines(self) -> None:
        """Take lines until there is none, or one that makes no sense: deaf, it must not go on."""
        with self._line.makefile("rb") as lines:
            try:
                for text in lines:
                    self._take(json.loads(text))
            except OSError:
                pass  # a broken line and a closed one end the same way
            except ValueError as error:
                self.send(_fault(error))
        self._leave()

    def _take(self, line: object) -> None:
        if not isinstance(line, dict):
            raise ValueError("the host sent a line that is no object")  # noqa: TRY004
        number = line.get("job")
        match line.get("op"):
            case "run" if isinstance(number, int):
                self._accept(number, line)
            case "cancel" if number in self._cancels:
                self._cancels[number].set()
            case "cancel":
                return  # it ended before the cancel arrived
            case "leave":
                self._leave()
            case other:
                raise ValueError(f"the host sent an unknown line: {other}")

    def _accept(self, number: int, line: Mapping[str, object]) -> None:
        payload = line.get("payload")
        job = _Job(
            number=number,
            command=str(line.get("command")),
            payload=payload if isinstance(payload, dict) else {},
        )
        self._cancels = {number: job.cancelled}  # the host sends one at a time
        self._inbox.put(job)

    def _leave(self) -> None:
        """End soon; at the latest after `_LEAVE_S`, even if the device never returns."""
        if self._leaving.is_set():
            return
        self._leaving.set()
        for cancelled in self._cancels.values():
            cancelled.set()
        self._inbox.put(None)
        last = threading.Timer(_LEAVE_S, os._exit, args=(1,))
        last.daemon = True
        last.start()


class _Emit:
    """Events of one command, or of none."""

    def __init__(self, worker: Worker, job: int | None) -> None:
        self._worker = worker
        self._job = job

    def __call__(self, name: str, payload: Payload | None = None) -> None:
        line: dict[str, object] = {"op": "unsolicited", "name": name, "payload": payload or {}}
        if self._job is not None:
            line |= {"op": "event", "job": self._job}
        self._worker.send(line)
        self._worker.tell_state()

    def state(self) -> None:
        self._worker.tell_state()


def main(line: socket.socket, plan: WorkerPlan, arriving: socket.socket | None = None) -> None:
    """Run a worker; the target of a forked process.

    Args:
        line: the host's other end.
        plan: which device.
        arriving: where the host hands over connections of the pictures socket, if it has one.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the host is told, and tells us
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    title(f"worker {plan.device}")
    leave_no_dump()
    tell_no_words()
    LINE.withheld = OF_PERSONS.get(plan.device)
    try:
        adapter = make_adapter(plan)
        if arriving is not None and isinstance(adapter, ServesPictures):
            adapter.serve_pictures(arriving)
        Worker(line, adapter, restarted=plan.restarted).serve()
    except Exception as error:  # noqa: BLE001  # told to the host, then the process ends
        _tell_fault(line, error)
        os._exit(1)
    os._exit(0)  # no interpreter shutdown: nothing here is worth waiting for


def _tell_fault(line: socket.socket, error: Exception) -> None:
    try:
        line.sendall(json.dumps(_fault(error)).encode() + b"\n")
    except OSError:
        return  # the host is gone, and with it the reader of this


def _fault(error: Exception) -> dict[str, object]:
    """Return kind and place of an unexpected error, never its message: it may quote a citizen."""
    frame = traceback.extract_tb(error.__traceback__)[-1]
    return {
        "op": "fault",
        "kind": type(error).__name__,
        "where": f"{os.path.basename(frame.filename)}:{frame.lineno}",  # noqa: PTH119
    }
