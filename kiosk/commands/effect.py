"""``kiosk effect``: the four figures of a jurisdiction's things.

The catalogue is imported when the command runs: every `kiosk` process reads this module.
"""

from __future__ import annotations

import argparse
import json
from typing import TYPE_CHECKING

from kiosk.commands.place import add_place, with_catalogue

if TYPE_CHECKING:
    from kiosk.domain.catalogue import Catalogue


def add(rooms: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command."""
    own = rooms.add_parser("effect", help="the four figures: what a thing costs, before and here")
    add_place(own)
    form = own.add_mutually_exclusive_group()
    form.add_argument("--json", action="store_true", help="one JSON document")
    form.add_argument("--csv", action="store_true", help="rows, each with the catalogue's version")
    own.set_defaults(command=run)


def run(options: argparse.Namespace) -> int:
    """Print the figures; 1: the files are wrong, 2: there is no such jurisdiction."""

    def told(catalogue: Catalogue) -> int:
        from kiosk.catalogue.effect_report import as_csv, report, table

        if options.json:
            print(json.dumps(report(catalogue), ensure_ascii=False, indent=1))
        elif options.csv:
            print(as_csv(catalogue), end="")
        else:
            print("\n".join(table(catalogue)))
        return 0

    return with_catalogue(options, "kiosk effect", told)
