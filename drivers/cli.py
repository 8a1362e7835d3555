"""The ``kiosk-devices`` command: the device host, the simulators, and one device at a time by hand.

The one-device commands print one line; what goes wrong is one JSON line ``{"error", "help"}`` with
``--json``, plain words on stderr without, and exit code 1.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Sequence
from types import ModuleType
from typing import Final

from drivers.commands import (
    capture,
    decode,
    doctor,
    print_a4,
    print_receipt,
    profiles,
    quality,
    read_card,
    scan,
    serve,
    simulate,
)
from drivers.trouble import Trouble

COMMANDS: Final[dict[str, ModuleType]] = {
    "serve": serve,
    "simulate": simulate,
    "read-card": read_card,
    "scan": scan,
    "capture": capture,
    "print": print_receipt,
    "print-a4": print_a4,
    "decode": decode,
    "doctor": doctor,
    "quality": quality,
    "profiles": profiles,
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one subcommand; return the exit code."""
    if arguments is None:  # as a program: no process of ours takes code from where it is started
        os.environ["PYTHONSAFEPATH"] = "1"
    options = _parser().parse_args(arguments)
    try:
        code: int = COMMANDS[options.command].run(options)
    except Trouble as trouble:
        if getattr(options, "json", False):
            print(json.dumps({"error": str(trouble), "help": trouble.help}, ensure_ascii=False))
        else:
            print(f"kiosk-devices: {trouble}\n{trouble.help}", file=sys.stderr)
        return 1
    return code


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="kiosk-devices", description=__doc__)
    commands = parser.add_subparsers(required=True, metavar="COMMAND", dest="command")
    for name, module in COMMANDS.items():
        module.add(commands.add_parser(name, help=module.HELP))
    return parser
