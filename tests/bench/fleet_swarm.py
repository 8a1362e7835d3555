"""Thousands of members in hundreds of processes, as one.

Four members share a process. A terminal has one of its own, and where two hundred shared one they
waited for its interpreter lock more than they worked; one process for each of two thousand would
take 17 GB. Nobody is asked again and again, for that would take the processors of those who are
measured: each process answers once, when something has happened to all of its members.
"""

from __future__ import annotations

import multiprocessing
import os
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from typing import Final

import structlog

from tests.bench.fleet_members import HERE, KINDS, Member, Plan

EACH: Final = 4
"""Members of a process."""
AT_ONCE: Final = 6
"""Processes whose members connect at the same time: TLS of a thousand at once takes longer than a
client waits for it."""
TURNS: Final = 16
"""Members that fetch at the same time, a few for each processor: where two thousand take one
another's slices away, handshakes run into their time, and what is measured is the scheduler."""
CONNECTING_S: Final = 120.0
STACK: Final = 512 * 1024
"""Bytes of a thread's stack."""
_SHOWN_S: Final = 5.0


@dataclass(frozen=True, slots=True)
class Reached:
    """To how many of how many something happened, and when the last of them had it."""

    count: int
    of: int
    at: float

    @property
    def all(self) -> bool:
        """Whether nobody is missing."""
        return self.count == self.of


class Swarm:
    """Processes of members, as one."""

    def __init__(self, ears: Sequence[Connection], count: int) -> None:
        self._ears, self._count = ears, count

    def begin(self) -> Reached:
        """Let all begin, some processes at a time, until all are there."""
        waiting, asked = list(self._ears), list[Connection]()
        there = Reached(0, self._count, 0.0)
        shown = _Shown("there")
        while waiting or asked:
            while waiting and len(asked) < AT_ONCE:
                asked.append(waiting.pop())
                asked[-1].send(("begin", CONNECTING_S))
            for ear in wait(asked):
                there = _plus(there, ear.recv())  # type: ignore[union-attr]
                asked.remove(ear)  # type: ignore[arg-type]
            shown.show(there)
        return there

    def go(self) -> None:
        """Let members do what the round is about."""
        self._ask("go", 0.0)
        for ear in self._ears:
            ear.recv()

    def all_at(self, name: str, patience: float) -> Reached:
        """Wait until something happened to all, or for so many seconds."""
        self._ask(name, patience)
        left, reached, shown = list(self._ears), Reached(0, self._count, 0.0), _Shown(name)
        while left:
            for ear in wait(left):
                reached = _plus(reached, ear.recv())  # type: ignore[union-attr]
                left.remove(ear)  # type: ignore[arg-type]
            shown.show(reached)
        return reached

    def failures(self) -> int:
        """Return how many members failed at something once or more often."""
        self._ask("failures", 0.0)
        return sum(ear.recv()[0] for ear in self._ears)

    def _ask(self, word: str, seconds: float) -> None:
        for ear in self._ears:
            ear.send((word, seconds))


class _Shown:
    """Tells on standard error how far a long wait is."""

    def __init__(self, name: str) -> None:
        self._name, self._next = name, time.monotonic() + _SHOWN_S

    def show(self, reached: Reached) -> None:
        if time.monotonic() >= self._next:
            self._next = time.monotonic() + _SHOWN_S
            told = f"    {self._name}: {reached.count:,} of {reached.of:,}"
            print(told, file=sys.stderr, flush=True)


def _plus(reached: Reached, answer: tuple[int, float]) -> Reached:
    count, at = answer
    return replace(reached, count=reached.count + count, at=max(reached.at, at))


@contextmanager
def swarm(kind: str, plan: Plan) -> Iterator[Swarm]:
    """Run members, all of them there."""
    own = multiprocessing.get_context("forkserver")
    own.set_forkserver_preload([__name__])
    ears: list[Connection] = []
    processes: list[BaseProcess] = []
    turn = own.BoundedSemaphore(TURNS)
    print(f"  {len(plan.names):,} {kind}", file=sys.stderr, flush=True)
    try:
        for start in range(0, len(plan.names), EACH):
            ours, theirs = own.Pipe()
            part = replace(plan, names=plan.names[start : start + EACH], turn=turn)
            process = own.Process(target=work, args=(kind, part, theirs))
            process.start()
            theirs.close()
            ears.append(ours)
            processes.append(process)
        members = Swarm(ears, len(plan.names))
        members.begin()
        yield members
    finally:
        for ear in ears:
            with suppress(OSError):
                ear.send(("stop", 0.0))
        deadline = time.monotonic() + 60
        for process in processes:
            process.join(max(0.0, deadline - time.monotonic()))
            process.kill()


def work(kind: str, plan: Plan, ear: Connection) -> None:
    """Run one process's members, and answer what the bench asks until it says ``stop``.

    ``begin``: let them begin; answered when they are there. ``go``: see `Member`. ``failures``: how
    many failed at something. Any other word is waited for: to how many of them it happened within
    the seconds, and when to the last of these.
    """
    threading.stack_size(STACK)
    structlog.configure(processors=[_drop])
    members = [KINDS[kind](plan, name) for name in plan.names]
    try:
        while (asked := ear.recv())[0] != "stop":
            ear.send(_answer(members, *asked))
    except (EOFError, OSError):  # the bench is gone, and nobody else ends these threads
        os._exit(1)
    with_all([own.stop for own in members])


def _answer(members: Sequence[Member], word: str, seconds: float) -> tuple[int, float]:
    until = time.monotonic() + seconds
    if word == "failures":
        failed = [any(one.startswith("failed") for one in own.told.names()) for own in members]
        return sum(failed), 0.0
    if word == "go":
        for own in members:
            own.go()
        return len(members), 0.0
    if word == "begin":
        for own in members:
            own.start()
        word = HERE
    times = [at for own in members if (at := own.told.wait(word, until)) is not None]
    return len(times), max(times, default=0.0)


def _drop(_logger: object, _method: str, _event: object) -> str:
    """Let a log's line go nowhere: a thousand terminals write to their own journals."""
    raise structlog.DropEvent


def with_all(acts: Sequence[Callable[[], None]]) -> None:
    """Do things that wait, at the same time."""
    threads = [threading.Thread(target=act) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
