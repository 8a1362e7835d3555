"""By when each accepted item has to be decided: the critical path of promises, on real clocks.

:mod:`kiosk.domain.promise` says how long the chosen items take together; here they have begun.
Each has its own clock, and one that needs another's product is promised together with it: not
before the other one is done, and one that waits begins only then.

A promised day moves for the citizen's time alone (a supplement that was awaited, here or before)
and never because an office was late: who is late stays late.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from kiosk.domain.calendar import Clock, Workdays


@dataclass(frozen=True, kw_only=True, slots=True)
class Run:
    """How far an item has come; ``days`` is its limit, 0: done at once or nothing promised.

    ``clock`` is None before it is accepted, ``ended`` when it was decided or fell away.
    """

    code: str
    days: int
    waits: bool = False
    needs: frozenset[str] = frozenset()
    clock: Clock | None = None
    ended: datetime | None = None


def deadlines(runs: Iterable[Run], workdays: Workdays) -> dict[str, datetime | None]:
    """Return, by code, when each item is due; None: nothing is promised, or nobody can say yet.

    Nobody can say while it, or one that it needs, is not accepted or awaits a supplement.
    """
    by_code = {run.code: run for run in runs}
    return {code: _Path(by_code, workdays).due(run) for code, run in by_code.items()}


@dataclass(frozen=True, slots=True)
class _Path:
    """The way back from an item; ``passed`` are those behind, so that no circle is run round."""

    runs: Mapping[str, Run]
    workdays: Workdays
    passed: frozenset[str] = frozenset()

    def due(self, run: Run) -> datetime | None:
        own = run.clock.due(self.workdays, run.days) if run.clock and run.days else None
        if run.clock is None or own is None:
            return None
        further = replace(self, passed=self.passed | {run.code})
        codes = run.needs & self.runs.keys() - further.passed
        ends = [further.end(self.runs[code]) for code in codes]
        known = [end for end in ends if end is not None]
        if len(known) < len(ends):
            return None
        last = max(known, default=own)
        if not run.waits:
            return max(own, last)
        clock = replace(run.clock, started=max([run.clock.started, *known]))
        return clock.due(self.workdays, run.days)

    def end(self, run: Run) -> datetime | None:
        """Return when an item is done: it is, or it was promised, whichever is first."""
        promised = self.due(run)
        if run.ended is not None:
            done = self.workdays.closing(run.ended)
            return min(done, promised) if promised else done
        if run.clock is not None and not run.days and not run.clock.stands:
            return self.workdays.closing(run.clock.started)
        return promised
