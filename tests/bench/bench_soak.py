"""Half an hour of whole visits with faults: nothing lost, twice or stuck, and nothing grows.

The short edition of ``make soak`` (tests/soak): 25 minutes in which the processes that live on do
live on, then five in which they are killed too. Half an hour is short for a slope: its interval
stands in the note, and only a slope that is surely too steep is a growth. The long editions are in
docs/soak.md.
"""

from __future__ import annotations

import sys
import uuid
from pathlib import Path

from tests.bench.figure import Figure, median
from tests.campaign.verdict import Verdict
from tests.soak import STORM
from tests.soak.figures import Figures
from tests.soak.growth import KEPT, MOST_MB_PER_HOUR, STRAY, Growth
from tests.soak.soak import Bounds, report, soak

CALM_S = 25 * 60.0
STORM_S = 5 * 60.0
WITHOUT_END = 1_000_000
KEPT_IN = Path("var/soak/bench")


def measure() -> list[Figure]:
    """Return what was lost, how fast visits were, and how the processes grew."""
    seed = uuid.uuid4().int % 1_000_000
    figures = Figures(keep=KEPT_IN / f"seed-{seed}")
    calm = Verdict(name="soak", seed=seed, done=STORM)
    soak(calm, figures, Bounds(visits=WITHOUT_END, seconds=CALM_S))
    storm = Verdict(name="storm", seed=seed)
    soak(storm, figures, Bounds(visits=STORM, seconds=STORM_S))
    print(report(calm, figures), storm.text(), sep="\n", file=sys.stderr)
    return [_kept(calm, storm), _pace(calm), *_usable(figures), *_grown(figures.growths())]


def _kept(calm: Verdict, storm: Verdict) -> Figure:
    both = calm.counts + storm.counts
    return Figure(
        name="soak: lost, twice, stuck or not as written",
        value=float(both["violations"]),
        unit="",
        limit=0,
        measured=f"{both['visits']} visits, {both['faults']} faults, {both['applications']} filed",
        note="; ".join([f"seed {calm.seed}", *calm.violations, *storm.violations]),
    )


def _pace(calm: Verdict) -> Figure:
    visits = calm.counts["visits"]
    return Figure(
        name="soak: a visit",
        value=calm.seconds / max(1, visits),
        unit="s",
        measured=f"{3600 * visits / calm.seconds:.0f} an hour",
    )


def _usable(figures: Figures) -> list[Figure]:
    """Return the seconds to a usable page after the deaths of a session, as citizens saw them."""
    killed = [
        s for name in ("SIGKILL", "SIGSEGV") for s in figures.usable.get(f"session: {name}", [])
    ]
    if not killed:
        return []
    return [
        Figure(
            name="soak: usable page after a session's death, median",
            value=median(killed),
            unit="s",
            measured=f"{len(killed)} deaths, worst {max(killed):.2f} s",
            note="promised and held by bench_recovery",
        )
    ]


def _grown(growths: list[Growth]) -> list[Figure]:
    ours = [one for one in growths if one.verdict != "–"]
    slopes = [_slope(one) for one in ours if one.slope is not None]
    worst = max((one.drift[kept] for one in ours for kept in KEPT), default=0)
    stray = Figure(
        name="soak: more files, threads or sockets at the end, worst process",
        value=float(worst),
        unit="",
        limit=STRAY,
        measured=", ".join(one.process for one in ours if max(one.drift.values()) == worst),
    )
    return [*slopes, stray]


def _slope(one: Growth) -> Figure:
    if one.slope is None:
        raise AssertionError("a growth without a slope")
    return Figure(
        name=f"soak: memory of {one.process} grows surely by",
        value=max(0.0, one.slope.low),
        unit="MB/h",
        limit=MOST_MB_PER_HOUR,
        measured=f"{one.slope.middle:+.2f} MB/h [{one.slope.low:+.2f}, {one.slope.high:+.2f}]",
        note=f"of {one.memory:.0f} MB, over {one.hours:.2f} h",
    )
