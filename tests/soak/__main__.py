"""``make soak``: play visits with faults, go on where it stopped, print what was found.

Everything drawn by lot follows from the seed, which is printed. The same seed goes on where it
stopped, in a new start of the terminal.
"""

from __future__ import annotations

import argparse
import logging
import signal
import sys
import uuid
from pathlib import Path

from tests.campaign.verdict import resumed
from tests.soak.figures import Figures
from tests.soak.soak import report, soak

KEPT = Path("var/soak")
VISITS = 5000
WEEK_S = 168 * 3600.0


def main() -> int:
    """Play; returns 1 when something was lost, twice, stuck or grows."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--visits", type=int, default=VISITS, help="how many in all, over all runs")
    parser.add_argument("--seconds", type=float, default=WEEK_S, help="how long at most, this run")
    parser.add_argument("--seed", type=int, help="of everything drawn by lot (default: a new one)")
    parser.add_argument("--keep", type=Path, default=KEPT, help="where findings are kept")
    parser.add_argument("--verbose", action="store_true", help="a line about every visit")
    options = parser.parse_args()
    logging.basicConfig(format="%(asctime)s %(message)s")
    logging.getLogger("tests.soak").setLevel(logging.DEBUG if options.verbose else logging.INFO)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # every process is ended on the way out
    seed = options.seed if options.seed is not None else uuid.uuid4().int % 1_000_000
    keep = options.keep / f"seed-{seed}"
    verdict = resumed("soak", seed, keep)
    figures = Figures(keep=keep)
    if verdict.done:
        figures.resume()
    print(f"soak: seed {seed}", file=sys.stderr, flush=True)
    soak(verdict, figures, visits=options.visits, seconds=options.seconds)
    told = report(verdict, figures)
    (keep / "soak.md").write_text(told)
    print(told)
    grows = any(growth.verdict == "GROWS" for growth in figures.growths())
    return 0 if verdict.ok and not grows else 1


if __name__ == "__main__":
    sys.exit(main())
