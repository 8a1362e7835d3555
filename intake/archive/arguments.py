"""The words of `kiosk-intake archive`; what does the work is imported when it is asked for."""

from __future__ import annotations

import argparse
from pathlib import Path

from kiosk.settings import config_root


def add(rooms: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command."""
    own = rooms.add_parser(
        "archive", help="pack an application for the archive, or check a package"
    )
    own.add_argument("number", nargs="?", help="of the application, ours or the province's")
    own.add_argument("--to", type=Path, metavar="DIR", help="where the package goes")
    own.add_argument("--unpacked", action="store_true", help="a folder instead of one file")
    own.add_argument("--verify", type=Path, metavar="FILE", help="a package, packed or unpacked")
    own.add_argument("--db", metavar="URL", help="SQLAlchemy URL of the database")
    own.add_argument("--terminals", type=Path, help="registered terminals: keys of signatures")
    own.add_argument("--config", type=Path, default=config_root(), help="the release's catalogue")
    own.set_defaults(command=_run)


def _run(options: argparse.Namespace) -> int:
    from intake.archive.commands import run  # noqa: PLC0415 - only where it is asked for

    return run(options)
