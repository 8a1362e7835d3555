"""A first certificate: statement, code, approval, and the identity put in force.

Each step is written down before the next is taken, so that a death at any point is gone on with.
The same statement is sent again as often as needed; the desk knows it by its digest. A code that
was not approved in time is forgotten with its numbers and its keys.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import TypeVar

from kiosk.crypto.identity import Purpose, Statement, code_of, commit, fingerprint
from kiosk.crypto.provision import write_private
from kiosk.enrolment import own_keys, placing
from kiosk.enrolment.desk import Desk, first_authority
from kiosk.enrolment.errors import DeskUnreachable, EnrolmentExpired, NotEnrolled
from kiosk.enrolment.own_keys import AUTHORITY_FILE, Granted, OwnKeys
from kiosk.enrolment.placing import Placed
from kiosk.enrolment.staging import IDENTITY_FILE, PENDING_FILE, Staging, read_object

POLL = 3.0
"""Seconds between two questions whether somebody has approved."""
LONGEST_PAUSE = 900.0
"""Most seconds for which a desk that asks for patience is left alone."""


class Step(StrEnum):
    """What whoever stands before the terminal is told."""

    TRUSTED_UNSEEN = "trusted_unseen"
    """``fingerprint``: of an authority that nobody vouches for but the code."""
    CODE = "code"
    """``code``: to be read to the centre."""
    NO_ANSWER = "no_answer"
    """``reason``: the desk can't be reached; it is tried again."""
    TOO_BUSY = "too_busy"
    """``minutes``: the desk wants to be asked again then, not before."""
    PLACED = "placed"
    """``bus``, ``group``, ``releases``, ``keys``: who administers the terminal from now on."""
    NOT_ADMINISTERED = "not_administered"
    """Nobody does from afar: the centre told none."""
    DONE = "done"
    """``terminal``, ``jurisdiction``, ``days``: the identity is in force."""


T = TypeVar("T")
Say = Callable[[Step, Mapping[str, str]], None]


@dataclass(frozen=True, kw_only=True, slots=True)
class Wish:
    """What is asked for.

    Attributes:
        url: https address of the desk.
        terminal: the id this machine is set up with; empty: the centre gives one.
        jurisdiction: GB/T 2260 code of its place; empty: the centre says.
        provider: of the signing and sealing keys.
        replaces: this machine takes the place of another of that id.
        ca: certificate of the authority, PEM, where it came by a safe way.
    """

    url: str
    terminal: str = ""
    jurisdiction: str = ""
    provider: str = "international"
    replaces: bool = False
    ca: bytes = b""

    def to_json(self) -> dict[str, object]:
        """Return what must be the same for a beginning to be gone on with."""
        return {
            "url": self.url,
            "terminal": self.terminal,
            "jurisdiction": self.jurisdiction,
            "provider": self.provider,
            "replaces": self.replaces,
        }


@dataclass(frozen=True, kw_only=True, slots=True)
class Waiting:
    """How the conversation waits; tests wait otherwise."""

    pause: Callable[[float], None] = time.sleep
    poll: float = POLL


def enrol(wish: Wish, state_dir: Path, say: Say, waiting: Waiting | None = None) -> Granted:
    """Get an identity, going on where a former attempt ended; returns when it is in force.

    Raises:
        NotEnrolled: there is an identity, and ``wish.replaces`` is not set.
        IdentityBusy: another process is at it.
        EnrolmentExpired: nobody approved in time; the next call has a new code.
        EnrolmentRefused: the centre said no.
        DeskGarbled: the answer can't be believed.
        DeskUnreachable: nobody answers at this address, at the very beginning.
        CryptoError: a key can't be used.
        OSError: a file can't be written.
    """
    staging = Staging(state_dir)
    with staging.alone():
        pending = staging.resume()
        held = read_object(staging.keys / IDENTITY_FILE)
        if held and not wish.replaces:
            raise NotEnrolled(
                f"this is {held.get('terminal')} already; --renew for its certificate, "
                "--replaces for new keys"
            )
        one = _Enrolment(wish, staging, say, waiting or Waiting())
        try:
            return one.carry_through(pending)
        except EnrolmentExpired:
            if "id" not in pending:  # what a death interrupted long ago is begun anew
                raise
            return one.carry_through({})


@dataclass(frozen=True, slots=True)
class _Enrolment:
    """One conversation with the desk."""

    wish: Wish
    staging: Staging
    say: Say
    waiting: Waiting
    _told: set[str] = field(default_factory=set)

    def carry_through(self, pending: Mapping[str, object]) -> Granted:
        """Begin or go on, and put in force what is granted."""
        pending = self._begun(pending)
        own = OwnKeys.read(self.staging.next, self.wish.provider)
        statement = self._statement(own, pending)
        authority = (self.staging.next / AUTHORITY_FILE).read_bytes()
        with self._desk() as desk:
            try:
                told = self._converse(desk, own, statement, pending)
            except EnrolmentExpired:
                self.staging.give_up()
                raise
        granted = Granted.read(told, own, authority)
        granted.write(self.staging.next, url=self.wish.url, authority=authority)
        placing.place(self.staging.next, self._placed(told))
        self.staging.take()
        return granted

    def _placed(self, told: Mapping[str, object]) -> Placed:
        """Return who administers this terminal: what the approved code was a digest of."""
        mandate = read_object(self.staging.next / PENDING_FILE).get("mandate", "")
        return Placed(
            mandate=placing.read_mandate(mandate),
            group=placing.read_group(told.get("group")),
            place=str(told["jurisdiction"]),
        )

    def _begun(self, pending: Mapping[str, object]) -> Mapping[str, object]:
        """Return what is written down, or write down a beginning."""
        if pending.get("wish") == self.wish.to_json() and "own_nonce" in pending:
            self._say_whom_we_trust()
            return pending
        self.staging.give_up()
        own_keys.make(self.staging.next, self.wish.provider)
        ca = self.wish.ca or first_authority(self.wish.url)
        fingerprint(ca)  # it is a certificate
        write_private(self.staging.next / AUTHORITY_FILE, ca)
        fresh = {
            "purpose": str(Purpose.ENROLMENT),
            "wish": self.wish.to_json(),
            "nonce": own_keys.new_nonce(),
            "own_nonce": own_keys.new_nonce(),
        }
        self.staging.note(fresh)
        self._say_whom_we_trust()
        return fresh

    def _say_whom_we_trust(self) -> None:
        if not self.wish.ca:
            digits = fingerprint((self.staging.next / AUTHORITY_FILE).read_bytes())
            self.say(Step.TRUSTED_UNSEEN, {"fingerprint": _grouped(digits)})

    def _statement(self, own: OwnKeys, pending: Mapping[str, object]) -> Statement:
        """Return the statement of this beginning: the same bytes every time.

        A certificate request is signed with a fresh random number each time, so it is written
        down with the beginning.
        """
        written = pending.get("statement")
        if isinstance(written, dict):
            return Statement.from_json(written)
        nonce, own_nonce = str(pending["nonce"]), str(pending["own_nonce"])
        plain = own.statement(Purpose.ENROLMENT, self.wish.terminal, nonce)
        statement = own_keys.with_commitment(
            plain,
            commit(own_nonce),
            jurisdiction=self.wish.jurisdiction,
            replaces=self.wish.replaces,
        )
        self.staging.note({**pending, "statement": statement.to_json()})
        return statement

    @contextmanager
    def _desk(self) -> Iterator[Desk]:
        desk = Desk(self.wish.url, ca=self.staging.next / AUTHORITY_FILE)
        try:
            yield desk
        finally:
            desk.close()

    def _converse(
        self, desk: Desk, own: OwnKeys, statement: Statement, pending: Mapping[str, object]
    ) -> Mapping[str, object]:
        """Tell, show the code, wait; every call may be the repetition of one that was made."""
        own_nonce = str(pending["own_nonce"])
        enrolment, center_nonce, mandate = self._handed_in(desk, own, statement, pending)
        bound = placing.read_mandate(mandate)
        self._patiently(lambda: desk.reveal(enrolment, own_nonce))
        authority = fingerprint((self.staging.next / AUTHORITY_FILE).read_bytes())
        digest = bound.digest if bound else ""
        code = code_of(statement.digest, authority, center_nonce, own_nonce, digest)
        self.say(Step.CODE, {"code": code})
        while True:
            told = self._patiently(lambda: desk.outcome(enrolment))
            if told is not None:
                return told
            self.waiting.pause(self.waiting.poll)

    def _handed_in(
        self, desk: Desk, own: OwnKeys, statement: Statement, pending: Mapping[str, object]
    ) -> tuple[str, str, str]:
        """Hand the statement in once; what the desk told must not be another later."""
        if "id" in pending:
            noted = (pending["id"], pending["center_nonce"], pending.get("mandate", ""))
            return str(noted[0]), str(noted[1]), str(noted[2])
        given = self._patiently(lambda: desk.begin(statement, own.sign(statement)))
        told = {"id": given[0], "center_nonce": given[1], "mandate": given[2]}
        self.staging.note({**pending, "statement": statement.to_json(), **told})
        return given

    def _patiently(self, call: Callable[[], T]) -> T:
        """Repeat a call until the desk answers; say once why it does not.

        A desk that names a time is asked again then.
        """
        while True:
            try:
                return call()
            except DeskUnreachable as error:
                self.waiting.pause(self._say_why(error))

    def _say_why(self, error: DeskUnreachable) -> float:
        """Say why there is no answer, each reason once; returns the seconds until the next try."""
        pause = min(error.after, LONGEST_PAUSE)
        if str(error) not in self._told:
            self._told.add(str(error))
            if pause > self.waiting.poll:
                self.say(Step.TOO_BUSY, {"minutes": str(math.ceil(pause / 60))})
            else:
                self.say(Step.NO_ANSWER, {"reason": str(error)})
        return max(pause, self.waiting.poll)


def _grouped(digits: str) -> str:
    return " ".join(digits[start : start + 4] for start in range(0, len(digits), 4)).upper()
