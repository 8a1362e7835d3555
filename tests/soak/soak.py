"""Visit after visit, fault after fault, until enough were played or the time is over."""

from __future__ import annotations

import json
import logging
import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path

from tests.campaign.verdict import Stopwatch, Verdict
from tests.soak import CHECKED_EVERY, STORM
from tests.soak.citizen import Story, Visit, plan
from tests.soak.ledger import Ledger
from tests.soak.resources import Growth, Sample, growths, samples
from tests.soak.terminal import Terminal
from tests.waiting import until

log = logging.getLogger(__name__)
UP_WITHIN = 30.0
"""Seconds after a fault in which every process is back and a standby is ready."""
SETTLED_WITHIN = 10.0


@dataclass(kw_only=True, slots=True)
class Figures:
    """What is kept beside the verdict: samples and seconds to a usable page, by fault."""

    keep: Path
    seed: int
    taken: list[Sample] = field(default_factory=list)
    usable: dict[str, list[float]] = field(default_factory=dict)

    @property
    def _path(self) -> Path:
        return self.keep / f"soak-{self.seed}.figures.json"

    def save(self) -> None:
        """Keep them, whole or not at all."""
        self.keep.mkdir(parents=True, exist_ok=True)
        draft = self._path.with_suffix(".draft")
        draft.write_text(
            json.dumps({"taken": [asdict(one) for one in self.taken], "usable": self.usable})
        )
        draft.replace(self._path)

    def resume(self) -> None:
        """Take up what was kept."""
        if self._path.exists():
            kept = json.loads(self._path.read_text())
            self.taken = [Sample(**one) for one in kept["taken"]]
            self.usable = kept["usable"]

    def growths(self) -> list[Growth]:
        """Return how the processes that live on grew."""
        return growths(self.taken)

    def lines(self) -> Iterator[str]:
        """Yield the figures for a person."""
        for name, seconds in sorted(self.usable.items()):
            ordered = sorted(seconds)
            median, worst = ordered[len(ordered) // 2], ordered[-1]
            yield f"{name}: {len(ordered)} ×, usable after {median:.2f} s, worst {worst:.2f} s"
        for growth in self.growths():
            yield growth.line()


def soak(verdict: Verdict, figures: Figures, *, visits: int, seconds: float) -> None:
    """Play on until ``visits`` are done in all, or for ``seconds``."""
    deadline = time.monotonic() + seconds
    with tempfile.TemporaryDirectory(prefix="soak-") as place, Terminal(Path(place)) as terminal:
        run = _Run(terminal, verdict, figures)
        begun = verdict.done
        while verdict.done < visits and time.monotonic() < deadline and not run.over:
            with Stopwatch(verdict):
                run.visit(verdict.done, storm=verdict.done - begun < STORM)
                verdict.done += 1
                if verdict.done % CHECKED_EVERY == 0 or verdict.done == visits:
                    run.check()
        with Stopwatch(verdict):
            run.check()


class _Run:
    """One start of the terminal."""

    def __init__(self, terminal: Terminal, verdict: Verdict, figures: Figures) -> None:
        self._terminal = terminal
        self._verdict = verdict
        self._figures = figures
        self._ledger = Ledger(terminal)
        self._counted: Counter[str] = Counter()
        self.over = False

    def visit(self, number: int, *, storm: bool) -> None:
        """Play one visit and what is to be seen after it."""
        lot = random.Random(f"{self._verdict.seed}:{number}")  # noqa: S311 - what goes wrong
        wanted = plan(lot, storm=storm)
        began = time.monotonic()
        story = Visit(self._terminal, wanted).play()
        self._ledger.shown |= story.shown
        self._ledger.submits += story.submits
        self._count(wanted.kind, story)
        if wanted.fault is not None:
            self._verdict.counts["faults"] += 1
            if story.usable is not None:
                self._figures.usable.setdefault(wanted.fault.name, []).append(story.usable)
        told = f"visit {number} ({wanted.kind}; "
        told += f"{wanted.fault.name} before step {wanted.at + 1})" if wanted.fault else "well)"
        log.debug("%s: %.1f s, %s", told, time.monotonic() - began, story)
        if story.stuck:
            self._verdict.blame(f"stuck: {told}: {story.stuck}")
            self._start_anew()
        elif wanted.fault is None and story.unplayed and not story.only_stored:
            self._verdict.blame(f"not as written: {told}: {story.unplayed}")
        self._settle(told)

    def _count(self, kind: str, story: Story) -> None:
        self._verdict.counts["visits"] += 1
        self._verdict.counts[kind] += 1
        self._verdict.counts["left another way than planned"] += bool(story.unplayed)

    def _settle(self, told: str) -> None:
        """Wait until every process is back; then count what they hold."""
        try:
            until(self._terminal.all_up, timeout=UP_WITHIN, every=0.05)
        except AssertionError:
            self._verdict.blame(f"not all processes are back: {told}; {self._terminal.failed}")
            self._start_anew()
            return
        self._figures.taken += samples(self._terminal)

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
        pace = self._verdict.seconds / max(1, self._verdict.done)
        print(
            f"soak (seed {self._verdict.seed}): {self._verdict.done} visits,"
            f" {self._verdict.seconds:.0f} s, {pace:.1f} s a visit,"
            f" {'ok' if self._verdict.ok else 'BROKEN'}",
            file=sys.stderr,
            flush=True,
        )
