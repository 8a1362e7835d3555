"""Who may open maintenance mode, and what each may do there.

A staff card is the resident ID card of its owner.  The terminal keeps no number of it: a person is
found by a *keyed hash* (HMAC-SHA-256) whose key is made when the terminal is set up and is in no
release, so that a stolen list names nobody and a list of another terminal fits no card here.  A
person is otherwise a work number (工号): no name is kept.

The PIN is six digits, kept as Argon2id (RFC 9106).  It is weak against who has the list, as six
digits always are; against who stands at the terminal it is held by `kiosk.maintenance.attempts`.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from itertools import pairwise
from typing import Final

from argon2 import PasswordHasher, Type
from argon2.exceptions import InvalidHashError, VerificationError

PIN_LENGTH: Final = 6
KEY_BYTES: Final = 32
_HASHER: Final = PasswordHasher(time_cost=3, memory_cost=32 * 1024, parallelism=1, type=Type.ID)
"""70 ms and 32 MiB on a terminal: the agent has 500 MB for all it does."""
_WORK_NO: Final = re.compile(r"[0-9A-Za-z-]{2,16}\Z")
_SITE: Final = re.compile(r"[0-9A-Za-z-]{1,32}\*?\Z")
_STEPS: Final = frozenset({1, -1, 0})


class Role(StrEnum):
    """What somebody is here."""

    CLERK = "clerk"
    """值守员: keeps it running, twice a day."""
    ENGINEER = "engineer"
    """运维工程师: repairs it and takes what is stored to the centre."""
    VENDOR = "vendor"
    """厂家: looks after its devices; nothing of what citizens filed."""


class Right(StrEnum):
    """What may be done; a page offers what its person has the right to."""

    LOOK = "look"
    CHECK = "check"
    PAPER = "paper"
    TEST = "test"
    RESET = "reset"
    TRACE = "trace"
    OUTBOX = "outbox"
    RETRY = "retry"
    EXPORT = "export"
    SERVICE = "service"
    SOUND = "sound"
    POWER = "power"
    REPORT = "report"
    DIAGNOSTICS = "diagnostics"
    UPDATE = "update"
    HELP = "help"
    TRAIN = "train"
    CLOCK = "clock"


_R = Right
_EVERYBODY: Final = frozenset(
    {_R.LOOK, _R.CHECK, _R.PAPER, _R.TEST, _R.RESET, _R.SOUND, _R.POWER, _R.REPORT}
)
RIGHTS: Final[Mapping[Role, frozenset[Right]]] = {
    Role.CLERK: _EVERYBODY | {_R.OUTBOX, _R.RETRY, _R.SERVICE, _R.HELP, _R.UPDATE, _R.TRAIN},
    Role.ENGINEER: frozenset(_R),
    Role.VENDOR: _EVERYBODY | {_R.TRACE, _R.DIAGNOSTICS},
}


class StaffError(Exception):
    """The list of staff cannot be used or would not be changed so; the message says what to do."""


class Refusal(StrEnum):
    """Why a card opens nothing; the words of each stand in the translations."""

    UNKNOWN = "unknown"
    DISABLED = "disabled"
    EXPIRED = "expired"
    OTHER_SITE = "other_site"


@dataclass(frozen=True, kw_only=True, slots=True)
class Person:
    """One of the staff.

    Attributes:
        work_no: what they are called in every record.
        role: what they may do.
        card: keyed hash of the number of their ID card.
        pin: Argon2id of their PIN.
        sites: terminals they may open; ``410700-*`` is all that begin so.
        until: the last day.
        disabled: taken off the list, kept for the records.
    """

    work_no: str
    role: Role
    card: str
    pin: str
    sites: tuple[str, ...]
    until: date
    disabled: bool = False

    def refusal(self, terminal: str, today: date) -> Refusal | None:
        """Return why this person may not open a terminal today, ``None`` when they may."""
        if self.disabled:
            return Refusal.DISABLED
        if not any(_fits(site, terminal) for site in self.sites):
            return Refusal.OTHER_SITE
        return Refusal.EXPIRED if today > self.until else None


def _fits(site: str, terminal: str) -> bool:
    return terminal.startswith(site[:-1]) if site.endswith("*") else terminal == site


def new_key() -> bytes:
    """Return a fresh key for card hashes."""
    return secrets.token_bytes(KEY_BYTES)


def card_hash(key: bytes, number: str) -> str:
    """Return the keyed hash of an ID number, hexadecimal."""
    return hmac.new(key, number.strip().upper().encode(), hashlib.sha256).hexdigest()


def weak(pin: str) -> str | None:
    """Return why a PIN is refused, ``None`` for a good one."""
    if len(pin) != PIN_LENGTH or not (pin.isascii() and pin.isdigit()):
        return f"a PIN is {PIN_LENGTH} digits"
    steps = {int(b) - int(a) for a, b in pairwise(pin)}
    if len(steps) == 1 and steps <= _STEPS:
        return "one digit again and again, or a row of digits, is guessed first"
    return "two digits alone are guessed soon" if len(set(pin)) < 3 else None


def hash_pin(pin: str) -> str:
    """Return what is kept of a PIN.

    Raises:
        StaffError: it would be guessed.
    """
    why = weak(pin)
    if why is not None:
        raise StaffError(why)
    return _HASHER.hash(pin)


def is_pin(person: Person, pin: str) -> bool:
    """Say whether this is the person's PIN; takes as long for a wrong one."""
    try:
        return _HASHER.verify(person.pin, pin)
    except (VerificationError, InvalidHashError):
        return False


@dataclass(frozen=True, kw_only=True, slots=True)
class Staff:
    """The list of a terminal."""

    people: tuple[Person, ...] = ()

    def by_card(self, card: str) -> Person | None:
        """Find who has a card; every entry is compared, in constant time."""
        found = [one for one in self.people if hmac.compare_digest(one.card, card)]
        return found[0] if found else None

    def by_work_no(self, work_no: str) -> Person | None:
        """Find a person."""
        return next((one for one in self.people if one.work_no == work_no), None)

    def put(self, person: Person) -> Staff:
        """Return the list with this person in it; one of the same work number is replaced.

        Raises:
            StaffError: a field is not of its form, or another person has the card.
        """
        _check(person)
        holder = self.by_card(person.card)
        if holder is not None and holder.work_no != person.work_no:
            raise StaffError(f"this card is {holder.work_no}'s already")
        others = tuple(one for one in self.people if one.work_no != person.work_no)
        return Staff(people=(*others, person))

    def disable(self, work_no: str) -> Staff:
        """Return the list with a person taken off.

        Raises:
            StaffError: nobody has this work number.
        """
        person = self.by_work_no(work_no)
        if person is None:
            raise StaffError(f"nobody here has the work number {work_no}")
        return self.put(replace(person, disabled=True))


def _check(person: Person) -> None:
    if not _WORK_NO.match(person.work_no):
        raise StaffError("a work number is 2 to 16 letters, digits and hyphens")
    if not person.sites or not all(_SITE.match(site) for site in person.sites):
        raise StaffError("name terminals, such as 410700-0020 or 410700-*")
    if len(person.card) != 2 * hashlib.sha256().digest_size:
        raise StaffError("the card's hash is not whole")


def as_document(staff: Staff) -> dict[str, object]:
    """Return the list as JSON data."""
    return {
        "version": 1,
        "people": [
            {
                "work_no": one.work_no,
                "role": one.role.value,
                "card": one.card,
                "pin": one.pin,
                "sites": list(one.sites),
                "until": one.until.isoformat(),
                "disabled": one.disabled,
            }
            for one in staff.people
        ],
    }


def from_document(document: object) -> Staff:
    """Read what `as_document` made.

    Raises:
        StaffError: it is of another form.
    """
    staff = Staff()
    try:
        for one in document["people"]:  # type: ignore[index]
            staff = staff.put(
                Person(
                    work_no=str(one["work_no"]),
                    role=Role(one["role"]),
                    card=str(one["card"]),
                    pin=str(one["pin"]),
                    sites=tuple(str(site) for site in one["sites"]),
                    until=date.fromisoformat(one["until"]),
                    disabled=one["disabled"] is True,
                )
            )
    except (TypeError, KeyError, ValueError) as error:
        raise StaffError(f"the list of staff is not whole: {type(error).__name__}") from error
    return staff
