"""What a soak keeps beside its verdict, and the table it prints."""

from __future__ import annotations

import json
import time
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path

from tests.soak.growth import Growth, growths
from tests.soak.resources import Sample

SAMPLED_EVERY = 15.0
"""Seconds between two quiet moments at which is counted, at least; a week is 40,000 of them."""
SAMPLES, USABLE = "samples.jsonl", "usable.json"


@dataclass(kw_only=True, slots=True)
class Figures:
    """Samples of the processes that live on, and seconds to a usable page, by fault.

    Attributes:
        keep: the directory they are kept in.
        taken: the samples, oldest first.
        usable: by fault, how long it took each time it struck.
    """

    keep: Path
    taken: list[Sample] = field(default_factory=list)
    usable: dict[str, list[float]] = field(default_factory=dict)
    _kept: int = 0

    def take(self, samples: Iterable[Sample]) -> None:
        """Add samples of a quiet moment, unless the last ones are younger than `SAMPLED_EVERY`."""
        if not self.taken or time.time() - self.taken[-1].at >= SAMPLED_EVERY:
            self.taken += samples

    def save(self) -> None:
        """Add what is new to the samples, and keep the seconds, whole or not at all."""
        self.keep.mkdir(parents=True, exist_ok=True)
        with (self.keep / SAMPLES).open("a") as samples:
            samples.writelines(json.dumps(asdict(one)) + "\n" for one in self.taken[self._kept :])
        self._kept = len(self.taken)
        draft = self.keep / f"{USABLE}.draft"
        draft.write_text(json.dumps(self.usable))
        draft.replace(self.keep / USABLE)

    def resume(self) -> None:
        """Take up what was kept; a last line that was cut off is left out."""
        if (self.keep / USABLE).exists():
            self.usable = json.loads((self.keep / USABLE).read_text())
            lines = (self.keep / SAMPLES).read_text().splitlines()
            self.taken = [Sample(**json.loads(line)) for line in lines if line.endswith("}")]
            (self.keep / SAMPLES).unlink()
            self.save()

    def growths(self) -> list[Growth]:
        """Return how the processes that live on grew."""
        return growths(self.taken)


def tables(usable: dict[str, list[float]], grown: list[Growth]) -> str:
    """Return the figures for a person, as Markdown."""
    return "\n".join([*_faults(usable), "", *_processes(grown)])


def _faults(usable: dict[str, list[float]]) -> Iterator[str]:
    yield "| fault | times | usable after, median | worst |"
    yield "|---|---|---|---|"
    for name, seconds in sorted(usable.items()):
        ordered = sorted(seconds)
        middle = ordered[len(ordered) // 2]
        yield f"| {name} | {len(ordered)} | {middle:.2f} s | {ordered[-1]:.2f} s |"


def _processes(grown: list[Growth]) -> Iterator[str]:
    yield "| process | hours | lives | memory | slope [95 %] | files, threads, sockets | |"
    yield "|---|---|---|---|---|---|---|"
    for one in grown:
        slope = "too short to say"
        if one.slope is not None:
            ends = f"[{one.slope.low:+.2f}, {one.slope.high:+.2f}]"
            slope = f"{one.slope.middle:+.2f} {ends} MB/h"
        counts = ", ".join(f"≤ {one.most[k]} ({one.drift[k]:+d})" for k in one.most)
        yield (
            f"| {one.process} | {one.hours:.2f} | {one.lives} | {one.memory:.1f} MB | {slope}"
            f" | {counts} | {one.verdict} |"
        )
