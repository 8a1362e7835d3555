"""``kiosk-fleet heads …``."""

from __future__ import annotations

import argparse
import json
from datetime import UTC, datetime
from pathlib import Path

from fleet.errors import FleetError
from fleet.heads import keeping
from fleet.heads.exporting import document
from fleet.store import open_store

LISTED = 50


def add(parser: argparse.ArgumentParser) -> None:
    """Add the subcommands."""
    what = parser.add_subparsers(required=True, metavar="WHAT")
    listed = what.add_parser("list", help="how far a terminal's log reached, newest first")
    listed.set_defaults(command=_list)
    out = what.add_parser(
        "export", help="a file to hold a log against: kiosk audit verify --heads FILE"
    )
    out.add_argument("--out", type=Path, help="instead of standard output")
    out.set_defaults(command=_export)
    done = what.add_parser("accept", help="say what became of a finding; its alarm ends")
    done.add_argument("--by", required=True, metavar="WORK_NO", help="who found it out")
    done.add_argument("--why", required=True, help="what it was")
    done.set_defaults(command=_accept)
    for own in (listed, out, done):
        own.add_argument("terminal")
        own.add_argument("--db", required=True, help="SQLAlchemy URL")


def _list(options: argparse.Namespace) -> int:
    with open_store(options.db).connect() as connection:
        rows = keeping.newest(connection, options.terminal, LISTED)
    if not rows:
        raise FleetError(f"nothing is known of a log of {options.terminal}")
    for row in rows:
        told = f"{row.finding} {row.explained}".strip()
        print(f"{row.at:%Y-%m-%d %H:%M:%S}\t{row.life}\t{row.sequence}\t{row.digest}\t{told}")
    return 0


def _export(options: argparse.Namespace) -> int:
    told = document(open_store(options.db), options.terminal)
    if told is None:
        raise FleetError(f"nothing is known of a log of {options.terminal}")
    text = json.dumps(told, ensure_ascii=False, indent=1) + "\n"
    if options.out is None:
        print(text, end="")
    else:
        options.out.write_text(text, encoding="utf-8")
    return 0


def _accept(options: argparse.Namespace) -> int:
    engine = open_store(options.db).execution_options(writes=True)
    with engine.begin() as connection:
        done = keeping.accept(
            connection, options.terminal, options.by, options.why, datetime.now(UTC)
        )
    if not done:
        raise FleetError(f"nothing of {options.terminal} is to be explained")
    return 0
