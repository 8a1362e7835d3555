"""``kiosk catalogue diff``: what a change of the files changes for the citizen.

The catalogue is imported when the command runs: every `kiosk` process reads this module.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path


def add(rooms: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the subcommand."""
    own = rooms.add_parser("diff", help="what differs between two configurations")
    own.add_argument("before", type=Path, metavar="A", help="config directory")
    own.add_argument("after", type=Path, metavar="B", help="config directory")
    own.add_argument("--jurisdiction", help="name or GB/T 2260 code (default: every one)")
    own.set_defaults(command=run)


def run(options: argparse.Namespace) -> int:
    """Print what differs, by jurisdiction; 1: files are wrong, 2: no such jurisdiction."""
    from kiosk.catalogue.comparison import between
    from kiosk.catalogue.faults import CatalogueError
    from kiosk.catalogue.listing import UnknownPlaceError
    from kiosk.documents import DocumentError

    for folder in (options.before, options.after):
        if not (folder / "jurisdictions").is_dir():
            print(f"kiosk catalogue: {folder} holds no jurisdictions/", file=sys.stderr)
            return 1
    try:
        told = list(between(options.before, options.after, options.jurisdiction))
    except UnknownPlaceError as error:
        print(f"kiosk catalogue: {error.detail}", file=sys.stderr)
        return 2
    except (CatalogueError, DocumentError) as error:
        print(error, file=sys.stderr)
        return 1
    print("\n".join(told) if told else "nothing differs")
    return 0
