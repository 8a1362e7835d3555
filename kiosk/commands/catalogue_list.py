"""``kiosk catalogue list``: what a jurisdiction's document lists.

The catalogue is imported when the command runs: every `kiosk` process reads this module.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path


def add(rooms: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the subcommand."""
    own = rooms.add_parser("list", help="what a jurisdiction's document lists")
    own.add_argument("--jurisdiction", default="410700", help="name or GB/T 2260 code")
    own.add_argument("--json", action="store_true", help="one JSON document")
    own.add_argument("--config", type=Path, help="another config directory")
    own.set_defaults(command=run)


def run(options: argparse.Namespace) -> int:
    """Print the list; 1: the files are wrong, 2: there is no such jurisdiction."""
    from kiosk.catalogue.files import CatalogueError, load  # noqa: PLC0415 - only when it runs
    from kiosk.catalogue.listing import UnknownPlaceError, listing, place_code, table  # noqa: PLC0415 - only when it runs
    from kiosk.documents import DocumentError  # noqa: PLC0415 - only when it runs
    from kiosk.settings import config_root  # noqa: PLC0415 - only when it runs

    config = options.config or config_root()
    try:
        catalogue = load(config, place_code(config, options.jurisdiction))
    except UnknownPlaceError as error:
        print(f"kiosk catalogue: {error.detail}", file=sys.stderr)
        return 2
    except (CatalogueError, DocumentError) as error:
        print(error, file=sys.stderr)
        return 1
    if options.json:
        print(json.dumps(listing(catalogue), ensure_ascii=False, indent=1))
    else:
        print("\n".join(table(catalogue)))
    return 0
