"""``kiosk effect``: the four figures of a jurisdiction's things.

The catalogue is imported when the command runs: every `kiosk` process reads this module.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path


def add(rooms: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command."""
    own = rooms.add_parser("effect", help="the four figures: what a thing costs, before and here")
    own.add_argument("--jurisdiction", default="410700", help="name or GB/T 2260 code")
    form = own.add_mutually_exclusive_group()
    form.add_argument("--json", action="store_true", help="one JSON document")
    form.add_argument("--csv", action="store_true", help="rows, each with the catalogue's version")
    own.add_argument("--config", type=Path, help="another config directory")
    own.set_defaults(command=run)


def run(options: argparse.Namespace) -> int:
    """Print the figures; 1: the files are wrong, 2: there is no such jurisdiction."""
    from kiosk.catalogue.effect_report import as_csv, report, table  # noqa: PLC0415 - only when it runs
    from kiosk.catalogue.files import CatalogueError, load  # noqa: PLC0415 - only when it runs
    from kiosk.catalogue.listing import UnknownPlaceError, place_code  # noqa: PLC0415 - only when it runs
    from kiosk.documents import DocumentError  # noqa: PLC0415 - only when it runs
    from kiosk.settings import config_root  # noqa: PLC0415 - only when it runs

    config = options.config or config_root()
    try:
        catalogue = load(config, place_code(config, options.jurisdiction))
    except UnknownPlaceError as error:
        print(f"kiosk effect: {error.detail}", file=sys.stderr)
        return 2
    except (CatalogueError, DocumentError) as error:
        print(error, file=sys.stderr)
        return 1
    if options.json:
        print(json.dumps(report(catalogue), ensure_ascii=False, indent=1))
    elif options.csv:
        print(as_csv(catalogue), end="")
    else:
        print("\n".join(table(catalogue)))
    return 0
