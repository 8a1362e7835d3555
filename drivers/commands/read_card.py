"""``kiosk-devices read-card``: read one identity card."""

from __future__ import annotations

import argparse
import json
import time
from pathlib import Path
from typing import Final

from drivers.commands.opened import NO_DEVICE, add_port, device_trouble
from drivers.trouble import Trouble

HELP: Final = "read one identity card"


def add(parser: argparse.ArgumentParser) -> None:
    """Add its options."""
    add_port(parser, "--port")
    parser.add_argument(
        "--timeout", "--wait", type=float, default=30.0, help="seconds to wait for a card"
    )
    parser.add_argument("--photo", type=Path, help="write the photo block, undecoded, here")


def run(options: argparse.Namespace) -> int:
    """Print the card."""
    person = _read(options.port, options.baudrate, options.timeout, options.photo)
    if options.json:
        print(json.dumps(person, ensure_ascii=False))
    else:
        for key, value in person.items():
            print(f"{key:12} {'' if value is None else value}")
    return 0


def _read(port: str, baudrate: int, wait_s: float, photo: Path | None) -> dict[str, object]:
    """Read one card and return its fields, as `XIdCard.Read` names them.

    Raises:
        Trouble: there was no card, or no reader.
    """
    from drivers.errors import DeviceError
    from drivers.id_reader.device import CardProblem, IdReader, ReadFailure
    from drivers.service.adapters.id_reader import card_payload
    from drivers.transport import Transport

    card_help = {
        CardProblem.NO_CARD: "Lay the card flat on the reader.",
        CardProblem.CARD_REMOVED: "Leave the card on the reader until it is read.",
        CardProblem.CARD_UNREADABLE: "Lift the card, turn it over, lay it down again.",
        CardProblem.CARD_UNSUPPORTED: "Use a resident identity card.",
        CardProblem.AUTHENTICATION_FAILED: "Lift the card and lay it down again.",
    }
    try:
        with Transport.open(port, baudrate=baudrate) as transport:
            reader = IdReader(transport, read_latched=True)
            sam_id = reader.identify().sam_id
            reading = reader.read(time.monotonic() + wait_s)
    except DeviceError as error:
        raise device_trouble(error) from error
    if isinstance(reading, ReadFailure):
        raise Trouble(reading.problem.value, card_help.get(reading.problem, NO_DEVICE))
    if photo is not None:
        photo.write_bytes(reading.photo)
    return {**card_payload(reading.card), "photo_bytes": len(reading.photo), "samId": sam_id}
