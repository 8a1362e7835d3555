"""The ``kiosk-fleet`` command: dispatches, nothing else."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Sequence

from fleet.errors import FleetError

Command = Callable[[argparse.Namespace], int]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; 1: refused, with what to do next on standard error."""
    if arguments is None:  # as a program: no process of ours takes code from where it is started
        os.environ["PYTHONSAFEPATH"] = "1"
    options = _parser().parse_args(arguments)
    command: Command = options.command
    try:
        return command(options)
    except FleetError as error:
        print(f"kiosk-fleet: {error}", file=sys.stderr)
        return 1


def _parser() -> argparse.ArgumentParser:
    from fleet.backup import commands as backup
    from fleet.console import commands as console
    from fleet.heads import commands as heads
    from fleet.keys import commands as keys
    from fleet.orders import commands as orders
    from fleet.orders import emergency
    from fleet.people import commands as people
    from fleet.release import commands as release
    from fleet.rollouts import commands as rollouts

    parser = argparse.ArgumentParser(prog="kiosk-fleet", description="Yiduan: the admin's side.")
    rooms = parser.add_subparsers(required=True, metavar="COMMAND")
    keys.add(rooms.add_parser("keys", help="who may sign: make, replace, revoke, list"))
    release.add(rooms.add_parser("release", help="build, diff, check, sign, publish"))
    rollouts.add(rooms.add_parser("rollout", help="a release to one ring after the other"))
    heads.add(rooms.add_parser("heads", help="how far terminals' logs reached, signed"))
    console.add(rooms.add_parser("serve", help="the web console"))
    orders.add(rooms.add_parser("mandate", help="what terminals are given with their enrolment"))
    emergency.add(rooms.add_parser("emergency-stop", help="stop terminals without the console"))
    people.add(rooms.add_parser("person", help="who may sign in to the console"))
    backup.add_backup(rooms.add_parser("backup", help="the console's data in one file"))
    backup.add_restore(rooms.add_parser("restore", help="a backup onto an empty place"))
    return parser


if __name__ == "__main__":
    sys.exit(main())
