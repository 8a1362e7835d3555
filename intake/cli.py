"""The `kiosk-intake` command: the reference intake, and the synthetic population."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from intake.archive.arguments import add as add_archive
from intake.enrolment.arguments import add as add_enrol
from intake.enrolment.terminal_list import add as add_terminals
from intake.province.arguments import add as add_numbers

Command = Callable[[argparse.Namespace], int]
Rooms = argparse._SubParsersAction  # noqa: SLF001 - argparse gives this type no public name


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and return the exit status."""
    options = _parser().parse_args(arguments)
    command: Command = options.command
    return command(options)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="kiosk-intake", description="Yiduan: reference endpoint of the unified intake."
    )
    rooms = parser.add_subparsers(required=True, metavar="COMMAND")
    _add_serve(rooms)
    _add_counts(rooms)
    _add_fault(rooms)
    _add_population(rooms)
    add_terminals(rooms)
    add_enrol(rooms)
    add_numbers(rooms)
    add_archive(rooms)
    return parser


def _add_serve(rooms: Rooms[argparse.ArgumentParser]) -> None:
    serve = rooms.add_parser("serve", help="serve terminals (mutual TLS) and the clerk's page")
    serve.add_argument("--db", required=True, metavar="URL", help="SQLAlchemy URL of the database")
    serve.add_argument("--host", default="127.0.0.1", help="address of both ports")
    serve.add_argument("--port", type=int, default=0, help="terminal API; 0 is any free port")
    serve.add_argument("--page-port", type=int, default=0, help="clerk and public pages")
    for name, words in (
        ("--tls-cert", "certificate of this service, PEM"),
        ("--tls-key", "its private key, PEM"),
        ("--tls-ca", "authority of the terminals' certificates, PEM"),
        ("--population", "synthetic population, JSON"),
        ("--config", "catalogue and jurisdictions of the current release"),
    ):
        serve.add_argument(name, type=Path, required=True, help=words)
    serve.add_argument("--terminals", type=Path, help="terminals beside those that enrolled, JSON")
    serve.add_argument("--previous-config", type=Path, help="the release before it, still accepted")
    serve.add_argument("--ready-file", type=Path, help="where the addresses are written")
    serve.add_argument(
        *("--workers", "-w"),
        type=_at_least_one,
        default=1,
        metavar="N",
        help="processes that serve the same port; more than one needs PostgreSQL",
    )
    _add_pace(serve)
    serve.add_argument("--with-parent", action="store_true", help="end when the parent ends")
    _add_spoilers(serve)
    serve.set_defaults(command=_serve)


def _add_pace(serve: argparse.ArgumentParser) -> None:
    serve.add_argument(
        "--terminal-rate",
        type=float,
        default=100.0,
        metavar="N",
        help="requests a second that one terminal may make for long; 0: any number",
    )
    serve.add_argument(
        "--terminal-burst",
        type=_at_least_one,
        default=2000,
        metavar="N",
        help="requests that one terminal may make at once after a rest",
    )


def _at_least_one(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError("1 or more")
    return number


def _add_spoilers(serve: argparse.ArgumentParser) -> None:
    serve.add_argument(
        "--slow-source",
        action="append",
        default=[],
        type=_slow,
        metavar="NAME=SECONDS",
        help="delay a source of pre-fill, for tests and training",
    )
    serve.add_argument(
        "--broken-source",
        action="append",
        default=[],
        type=_broken,
        metavar="NAME=HOW",
        help="spoil a source of pre-fill: silent, wrong or partial",
    )
    serve.add_argument(
        "--allow-faults",
        type=Path,
        metavar="FILE",
        help="make this file, through which `kiosk-intake fault` plays faults, for tests",
    )


def _slow(text: str) -> tuple[str, float]:
    name, _, seconds = text.rpartition("=")
    if not name:
        raise argparse.ArgumentTypeError("NAME=SECONDS")
    return name, float(seconds)


def _broken(text: str) -> tuple[str, str]:
    name, _, how = text.rpartition("=")
    if not name or how not in {"silent", "wrong", "partial"}:
        raise argparse.ArgumentTypeError("NAME=silent, NAME=wrong or NAME=partial")
    return name, how


def _serve(options: argparse.Namespace) -> int:
    from intake.run import start
    from intake.service.process import become

    become("kiosk-intake", with_parent=options.with_parent)
    return start(options)


def _add_counts(rooms: Rooms[argparse.ArgumentParser]) -> None:
    counts = rooms.add_parser("counts", help="what was filed, and what was refused and why")
    counts.add_argument("--db", required=True, metavar="URL", help="SQLAlchemy URL of the database")
    counts.add_argument("--json", action="store_true", help="one JSON object")
    counts.set_defaults(command=_counts)


def _counts(options: argparse.Namespace) -> int:
    from intake.commands import counts

    return counts(options.db, as_json=options.json)


def _add_fault(rooms: Rooms[argparse.ArgumentParser]) -> None:
    from intake.service.fault_file import CALLS, Kind

    fault = rooms.add_parser(
        "fault", help="make an intake that was served with --allow-faults slow, wrong or lying"
    )
    fault.add_argument("file", type=Path, help="the FILE of --allow-faults")
    acts = fault.add_subparsers(required=True, metavar="ACT", dest="act")
    kinds = "; ".join(f"{kind}: {kind.text}" for kind in Kind)
    given = acts.add_parser("set", help="add a fault", description=kinds)
    given.add_argument("kind", type=Kind, choices=list(Kind), help="what goes wrong")
    given.add_argument("--call", choices=list(CALLS), default="submit", help="for which call")
    given.add_argument("--requests", type=_at_least_one, metavar="N", help="for N requests")
    given.add_argument("--seconds", type=float, metavar="S", help="for S seconds")
    given.add_argument("--delay", type=float, default=5.0, metavar="S", help="how slow")
    listed = acts.add_parser("list", help="show the faults, and how many requests they struck")
    listed.add_argument("--json", action="store_true", help="one JSON list")
    cleared = acts.add_parser("clear", help="take faults away: all, or those with these numbers")
    cleared.add_argument("numbers", type=int, nargs="*", metavar="NUMBER")
    fault.set_defaults(command=_fault)


def _fault(options: argparse.Namespace) -> int:
    from intake.service.fault_commands import fault

    return fault(options)


def _add_population(rooms: Rooms[argparse.ArgumentParser]) -> None:
    population = rooms.add_parser("population", help="make the synthetic population")
    population.add_argument("--seed", type=int, required=True, help="the same seed, the same bytes")
    population.add_argument("--size", type=int, default=40, help="persons beside the fixed ones")
    population.add_argument("--out", type=Path, required=True, help="directory")
    population.set_defaults(command=_population)


def _population(options: argparse.Namespace) -> int:
    from intake import population

    print(population.write(population.generate(options.seed, options.size), options.out))
    return 0


if __name__ == "__main__":
    sys.exit(main())
