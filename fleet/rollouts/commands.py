"""``kiosk-fleet rollout …``: what the console's pages do, and who carries rollouts beside it."""

from __future__ import annotations

import argparse
import getpass
import signal
import threading
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from sqlalchemy import Engine

from fleet.bus import Centre, Ears
from fleet.bus.arguments import add_bus, address_of
from fleet.errors import FleetError
from fleet.orders import CommandDesk, command_key
from fleet.people import Refused, Right, SignedIn, SigningIn
from fleet.release.repository import Repository
from fleet.rollouts import ledger, office, placing
from fleet.rollouts.assembly import carrier_of
from fleet.rollouts.carrier import judged
from fleet.rollouts.course import Ask
from fleet.rollouts.limits import BOUNDS, limits_of
from fleet.store import open_store

_Act = tuple[Right, str, Callable[[Engine, int, str], ledger.Row]]
_ACTS: Final[Mapping[str, _Act]] = {
    "approve": (Right.APPROVE, "let what was asked for happen; second person", office.approve),
    "pause": (Right.RELEASE, "let no further ring begin", office.pause),
    "resume": (Right.RELEASE, "go on", office.resume),
    "abort": (Right.RELEASE, "take it back: offered no more, terminals go back", office.abort),
    "back": (
        Right.RELEASE,
        "ask that a release that is out everywhere comes back",
        lambda engine, number, by: office.ask(engine, number, Ask.BACK, by),
    ),
    "skip": (
        Right.RELEASE,
        "ask for the next ring without waiting for the gate",
        lambda engine, number, by: office.ask(engine, number, Ask.SKIP, by),
    ),
}


def add(parser: argparse.ArgumentParser) -> None:
    """Add the subcommands."""
    what = parser.add_subparsers(required=True, metavar="WHAT")
    _add_begin(what.add_parser("begin", help="let a release that is staged and signed go out"))
    for name, (_, told, _) in _ACTS.items():
        own = what.add_parser(name, help=told)
        own.add_argument("number", type=int)
        _as_person(own).set_defaults(command=_act, act=name)
    status = what.add_parser("status", help="where rollouts stand, and what their gates say")
    status.add_argument("number", type=int, nargs="?")
    _database(status).set_defaults(command=_status)
    _add_place(what.add_parser("place", help="put a line's terminals into rings by lot"))
    _add_carry(what.add_parser("carry", help="open rings, judge, withdraw; beside the console"))


def _add_begin(begin: argparse.ArgumentParser) -> None:
    begin.add_argument("release", help="its name")
    begin.add_argument("--note", default="", help="what it is for")
    begin.add_argument("--repository", type=Path, required=True)
    begin.add_argument(
        "--soak", type=float, default=60, help="minutes that a ring is open at least"
    )
    begin.add_argument(
        "--limit",
        action="append",
        default=[],
        type=_limit,
        metavar="NAME=NUMBER",
        help="of the gates: "
        + ", ".join(f"{own.name} {own.least:g}-{own.most:g}" for own in BOUNDS),
    )
    _as_person(begin).set_defaults(command=_begin)


def _add_place(place: argparse.ArgumentParser) -> None:
    place.add_argument("--line", default="", help="such as 410700 (default: everybody's)")
    place.add_argument("--shares", default="1,5,25", help="per cent up to each ring")
    place.add_argument("--keep-first", action="store_true", help="leave the first ring as it is")
    _as_person(place).set_defaults(command=_place)


def _add_carry(carry: argparse.ArgumentParser) -> None:
    carry.add_argument("--repository", type=Path, required=True)
    carry.add_argument("--online", type=Path, required=True)
    carry.add_argument("--state", type=Path, required=True, help="where the command key lies")
    add_bus(carry)
    _database(carry).set_defaults(command=_carry)


def _limit(told: str) -> tuple[str, str]:
    name, _, number = told.partition("=")
    if name not in {own.name for own in BOUNDS}:
        raise argparse.ArgumentTypeError(f"{name} is no limit")
    return name, number


def _database(parser: argparse.ArgumentParser) -> argparse.ArgumentParser:
    parser.add_argument("--db", required=True, help="SQLAlchemy URL")
    return parser


def _as_person(parser: argparse.ArgumentParser) -> argparse.ArgumentParser:
    _database(parser)
    parser.add_argument("--person", required=True, help="work number")
    parser.add_argument("--password-file", type=Path, help="else it is asked for")
    parser.add_argument("--code", help="of the second factor; else it is asked for")
    return parser


def _asked(what: str) -> str:
    """Return what somebody types unseen.

    Raises:
        FleetError: there is nobody to ask.
    """
    try:
        return getpass.getpass(f"{what}: ")
    except EOFError:
        raise FleetError(f"no {what}: give --password-file and --code without a terminal") from None


def _signed_in(options: argparse.Namespace, engine: Engine, right: Right) -> SignedIn:
    """Return who gives the command, after the same proof as at the console's door."""
    given: Path | None = options.password_file
    password = given.read_text().strip() if given else _asked("password")
    code = options.code or _asked("code")
    door = SigningIn(engine)
    try:
        token = door.enter(options.person, password, code)
    except Refused as refused:
        raise FleetError("not signed in: work number, password or code is wrong") from refused
    who = door.who(token)
    door.leave(token)
    if who is None or who.must_change or not who.may(right):
        raise FleetError(f"{options.person} may not: it takes the right to {right}")
    return who


def _begin(options: argparse.Namespace) -> int:
    limits = limits_of(
        {"soak_s": str(options.soak), **dict(options.limit)}
    )  # before a code is spent
    engine = open_store(options.db)
    who = _signed_in(options, engine, Right.RELEASE)
    wanted = office.Wanted(
        release=options.release,
        note=options.note,
        by=who.work_no,
        limits=limits,
    )
    number = office.begin(engine, Repository(options.repository), wanted)
    print(f"rollout {number} of {options.release} begun")
    return 0


def _act(options: argparse.Namespace) -> int:
    engine = open_store(options.db)
    right, _, act = _ACTS[options.act]
    who = _signed_in(options, engine, right)
    row = act(engine, options.number, who.work_no)
    waits = f", waits for a second person: {row.course.asked.what}" if row.course.asked else ""
    print(f"rollout {row.id} of {row.release}: {row.course.step}{waits}")
    return 0


def _status(options: argparse.Namespace) -> int:
    engine = open_store(options.db)
    rows = ledger.newest(engine, 20)
    if options.number is not None:
        rows = [ledger.one(engine, options.number)]
    for row in rows:
        course = row.course
        print(f"{row.id} {row.release}: {course.step} {course.why}".rstrip())
        verdicts = judged(engine, row, datetime.now(UTC))
        for number, ring in enumerate(course.rings):
            opened = f"open since {ring.opened_at:%F %T}" if ring.opened_at else "not open"
            print(f"  {ring.group}: {opened}")
            if options.number is not None and number in verdicts:
                for own in verdicts[number].figures:
                    print(f"    {own.state} {own.name} {own.now} {own.limit}".rstrip())
        if course.asked is not None:
            print(f"  waits for a second person: {course.asked.what} (asked by {course.asked.by})")
    return 0


def _place(options: argparse.Namespace) -> int:
    engine = open_store(options.db)
    who = _signed_in(options, engine, Right.PLACE)
    try:
        shares = [float(own) / 100 for own in options.shares.split(",")]
        counted = placing.by_lot(
            engine, options.line, shares, who.work_no, keep_first=options.keep_first
        )
    except ValueError as error:
        raise FleetError(f"--shares {options.shares}: {error}") from error
    print(" ".join(f"{ring}: {count}" for ring, count in counted.items()))
    return 0


def _carry(options: argparse.Namespace) -> int:
    engine = open_store(options.db)
    address = address_of(options)
    centre = None if address is None else Centre(address, Ears(), name="rollouts")
    if centre is not None:
        centre.start()

    def send(recipient: str, data: bytes, seconds: int) -> bool:
        return centre is not None and centre.command(recipient, data, good_for_s=seconds)

    desk = CommandDesk(engine, command_key(options.state), send)
    carrier = carrier_of(engine, options.repository, options.online, desk, centre)
    over = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: over.set())
    carrier.start()
    over.wait()
    carrier.stop()
    if centre is not None:
        centre.stop()
    engine.dispose()
    return 0
