"""Visit after visit, fault after fault, until enough were played or the time is over."""

from __future__ import annotations

import logging
import os
import random
import sys
import tempfile
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from tests.campaign.verdict import Stopwatch, Verdict
from tests.soak import CHECKED_EVERY, REPORTED_EVERY, STORM, STORM_EVERY
from tests.soak.citizen import Plan, Story, Visit, plan
from tests.soak.figures import Figures, tables
from tests.soak.ledger import Ledger
from tests.soak.resources import samples
from tests.soak.terminal import Terminal
from tests.waiting import until

log = logging.getLogger(__name__)
AFTER_A_VISIT = "(nothing to touch after a visit, each)"
FOUND_BY = 3
"""Visits after which a process that stands still must have been found, each needs them all;
and `FOUND_WITHIN` seconds, for a visit may be a short one."""
FOUND_WITHIN = 90.0
UP_WITHIN = 30.0
"""Seconds after a fault in which every process is back and a standby is ready."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Share:
    """Which visits of a seed a terminal plays: the ``first``, and every n-th after it."""

    first: int = 0
    every: int = 1

    def number(self, done: int) -> int:
        """Return the number of the visit after ``done``."""
        return self.first + done * self.every


@dataclass(frozen=True, kw_only=True, slots=True)
class Bounds:
    """When a soak ends.

    Attributes:
        visits: how many its terminal plays, over all runs.
        seconds: how long this run takes at most.
        enough: set when it shall end after the visit that is under way.
    """

    visits: int
    seconds: float
    enough: threading.Event = field(default_factory=threading.Event)


ALL = Share()


def soak(verdict: Verdict, figures: Figures, bounds: Bounds, share: Share = ALL) -> None:
    """Play on until one of the bounds is reached; compare both ends then and every so often."""
    deadline = time.monotonic() + bounds.seconds
    with tempfile.TemporaryDirectory(prefix="soak-") as place, Terminal(Path(place)) as terminal:
        run = _Run(terminal, verdict, figures)
        while verdict.done < bounds.visits and time.monotonic() < deadline:
            if run.over or bounds.enough.is_set():
                break
            with Stopwatch(verdict):
                run.visit(share.number(verdict.done))
                verdict.done += 1
                if verdict.done % CHECKED_EVERY == 0:
                    run.check()
        with Stopwatch(verdict):
            run.check()


class _Run:
    """One start of the terminal."""

    def __init__(self, terminal: Terminal, verdict: Verdict, figures: Figures) -> None:
        self._terminal = terminal
        self._verdict = verdict
        self._figures = figures
        self._ledger = Ledger(terminal.stack.state)
        self._counted: Counter[str] = Counter()
        self._lame = 0
        self.over = False

    def visit(self, number: int) -> None:
        """Play one visit and what is to be seen after it."""
        lot = random.Random(f"{self._verdict.seed}:{number}")  # noqa: S311 - what goes wrong
        wanted = plan(lot, storm=number % STORM_EVERY < STORM)
        began = time.monotonic()
        story = Visit(self._terminal, wanted).play()
        self._ledger.shown |= story.shown
        self._ledger.submits += story.submits
        self._count(wanted, story)
        told = f"visit {number} ({wanted.kind}; {wanted.what_goes_wrong}; {_load()})"
        log.debug("%s: %.1f s, %s", told, time.monotonic() - began, story)
        if story.stuck:
            self._verdict.blame(f"stuck: {told}: {story.stuck}")
            self._start_anew()
        elif not story.harmed and story.unplayed and not story.too_slow:
            self._verdict.blame(f"not as written: {told}: {story.unplayed}")
        self._find(told, story)
        self._settle(told)

    def _find(self, told: str, story: Story) -> None:
        """Blame that something stood still through several visits and nobody found it."""
        self._lame = self._lame + 1 if story.lame and self._terminal.lame else 0
        stopped = self._terminal.stopped.values()
        if self._lame >= FOUND_BY and time.monotonic() - min(stopped) > FOUND_WITHIN:
            names = ", ".join(self._terminal.let_die())
            self._verdict.blame(f"stands still and is not found: {names}: {told}")

    def _count(self, wanted: Plan, story: Story) -> None:
        counts = self._verdict.counts
        counts["visits"] += 1
        counts[wanted.kind] += 1
        counts["left another way than planned"] += bool(story.unplayed)
        counts["too slow for the script"] += not story.harmed and story.too_slow
        counts["tried again by its button"] += story.retried
        counts["faults found by a later visit"] += story.lame
        self._figures.usable.setdefault(AFTER_A_VISIT, []).append(story.dark)
        if wanted.fault is not None and story.struck:
            counts["faults"] += 1
            if story.usable is not None:
                self._figures.usable.setdefault(wanted.fault.name, []).append(story.usable)

    def _settle(self, told: str) -> None:
        """Wait until every process is back; then count what they hold."""
        try:
            until(self._terminal.all_up, timeout=UP_WITHIN, every=0.05)
        except AssertionError:
            self._verdict.blame(f"not all processes are back: {told}; {self._terminal.failed}")
            self._start_anew()
            return
        self._figures.take(samples(self._terminal))

    def _start_anew(self) -> None:
        """Mend by hand what did not mend itself, so that the run can go on."""
        if self._terminal.failed:
            self.over = True
            return
        with self._terminal.supervisor.hands:
            for name in ("shell", "devices", "agent"):
                self._terminal.restart(name)

    def check(self) -> None:
        """Compare both ends, keep the figures."""
        for wrong in self._ledger.wrongs():
            self._verdict.blame(wrong)
        now = self._ledger.counts()
        self._verdict.counts.update(now - self._counted)
        self._counted = now
        self._verdict.save(self._figures.keep)
        self._figures.save()
        if self._verdict.done % REPORTED_EVERY == 0:
            (self._figures.keep / "soak.md").write_text(report(self._verdict, self._figures))
        print(_line(self._verdict), file=sys.stderr, flush=True)


def _load() -> str:
    """Say how busy the machine is: what is slow on busy cores may be their fault."""
    return f"load {os.getloadavg()[0]:.0f} on {os.cpu_count()} cores"


def report(verdict: Verdict, figures: Figures) -> str:
    """Return what was found, for a person."""
    return f"{verdict.text()}\n  {_line(verdict)}\n\n{tables(figures.usable, figures.growths())}\n"


def _line(verdict: Verdict) -> str:
    visits = verdict.counts["visits"]
    an_hour = 3600 * visits / verdict.seconds if verdict.seconds else 0
    return (
        f"seed {verdict.seed}: {visits} visits in {verdict.seconds:.0f} s,"
        f" {an_hour:.0f} an hour, {'ok' if verdict.ok else 'BROKEN'}"
    )
