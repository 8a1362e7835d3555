"""``kiosk-fleet mandate …``: what terminals are given with their enrolment."""

from __future__ import annotations

import argparse
from pathlib import Path

from fleet.orders import mandate
from fleet.release.repository import Repository
from kiosk.status.mandate import MANDATE_FILE, Mandate


def add(parser: argparse.ArgumentParser) -> None:
    """Add the subcommands."""
    what = parser.add_subparsers(required=True, metavar="WHAT")
    write = what.add_parser("write", help="say where the broker and the releases are")
    write.add_argument("--bus-host", required=True, help="name of the broker in its certificate")
    write.add_argument("--bus-port", type=int, default=8883)
    write.add_argument("--release-url", default="", help="published directory of releases")
    write.add_argument("--repository", type=Path, help="whose root terminals are to trust")
    write.set_defaults(command=_write)
    following = what.add_parser("next-key", help="let the command key name its successor")
    following.set_defaults(command=_next_key)
    switch = what.add_parser("switch-key", help="a day later: sign with the successor")
    switch.set_defaults(command=_switch_key)
    stick = what.add_parser("emergency-key", help="a key for a safe: it stops terminals, no more")
    stick.add_argument("--stick", type=Path, required=True, help="where the key goes")
    stick.set_defaults(command=_emergency_key)
    show = what.add_parser("show", help="what terminals are given")
    show.set_defaults(command=_show)
    for own in (write, following, switch, stick, show):
        own.add_argument("--state", type=Path, required=True, help="where the command key lies")


def _write(options: argparse.Namespace) -> int:
    root = b"" if options.repository is None else Repository(options.repository).root().to_bytes()
    own = mandate.write(
        options.state,
        {
            "bus_host": options.bus_host,
            "bus_port": options.bus_port,
            "release_url": options.release_url,
            "release_root": root.decode(),
        },
    )
    _tell(own, options.state)
    print(f"written: {options.state / MANDATE_FILE}; kiosk-intake enrol serve --mandate reads it")
    return 0


def _next_key(options: argparse.Namespace) -> int:
    _tell(mandate.next_key(options.state), options.state)
    print("terminals ask once a day: switch-key when all have")
    return 0


def _switch_key(options: argparse.Namespace) -> int:
    _tell(mandate.switch_key(options.state), options.state)
    print("start the console anew: it signs with this key then")
    return 0


def _emergency_key(options: argparse.Namespace) -> int:
    _tell(mandate.emergency_key(options.state, options.stick), options.state)
    print("put the stick into a safe; kiosk-fleet emergency-stop --stick uses it")
    return 0


def _show(options: argparse.Namespace) -> int:
    _tell(mandate.read(options.state), options.state)
    return 0


def _tell(own: Mandate, state: Path) -> None:
    print(f"broker {own.bus_host}:{own.bus_port}")
    print(f"releases {own.release_url or 'by stick'}{'' if own.release_root else ', no root'}")
    for name, place in mandate.names(own, state).items():
        print(f"command key {name} {place}")
