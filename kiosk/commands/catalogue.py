"""``kiosk catalogue``: gathers its subcommands; a new one is one module and one line here."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from kiosk.commands import catalogue_check, catalogue_diff, catalogue_list, catalogue_new

if TYPE_CHECKING:
    Rooms = argparse._SubParsersAction[argparse.ArgumentParser]  # noqa: SLF001 - has no public name

SUBCOMMANDS: Final[tuple[Callable[[Rooms], None], ...]] = (
    catalogue_list.add,
    catalogue_check.add,
    catalogue_diff.add,
    catalogue_new.add,
)


def add_all(parser: argparse.ArgumentParser) -> None:
    """Add every subcommand to ``kiosk catalogue``."""
    rooms = parser.add_subparsers(required=True, metavar="WHAT")
    for add in SUBCOMMANDS:
        add(rooms)
