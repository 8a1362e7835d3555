"""The words of `kiosk-intake numbers`; what does the work is imported when it is asked for."""

from __future__ import annotations

import argparse
from pathlib import Path


def add(rooms: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command."""
    own = rooms.add_parser("numbers", help="the province's numbers of applications and items")
    acts = own.add_subparsers(required=True, metavar="ACT", dest="act")
    given = acts.add_parser("import", help="keep every line of a CSV file, or none")
    told = acts.add_parser("export", help="print all as CSV")
    for one in (given, told):
        one.add_argument("--db", required=True, metavar="URL", help="SQLAlchemy URL")
    given.add_argument("file", type=Path, help="head: number,provincial_number; ours first")
    own.set_defaults(command=_run)


def _run(options: argparse.Namespace) -> int:
    from intake.province.commands import numbers  # noqa: PLC0415 - only where it is asked for

    return numbers(options)
