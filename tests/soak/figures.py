"""What a soak keeps beside its verdict, and the table it prints."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path

from tests.soak.growth import Growth, growths
from tests.soak.resources import Sample


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

    @property
    def _path(self) -> Path:
        return self.keep / "figures.json"

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
