"""The terminal signs how far its log reaches, and has the centre told.

Theory of operation
-------------------
A head is signed when the agent has begun, when a day of the hall has turned, when the line to the
centre came back, when `EVERY_S` have passed, and before the agent stops: by the clock and not by
events, so that a log that stands still is told too. Each says what the log has now at the line that
was told before (`kiosk.audit.signed_head`).

Heads wait in one small file until the broker has taken them, also through restarts, for weeks
without a broker: what was true on Monday proves on Friday what was cut on Wednesday. The file does
not grow: of older ones the last of each day stays, and never more than `MOST` in all. A disk that
takes no file lets them wait in memory.

At its start the terminal holds the log against the head that it signed last; what does not follow
is an event of its own, whatever the centre says later.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Final, Protocol

import structlog

from kiosk.agent.reporting.tally import HALL
from kiosk.audit import AuditBroken, Event, Head
from kiosk.audit.reading import beginning, line_at
from kiosk.audit.signed_head import HeadRefused, Letter, SignedHead, Told, instant, sign
from kiosk.crypto.provision import write_private

EVERY_S: Final = 3600.0
APART_S: Final = 60.0
"""At least between two heads: a line that comes and goes is no reason for more."""
MOST: Final = 64
RECENT: Final = 8
"""Newest ones that wait as they are."""
FILE: Final = "heads.json"
_NOT_FOLLOWED: Final = Event("audit_not_followed")

log = structlog.get_logger()


class Sent(Protocol):
    """A message on its way."""

    def is_published(self) -> bool:
        """Say whether the broker has it."""


Post = Callable[[bytes], Sent | None]
"""Sends a letter; none when there is no line."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Proofs:
    """What heads are made of.

    Attributes:
        terminal: its id.
        directory: of the log's files.
        head: tells how far the log reaches, as its writer knows it.
        key: returns private key and certificate (PEM) as they are now; raises `OSError`.
        note: takes an event and its fields for the log.
    """

    terminal: str
    directory: Path
    head: Callable[[], Head]
    key: Callable[[], tuple[bytes, bytes]]
    note: Callable[..., None]


@dataclass(slots=True)
class _Waiting:
    letter: Letter
    at: datetime
    sent: Sent | None = None


class Heads:
    """A terminal's heads: one thread calls `do`."""

    def __init__(
        self, path: Path, proofs: Proofs, post: Post, *, clock: Callable[[], float] = time.monotonic
    ) -> None:
        """Take up what waits, and hold the log against what was signed last.

        Args:
            path: file of what waits.
            proofs: what heads are made of.
            post: sends a letter.
            clock: seconds that only go forward.
        """
        self._path, self._own, self._post, self._clock = path, proofs, post, clock
        self._began = clock()
        self._signed_at = float("-inf")
        self._day = datetime.now(HALL).date()
        self._connected = False
        self._trouble = ""
        self._last, self._waiting = _kept(path)
        self._hold()

    @property
    def waiting(self) -> int:
        """How many the broker has not taken yet."""
        return len(self._waiting)

    def do(self, *, connected: bool) -> None:
        """Sign what is due, and send what waits."""
        came, self._connected = connected and not self._connected, connected
        if self._due(came=came):
            self._sign()
        if connected:
            self._send(anew=came)

    def stop(self) -> None:
        """Sign a last one, and send what waits as far as it goes at once."""
        self._sign()
        if self._connected:
            self._send(anew=False)

    def _due(self, *, came: bool) -> bool:
        since = self._clock() - self._signed_at
        if since < APART_S:
            return False
        return came or since >= EVERY_S or datetime.now(HALL).date() != self._day

    def _sign(self) -> None:
        now = datetime.now(UTC)
        head = self._own.head()
        self._signed_at, self._day = self._clock(), now.astimezone(HALL).date()
        if not head.sequence:
            return
        try:
            letter = self._made(head, now)
        except (OSError, EOFError, ValueError, AuditBroken) as error:
            self._wrong(error)
            self._signed_at += APART_S - EVERY_S  # tried again soon, not in an hour
            return
        self._trouble = ""
        self._last = head
        self._waiting = thinned([*self._waiting, _Waiting(letter=letter, at=now)])
        self._keep()

    def _made(self, head: Head, now: datetime) -> Letter:
        first = beginning(self._own.directory)
        if first is None:
            raise FileNotFoundError(self._own.directory)
        own = SignedHead(
            terminal=self._own.terminal,
            sequence=head.sequence,
            digest=head.digest,
            first=first.sequence,
            origin=first.digest,
            before=self._before(head),
            at=instant(now),
            run_s=max(0, int(self._clock() - self._began)),
        )
        return sign(own, *self._own.key())

    def _before(self, head: Head) -> Told | None:
        """Return what the log says now of the line that was told last."""
        last = self._last
        if last is None or last.sequence > head.sequence:
            return None
        found = line_at(self._own.directory, last.sequence)
        return None if found is None else Told(sequence=found.sequence, digest=found.digest)

    def _hold(self) -> None:
        """Say whether the log still has what was signed last."""
        if self._last is None:
            return
        try:
            found = line_at(self._own.directory, self._last.sequence)
        except (OSError, EOFError, AuditBroken):
            found = None
        if found != self._last:
            self._own.note(_NOT_FOLLOWED, sequence=self._last.sequence)

    def _send(self, *, anew: bool) -> None:
        """Send what is not on its way, and forget what the broker has."""
        left = [one for one in self._waiting if one.sent is None or not one.sent.is_published()]
        gone = len(self._waiting) - len(left)
        for one in left:
            if one.sent is None or anew:
                one.sent = self._post(one.letter.to_bytes(datetime.now(UTC)))
        self._waiting = left
        if gone:
            self._keep()

    def _keep(self) -> None:
        told = {
            "last": None
            if self._last is None
            else {"sequence": self._last.sequence, "digest": self._last.digest},
            "waits": [
                {"at": one.at.isoformat(), **one.letter.as_object()} for one in self._waiting
            ],
        }
        try:
            write_private(self._path, json.dumps(told).encode())
        except OSError as error:  # they wait in memory
            self._wrong(error)

    def _wrong(self, error: Exception) -> None:
        if type(error).__name__ != self._trouble:
            self._trouble = type(error).__name__
            log.warning("head_not_signed", problem=self._trouble)


def thinned(waiting: list[_Waiting]) -> list[_Waiting]:
    """Return what goes on waiting: the newest as they are, before them the last of each day.

    In the order in which they were signed, whatever the clock did meanwhile.
    """
    older, recent = waiting[:-RECENT], waiting[-RECENT:]
    by_day: dict[date, _Waiting] = {}
    for one in older:
        day = one.at.astimezone(HALL).date()
        by_day.pop(day, None)  # a day that comes again stands where it came last
        by_day[day] = one
    return [*by_day.values(), *recent][-MOST:]


def _kept(path: Path) -> tuple[Head | None, list[_Waiting]]:
    """Read the file; one that can't be read is none: the next head tells the same."""
    try:
        told = json.loads(path.read_bytes())
        last = told["last"]
        head = None if last is None else Head(sequence=last["sequence"], digest=last["digest"])
        waiting = [
            _Waiting(letter=Letter.of(one), at=datetime.fromisoformat(one["at"]))
            for one in told["waits"]
        ]
    except FileNotFoundError:
        return None, []
    except (OSError, ValueError, LookupError, TypeError, HeadRefused) as error:
        log.warning("heads_unusable", problem=type(error).__name__)
        return None, []
    return head, waiting
