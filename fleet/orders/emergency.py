"""Stopping terminals without the console: by a key that can do nothing else.

The key lies on a stick in a safe. Terminals believe it since their enrolment, for taking them out
of service and nothing more; who finds it can close counters, and open none. It needs the broker and
a certificate of the centre, not the console nor its database.
"""

from __future__ import annotations

import argparse
import threading
import uuid
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from pydantic import ValidationError

from fleet.bus import Centre, Ears
from fleet.bus.arguments import add_bus, address_of
from fleet.errors import FleetError, KeyRefused
from fleet.orders.key import command_key
from kiosk.status.address import Address
from kiosk.status.command import Command, Done, Kind, sign

FILE: Final = "emergency.pem"
GOOD_FOR: Final = timedelta(hours=24)
CONNECT_S: Final = 20.0


def add(parser: argparse.ArgumentParser) -> None:
    """Add the options."""
    parser.add_argument("--stick", type=Path, required=True, help=f"directory with {FILE}")
    parser.add_argument("--group", required=True, help="a group, a place's six digits, or all")
    parser.add_argument("--words", required=True, help="what citizens read, up to 60 signs")
    parser.add_argument("--by", required=True, help="work number of who gives it")
    parser.add_argument("--wait", type=float, default=10.0, help="seconds to count answers for")
    add_bus(parser)
    parser.set_defaults(command=_stop)


def _stop(options: argparse.Namespace) -> int:
    if not (options.stick / FILE).exists():
        raise KeyRefused(f"{options.stick} has no {FILE}")
    address = address_of(options)
    if address is None:
        raise FleetError("--bus-host says where the broker is")
    command = _made(f"@{options.group}", options.words, options.by, datetime.now(UTC))
    data = sign(command, command_key(options.stick, FILE))
    answers = send(address, command, data, wait_s=options.wait)
    for terminal, outcome in sorted(answers.items()):
        print(f"{terminal}\t{outcome}")
    print(f"{len(answers)} answered within {options.wait:g} s; others obey when they come back")
    return 0


def send(address: Address, command: Command, data: bytes, *, wait_s: float) -> Mapping[str, str]:
    """Give a signed command and hear answers for a while; returns outcomes by terminal.

    Raises:
        FleetError: the broker is not there.
        OSError: certificate, key or authority can't be used.
    """
    answers: dict[str, str] = {}
    connected = threading.Event()

    def heard(done: Done) -> None:
        if done.id == command.id:
            answers[done.terminal] = done.outcome

    own = Centre(address, Ears(done=heard), name=f"emergency-{uuid.uuid4().hex[:8]}")
    own.start()
    try:
        until, seconds = datetime.now(UTC) + timedelta(seconds=CONNECT_S), 0.1
        while not own.connected and datetime.now(UTC) < until:
            connected.wait(seconds)
        good_for_s = int(GOOD_FOR.total_seconds())
        if not own.command(command.to, data, good_for_s=good_for_s):
            raise FleetError("the broker is not there; nothing was given")
        connected.wait(wait_s)
    finally:
        own.stop()
    return answers


def _made(to: str, words: str, by: str, now: datetime) -> Command:
    try:
        return Command(
            id=uuid.uuid4().hex,
            to=to,
            kind=Kind.OUT_OF_SERVICE,
            argument=words,
            by=by,
            issued_at=now,
            expires_at=now + GOOD_FOR,
        )
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        raise FleetError(f"{first['loc'][0]}: no terminal would take it so") from error
