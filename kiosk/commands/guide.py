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

from kiosk.commands.place import add_place, with_catalogue

if TYPE_CHECKING:
    from kiosk.domain.catalogue import Catalogue
    from kiosk.domain.guide import GuideRecord


def add(rooms: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command."""
    own = rooms.add_parser("guide", help="the guide of a thing: text, JSON or an A4 PDF")
    add_place(own)
    own.add_argument("--thing", required=True, help="its code or name")
    own.add_argument("--simple", action="store_true", help="what one needs to know to come")
    own.add_argument("--format", choices=["text", "json", "pdf"], default="text")
    own.add_argument("--out", type=Path, help="file to write; a PDF needs one")
    own.add_argument("--public-url", default="", help="where the intake's pages are (QR of a PDF)")
    own.set_defaults(command=run)


def run(options: argparse.Namespace) -> int:
    """Write the guide; 1: the files are wrong, 2: there is no such place or thing, or no --out."""
    return with_catalogue(options, "kiosk guide", lambda own: _guided(own, options))


def _guided(catalogue: Catalogue, options: argparse.Namespace) -> int:
    from kiosk.domain import guide

    every = (*catalogue.things, *catalogue.typical)
    thing = next((own for own in every if options.thing in {own.code, own.name}), None)
    if thing is None:
        known = ", ".join(own.code for own in every)
        return _refused(f"there is no thing {options.thing} here; there are {known}")
    if options.format == "pdf" and options.out is None:
        return _refused("a PDF needs --out FILE")
    path = f"/g/{catalogue.jurisdiction.code}/{thing.code}"
    try:
        _write(guide.record(catalogue, thing.code), options, path)
    except FileNotFoundError as error:
        return _refused(f"{error.filename}: there is no such folder")
    except PermissionError as error:
        return _refused(f"{error.filename}: may not be written")
    return 0


def _refused(why: str) -> int:
    print(f"kiosk guide: {why}", file=sys.stderr)
    return 2


def _write(own: GuideRecord, options: argparse.Namespace, path: str) -> None:
    """Write one form of the guide to the file, or to standard output."""
    from kiosk.domain.guide import lines

    if options.format == "pdf":
        from kiosk.guide.pdf import made

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
