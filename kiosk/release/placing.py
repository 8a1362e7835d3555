"""Whose releases this terminal takes: the group of its own file, or where its centre moved it.

A centre may move a terminal along the rings of its line (`kiosk.status.rings`), never to another
line. Where it was moved to stands in a small file beside the releases; a file that is spoilt, or of
another line than the terminal's own file says today, counts as none.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Final

from kiosk.release import durable
from kiosk.release.errors import Unusable
from kiosk.release.telling import nudge
from kiosk.status.rings import line_of

_FILE: Final = "group.json"


def group_of_terminal(folder: Path, own: str) -> str:
    """Return whose releases are taken; ``own``: the group of the terminal's own file."""
    try:
        told = json.loads((folder / _FILE).read_bytes())
        moved, home = str(told["group"]), str(told["home"])
    except (OSError, ValueError, KeyError, TypeError):
        return own
    return moved if home == own and line_of(moved) == line_of(own) else own


def move(folder: Path, own: str, group: str) -> None:
    """Take another ring's releases from now on.

    Args:
        folder: of releases.
        own: the group of the terminal's own file; when that changes, it counts again.
        group: a ring of the same line.

    Raises:
        Unusable: the group is of another line.
        OSError: the disk does not take it.
    """
    if line_of(group) != line_of(own):
        raise Unusable(f"{group} is not of the line of {own}")
    durable.put(folder / _FILE, json.dumps({"group": group, "home": own}).encode())
    nudge(folder)
