"""The `kiosk` command: dispatches, nothing else.

Each subcommand imports only the room that does its work, so that a session process
never carries the agent and `kiosk --help` starts at once.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from importlib import import_module
from pathlib import Path

Command = Callable[[argparse.Namespace], int]
_COMMANDS = (
    "effect",
    "guide",
    "audit",
    "doctor",
    "setup",
    "settings",
    "release",
    "stick",
    "check_release",
    "try_visit",
    "enrol",
    "faults",
    "staff",
    "maintenance",
    "training",
    "recovery_card",
    "clock",
    "between_citizens",
    "ladder",
    "intake_check",
)
"""Modules of `kiosk.commands` that bring their own parser; each imports its room when it runs."""
READER_GONE = 141
"""Exit status when nobody reads what is printed, as a shell tells SIGPIPE."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and return the exit status."""
    if arguments is None:  # as a program: no process of ours takes code from where it is started
        os.environ["PYTHONSAFEPATH"] = "1"
    options = _parser().parse_args(arguments)
    command: Command = options.command
    try:
        status = command(options)
        sys.stdout.flush()
    except BrokenPipeError:  # who reads, such as head, has had enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return READER_GONE
    return status


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="kiosk", description="Yiduan: the self-service government terminal."
    )
    rooms = parser.add_subparsers(required=True, metavar="COMMAND")
    for add in (
        *(_add_run, _add_play, _add_shell, _add_session, _add_agent),
        *(_add_outbox, _add_provision, _add_journey),
        _add_catalogue,
    ):
        add(rooms)
    for name in _COMMANDS:
        import_module(f"kiosk.commands.{name}").add(rooms)
    return parser


Rooms = argparse._SubParsersAction  # noqa: SLF001 - argparse gives this type no public name


def _add_run(rooms: Rooms[argparse.ArgumentParser]) -> None:
    run = rooms.add_parser("run", help="the whole terminal on this desk, with simulated devices")
    run.add_argument("--state", type=Path, default=Path("var/desk"), help="what survives a stop")
    run.add_argument("--landscape", action="store_true", help="1920x1080 instead of 1080x1920")
    run.add_argument("--fast", action="store_true", help="devices faster than their real lines")
    run.set_defaults(command=_run)


def _run(options: argparse.Namespace) -> int:
    from kiosk.desk.run import run

    return run(state=options.state, landscape=options.landscape, fast=options.fast)


def _add_play(rooms: Rooms[argparse.ArgumentParser]) -> None:
    play = rooms.add_parser("play", help="play a scripted visit on the real screen")
    play.add_argument("name", help="tests/journeys/NAME.yaml")
    play.add_argument("--json", action="store_true", help="end with one JSON line")
    play.add_argument("--out", type=Path, help="where the pictures go (default var/play/NAME)")
    play.add_argument("--intake-down", action="store_true", help="intake down before submit")
    play.add_argument("--paper-out", action="store_true", help="no paper in the receipt printer")
    play.add_argument("--visible", action="store_true", help="on this display, not a virtual one")
    play.add_argument("--hurry", action="store_true", help="no human pauses")
    play.add_argument("--elder", action="store_true", help="large letters, one question a page")
    play.add_argument("--lang", choices=("zh", "en"), default="zh", help="of the interface")
    play.add_argument("--landscape", action="store_true", help="1920x1080 instead of 1080x1920")
    play.set_defaults(command=_play)


def _play(options: argparse.Namespace) -> int:
    from kiosk.play.play import Manner, play

    manner = Manner(
        visible=options.visible,
        landscape=options.landscape,
        hurry=options.hurry,
        elder=options.elder,
        language=options.lang,
        intake_down=options.intake_down,
        paper_out=options.paper_out,
    )
    return play(options.name, manner, out=options.out, as_json=options.json)


def _process(parser: argparse.ArgumentParser) -> None:
    """Add what every long-lived process takes."""
    parser.add_argument("--state", type=Path, required=True, help="directory that survives a stop")
    parser.add_argument("--run", type=Path, required=True, help="directory of sockets")
    parser.add_argument(
        "--settings", type=Path, action="append", default=[], help="layer, in order"
    )
    parser.add_argument("--secrets-on-stdin", action="store_true", help="read role secrets")
    parser.add_argument("--with-parent", action="store_true", help="end with the starting process")


def _add_shell(rooms: Rooms[argparse.ArgumentParser]) -> None:
    shell = rooms.add_parser("shell", help="own the display: one active, one standby session")
    _process(shell)
    shell.add_argument("--rehearsal", action="store_true", help="sessions tell where buttons are")
    shell.add_argument("--training", action="store_true", help="sessions are marked: not real")
    shell.set_defaults(command=_shell)


def _shell(options: argparse.Namespace) -> int:
    from kiosk.shell.main import main as run

    return run(options)


def _add_session(rooms: Rooms[argparse.ArgumentParser]) -> None:
    session = rooms.add_parser("session", help="one citizen's visit (started by the shell)")
    _process(session)
    session.add_argument("--slot", type=int, required=True)
    session.add_argument("--control-fd", type=int, required=True)
    session.add_argument("--rehearsal", action="store_true")
    session.add_argument("--training", action="store_true")
    session.add_argument("--kind", choices=("visit", "maintenance"), default="visit")
    session.add_argument("--opened-by", default="hold", help="who asked for maintenance")
    session.set_defaults(command=_session)


def _session(options: argparse.Namespace) -> int:
    from screens.main import main as run

    return run(options)


def _add_agent(rooms: Rooms[argparse.ArgumentParser]) -> None:
    agent = rooms.add_parser("agent", help="own the outbox and deliver it")
    _process(agent)
    agent.add_argument("--allow-user", action="append", default=[], help="may call besides us")
    agent.set_defaults(command=_agent)


def _agent(options: argparse.Namespace) -> int:
    from kiosk.agent.main import main as run

    return run(options)


def _add_outbox(rooms: Rooms[argparse.ArgumentParser]) -> None:
    from kiosk.commands.outbox import add

    add(rooms)


def _add_provision(rooms: Rooms[argparse.ArgumentParser]) -> None:
    provision = rooms.add_parser("provision", help="make a terminal's keys and certificates")
    provision.add_argument("--state", type=Path, required=True)
    provision.add_argument("--terminal", required=True, help="terminal id")
    provision.add_argument(
        "--provider", default="international", choices=["international", "national"]
    )
    provision.set_defaults(command=_provision)


def _provision(options: argparse.Namespace) -> int:
    from kiosk.crypto import CryptoError
    from kiosk.crypto.provision import provision

    try:
        provision(options.state, options.terminal, options.provider)
    except CryptoError as error:
        print(f"kiosk provision: {error}", file=sys.stderr)
        return 1
    return 0


def _add_journey(rooms: Rooms[argparse.ArgumentParser]) -> None:
    journey = rooms.add_parser("journey", help="print the journey's diagram")
    journey.add_argument("what", choices=["diagram"])
    journey.set_defaults(command=_journey)


def _journey(options: argparse.Namespace) -> int:
    from kiosk.journey.diagram import markdown

    del options
    print(markdown())
    return 0


def _add_catalogue(rooms: Rooms[argparse.ArgumentParser]) -> None:
    from kiosk.commands.catalogue import add_all

    add_all(rooms.add_parser("catalogue", help="what is offered, in its documents' words"))
