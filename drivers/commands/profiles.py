"""``kiosk-devices profiles``: every profile of a configuration, loaded as its driver would.

A terminal holds them against its own file of ports as well: a device whose profile is not there
does not work, and a release without it would be whole for every other terminal.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Final

from drivers.trouble import Trouble

HELP: Final = "load every device profile of a configuration; 1: one is wrong"


def add(parser: argparse.ArgumentParser) -> None:
    """Add the options."""
    parser.add_argument("directory", type=Path, help="config/devices of a release")
    parser.add_argument("--ports", type=Path, help="file of ports whose profiles have to be there")


def run(options: argparse.Namespace) -> int:
    """Load each file and say how many there are.

    Raises:
        Trouble: files are wrong or missing; each is named, with its field.
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
    files = sorted(options.directory.glob("*.yaml"))
    there = {path.name for path in files}
    wrong = [
        f"{options.directory / name}: is not there, and the {device} of this terminal needs it"
        for device, name in _needed(options.ports).items()
        if name not in there
    ]
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


def _needed(ports: Path | None) -> dict[str, str]:
    """Return the file that each device of a terminal is driven by, named or by default.

    A file of ports that can't be used is no fault of a release; the doctor tells of it.
    """
    from drivers.service.adapters import keypad, panel, scanner, ups
    from drivers.service.binding import BindingError, load_bindings

    if ports is None:
        return {}
    files = {
        "receipt-printer": ("printer-", ""),  # the usual one is part of the program
        "scanner": ("scanner-", scanner.DEFAULT_PROFILE),
        "ups": ("ups-", ups.DEFAULT_PROFILE),
        "panel": ("panel-board-", panel.DEFAULT_PROFILE),
        "keypad": ("panel-keypad-", keypad.DEFAULT_PROFILE),
    }
    try:
        bindings = load_bindings(ports.parent, ports)
    except BindingError as error:
        print(f"not held against what is connected: {error}", file=sys.stderr)
        return {}
    named = {
        device: (prefix, bindings[device].options.get("profile", usual))
        for device, (prefix, usual) in files.items()
        if device in bindings
    }
    return {device: f"{prefix}{name}.yaml" for device, (prefix, name) in named.items() if name}
