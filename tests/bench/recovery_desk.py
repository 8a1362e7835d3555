"""A terminal whose processes die on purpose: who, how, and how long until a touch is answered."""

from __future__ import annotations

import contextlib
import os
import signal
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Self

import psutil

from kiosk.desk.supervisor import WATCHED, Supervisor
from kiosk.play.rehearsal_link import Seen
from tests.e2e.desk import Desk
from tests.waiting import until

TOUCHED = {"attract": "begin", "trouble": "continue"}
"""By page: what is touched for another page; elsewhere the language is changed."""
LOOK_S = 0.05
LONGEST_S = 40.0
Found = Callable[[Desk], Sequence[psutil.Process]]


@dataclass(frozen=True, kw_only=True, slots=True)
class Victim:
    """A process of the table in docs/architecture.md.

    Attributes:
        name: as the table calls it.
        found: finds it.
        pages: on which it dies.
        stops: whether it is also stopped (SIGSTOP): only who works all the time is missed.
        back: whether another one has to be there afterwards by itself.
    """

    name: str
    found: Found
    pages: Sequence[str] = ("attract", "guide", "review")
    stops: bool = False
    back: bool = True


@dataclass(frozen=True, kw_only=True, slots=True)
class Recovery:
    """How it went; seconds since the strike, of a stopped process since the verdict."""

    usable: float
    back: float
    interrupted: bool


class RecoveringDesk(Desk):
    """A desk with its service manager, which looks twenty times a second, as systemd is told."""

    def __enter__(self) -> Self:
        super().__enter__()
        self._ending = threading.Event()
        self._supervisor = Supervisor(self.stack, most_restarts=1000)
        self._watch = threading.Thread(target=self._supervise, daemon=True)
        self._watch.start()
        return self

    def __exit__(self, *error: object) -> None:
        self._ending.set()
        self._watch.join()
        super().__exit__(*error)

    def _supervise(self) -> None:
        while not self._ending.wait(LOOK_S):
            self._supervisor.look()

    def at(self, page: str) -> None:
        """Come to a page, with every process there."""
        self._rested()
        if page != "attract":
            self.play_until(page)
            until(lambda: len(self.sessions()) == 2, timeout=LONGEST_S)

    def _rested(self) -> None:
        until(lambda: all(one.ready for one in self.stack.running.values()), timeout=LONGEST_S)
        if self._page() != "attract":  # a new shell brings a new visit; a kill would explain itself
            with self._supervisor.hands:
                self.restart("shell")
            self.player.link.close()
        self.player.devices.do("id-reader", lift=True)
        self.player.reach("attract")
        until(lambda: len(self.sessions()) == 2, timeout=LONGEST_S)
        until(lambda: self.sessions()[1].cpu_percent(0.2) < 20, timeout=LONGEST_S)

    def strike(self, victim: Victim, number: signal.Signals) -> Recovery:
        """Send a signal to a process; wait until the screen answers a touch and all are back."""
        processes = list(until(lambda: victim.found(self), timeout=LONGEST_S))
        gone = {process.pid for process in processes}
        page = self._page()
        began = time.monotonic() + (WATCHDOG if number is signal.SIGSTOP else 0.0)
        for process in processes:
            os.kill(process.pid, number)
        if number is signal.SIGSTOP:
            until(lambda: not any(map(_stopped, processes)), timeout=LONGEST_S, every=0.005)
        interrupted = self._touch_is_answered(page)
        usable = time.monotonic() - began
        if victim.back:
            with contextlib.suppress(AssertionError):  # then the figure tells how long it was not
                until(lambda: self._again(victim, gone), timeout=LONGEST_S)
        back = time.monotonic() - began  # before the verdict where nobody missed who was stopped
        return Recovery(usable=max(0.0, usable), back=max(0.0, back), interrupted=interrupted)

    def _again(self, victim: Victim, gone: set[int]) -> bool:
        with contextlib.suppress(psutil.NoSuchProcess, KeyError):
            now = {process.pid for process in victim.found(self)}
            ready = all(self.stack.running[name].ready for name in WATCHED)
            return ready and bool(now) and not now & gone
        return False

    def _page(self) -> str:
        return until(self.player.link.look).page

    def _touch_is_answered(self, before: str) -> bool:
        """Touch as soon as a page is there, until it answers; say whether a visit was cut off."""
        deadline = time.monotonic() + LONGEST_S
        while time.monotonic() < deadline:
            seen = self.player.link.look()
            if seen is not None and seen.settled and self._answers(seen):
                return seen.page == "trouble" or (seen.page == "attract" != before)
        raise AssertionError("no page answers a touch")

    def _answers(self, seen: Seen) -> bool:
        target = seen.targets.get(TOUCHED.get(seen.page, "language"))
        if target is None:
            return False
        self.player.screen.tap(*target.middle)
        deadline = time.monotonic() + 1.0
        while time.monotonic() < deadline:
            now = self.player.link.look()
            if now is not None and now.settled and _answered(seen, now):
                return True
        return False


WATCHDOG = 5.0
"""Seconds after which a silent process is judged (``WatchdogSec``, ``HUNG_AFTER``)."""


def _answered(seen: Seen, now: Seen) -> bool:
    if seen.page in TOUCHED:
        return now.page != seen.page
    return now.facts.get("language") != seen.facts.get("language")


def _stopped(process: psutil.Process) -> bool:
    with contextlib.suppress(psutil.NoSuchProcess):
        return process.status() == psutil.STATUS_STOPPED
    return False


def part(name: str) -> Found:
    """Find a service's main process."""
    return lambda desk: [desk.process(name)]


def nursery(name: str) -> Found:
    """Find the process from which a service forks its children."""

    def found(desk: Desk) -> Sequence[psutil.Process]:
        children = desk.process(name).children()
        return [one for one in children if "forkserver" in _command(one)]

    return found


def _command(process: psutil.Process) -> str:
    """Return a process's command line; empty when it has just ended."""
    with contextlib.suppress(psutil.NoSuchProcess):
        return " ".join(process.cmdline())
    return ""


def below(name: str, title: str) -> Found:
    """Find a service's children by their title."""
    return lambda desk: desk.titled(name, title)
