"""The words of ``kiosk-intake enrol``; what they do is loaded when one is used."""

from __future__ import annotations

import argparse
from pathlib import Path

Rooms = argparse._SubParsersAction  # noqa: SLF001 - argparse gives this type no public name


def add(rooms: Rooms[argparse.ArgumentParser]) -> None:
    """Add the command."""
    own = rooms.add_parser("enrol", help="terminals that ask for a certificate, and who approves")
    acts = own.add_subparsers(required=True, metavar="ACT")
    _add_init(acts)
    _add_serve(acts)
    _order(acts, "list", "who waits; half of each code, the other half is on the terminal")
    approve = _order(acts, "approve", "make a terminal of who shows this code")
    approve.add_argument("code", metavar="CODE", help="all eight signs, read from the terminal")
    approve.add_argument("--terminal", default="", metavar="ID", help="where it names none")
    approve.add_argument("--jurisdiction", default="", metavar="CODE", help="where it names none")
    approve.add_argument("--group", default="", help="which releases and commands are for it")
    approve.add_argument("--stolen", action="store_true", help="believe nothing of the former keys")
    refuse = _order(acts, "refuse", "turn away who shows this code")
    refuse.add_argument("code", metavar="CODE")
    regroup = _order(acts, "regroup", "put a terminal into another group; it hears within a day")
    regroup.add_argument("terminal", metavar="ID")
    regroup.add_argument("group", metavar="GROUP")
    revoke = _order(acts, "revoke", "take nothing of this terminal any more")
    revoke.add_argument("terminal", metavar="ID")


def _add_init(acts: Rooms[argparse.ArgumentParser]) -> None:
    init = acts.add_parser("init", help="make the authority, a server certificate, recovery keys")
    init.add_argument("files", type=Path, metavar="DIRECTORY")
    init.add_argument("--host", action="append", default=[], help="name or address of the server")
    init.set_defaults(command=_run, act="make")


def _add_serve(acts: Rooms[argparse.ArgumentParser]) -> None:
    serve = acts.add_parser("serve", help="serve new terminals, on a port of its own")
    serve.add_argument("--db", required=True, metavar="URL", help="the intake's database")
    serve.add_argument("--files", type=Path, required=True, metavar="DIRECTORY", help="of init")
    serve.add_argument("--host", default="127.0.0.1")
    serve.add_argument("--port", type=int, default=0, help="0 is any free port")
    serve.add_argument("--days", type=int, default=365, help="life of a certificate")
    serve.add_argument("--mandate", type=Path, help="who administers terminals (kiosk-fleet)")
    serve.add_argument("--ready-file", type=Path, help="where the address is written")
    serve.add_argument("--with-parent", action="store_true", help="end when the parent ends")
    serve.set_defaults(command=_run, act="serve")


def _order(acts: Rooms[argparse.ArgumentParser], name: str, words: str) -> argparse.ArgumentParser:
    own = acts.add_parser(name, help=words)
    own.add_argument("--db", required=True, metavar="URL", help="the intake's database")
    own.add_argument("--json", action="store_true", help="one JSON document")
    own.set_defaults(command=_run, act="order", order=name)
    return own


def _run(options: argparse.Namespace) -> int:
    from intake.enrolment import commands as enrolment_commands  # noqa: PLC0415 - other commands need none of it

    return enrolment_commands.ACTS[options.act](options)
