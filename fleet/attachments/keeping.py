"""Whole files: ``<terminal>/<command>.zip`` or ``.jpg``, the newest few of each terminal."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from kiosk.crypto.provision import write_private
from kiosk.status.command import Kind

ENDINGS: Final = {Kind.DIAGNOSTICS: "zip", Kind.SCREENSHOT: "jpg"}
MOST: Final = 10
"""Files of one terminal; the oldest go first: 40 MiB at most."""
_NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]{0,63}")


class Kept:
    """The files below a folder; safe from any thread."""

    def __init__(self, folder: Path) -> None:
        """Take the folder."""
        self._folder = folder

    def keep(self, terminal: str, command: str, kind: Kind, data: bytes) -> None:
        """Keep a file for good, and let the oldest of its terminal go.

        Raises:
            OSError: the disk does not take it.
            ValueError: these are no names.
        """
        path = self._path(terminal, command, kind)
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        write_private(path, data)
        old = sorted(path.parent.glob("[!.]*"), key=lambda own: own.stat().st_mtime_ns)
        for own in old[:-MOST]:
            own.unlink(missing_ok=True)

    def read(self, terminal: str, command: str, kind: Kind) -> bytes | None:
        """Return a file; none when it never came whole, or is gone."""
        try:
            return self._path(terminal, command, kind).read_bytes()
        except (OSError, ValueError):
            return None

    def there(self, terminal: str, commands: Iterable[str]) -> frozenset[str]:
        """Return of which of these commands there is a file."""
        try:
            names = {name.partition(".")[0] for name in os.listdir(self._folder / _named(terminal))}
        except (OSError, ValueError):
            return frozenset()
        return frozenset(names & set(commands))

    def _path(self, terminal: str, command: str, kind: Kind) -> Path:
        return self._folder / _named(terminal) / f"{_named(command)}.{ENDINGS[kind]}"


def _named(name: str) -> str:
    if not _NAME.fullmatch(name):
        raise ValueError(f"no name: {name!r}")
    return name
