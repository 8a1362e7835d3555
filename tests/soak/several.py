"""Several terminals side by side: one waits for its devices or a time-out while another works.

Each is a soak of its own, in a process of its own, with every n-th visit of the same seed. What
they found is put together at the end.
"""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from tests.campaign.verdict import Verdict, resumed
from tests.soak.figures import Figures


def side_by_side(terminals: int, words: Sequence[str]) -> None:
    """Run so many soaks with the same options until all have ended.

    A signal that asks to end is theirs: of Ctrl-C they hear by themselves, SIGTERM is handed on.
    """
    command = [sys.executable, "-m", "tests.soak", *words, "--terminal"]
    running: list[subprocess.Popen[bytes]] = []

    def hand_on(*_: object) -> None:
        for process in running:
            process.terminate()

    signal.signal(signal.SIGINT, lambda *_: None)
    signal.signal(signal.SIGTERM, hand_on)
    for number in map(str, range(1, terminals + 1)):
        running += [subprocess.Popen([*command, number], stdout=subprocess.DEVNULL)]
    for process in running:
        process.wait()


def together(seed: int, kept: Sequence[Path]) -> tuple[Verdict, Figures]:
    """Return what the soaks found that are kept in these directories, as if it were one."""
    verdict, figures = Verdict(name="soak", seed=seed), Figures(keep=kept[0].parent)
    for place in kept:
        own, seen = resumed("soak", seed, place), Figures(keep=place)
        seen.resume()
        verdict.done += own.done
        verdict.counts += own.counts
        verdict.violations += own.violations
        verdict.seconds = max(verdict.seconds, own.seconds)
        figures.taken += seen.taken
        for name, seconds in seen.usable.items():
            figures.usable.setdefault(name, []).extend(seconds)
    return verdict, figures
