"""``kiosk guide``: the guide of a thing, to read, to build on, or to print.

The catalogue is imported when the command runs: every `kiosk` process reads this module.
"""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kiosk.domain.guide import GuideRecord


def add(rooms: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command."""
    own = rooms.add_parser("guide", help="the guide of a thing: text, JSON or an A4 PDF")
    own.add_argument("--jurisdiction", default="410700", help="name or GB/T 2260 code")
    own.add_argument("--thing", required=True, help="its code or name")
    own.add_argument("--simple", action="store_true", help="what one needs to know to come")
    own.add_argument("--format", choices=["text", "json", "pdf"], default="text")
    own.add_argument("--out", type=Path, help="file to write; a PDF needs one")
    own.add_argument("--public-url", default="", help="where the intake's pages are (QR of a PDF)")
    own.add_argument("--config", type=Path, help="another config directory")
    own.set_defaults(command=run)


def run(options: argparse.Namespace) -> int:
    """Write the guide; 1: the files are wrong, 2: there is no such place or thing, or no --out."""
    from kiosk.catalogue.files import CatalogueError, load  # noqa: PLC0415 - only when it runs
    from kiosk.catalogue.listing import UnknownPlaceError, place_code  # noqa: PLC0415 - only when it runs
    from kiosk.documents import DocumentError  # noqa: PLC0415 - only when it runs
    from kiosk.domain import guide  # noqa: PLC0415 - only when it runs
    from kiosk.settings import config_root  # noqa: PLC0415 - only when it runs

    config = options.config or config_root()
    try:
        catalogue = load(config, place_code(config, options.jurisdiction))
    except UnknownPlaceError as error:
        print(f"kiosk guide: {error.detail}", file=sys.stderr)
        return 2
    except (CatalogueError, DocumentError) as error:
        print(error, file=sys.stderr)
        return 1
    every = (*catalogue.things, *catalogue.typical)
    thing = next((own for own in every if options.thing in {own.code, own.name}), None)
    if thing is None or (options.format == "pdf" and options.out is None):
        wrong = "a PDF needs --out FILE" if thing else f"there is no thing {options.thing} here"
        print(f"kiosk guide: {wrong}", file=sys.stderr)
        return 2
    own = guide.record(catalogue, thing.code)
    path = f"/g/{catalogue.jurisdiction.code}/{thing.code}"
    _write(own, options, path)
    return 0


def _write(own: GuideRecord, options: argparse.Namespace, path: str) -> None:
    """Write one form of the guide to the file, or to standard output."""
    from kiosk.domain.guide import lines  # noqa: PLC0415 - only when it runs

    if options.format == "pdf":
        from kiosk.guide.pdf import made  # noqa: PLC0415 - fpdf2 takes most of a second

        address = f"{options.public_url.rstrip('/')}{path}" if options.public_url else ""
        options.out.write_bytes(made(own, simple=options.simple, address=address))
        return
    if options.format == "json":
        text = json.dumps(asdict(own), ensure_ascii=False, indent=1)
    else:
        text = "\n".join(lines(own, simple=options.simple))
    if options.out:
        options.out.write_text(text + "\n", encoding="utf-8")
    else:
        print(text)
