"""The place that a command is about: its options, and its catalogue or why there is none."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kiosk.domain.catalogue import Catalogue


def add_place(parser: argparse.ArgumentParser) -> None:
    """Add the options that name a jurisdiction and where its files are."""
    parser.add_argument("--jurisdiction", default="410700", help="name or GB/T 2260 code")
    parser.add_argument("--config", type=Path, help="another config directory")


def with_catalogue(
    options: argparse.Namespace, told_as: str, run: Callable[[Catalogue], int]
) -> int:
    """Load the catalogue and return what ``run`` returns of it; 1: files are wrong, 2: no place."""
    from kiosk.catalogue.files import CatalogueError, load
    from kiosk.catalogue.listing import UnknownPlaceError, place_code
    from kiosk.documents import DocumentError
    from kiosk.settings import config_root

    config = options.config or config_root()
    try:
        catalogue = load(config, place_code(config, options.jurisdiction))
    except UnknownPlaceError as error:
        print(f"{told_as}: {error.detail}", file=sys.stderr)
        return 2
    except (CatalogueError, DocumentError) as error:
        print(error, file=sys.stderr)
        return 1
    return run(catalogue)
