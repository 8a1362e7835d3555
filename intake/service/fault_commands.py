"""`kiosk-intake fault`: what is played to a running intake, in lines for people or as JSON."""

from __future__ import annotations

import argparse
import json
import sys
import time

from intake.service.fault_file import Fault, FaultFile, NoFaultsAllowed


def fault(options: argparse.Namespace) -> int:
    """Set, list or clear faults of a running intake."""
    faults = FaultFile(options.file)
    try:
        if options.act == "set":
            return _set(faults, options)
        if options.act == "clear":
            print(f"cleared: {faults.clear(options.numbers)}")
            return 0
        known = faults.all()
    except NoFaultsAllowed as error:
        print(f"kiosk-intake: {error}", file=sys.stderr)
        return 1
    if options.json:
        print(json.dumps([_told(one) for one in known]))
    else:
        print("\n".join(map(_line, known)) or "none")
    return 0


def _set(faults: FaultFile, options: argparse.Namespace) -> int:
    if options.kind.lies and options.call != "submit":
        print(
            f"kiosk-intake: {options.kind} is a lie about a filing: --call submit", file=sys.stderr
        )
        return 2
    made = faults.set(
        options.kind,
        call=options.call,
        delay=options.delay,
        requests=options.requests,
        seconds=options.seconds,
    )
    print(_line(made))
    return 0


def _told(one: Fault) -> dict[str, object]:
    return {
        "id": one.id,
        "kind": one.kind,
        "call": one.call,
        "left": one.left,
        "seconds_left": _seconds_left(one),
        "used": one.used,
        "in_force": one.in_force(time.monotonic()),
    }


def _line(one: Fault) -> str:
    """Return a fault as one line: number, what, for what, for how long, how often so far."""
    seconds = _seconds_left(one)
    limits = [] if one.left is None else [f"{one.left} requests left"]
    limits += [] if seconds is None else [f"{seconds} s left"]
    limits = limits or ["until cleared"]
    return f"{one.id}\t{one.kind}\t{one.call}\t{', '.join(limits)}\tstruck {one.used}"


def _seconds_left(one: Fault) -> int | None:
    return None if one.until is None else max(0, round(one.until - time.monotonic()))
