"""Does a head follow from what is known? Pure: values in, a finding out.

Theory of operation
-------------------
Heads of one terminal come in the order in which they were signed; only the last ones before a loss
of the line come twice, and those are known by their digest and time. So what is lower than before
is no straggler.

A head is held against the newest that was believed. Its first kept line tells whether it is the
same log at all: line 1 can't change and can't come back once it was trimmed. Then its number must
not be lower, and one number has one digest: its own, and that of the line it says was told before.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from fleet.terminals.log_findings import Finding
from kiosk.audit.signed_head import Believed, SignedHead

KEPT_FOR: Final = timedelta(days=180)
"""Six months, for which network logs are kept (Cybersecurity Law, article 21)."""
LONGEST_GAP: Final = timedelta(hours=26)
"""Between two heads of an agent that runs: it signs hourly, and of those that wait for a broker the
last of each day stays."""
SKEW: Final = timedelta(minutes=5)
"""By which a clock that is kept right never differs."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Known:
    """What is believed of a terminal's log.

    Attributes:
        life: which log it is; another one begins with each break.
        sequence: number of its last line.
        digest: hash of that line.
        first: number of its first kept line.
        origin: hash of that line.
        at: when it was told, by the terminal's clock.
        certified_from: when the certificate begins that the newest head was signed with.
    """

    life: int
    sequence: int
    digest: str
    first: int
    origin: str
    at: datetime
    certified_from: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class Kept:
    """What the heads that were kept of this log say.

    Attributes:
        digest_of: the digest that was told of a line, none when it was not told.
        newest_below: when the newest head below a line was received; none when there is none.
    """

    digest_of: Callable[[int], str | None]
    newest_below: Callable[[int], datetime | None]


def judge(known: Known | None, new: Believed, kept: Kept, now: datetime) -> Finding | None:
    """Return what is wrong with a head, none when it follows; the first head of all does."""
    if known is None:
        return None
    if new.certified_from < known.certified_from:
        return Finding.FOREIGN
    head = new.head
    if _begun_anew(known, head):
        return Finding.BEGUN_ANEW
    return _changed(known, head, kept) or _thin(known, head, kept, now)


def _begun_anew(known: Known, head: SignedHead) -> bool:
    return head.first == 1 and (known.first != 1 or known.origin != head.origin)


def _changed(known: Known, head: SignedHead, kept: Kept) -> Finding | None:
    if head.sequence < known.sequence:
        return Finding.CUT
    if head.first < known.first or (head.first == known.first and head.origin != known.origin):
        return Finding.REWRITTEN
    if head.sequence == known.sequence and head.digest != known.digest:
        return Finding.REWRITTEN
    before = head.before
    if before is None:
        return None
    told = known.digest if before.sequence == known.sequence else kept.digest_of(before.sequence)
    return Finding.REWRITTEN if told not in {None, before.digest} else None


def _thin(known: Known, head: SignedHead, kept: Kept, now: datetime) -> Finding | None:
    if head.first > known.first:
        newest = kept.newest_below(head.first)
        if newest is not None and now - newest < KEPT_FOR:
            return Finding.TRIMMED_EARLY
    passed = datetime.fromisoformat(head.at) - known.at
    gap = min(passed, timedelta(seconds=head.run_s))
    return Finding.GAP if gap > LONGEST_GAP else None
