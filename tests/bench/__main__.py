"""`make bench`: run every bench, print the table, fail when a limit is missed."""

from __future__ import annotations

import argparse
import importlib
import signal
import sys
import time

from tests.bench.figure import Figure

BENCHES = (
    "submit",
    "outbox",
    "queues",
    "intake",
    "cold_start",
    "touch",
    "pages",
    "swap",
    "recovery",
    "card",
    "receipt",
    "scan",
    "service",
    "panel",
    "page",
    "preview",
    "codes",
    "face",
    "catalogue",
    "audit",
    "release",
    "fleet",
    "console",
    "soak",
)


def main() -> int:
    """Run the chosen benches (all by default)."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", choices=[[], *BENCHES], help="which benches")
    parser.add_argument("--json", action="store_true", help="one JSON line a figure")
    options = parser.parse_args()
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # what was measured is told
    figures: list[Figure] = []
    for name in options.names or BENCHES:
        began = time.monotonic()
        print(f"… {name}", file=sys.stderr, flush=True)
        measured = importlib.import_module(f"tests.bench.bench_{name}").measure()
        print(f"  {time.monotonic() - began:.0f} s", file=sys.stderr)
        figures += measured
    print("\n".join(figure.line() for figure in figures) if options.json else table(figures))
    return 1 if any(figure.verdict == "MISSED" for figure in figures) else 0


def table(figures: list[Figure]) -> str:
    """Return the figures as a Markdown table."""
    rows = ["| figure | value | limit | ours | peer | |", "|---|---|---|---|---|---|"]
    for f in figures:
        limit = "–" if f.limit is None else f"≤ {f.limit:g} {f.unit}"
        rows.append(
            f"| {f.name} | {f.value:.2f} {f.unit} | {limit} | {f.measured} | {f.peer} "
            f"| {f.verdict} {f.note} |"
        )
    return "\n".join(rows)


if __name__ == "__main__":
    sys.exit(main())
