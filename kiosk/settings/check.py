"""``kiosk settings check``: load the files and show each value beside its origin."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TextIO

from kiosk.settings.layers import SettingsError, load


def check(files: Sequence[Path], out: TextIO | None = None, err: TextIO | None = None) -> int:
    """Print ``key = value  (file:line)`` for every value; return 0, or 1 with the faults told."""
    try:
        settings = load(files)
    except SettingsError as error:
        print(error, file=err or sys.stderr)
        return 1
    for key, value in leaves(settings.model_dump(mode="json"), ""):
        try:
            where = str(settings.origin(key))
        except KeyError:
            where = "built in"
        print(f"{key} = {value}  ({where})", file=out or sys.stdout)
    return 0


def leaves(tree: Mapping[str, object], prefix: str) -> Iterator[tuple[str, object]]:
    """Yield each plain value by its dotted key."""
    for name, value in tree.items():
        if isinstance(value, Mapping):
            yield from leaves(value, f"{prefix}{name}.")
        else:
            yield f"{prefix}{name}", value
