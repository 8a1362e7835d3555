"""Calls with a deadline that nothing can hold up, in threads that are used again.

A name lookup or a slow peer cannot be interrupted in Python, so the call waits in another thread
and its caller leaves at the deadline. A thread whose call ended in time takes the next one; one
that was left behind ends by itself when its call does.
"""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any, TypeVar

T = TypeVar("T")


class TooSlow(Exception):
    """The call did not end in time."""


class Waiters:
    """Threads that wait for others; any number of callers."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._lock = threading.Lock()
        self._idle: list[_Waiter] = []
        self._closed = False

    def wait(self, call: Callable[[], T], limit: float) -> T:
        """Return what the call returns, or raise what it raises.

        Raises:
            TooSlow: it did not end within ``limit`` seconds; it may end later, unheard.
        """
        with self._lock:
            waiter = self._idle.pop() if self._idle else _Waiter(self._name, self._back)
        told: Future[T] = Future()
        waiter.calls.put((call, told))
        try:
            told.exception(limit)
        except TimeoutError as error:  # of the waiting; one of the call is not raised here
            raise TooSlow from error
        return told.result()

    def close(self) -> None:
        """Let the idle threads go; those at work go when they have done it."""
        with self._lock:
            self._closed = True
            idle, self._idle = self._idle, []
        for waiter in idle:
            waiter.calls.put(None)

    def _back(self, waiter: _Waiter) -> bool:
        with self._lock:
            if not self._closed:
                self._idle.append(waiter)
            return not self._closed


class _Waiter:
    """One thread, one call at a time."""

    def __init__(self, name: str, back: Callable[[_Waiter], bool]) -> None:
        self.calls: queue.SimpleQueue[tuple[Callable[[], Any], Future[Any]] | None] = (
            queue.SimpleQueue()
        )
        self._back = back
        threading.Thread(target=self._run, name=name, daemon=True).start()

    def _run(self) -> None:
        while (given := self.calls.get()) is not None:
            call, told = given
            if not self._do(call, told):
                return

    def _do(self, call: Callable[[], Any], told: Future[Any]) -> bool:
        """Make one call; says whether another may come."""
        try:
            result = call()
        except BaseException as error:  # noqa: BLE001 - it is the caller's
            stays = self._back(self)
            told.set_exception(error)
        else:
            stays = self._back(self)  # before it is told: the next call finds this thread
            told.set_result(result)
        return stays
