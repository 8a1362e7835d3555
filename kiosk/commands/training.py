"""``kiosk training``: learn at the terminal against simulated devices and a simulated intake.

Not for a person's hands: the agent starts it when staff ask for it in maintenance mode, and listens
at the end of ``--life``; without that it does not begin.
"""

from __future__ import annotations

import argparse
from pathlib import Path


def add(rooms: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command."""
    own = rooms.add_parser("training", help="learn at the terminal (started by the agent)")
    own.add_argument("--life", type=Path, required=True, help="socket of who wants it")
    own.add_argument("--place", type=Path, required=True, help="directory for all it writes")
    own.add_argument("--settings", type=Path, action="append", default=[], help="layer, in order")
    own.add_argument("--pace", choices=("wire", "line", "fast"), default="wire", help="of devices")
    own.add_argument("--rehearsal", action="store_true", help="sessions tell where buttons are")
    own.add_argument("--with-parent", action="store_true", help="end with the starting process")
    own.set_defaults(command=_run)


def _run(options: argparse.Namespace) -> int:
    from kiosk.desk.training import main

    return main(options)
