"""``kiosk catalogue check``: everything that is wrong in a configuration, at once.

The catalogue is imported when the command runs: every `kiosk` process reads this module.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path


def add(rooms: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the subcommand."""
    own = rooms.add_parser("check", help="all that is wrong in the files, each with its line")
    own.add_argument("path", type=Path, nargs="?", help="config directory (default: ours)")
    own.add_argument("--confirmed", action="store_true", help="refuse typical content, too")
    own.set_defaults(command=run)


def run(options: argparse.Namespace) -> int:
    """Print every fault as ``file:line: key: problem. hint``; 1: there is one."""
    from kiosk.catalogue.inspection import extent_of, faults_of, unconfirmed
    from kiosk.settings import config_root

    config = options.path or config_root()
    found = faults_of(config)
    if not found and options.confirmed:
        found = unconfirmed(config)
    for one in found:
        print(one)
    if found:
        print(f"{len(found)} to mend", file=sys.stderr)
        return 1
    own = extent_of(config)
    print(
        f"nothing wrong: {own.jurisdictions} jurisdictions, {own.things} things, "
        f"{own.items} items, {own.fields} fields, {own.materials} materials"
    )
    return 0
