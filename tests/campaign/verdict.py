"""What a campaign found, printed at its end and kept so that it can go on."""

from __future__ import annotations

import json
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

MOST_KEPT = 20


@dataclass(kw_only=True, slots=True)
class Verdict:
    """Counts and violations of one campaign.

    Attributes:
        name: of the campaign.
        seed: of everything drawn by lot in it.
        done: how far it is, in the campaign's own steps.
        counts: what was done and seen.
        violations: what must never be, in words; the first ones only.
        seconds: how long it took, over all runs.
    """

    name: str
    seed: int
    done: int = 0
    counts: Counter[str] = field(default_factory=Counter)
    violations: list[str] = field(default_factory=list)
    seconds: float = 0.0

    @property
    def ok(self) -> bool:
        """Whether nothing was lost and nothing twice."""
        return not self.counts["violations"]

    def blame(self, what: str) -> None:
        """Note a violation."""
        self.counts["violations"] += 1
        if len(self.violations) < MOST_KEPT:
            self.violations.append(what)

    def text(self) -> str:
        """Return the lines for a person: seed, counts, verdict."""
        counts = ", ".join(f"{value:,} {name}" for name, value in sorted(self.counts.items()))
        head = f"{self.name}: seed {self.seed}, {self.seconds:.0f} s"
        worst = [f"  ! {one}" for one in self.violations]
        return "\n".join([head, f"  {counts}", *worst, f"  {'OK' if self.ok else 'BROKEN'}"])

    def save(self, directory: Path | None) -> None:
        """Keep it, whole or not at all."""
        if directory is None:
            return
        directory.mkdir(parents=True, exist_ok=True)
        path = directory / f"{self.name}.json"
        draft = path.with_suffix(".draft")
        draft.write_text(
            json.dumps(
                {
                    "name": self.name,
                    "seed": self.seed,
                    "done": self.done,
                    "counts": self.counts,
                    "violations": self.violations,
                    "seconds": self.seconds,
                },
                indent=1,
            )
        )
        draft.replace(path)


def resumed(name: str, seed: int, directory: Path | None) -> Verdict:
    """Return what was kept of the same campaign with the same seed, or a new one."""
    path = None if directory is None else directory / f"{name}.json"
    if path is not None and path.exists():
        kept = json.loads(path.read_text())
        if kept["seed"] == seed:
            return Verdict(**{**kept, "counts": Counter(kept["counts"])})
    return Verdict(name=name, seed=seed)


class Stopwatch:
    """Adds the time of a block to a verdict's seconds."""

    def __init__(self, verdict: Verdict) -> None:
        self._verdict = verdict
        self._began = 0.0

    def __enter__(self) -> None:
        self._began = time.monotonic()

    def __exit__(self, *_: object) -> None:
        self._verdict.seconds += time.monotonic() - self._began
