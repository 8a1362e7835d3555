"""Where a passphrase comes from: a file that only its owner reads, or the keyboard."""

from __future__ import annotations

import argparse
import getpass
import sys
from pathlib import Path

from fleet.errors import KeyRefused


def add(parser: argparse.ArgumentParser) -> None:
    """Add the option."""
    parser.add_argument(
        "--passphrase",
        action="append",
        default=[],
        metavar="PERSON=FILE",
        help="a file whose first line it is; without it, it is asked",
    )


def of(options: argparse.Namespace, person: str) -> str:
    """Return a person's passphrase.

    Raises:
        KeyRefused: the file cannot be read or others may, or nobody can be asked.
    """
    given = dict(one.partition("=")[::2] for one in options.passphrase)
    if person in given:
        return _from(Path(given[person]))
    if not sys.stdin.isatty():
        raise KeyRefused(f"nobody can be asked here; give --passphrase {person}=FILE")
    return getpass.getpass(f"passphrase of {person}: ")


def _from(path: Path) -> str:
    try:
        if path.stat().st_mode & 0o077:
            raise KeyRefused(f"{path}: others may read it; chmod 600 {path}")
        return path.read_text(encoding="utf-8").splitlines()[0]
    except (OSError, IndexError, UnicodeDecodeError) as error:
        raise KeyRefused(f"{path}: no passphrase can be read ({error})") from error
