"""``kiosk-devices simulate``: simulated devices and their control page."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Final

from drivers.trouble import Trouble

HELP: Final = "simulated devices and their control page"


def add(parser: argparse.ArgumentParser) -> None:
    """Add its options."""
    parser.add_argument(
        "--config", type=Path, help="YAML file of what is simulated, see docs/devices/simulators.md"
    )
    parser.add_argument("--run", type=Path, help="directory of the simulated ports")
    parser.add_argument("--state", type=Path, help="taken for uniformity; nothing is kept")
    parser.add_argument("--population", type=Path, help="people with cards, JSON")
    parser.add_argument("--control-port", type=int, help="0 takes any free port")
    parser.add_argument("--pace", choices=["wire", "line", "fast"])
    parser.add_argument("--paper-dir", type=Path, help="where printed papers go")
    parser.add_argument("--terminal", help="name shown on the control page")
    parser.add_argument("--seed", type=int, help="where chance begins")
    parser.add_argument("--with-parent", action="store_true", help="end when the parent ends")


def run(options: argparse.Namespace) -> int:
    """Simulate until told to end."""
    from drivers.service.process import end_with_parent, title
    from drivers.service.serving import log_to_stderr
    from drivers.simulated.plan import PlanError, plan
    from drivers.simulated.running import run_simulator

    title("simulators")
    if options.with_parent:
        end_with_parent()
    log_to_stderr()
    given = {
        "run": options.run,
        "population": options.population,
        "papers": options.paper_dir,
        "control_port": options.control_port,
        "pace": options.pace,
        "terminal": options.terminal,
        "seed": options.seed,
    }
    try:
        run_simulator(plan(options.config, given))
    except (PlanError, ValueError, OverflowError) as error:
        raise Trouble(str(error), "Mend what is named and start again.") from error
    except OSError as error:
        what = f"{error.filename}: " if error.filename else ""
        advice = "Name another run directory or control port; another simulator may be running."
        raise Trouble(f"{what}{error.strerror}", advice) from error
    return 0
