"""``kiosk try-visit CONFIG``: one visit under a configuration, with simulated devices, unseen."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kiosk.unseen.trying import Tried

STOPPED = 1
SAYS_NOTHING = 3
"""Exit status: it stopped under the configuration before, too."""


def add(rooms: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command."""
    own = rooms.add_parser("try-visit", help="play one visit under a configuration, unseen")
    own.add_argument("config", type=Path, help="directory of the configuration")
    own.add_argument("--before", type=Path, help="what it is held against (default: the program's)")
    own.add_argument("--settings", type=Path, action="append", default=[], help="own layer")
    own.set_defaults(command=run)


def run(options: argparse.Namespace) -> int:
    """Play, and say in the last lines how it went; nothing of it is kept."""
    from kiosk.settings import SettingsError
    from kiosk.unseen.trying import compare

    def before() -> Tried:
        return _tried(options.before or _own_config(), options.settings)

    try:
        found = compare(_tried(options.config, options.settings), before)
    except SettingsError as error:
        print(error)
        return STOPPED
    print(found.words)
    if found.holds is None:
        print("kiosk try-visit: says nothing of this configuration", file=sys.stderr)
        return SAYS_NOTHING
    return 0 if found.holds else STOPPED


def _tried(config: Path, own: list[Path]) -> Tried:
    from kiosk.settings import load
    from kiosk.unseen.trying import Tried

    settings = load(own, root=config.resolve())
    return Tried(
        config=config.resolve(),
        jurisdiction=settings.jurisdiction,
        site=settings.site,
        withheld=tuple(settings.privacy.withheld),
    )


def _own_config() -> Path:
    """Return the configuration that the program was installed with."""
    from kiosk.desk.stack import REPOSITORY

    os.environ.pop("YIDUAN_CONFIG", None)
    return REPOSITORY / "config"
