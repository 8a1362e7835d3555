"""``kiosk catalogue list``: what a jurisdiction's document lists.

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
    """Add the subcommand."""
    own = rooms.add_parser("list", help="what a jurisdiction's document lists")
    add_place(own)
    own.add_argument("--json", action="store_true", help="one JSON document")
    own.set_defaults(command=run)


def run(options: argparse.Namespace) -> int:
    """Print the list; 1: the files are wrong, 2: there is no such jurisdiction."""

    def told(catalogue: Catalogue) -> int:
        from kiosk.catalogue.listing import listing, table

        if options.json:
            print(json.dumps(listing(catalogue), ensure_ascii=False, indent=1))
        else:
            print("\n".join(table(catalogue)))
        return 0

    return with_catalogue(options, "kiosk catalogue", told)
