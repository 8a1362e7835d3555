"""Several workers behind one port: a parent that keeps them, and serves nobody itself.

The parent loads what all workers read (catalogues, population), binds the sockets and forks; a
worker that dies is forked anew within a moment. Each worker has a socket of its own on the API's
port, which the kernel deals connections to; the parent holds all of them, so what was waiting for a
dead worker is served by the next one. A worker tells by a pipe that it is ready, that its loop
turns, and that the database answers; one whose loop stands still is killed and replaced.
"""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

import setproctitle
import structlog

from intake.service.process import end_with_parent
from intake.service.server import (
    STOP_S,
    WATCHDOG_S,
    Listening,
    Ports,
    listen,
    serve,
    urls,
    write_ready,
)
from intake.service.services import Services
from kiosk.channel import service_manager
from kiosk.channel.service_manager import ServiceManager

READY, TURNS, ANSWERS = b"r", b"t", b"d"
"""What a worker tells: it serves; its loop turns; the database answers."""
HUNG_S: Final = 10.0
"""Seconds without a word after which a worker is killed; it speaks every two."""
START_S: Final = 60.0
"""Seconds a worker has to become ready."""
HASTE_S: Final = 1.0
"""A worker that lived for less is not replaced before this time is over."""
GIVE_UP: Final = 5
"""Workers that may end in a row before they were ever ready."""
_SIGNALS: Final = {signal.SIGTERM, signal.SIGINT, signal.SIGCHLD}

_log = structlog.get_logger("intake")


@dataclass(kw_only=True, slots=True)
class Worker:
    """One place among the workers, and who fills it now; ``pid`` 0: nobody."""

    place: int
    api: socket.socket
    pid: int = 0
    told: int = -1
    began: float = 0.0
    heard: float = 0.0
    ready: bool = False


@dataclass(kw_only=True, slots=True)
class Parent:
    """Keeps ``count`` workers alive until it is asked to stop."""

    count: int
    ports: Ports
    make: Callable[[], Services]
    workers: list[Worker] = field(default_factory=list)
    unready: int = 0
    announced: bool = False
    database: bool = False
    pages: socket.socket = field(init=False)
    manager: ServiceManager = field(default_factory=lambda: ServiceManager(os.environ))

    def run(self) -> int:
        """Run until SIGTERM or SIGINT; 1 when workers cannot be brought up.

        Raises:
            OSError: a port is taken.
        """
        api, self.pages = listen(self.ports, self.count)
        self.workers = [Worker(place=n, api=one) for n, one in enumerate(api, 1)]
        signal.pthread_sigmask(signal.SIG_BLOCK, _SIGNALS)
        try:
            return self._keep()
        finally:
            self._stop()

    def _keep(self) -> int:
        watched = time.monotonic()
        while self.unready < GIVE_UP:
            now = time.monotonic()
            for worker in self.workers:
                self._look_after(worker, now)
            self._announce()
            if now - watched >= WATCHDOG_S and self.announced:
                watched = now
                if self.database:
                    self.manager.tell(service_manager.BEAT)
                self.database = False
            told = signal.sigtimedwait(_SIGNALS, 0.2 if self.announced else 0.02)
            if told is not None and told.si_signo != signal.SIGCHLD:
                return 0
        _log.error("workers_do_not_start")
        return 1

    def _look_after(self, worker: Worker, now: float) -> None:
        """Hear a worker, bury it, or bring up a new one."""
        if worker.pid:
            self._hear(worker, now)
            limit = HUNG_S if worker.ready else START_S
            if now - worker.heard > limit:
                _log.error("worker_hangs", worker=worker.place)
                os.kill(worker.pid, signal.SIGKILL)
                worker.heard = now
            self._bury(worker)
        elif now - worker.began >= HASTE_S or not worker.began:
            self._bring_up(worker, now)

    def _hear(self, worker: Worker, now: float) -> None:
        with contextlib.suppress(BlockingIOError):
            words = os.read(worker.told, 4096)
            if words:
                worker.heard = now
                worker.ready = worker.ready or READY in words
                self.unready = 0 if worker.ready else self.unready
                self.database = self.database or ANSWERS in words

    def _bury(self, worker: Worker) -> None:
        gone, status = os.waitpid(worker.pid, os.WNOHANG)
        if not gone:
            return
        _log.error("worker_ended", worker=worker.place, status=os.waitstatus_to_exitcode(status))
        self.unready += not worker.ready
        os.close(worker.told)
        worker.pid, worker.ready = 0, False

    def _bring_up(self, worker: Worker, now: float) -> None:
        told, tell = os.pipe()
        os.set_blocking(told, False)
        os.set_blocking(tell, False)
        pid = os.fork()
        if not pid:
            _work(worker, self, tell)
        os.close(tell)
        worker.pid, worker.told, worker.began, worker.heard = pid, told, now, now

    def _announce(self) -> None:
        """Say once that all serve; a manager that has no room for it is told with a later look."""
        self.manager.catch_up()
        if self.announced or not all(worker.ready for worker in self.workers):
            return
        self.announced = True
        told = urls(self.ports, self.workers[0].api, self.pages)
        write_ready(self.ports, told)
        self.manager.tell(service_manager.READY)
        _log.info("intake_ready", workers=self.count, **told)

    def _stop(self) -> None:
        """Ask all workers to end, and end those that do not."""
        for worker in self.workers:
            if worker.pid:
                os.kill(worker.pid, signal.SIGTERM)
        limit = time.monotonic() + STOP_S + 1.5
        while any(worker.pid for worker in self.workers) and time.monotonic() < limit:
            for worker in (one for one in self.workers if one.pid):
                gone, _ = os.waitpid(worker.pid, os.WNOHANG)
                worker.pid = 0 if gone else worker.pid
            signal.sigtimedwait({signal.SIGCHLD}, 0.05)
        for worker in (one for one in self.workers if one.pid):
            os.kill(worker.pid, signal.SIGKILL)
            os.waitpid(worker.pid, 0)
        _log.info("intake_stopped")


class Telling:
    """How a worker announces itself: single bytes to its parent, who may be busy."""

    def __init__(self, tell: int) -> None:
        self._tell = tell

    def ready(self, _: Listening) -> None:
        """Tell that it serves."""
        self._say(READY)

    def alive(self, *, database: bool) -> None:
        """Tell that the loop turns, and whether the database answers."""
        self._say(TURNS + ANSWERS if database else TURNS)

    def _say(self, word: bytes) -> None:
        with contextlib.suppress(BlockingIOError, BrokenPipeError):
            os.write(self._tell, word)


def _work(worker: Worker, parent: Parent, tell: int) -> None:
    """Be a worker, and never come back."""
    status = 1
    try:
        end_with_parent()
        signal.pthread_sigmask(signal.SIG_UNBLOCK, _SIGNALS)
        setproctitle.setproctitle(f"kiosk-intake worker {worker.place}")
        os.environ.pop("NOTIFY_SOCKET", None)
        services = parent.make()
        try:
            serve(services, parent.ports, Telling(tell), (worker.api, parent.pages))
        finally:
            services.registers.close()
            services.store.close()
        status = 0
    except Exception as error:  # noqa: BLE001 - the parent is told by the status, the log by name
        _log.error("worker_failed", worker=worker.place, error=type(error).__name__)
    finally:
        os._exit(status)
