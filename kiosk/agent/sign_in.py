"""Who stands before maintenance mode: card or code, then the PIN, each try counted first.

One `SignIn` belongs to one connection of the role ``maintenance``; the counts belong to the
terminal.  See `kiosk.maintenance.attempts` for the rules of the counts.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import NoReturn

from kiosk.audit import Event
from kiosk.domain.calendar import LEGAL_TIME
from kiosk.maintenance import codes
from kiosk.maintenance.attempts import Counts, Waits
from kiosk.maintenance.keeping import Keeping
from kiosk.maintenance.staff import RIGHTS, Person, Right, Staff, StaffError, is_pin

UNKNOWN = "?"
"""Name of the count of cards and codes that nobody here has: it makes *codes* wait, no card."""
UNKNOWN_WAIT_S = 300.0
CAP_S = 12 * 3600.0
"""Seconds after which a person has to prove again who they are."""

Note = Callable[..., None]


class Refused(Exception):
    """It was not taken; ``reason`` has words in the translations.

    Attributes:
        reason: a `staff.Refusal`, ``unknown_code``, ``wrong_pin``, ``wait``, ``locked``,
            ``not_kept``, ``no_list``, ``codes_damaged`` or ``first_the_card``.
        left: tries that are left.
        wait_s: seconds until the next one.
    """

    def __init__(self, reason: str, left: int = 0, wait_s: float = 0.0) -> None:
        super().__init__(reason)
        self.reason, self.left, self.wait_s = reason, left, wait_s


@contextmanager
def kept() -> Iterator[None]:
    """Turn a full or read-only disk into a refusal: what is not on the disk opens nothing."""
    try:
        yield
    except OSError as error:
        raise Refused("not_kept") from error


@dataclass(slots=True)
class Gate:
    """What all sign-ins of a terminal share: its list, its counts, its waits."""

    keeping: Keeping
    terminal: str
    note: Note
    clock: Callable[[], float] = time.monotonic
    wall: Callable[[], float] = time.time
    lock: threading.Lock = field(default_factory=threading.Lock)
    waits: Waits = field(init=False)

    def __post_init__(self) -> None:
        self.waits = Waits(begun=self.clock())

    def today(self) -> date:
        """Return the day in the hall, whatever zone the machine keeps."""
        return datetime.fromtimestamp(self.wall(), LEGAL_TIME).date()

    def wait_left(self, counts: Counts, name: str) -> float:
        """Return the seconds until the next try of this name."""
        if name == UNKNOWN:
            return self.waits.left_of(counts, name, self.clock(), UNKNOWN_WAIT_S)
        return self.waits.left(counts, name, self.clock())

    def begin_try(self, name: str) -> Counts:
        """Count a try and have it on the disk before anything is judged.

        Raises:
            Refused: nothing is taken now, or the count could not be kept.
        """
        counts = self.keeping.counts()
        if counts.locked(name):
            raise Refused("locked")
        left = self.wait_left(counts, name)
        if left > 0:
            raise Refused("wait", counts.left(name), left)
        counts = counts.begun(name)
        with kept():
            self.keeping.keep_counts(counts)
        self.waits.tried(name, self.clock())
        return counts


class SignIn:
    """One person's way in."""

    def __init__(self, gate: Gate) -> None:
        self._gate = gate
        self._known: tuple[Person, str] | None = None
        self._since: float | None = None

    @property
    def person(self) -> Person | None:
        """Who is signed in; nobody any more after `CAP_S`."""
        if self._known is None or self._since is None:
            return None
        return self._known[0] if self._gate.clock() - self._since < CAP_S else None

    def may(self, right: Right) -> bool:
        """Say whether somebody with a right is signed in."""
        person = self.person
        return person is not None and right in RIGHTS[person.role]

    def card(self, card: str) -> Person:
        """Take the keyed hash of a card.

        It is looked up whatever wait stands against strange ones: who has no key guesses no hash,
        so the wait would guard nothing, and any citizen's card would keep staff out with it.

        Raises:
            Refused: it opens nothing here.
        """
        with self._gate.lock:
            self.forget()
            return self._take(self._list().by_card(card), "card", "unknown")

    def code(self, typed: str) -> Person:
        """Take a one-time code; it is used up by this, and waits for what was typed before.

        Raises:
            Refused: it opens nothing here, or nothing is taken now.
        """
        gate = self._gate
        with gate.lock:
            self.forget()
            left = gate.wait_left(gate.keeping.counts(), UNKNOWN)
            if left > 0:
                raise Refused("wait", 0, left)
            return self._take(self._by_code(typed), "code", "unknown_code")

    def pin(self, pin: str) -> Person:
        """Take the PIN of whose card lay there.

        Raises:
            Refused: it is not theirs, or nothing is taken now.
        """
        if self._known is None:
            raise Refused("first_the_card")
        person, by = self._known
        gate = self._gate
        with gate.lock:
            counts = gate.begin_try(person.card)
            if not is_pin(person, pin):
                self._wrong(person, counts)
            with kept():
                gate.keeping.keep_counts(counts.right(person.card).unlocked(UNKNOWN))
        self._since = gate.clock()
        gate.note(Event("staff_signed_in"), person=person.work_no, role=person.role.value, by=by)
        return person

    def unreadable(self) -> None:
        """Count a card that the reader could not believe.

        Raises:
            Refused: always.
        """
        with self._gate.lock:
            self.forget()
            self._refused("unreadable", "card")

    def forget(self) -> None:
        """Nobody is signed in."""
        self._known = self._since = None

    def _take(self, person: Person | None, by: str, unknown: str) -> Person:
        """Take whoever was found, or count what nobody here has."""
        gate = self._gate
        if person is None:
            self._refused(unknown, by)
        why = person.refusal(gate.terminal, gate.today())
        if why is not None:
            self._refused(why.value, by)
        if gate.keeping.counts().locked(person.card):
            raise Refused("locked")
        self._known = (person, by)
        return person

    def _list(self) -> Staff:
        try:
            return self._gate.keeping.staff()
        except StaffError as error:
            raise Refused("no_list") from error

    def _by_code(self, typed: str) -> Person | None:
        """Find whose code this is, and use it up before it is believed."""
        gate = self._gate
        try:
            used = gate.keeping.used_codes()
        except StaffError as error:  # it may hide that this very code was used
            raise Refused("codes_damaged") from error
        try:
            key = gate.keeping.key("code.key")
        except StaffError as error:
            raise Refused("no_list") from error
        for person in self._list().people:
            window = codes.taken(
                key,
                gate.terminal,
                person.work_no,
                typed,
                now=gate.wall(),
                used=used.get(person.work_no, 0),
            )
            if window is not None:
                with kept():
                    gate.keeping.keep_codes({**used, person.work_no: window})
                return person
        return None

    def _refused(self, reason: str, by: str) -> NoReturn:
        """Count and tell a card or a code that opens nothing; a code costs a wait, too."""
        gate = self._gate
        counts = gate.keeping.counts().noted(UNKNOWN)
        with kept():
            gate.keeping.keep_counts(counts)
        gate.waits.last[UNKNOWN] = gate.clock()
        gate.note(Event("staff_refused"), reason=reason, count=counts.of(UNKNOWN))
        raise Refused(reason, 0, gate.wait_left(counts, UNKNOWN) if by == "code" else 0.0)

    def _wrong(self, person: Person, counts: Counts) -> NoReturn:
        """Tell a wrong PIN; the last one locks."""
        gate = self._gate
        gate.note(Event("staff_pin_wrong"), person=person.work_no, count=counts.of(person.card))
        if counts.locked(person.card):
            gate.note(Event("staff_locked"), person=person.work_no)
            raise Refused("locked")
        left = gate.wait_left(counts, person.card)
        raise Refused("wrong_pin", counts.left(person.card), left)
