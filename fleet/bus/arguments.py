"""The options that say where the bus is, of every command that comes to it."""

from __future__ import annotations

import argparse
from pathlib import Path

from fleet.errors import FleetError
from kiosk.status.address import Address


def add_bus(parser: argparse.ArgumentParser) -> None:
    """Add them."""
    parser.add_argument("--bus-host", help="without it nothing is heard and nothing can be given")
    parser.add_argument("--bus-port", type=int, default=8883)
    for name in ("ca", "cert", "key"):
        parser.add_argument(f"--bus-{name}", type=Path)


def address_of(options: argparse.Namespace) -> Address | None:
    """Return where the bus is; none: there is none.

    Raises:
        FleetError: the files that belong to it are not named.
    """
    if options.bus_host is None:
        return None
    files = (options.bus_ca, options.bus_cert, options.bus_key)
    if None in files:
        raise FleetError("--bus-host needs --bus-ca, --bus-cert and --bus-key")
    authority, certificate, key = files
    return Address(
        host=options.bus_host,
        port=options.bus_port,
        authority=authority,
        certificate=certificate,
        key=key,
    )
