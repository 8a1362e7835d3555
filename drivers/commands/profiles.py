"""``kiosk-devices profiles``: every profile of a configuration, loaded as its driver would."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Final

from drivers.trouble import Trouble

HELP: Final = "load every device profile of a configuration; 1: one is wrong"


def add(parser: argparse.ArgumentParser) -> None:
    """Add the options."""
    parser.add_argument("directory", type=Path, help="config/devices of a release")


def run(options: argparse.Namespace) -> int:
    """Load each file and say how many there are.

    Raises:
        Trouble: files are wrong; each is named with its field.
    """
    from drivers.panel import board_profile, keypad_profile
    from drivers.printer import profiles as printers
    from drivers.profile_file import ProfileError
    from drivers.scanner import profiles as scanners
    from drivers.ups import profiles as supplies

    loads = {
        "printer-": printers.load,
        "scanner-": scanners.load,
        "ups-": supplies.load,
        "panel-board-": board_profile.load,
        "panel-keypad-": keypad_profile.load,
    }
    files, wrong = sorted(options.directory.glob("*.yaml")), []
    for path in files:
        prefix = next((own for own in loads if path.name.startswith(own)), None)
        if prefix is None:
            wrong.append(f"{path}: no kind of device; begin with {', '.join(loads)}")
            continue
        try:
            loads[prefix](path.stem.removeprefix(prefix), options.directory)
        except ProfileError as error:
            wrong.append(str(error))
    if wrong:
        raise Trouble("\n".join(wrong), "Mend what is named.")
    print(f"{len(files)} device profiles")
    return 0
