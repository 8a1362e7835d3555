"""A line between terminal and intake that fails at a chosen byte, in either direction.

TCP on both sides, TLS passes through unread: what a router, a mobile cell or a proxy can
do to it is to cut, to stall and to deliver in part. Bytes are counted from the start of
each connection, so "after *n* bytes" walks through handshake, headers, pieces and answers.
"""

from __future__ import annotations

import contextlib
import socket
import threading
from dataclasses import dataclass
from enum import StrEnum


class Cut(StrEnum):
    """How it fails."""

    RESET = "reset"
    """Both sides get a reset."""
    CLOSE = "close"
    """Both sides get an orderly end."""
    SILENCE = "silence"
    """Nothing passes any more, nobody is told, until the line is replaced."""
    LOST_ANSWER = "lost answer"
    """The intake gets all; nothing comes back."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Plan:
    """What happens to one connection.

    Attributes:
        cut: how.
        up: whether bytes towards the intake are counted, else those back.
        after: how many pass.
    """

    cut: Cut
    up: bool
    after: int


class CuttingLine:
    """Listens, and carries each connection by the next plan; without one, whole.

    Attributes:
        plans: for the next connections, first come, first served.
        cuts: plans that came to pass.
        longest: most bytes that a whole connection carried, up and down.
    """

    def __init__(self, port: int) -> None:
        self.plans: list[Plan] = []
        self.cuts = 0
        self.longest = (0, 0)
        self._to = port
        self._lock = threading.Lock()
        self._open: list[socket.socket] = []
        self._listener = socket.create_server(("127.0.0.1", 0))
        threading.Thread(target=self._accept, daemon=True).start()

    @property
    def url(self) -> str:
        """Where a terminal calls."""
        return f"https://127.0.0.1:{self._listener.getsockname()[1]}"

    def close(self) -> None:
        """End it all."""
        self._listener.close()
        self.drop()

    def drop(self) -> None:
        """End what is silent."""
        with self._lock:
            for one in self._open:
                with contextlib.suppress(OSError):
                    one.shutdown(socket.SHUT_RDWR)
            self._open.clear()

    def _accept(self) -> None:
        while True:
            try:
                near, _ = self._listener.accept()
                far = socket.create_connection(("127.0.0.1", self._to))
            except OSError:
                return
            with self._lock:
                plan = self.plans.pop(0) if self.plans else None
                self._open += [near, far]
            _Carried(self, near, far, plan).start()

    def passed(self, up: int, down: int) -> None:
        """Remember the longest connection."""
        with self._lock:
            self.longest = max(self.longest[0], up), max(self.longest[1], down)

    def happened(self) -> None:
        """Count a cut."""
        with self._lock:
            self.cuts += 1


class _Carried:
    """One connection, a thread each way."""

    def __init__(
        self, line: CuttingLine, near: socket.socket, far: socket.socket, plan: Plan | None
    ) -> None:
        self._line = line
        self._ends = near, far
        self._plan = plan
        self._cut = threading.Event()
        self._counts = [0, 0]

    def start(self) -> None:
        """Carry in the background."""
        for up in (True, False):
            threading.Thread(target=self._carry, args=(up,), daemon=True).start()

    def _carry(self, up: bool) -> None:
        source, sink = self._ends if up else self._ends[::-1]
        with contextlib.suppress(OSError):
            while data := source.recv(65536):
                passing = self._passing(data, up)
                sink.sendall(passing)
                if len(passing) < len(data):
                    self._fail()
                    return
        self._line.passed(self._counts[1], self._counts[0])
        if not self._cut.is_set():
            self._end()

    def _passing(self, data: bytes, up: bool) -> bytes:
        """Return what of the bytes just read goes on."""
        plan, before = self._plan, self._counts[up]
        self._counts[up] += len(data)
        if plan is None or (self._cut.is_set() and up and plan.cut is Cut.LOST_ANSWER):
            return data
        if self._cut.is_set():
            return b""
        return data[: max(0, plan.after - before)] if plan.up == up else data

    def _fail(self) -> None:
        self._cut.set()
        self._line.happened()
        if self._plan is not None and self._plan.cut is Cut.RESET:
            for one in self._ends:
                with contextlib.suppress(OSError):
                    one.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
            for one in self._ends:
                one.close()
        if self._plan is not None and self._plan.cut is Cut.CLOSE:
            self._end()

    def _end(self) -> None:
        for one in self._ends:
            with contextlib.suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
