"""The ``kiosk-devices`` command: the device host, the simulators, and one device at a time by hand.

A subcommand imports only its own room.  The one-device commands print one line; what goes wrong is
one JSON line ``{"error", "help"}`` with ``--json``, plain words on stderr without, and exit code 1.
"""

from __future__ import annotations

import argparse
import json
import pwd
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from drivers.trouble import Trouble

Command = Callable[[argparse.Namespace], int]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one subcommand; return the exit code."""
    options = _parser().parse_args(arguments)
    command: Command = options.command
    try:
        return command(options)
    except Trouble as trouble:
        if getattr(options, "json", False):
            print(json.dumps({"error": str(trouble), "help": trouble.help}, ensure_ascii=False))
        else:
            print(f"kiosk-devices: {trouble}\n{trouble.help}", file=sys.stderr)
        return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="kiosk-devices", description=__doc__)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    _add_serve(commands.add_parser("serve", help="serve every device to sessions"))
    _add_simulate(commands.add_parser("simulate", help="simulated devices and their control page"))
    _add_read_card(commands.add_parser("read-card", help="read one identity card"))
    _add_print(commands.add_parser("print", help="print one receipt"))
    _add_scan(commands.add_parser("scan", help="read one code"))
    return parser


def _add_serve(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--run", type=Path, required=True, help="directory of sockets and ports")
    parser.add_argument("--state", type=Path, help="taken for uniformity; nothing is kept")
    parser.add_argument("--evidence-key", type=Path, required=True, help="Ed25519 key, PEM")
    parser.add_argument("--terminal", required=True, help="name of this terminal")
    parser.add_argument("--config", type=Path, help="YAML file of ports")
    parser.add_argument("--allow-uid", type=int, action="append", default=[], metavar="UID")
    parser.add_argument("--allow-user", action="append", default=[], metavar="NAME")
    parser.add_argument("--secrets-on-stdin", action="store_true", required=True)
    parser.add_argument("--with-parent", action="store_true", help="end when the parent ends")
    parser.set_defaults(command=_serve)


def _add_simulate(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--run", type=Path, required=True, help="directory of the simulated ports")
    parser.add_argument("--state", type=Path, help="taken for uniformity; nothing is kept")
    parser.add_argument("--population", type=Path, required=True, help="people with cards, JSON")
    parser.add_argument("--control-port", type=int, default=0, help="0 takes any free port")
    parser.add_argument("--pace", choices=["wire", "line", "fast"], default="wire")
    parser.add_argument("--paper-dir", type=Path, required=True, help="where printed papers go")
    parser.add_argument("--terminal", default="", help="name shown on the control page")
    parser.add_argument("--with-parent", action="store_true", help="end when the parent ends")
    parser.set_defaults(command=_simulate)


def _add_one_device(parser: argparse.ArgumentParser, *port: str) -> None:
    parser.add_argument(*port, dest="port", required=True, help="path or URL of the port")
    parser.add_argument("--baudrate", type=int, default=115200)
    parser.add_argument("--json", action="store_true", help="one JSON line")


def _add_read_card(parser: argparse.ArgumentParser) -> None:
    _add_one_device(parser, "--port")
    parser.add_argument("--wait", type=float, default=30.0, help="seconds to wait for a card")
    parser.add_argument("--photo", type=Path, help="write the photo block, undecoded, here")
    parser.set_defaults(command=_read_card)


def _add_print(parser: argparse.ArgumentParser) -> None:
    _add_one_device(parser, "--to", "--port")
    parser.add_argument("--profile", help="model of the printer")
    parser.add_argument("--receipt", type=Path, required=True, help="title and lines, JSON")
    parser.set_defaults(command=_print)


def _add_scan(parser: argparse.ArgumentParser) -> None:
    _add_one_device(parser, "--port")
    parser.add_argument("--wait", type=float, default=30.0, help="seconds to wait for a code")
    parser.set_defaults(command=_scan)


def _serve(options: argparse.Namespace) -> int:
    from drivers.printer.profiles import ProfileError
    from drivers.service import serving
    from drivers.service.binding import BindingError
    from drivers.service.evidence import EvidenceKeyError

    try:
        serving.serve(
            serving.ServeOptions(
                run=options.run,
                evidence_key=options.evidence_key,
                terminal=options.terminal,
                session_secret=serving.read_secret(sys.stdin),
                config=options.config,
                with_parent=options.with_parent,
                uids=frozenset(options.allow_uid)
                | {pwd.getpwnam(name).pw_uid for name in options.allow_user},
            )
        )
    except (BindingError, EvidenceKeyError, ProfileError, serving.SecretsError) as error:
        raise Trouble(str(error), "Mend what is named and start again.") from error
    return 0


def _simulate(options: argparse.Namespace) -> int:
    from drivers.service.process import end_with_parent, title
    from drivers.service.serving import log_to_stderr
    from drivers.simulated.simulator import run_simulator

    title("simulators")
    if options.with_parent:
        end_with_parent()
    log_to_stderr()
    run_simulator(
        options.run,
        options.population,
        options.control_port,
        options.pace,
        options.paper_dir,
        terminal=options.terminal,
    )
    return 0


def _read_card(options: argparse.Namespace) -> int:
    from drivers import by_hand

    person = by_hand.read_card(options.port, options.baudrate, options.wait, options.photo)
    if options.json:
        print(json.dumps(person, ensure_ascii=False))
    else:
        print(
            "\n".join(f"{key:12} {'' if value is None else value}" for key, value in person.items())
        )
    return 0


def _print(options: argparse.Namespace) -> int:
    from drivers import by_hand

    answer = by_hand.print_receipt(options.port, options.baudrate, options.profile, options.receipt)
    if options.json:
        print(json.dumps(answer, ensure_ascii=False))
    else:
        print(by_hand.in_words(answer))
    return 0 if answer["printed"] is True else 1


def _scan(options: argparse.Namespace) -> int:
    from drivers import by_hand

    code = by_hand.scan(options.port, options.baudrate, options.wait)
    print(json.dumps(code, ensure_ascii=False) if options.json else code["text"])
    return 0
