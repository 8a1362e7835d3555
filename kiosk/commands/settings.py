"""``kiosk settings …``: hold settings against their rules, and say where each value comes from."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

INSTALLED = Path("/etc/yiduan/terminal.yaml")
KEYS = Path("/var/lib/yiduan/agent/keys")
"""Where the enrolment leaves a layer; only root and the agent may look."""


def add(rooms: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command."""
    own = rooms.add_parser("settings", help="check settings, and explain where they come from")
    what = own.add_subparsers(required=True, metavar="WHAT")
    check = what.add_parser("check", help="load files above the product's, and show each value")
    check.add_argument("files", type=Path, nargs="+")
    check.set_defaults(command=_check)
    explain = what.add_parser("explain", help="each value, its layer, and what layers below said")
    explain.add_argument("key", nargs="?", default="", help="dotted; a part shows all below it")
    explain.add_argument("--settings", type=Path, action="append", default=[], help="own layer")
    explain.set_defaults(command=_explain)


def _check(options: argparse.Namespace) -> int:
    from kiosk.settings.check import check

    return check(options.files)


def _explain(options: argparse.Namespace) -> int:
    """Explain; without a layer, those of the installed terminal."""
    from kiosk.settings import SettingsError, load
    from kiosk.settings.explanation import UnknownKey, explained
    from kiosk.status.mandate import layer

    installed = [*layer(KEYS), INSTALLED] if INSTALLED.exists() else []
    files = options.settings or installed
    try:
        for line in explained(load(files), options.key):
            print(line)
    except (SettingsError, UnknownKey) as error:
        print(f"kiosk settings: {error}", file=sys.stderr)
        return 1
    return 0
