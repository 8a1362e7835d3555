"""``kiosk-fleet backup`` and ``kiosk-fleet restore``."""

from __future__ import annotations

import argparse
from pathlib import Path

from fleet.backup.making import make
from fleet.backup.restoring import require_whole, restore
from fleet.store import open_store, open_used_store


def add_backup(parser: argparse.ArgumentParser) -> None:
    """Add the options of making one."""
    _add(parser, "file that is made; keep it like a key")
    parser.set_defaults(command=_backup)


def add_restore(parser: argparse.ArgumentParser) -> None:
    """Add the options of restoring one."""
    _add(parser, "a backup")
    parser.set_defaults(command=_restore)


def _add(parser: argparse.ArgumentParser, file: str) -> None:
    parser.add_argument("file", type=Path, help=file)
    parser.add_argument("--db", required=True, help="SQLAlchemy URL; to restore, an empty one")
    parser.add_argument("--state", type=Path, required=True, help="where the command key lies")
    parser.add_argument("--repository", type=Path, help="of releases")


def _backup(options: argparse.Namespace) -> int:
    engine = open_used_store(options.db)
    counts = make(engine, options.state, options.repository, options.file)
    print(f"{options.file}: {counts['terminal']:,} terminals, {sum(counts.values()):,} rows")
    return 0


def _restore(options: argparse.Namespace) -> int:
    require_whole(options.file)
    engine = open_store(options.db)
    counts = restore(engine, options.state, options.repository, options.file)
    print(f"restored: {counts['terminal']:,} terminals, {sum(counts.values()):,} rows")
    if options.repository is not None:
        print("publish the repository again before terminals are to follow it: docs/fleet.md")
    return 0
