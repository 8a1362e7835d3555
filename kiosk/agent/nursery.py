"""The clean parent from which relays and forwarders are forked.

A fork server is a process that has loaded the code and nothing else: no keys, no
citizen's data, no threads, no connections. Every child gets what it needs over a pipe
after the fork, so a new one is there in some ten milliseconds and starts out clean.
"""

from __future__ import annotations

import multiprocessing
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerContext, ForkServerProcess
from typing import Self

from kiosk.channel import last_words

_ONE_AT_A_TIME = threading.Lock()
"""`multiprocessing` looks after all its children whenever one is started or ended."""
HUNG_S = 1.0
"""Seconds after which a child that is not born is one that never will be: it takes some 10 ms."""
PRELOADED = ("kiosk.cli", "kiosk.agent.preloaded")
"""By name: every child looks at the program that its grandparent was started by."""


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Child:
    """A running child and our end of its pipe."""

    process: ForkServerProcess
    pipe: Connection

    @property
    def alive(self) -> bool:
        """Whether it still runs."""
        with _ONE_AT_A_TIME:
            return self.process.is_alive()

    def end(self) -> None:
        """Kill the child if it still runs, and forget it."""
        with _ONE_AT_A_TIME:
            if self.process.is_alive():
                self.process.kill()
            self.process.join()
            self.process.close()
        self.pipe.close()


class Nursery:
    """Starts children from the fork server.

    Whoever asks one that stands still waits for good, and with them all who ask after them. Only
    another fork server helps, which comes with another agent: who feeds the watchdog asks `hung`.
    """

    def __init__(self) -> None:
        self._asked: float | None = None
        self._context: ForkServerContext = multiprocessing.get_context("forkserver")
        self._context.set_forkserver_preload(list(PRELOADED))

    def warm(self) -> Self:
        """Start the fork server now, with a child that does nothing."""
        child = self.start(_nothing)
        child.process.join()
        child.end()
        return self

    @property
    def hung(self) -> bool:
        """Whether the fork server has owed a child for `HUNG_S`."""
        asked = self._asked
        return asked is not None and time.monotonic() - asked > HUNG_S

    def start(self, work: Callable[..., None], *arguments: object) -> Child:
        """Run ``work(*arguments, pipe)`` in a new child.

        Raises:
            OSError: no process can be started now.
        """
        ours, theirs = self._context.Pipe()
        try:
            process = self._context.Process(
                target=last_words.run, args=(work, *arguments, theirs), daemon=True
            )
            with _ONE_AT_A_TIME:
                self._bear(process)
        except BaseException:
            ours.close()
            raise
        finally:
            theirs.close()
        return Child(process=process, pipe=ours)

    def _bear(self, process: ForkServerProcess) -> None:
        self._asked = time.monotonic()
        try:
            process.start()
        finally:
            self._asked = None


def _nothing(pipe: Connection) -> None:
    pipe.close()
