"""``kiosk-devices simulate``: simulated devices and their control page."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Final

HELP: Final = "simulated devices and their control page"


def add(parser: argparse.ArgumentParser) -> None:
    """Add its options."""
    parser.add_argument("--run", type=Path, required=True, help="directory of the simulated ports")
    parser.add_argument("--state", type=Path, help="taken for uniformity; nothing is kept")
    parser.add_argument("--population", type=Path, required=True, help="people with cards, JSON")
    parser.add_argument("--control-port", type=int, default=0, help="0 takes any free port")
    parser.add_argument("--pace", choices=["wire", "line", "fast"], default="wire")
    parser.add_argument("--paper-dir", type=Path, required=True, help="where printed papers go")
    parser.add_argument("--terminal", default="", help="name shown on the control page")
    parser.add_argument("--with-parent", action="store_true", help="end when the parent ends")


def run(options: argparse.Namespace) -> int:
    """Simulate until told to end."""
    from drivers.service.process import end_with_parent, title
    from drivers.service.serving import log_to_stderr
    from drivers.simulated.simulator import run_simulator

    title("simulators")
    if options.with_parent:
        end_with_parent()
    log_to_stderr()
    run_simulator(
        options.run,
        options.population,
        options.control_port,
        options.pace,
        options.paper_dir,
        terminal=options.terminal,
    )
    return 0
