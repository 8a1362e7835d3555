"""``make soak``: play visits with faults, go on where it stopped, print what was found.

Everything drawn by lot follows from the seed, which is printed. The same seed goes on where it
stopped, in a new start of the terminal. Ctrl-C ends it after the visits that are under way.
"""

from __future__ import annotations

import argparse
import logging
import signal
import sys
import threading
import uuid
from pathlib import Path

from tests.campaign.verdict import Verdict, resumed
from tests.soak.figures import Figures
from tests.soak.several import side_by_side, together
from tests.soak.soak import Bounds, Share, report, soak

KEPT = Path("var/soak")
VISITS = 5000
WEEK_S = 168 * 3600.0


def main() -> int:
    """Play; returns 1 when something was lost, twice, stuck or grows."""
    options = _options()
    logging.basicConfig(format="%(asctime)s %(message)s")
    logging.getLogger("tests.soak").setLevel(logging.DEBUG if options.verbose else logging.INFO)
    print(f"soak: seed {options.seed}", file=sys.stderr, flush=True)
    keep: Path = options.keep / f"seed-{options.seed}"
    kept = [keep / f"{n}-of-{options.terminals}" for n in range(1, options.terminals + 1)]
    if options.terminals > 1 and options.terminal is None:
        return _several(options, kept)
    enough = _asked_to_end()
    number = options.terminal or 1
    verdict, figures = (
        resumed("soak", options.seed, kept[number - 1]),
        Figures(keep=kept[number - 1]),
    )
    if verdict.done:
        figures.resume()
    bounds = Bounds(
        visits=-(-options.visits // options.terminals), seconds=options.seconds, enough=enough
    )
    soak(verdict, figures, bounds, Share(first=number - 1, every=options.terminals))
    return _told(verdict, figures)


def _asked_to_end() -> threading.Event:
    """Return what is set by Ctrl-C or SIGTERM; a second one ends everything where it is."""
    enough = threading.Event()

    def asked(*_: object) -> None:
        if enough.is_set():
            sys.exit(1)  # every process is ended on the way out
        enough.set()

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, asked)
    return enough


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--visits", type=int, default=VISITS, help="how many in all, over all runs")
    parser.add_argument("--seconds", type=float, default=WEEK_S, help="how long at most, this run")
    parser.add_argument("--seed", type=int, help="of everything drawn by lot (default: a new one)")
    parser.add_argument("--terminals", type=int, default=1, help="how many play side by side")
    parser.add_argument("--terminal", type=int, help=argparse.SUPPRESS)
    parser.add_argument("--keep", type=Path, default=KEPT, help="where findings are kept")
    parser.add_argument("--verbose", action="store_true", help="a line about every visit")
    options = parser.parse_args()
    if options.seed is None:
        options.seed = uuid.uuid4().int % 1_000_000
    return options


def _several(options: argparse.Namespace, kept: list[Path]) -> int:
    same = ("visits", "seconds", "seed", "terminals", "keep")
    words = [word for name in same for word in (f"--{name}", str(getattr(options, name)))]
    side_by_side(options.terminals, [*words, *(["--verbose"] if options.verbose else [])])
    return _told(*together(options.seed, kept))


def _told(verdict: Verdict, figures: Figures) -> int:
    told = report(verdict, figures)
    (figures.keep / "soak.md").write_text(told)
    print(told)
    grows = any(growth.verdict == "GROWS" for growth in figures.growths())
    return 0 if verdict.ok and not grows else 1


if __name__ == "__main__":
    sys.exit(main())
