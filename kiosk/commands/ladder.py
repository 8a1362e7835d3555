"""``kiosk ladder`` and ``kiosk ground``: the end of the restarts, the words under all windows."""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kiosk.doctor.ladder import Rung

COMMAND_S = 60.0


def add(rooms: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the commands."""
    own = rooms.add_parser("ladder", help="what systemd calls when a service stays down")
    own.add_argument("unit", help="which one")
    own.add_argument("--state", type=Path, default=Path("/var/lib/yiduan/ladder"))
    own.add_argument("--dry-run", action="store_true", help="print what would be done")
    own.set_defaults(command=run)
    ground = rooms.add_parser("ground", help="words on the screen where no window is")
    ground.add_argument("says", choices=("starting", "out"))
    ground.add_argument("--settings", type=Path, action="append", default=[])
    ground.set_defaults(command=paint)


def paint(options: argparse.Namespace) -> int:
    """Paint the words."""
    from screens.ground import main

    return main(options)


def run(options: argparse.Namespace) -> int:
    """Say out of service, then restart the machine or try again later."""
    from kiosk.doctor.ladder import alone

    if options.dry_run:
        rung = _rung(options.state)
        for words in (*rung.at_once, ("sleep", f"{rung.pause:.0f}"), *rung.then):
            print(" ".join(words))
        return 0
    print(f"kiosk ladder: {options.unit} stays down", file=sys.stderr, flush=True)
    with alone(options.state) as first:
        if first:
            _leave_word(options.state, options.unit)
            return _climb(options.state)
    print("kiosk ladder: another one is at work", file=sys.stderr)
    return 0


def _rung(state: Path) -> Rung:
    from kiosk.doctor.ladder import next_rung, read

    now = time.time()
    return next_rung(read(state, now), now)


def _leave_word(state: Path, unit: str) -> None:
    """Leave for the agent which unit stays down: its log and the centre shall have it."""
    from kiosk.doctor.ladder import DOWN

    try:
        (state / DOWN).write_text(json.dumps({"unit": unit}), encoding="ascii")
    except OSError as error:
        print(f"kiosk ladder: {state / DOWN}: {error}", file=sys.stderr)


def _climb(state: Path) -> int:
    from kiosk.doctor.ladder import FILE, TRY_AGAIN, keep

    rung = _rung(state)
    _do(rung.at_once)
    try:
        keep(state, rung.reboots)
    except OSError as error:
        # A restart that is not remembered could be followed by others without end.
        print(f"kiosk ladder: {state / FILE}: {error}", file=sys.stderr)
        _do(TRY_AGAIN)
        return 1
    time.sleep(rung.pause)
    _do(rung.then)
    return 0


def _do(commands: Sequence[Sequence[str]]) -> None:
    """Run each; one that fails keeps no other from being tried."""
    for words in commands:
        try:
            subprocess.run(words, check=False, timeout=COMMAND_S)
        except (OSError, subprocess.TimeoutExpired) as error:
            print(f"kiosk ladder: {words[0]}: {error}", file=sys.stderr)
