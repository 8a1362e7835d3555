"""``kiosk stick``: what release is on a USB stick; verified, and nothing is changed."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

_REFUSED = 1


def add(rooms: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command."""
    own = rooms.add_parser("stick", help="tell which release is on a USB stick; change nothing")
    own.add_argument("stick", type=Path, help="directory with metadata and targets")
    own.add_argument("--settings", type=Path, action="append", default=[], help="own layer")
    own.add_argument("--json", action="store_true")
    own.set_defaults(command=run)


def run(options: argparse.Namespace) -> int:
    """Tell what is there, or why it is none; the exit status is 1 then."""
    from kiosk.agent.stick_release import look
    from kiosk.release.errors import ReleaseError
    from kiosk.release.placing import group_of_terminal
    from kiosk.settings import SettingsError, config_root, load, releases_root

    try:
        folder = releases_root()
        group = group_of_terminal(folder, load(options.settings).release.group)
        found = look(options.stick, folder, group, config_root()).as_document()
    except (ReleaseError, SettingsError, OSError) as error:
        found = {"word": _word(error), "why": str(error)[:500]}
    if options.json:
        print(json.dumps(found, ensure_ascii=False))
    else:
        print("\n".join(f"{key}: {value}" for key, value in found.items()))
    if "name" in found:
        return 0
    print("kiosk stick: nothing on it can be installed here", file=sys.stderr)
    return _REFUSED


def _word(error: Exception) -> str:
    """Return a release's own word; of everything else, that it could not be looked at."""
    from kiosk.release.errors import ReleaseError

    return error.code if isinstance(error, ReleaseError) else ReleaseError.code
