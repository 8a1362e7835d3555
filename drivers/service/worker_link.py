"""The host's handle of one worker process: start it, write lines to it, see it end."""

from __future__ import annotations

import asyncio
import json
import multiprocessing
import socket
from collections.abc import Mapping
from multiprocessing import forkserver
from multiprocessing.context import ForkServerContext
from typing import Protocol

from drivers.service import worker
from drivers.service.adapter import WorkerPlan

LEAVE_S = 0.5
"""Seconds a worker has to close its port before it is killed."""
REAPED_S = 3.0
"""Seconds in which the clean parent tells the end of a worker that was killed; it takes some 10 ms,
and one that tells none stands still."""

_LONGEST_LINE = 8 * 1024 * 1024
_PRELOADED = [
    "drivers.service.worker",
    "drivers.service.adapters.id_reader",
    "drivers.service.adapters.scanner",
    "drivers.service.adapters.receipt_printer",
    "drivers.service.adapters.panel",
    "drivers.service.adapters.ups",
]

Line = Mapping[str, object]


def fork_server() -> ForkServerContext:
    """Return the context that forks workers from a clean parent with the light adapters loaded.

    The parent was started by its own command line and has never seen a key or a citizen.  What is
    heavy, or not on every terminal, is left to its worker, which loads it when it is started, long
    before somebody needs it: the cameras' OpenCV and NumPy alone would bring 16 MB and threads
    into a parent that must have one only.
    """
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(_PRELOADED)
    return context


def warm_up() -> None:
    """Start the clean parent now; it loads the device code while the host goes on starting."""
    fork_server()
    forkserver.ensure_running()


class WorkerListener(Protocol):
    """Who is told what a worker says."""

    def worker_said(self, link: WorkerLink, line: Line) -> None:
        """Take one line."""

    def worker_ended(self, link: WorkerLink) -> None:
        """Take its end; called once."""

    def nursery_hung(self) -> None:
        """Take that the clean parent stands still: no worker can end or begin any more."""


class WorkerLink:
    """One worker process, seen from the host's event loop."""

    def __init__(self, plan: WorkerPlan, listener: WorkerListener) -> None:
        self._listener = listener
        self._ours, theirs = socket.socketpair()
        context = fork_server()
        arguments: list[object] = [theirs, plan]
        self._handing: socket.socket | None = None
        if plan.pictures:
            self._handing, arriving = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
            arguments.append(arriving)
        self._process = context.Process(target=worker.main, args=arguments, daemon=True)
        self._process.start()
        for end in arguments:
            if isinstance(end, socket.socket):
                end.close()
        self._writer: asyncio.StreamWriter | None = None
        self._ended = asyncio.Event()
        self._reading = asyncio.create_task(self._read())

    @property
    def pid(self) -> int:
        """Return the process id."""
        return self._process.pid or 0

    def send(self, line: Line) -> None:
        """Write one line; dropped if the worker is gone, whose end is told anyway."""
        if self._writer is not None and not self._writer.is_closing():
            self._writer.write(json.dumps(line, separators=(",", ":")).encode() + b"\n")

    def hand_over(self, connection: socket.socket) -> bool:
        """Give a connection of the pictures socket to the worker; say whether it took it.

        The caller's own copy stays open until the caller closes it.
        """
        if self._handing is None:
            return False
        try:
            self._handing.setblocking(False)
            socket.send_fds(self._handing, [b"+"], [connection.fileno()])
        except OSError:
            return False  # it is ending, or has more waiting than it will ever serve
        return True

    def leave(self) -> None:
        """Ask it to close its port and end; kill it if it does not."""
        self.send({"op": "leave"})
        timer = asyncio.get_running_loop().call_later(LEAVE_S, self.kill)
        self._reading.add_done_callback(lambda _: timer.cancel())

    def kill(self) -> None:
        """End it now."""
        if not self._ended.is_set():
            self._process.kill()

    async def ended(self) -> None:
        """Wait for its end."""
        await self._ended.wait()

    async def _read(self) -> None:
        reader, self._writer = await asyncio.open_unix_connection(
            sock=self._ours, limit=_LONGEST_LINE
        )
        try:
            while data := await reader.readline():
                self._listener.worker_said(self, json.loads(data))
        except (OSError, ValueError):
            self._process.kill()  # its lines make no sense any more
        finally:
            self._writer.close()
            if self._handing is not None:
                self._handing.close()
            await self._reap()
            self._ended.set()
            self._listener.worker_ended(self)

    async def _reap(self) -> None:
        """Wait for the process itself: its end of the line closes a moment earlier."""
        loop = asyncio.get_running_loop()
        gone = loop.create_future()
        sentinel = self._process.sentinel
        loop.add_reader(sentinel, _set_once, gone)
        kill = loop.call_later(LEAVE_S, self._process.kill)
        hung = loop.call_later(LEAVE_S + REAPED_S, self._listener.nursery_hung)
        try:
            await gone
        finally:
            kill.cancel()
            hung.cancel()
            loop.remove_reader(sentinel)
            self._process.join()


def _set_once(future: asyncio.Future[None]) -> None:
    if not future.done():
        future.set_result(None)
