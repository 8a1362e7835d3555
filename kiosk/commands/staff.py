"""``kiosk staff``: who may open maintenance mode on this terminal.

The list is changed on the terminal, as root or the agent's user; the next sign-in reads it anew.
A card's number is read from standard input or from the reader, and is not kept; a PIN is asked for
and never stands on a command line.
"""

from __future__ import annotations

import argparse
import getpass
import json
import sys
import time
from contextlib import suppress
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable

    from kiosk.maintenance.keeping import Keeping
    from kiosk.maintenance.staff import Person

_REFUSED: Final = 1
_YEAR: Final = timedelta(days=365)


def add(rooms: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command."""
    own = rooms.add_parser("staff", help="who may open maintenance mode on this terminal")
    own.add_argument("--state", type=Path, default=Path("var/desk"), help="the agent's directory")
    what = own.add_subparsers(required=True, metavar="WHAT")
    for make in (_add_add, _add_list, _add_disable, _add_unlock, _add_code):
        make(what)
    for one in what.choices.values():  # before WHAT or at the end, as with other commands
        one.add_argument("--state", type=Path, default=argparse.SUPPRESS, help=argparse.SUPPRESS)


Whats = argparse._SubParsersAction  # noqa: SLF001 - argparse gives this type no public name


def _add_add(what: Whats[argparse.ArgumentParser]) -> None:
    own = what.add_parser("add", help="put somebody on the list, or change who is on it")
    own.add_argument("work_no", help="work number; a name is not kept")
    own.add_argument("--role", choices=("clerk", "engineer", "vendor"), required=True)
    own.add_argument("--site", action="append", required=True, help="terminal, or 410700-*")
    own.add_argument("--until", type=date.fromisoformat, help="last day (default: in a year)")
    own.add_argument("--reader", action="store_true", help="read the card on this terminal")
    own.add_argument("--run", type=Path, default=Path("/run/yiduan"), help="of --reader: sockets")
    own.add_argument(
        "--secrets",
        type=Path,
        default=Path("/etc/yiduan/credentials/shell"),
        help="of --reader: the file with the secret of the role maintenance",
    )
    own.set_defaults(command=put)


def _add_list(what: Whats[argparse.ArgumentParser]) -> None:
    own = what.add_parser("list", help="who is on it; no card, no PIN")
    own.add_argument("--json", action="store_true", help="one JSON line")
    own.set_defaults(command=listed)


def _add_disable(what: Whats[argparse.ArgumentParser]) -> None:
    own = what.add_parser("disable", help="take somebody off; the records keep the number")
    own.add_argument("work_no")
    own.set_defaults(command=disable)


def _add_unlock(what: Whats[argparse.ArgumentParser]) -> None:
    own = what.add_parser("unlock", help="take tries again after too many wrong PINs")
    own.add_argument("work_no", nargs="?", help="whose card; without: the whole terminal")
    own.set_defaults(command=unlock)


def _add_code(what: Whats[argparse.ArgumentParser]) -> None:
    own = what.add_parser("code", help="a one-time code in place of a card, for a dead reader")
    own.add_argument("work_no")
    own.add_argument("--terminal", required=True, help="terminal id")
    own.set_defaults(command=code)


def put(options: argparse.Namespace) -> int:
    """Take card and PIN, and put the person on the list."""
    from kiosk.domain.calendar import LEGAL_TIME
    from kiosk.maintenance.staff import Person, Role, card_hash, hash_pin

    def do(keeping: Keeping) -> str:
        keeping.make()
        number = _card_number(options)
        person = Person(
            work_no=options.work_no,
            role=Role(options.role),
            card=card_hash(keeping.key(), number),
            pin=hash_pin(_pin()),
            sites=tuple(options.site),
            until=options.until or datetime.now(LEGAL_TIME).date() + _YEAR,
        )
        keeping.keep_staff(keeping.staff().put(person))
        return _told(person)

    return _changed(options, "add", options.work_no, do)


def listed(options: argparse.Namespace) -> int:
    """Print the list."""
    from kiosk.maintenance.keeping import Keeping
    from kiosk.maintenance.staff import StaffError

    try:
        people = Keeping(options.state).staff().people
    except StaffError as error:
        file = Keeping(options.state).folder / "staff.json"
        step = f"move {file} away, then add everybody again: kiosk staff add"
        return _refused(StaffError(f"the list of staff cannot be read ({error}); {step}"))
    if options.json:
        print(json.dumps([_document(one) for one in people], ensure_ascii=False))
        return 0
    for one in people:
        print(_told(one))
    return 0


def disable(options: argparse.Namespace) -> int:
    """Take a person off the list."""

    def do(keeping: Keeping) -> str:
        keeping.keep_staff(keeping.staff().disable(options.work_no))
        return f"{options.work_no} opens nothing here any more"

    return _changed(options, "disable", options.work_no, do)


def unlock(options: argparse.Namespace) -> int:
    """Set the tries of a card, or all of them, to nothing."""
    from kiosk.maintenance.attempts import ALL, Counts
    from kiosk.maintenance.staff import StaffError

    def do(keeping: Keeping) -> str:
        if options.work_no is None:
            keeping.keep_counts(Counts())
            _codes_anew(keeping)
            return "every card may be tried again"
        person = keeping.staff().by_work_no(options.work_no)
        if person is None:
            raise StaffError(f"nobody here has the work number {options.work_no}")
        keeping.keep_counts(keeping.counts().unlocked(person.card).unlocked(ALL))
        return f"{options.work_no} may try again"

    return _changed(options, "unlock", options.work_no or "-", do)


def _codes_anew(keeping: Keeping) -> None:
    """Begin a damaged list of used codes anew; none made until now is taken any more."""
    from kiosk.maintenance import codes
    from kiosk.maintenance.staff import StaffError

    try:
        keeping.used_codes()
    except StaffError:
        now = codes.window_at(time.time())
        keeping.keep_codes({one.work_no: now for one in keeping.staff().people})


def code(options: argparse.Namespace) -> int:
    """Print a code."""
    from kiosk.maintenance import codes
    from kiosk.maintenance.staff import StaffError

    def do(keeping: Keeping) -> str:
        person = keeping.staff().by_work_no(options.work_no)
        if person is None:
            raise StaffError(f"nobody here has the work number {options.work_no}")
        window = codes.window_at(time.time())
        own = codes.code(keeping.key("code.key"), options.terminal, person.work_no, window)
        return f"{own}  (10 分钟内有效，只能用一次；还要输入密码)"

    return _changed(options, "code", options.work_no, do)


def _changed(
    options: argparse.Namespace, what: str, work_no: str, do: Callable[[Keeping], str]
) -> int:
    """Do it, say what was done, and have it audited by the agent that runs here."""
    from kiosk.maintenance.keeping import Keeping
    from kiosk.maintenance.staff import StaffError

    try:
        told = do(Keeping(options.state))
    except (StaffError, OSError, LookupError, ValueError) as error:
        return _refused(error)
    _audit(options.state, what, work_no)
    print(told)
    return 0


def _audit(state: Path, what: str, work_no: str) -> None:
    """Tell the agent; one that does not run is told by the file's own date."""
    from kiosk.agent.staff import connect
    from kiosk.channel import ChannelError
    from kiosk.outbox.report import FILE

    with suppress(OSError, ChannelError), connect((state / FILE).parent) as agent:
        agent.call("staff_changed", what=what, person=work_no)


def _card_number(options: argparse.Namespace) -> str:
    """Return the number on a card, from the reader or from standard input.

    Raises:
        StaffError: it is no ID number.
    """
    from kiosk.maintenance.staff import StaffError
    from standards.errors import IdentityNumberError
    from standards.identity_number import IdentityNumber

    number = _read_card(options) if options.reader else _typed("card number: ")
    try:
        return IdentityNumber.parse(number).text
    except IdentityNumberError as error:
        raise StaffError(f"that is no ID number: {error}") from error


def _read_card(options: argparse.Namespace) -> str:
    """Read a card on this terminal; the devices are handed over for it.

    Raises:
        StaffError: no reader, or no card.
    """
    from drivers.service.client import CommandFailed, ServiceClient, ServiceUnavailable
    from kiosk.maintenance.staff import StaffError

    secret = json.loads(options.secrets.read_text())["roles"]["maintenance"]
    place = options.run / "xfs4iot"
    mode = ServiceClient(place / "VendorMode.sock", "VendorMode", secret)
    reader = ServiceClient(place / "IdReader.sock", "IdReader", secret)
    try:
        mode.call("VendorMode.EnterModeRequest", None, 5.0)
        print("put the card on the reader", file=sys.stderr)
        done = reader.call("XIdCard.Read", {"visit": "staff"}, 60.0)
    except (CommandFailed, ServiceUnavailable) as error:
        raise StaffError(f"the card was not read: {error}") from error
    finally:
        reader.close()
        mode.close()
    card = done.payload.get("card")
    return str(card["id_no"]) if isinstance(card, dict) and "id_no" in card else ""


def _pin() -> str:
    """Ask twice at a terminal, take one line elsewhere.

    Raises:
        StaffError: the two differ.
    """
    from kiosk.maintenance.staff import StaffError

    if not sys.stdin.isatty():
        return sys.stdin.readline().strip()
    first, second = getpass.getpass("PIN: "), getpass.getpass("again: ")
    if first != second:
        raise StaffError("the two differ")
    return first


def _typed(prompt: str) -> str:
    if sys.stdin.isatty():
        return getpass.getpass(prompt).strip()
    return sys.stdin.readline().strip()


def _document(one: Person) -> dict[str, object]:
    return {
        "work_no": one.work_no,
        "role": one.role.value,
        "sites": list(one.sites),
        "until": one.until.isoformat(),
        "disabled": one.disabled,
    }


def _told(one: Person) -> str:
    state = "disabled" if one.disabled else f"until {one.until}"
    return f"{one.work_no}  {one.role.value}  {', '.join(one.sites)}  {state}"


def _refused(error: Exception) -> int:
    print(f"kiosk staff: {error}", file=sys.stderr)
    return _REFUSED
