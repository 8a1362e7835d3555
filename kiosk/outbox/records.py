"""What the store takes and tells."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Self

from cryptography.utils import Buffer


class State(StrEnum):
    """Where a submission stands.

    ``stored`` waits for its turn, ``sending`` is with a forwarder, ``submitted`` has the
    intake's number and is only a tombstone, ``refused`` was turned down for good and is
    held, whole, for staff.
    """

    STORED = "stored"
    SENDING = "sending"
    SUBMITTED = "submitted"
    REFUSED = "refused"


@dataclass(frozen=True, kw_only=True, slots=True)
class Parcel:
    """A sealed submission on its way into the store.

    Attributes:
        submission_id: UUID made with the submission.
        visit: id of the visit that made it; only that visit may ask about it.
        local_no: the number on the slip.
        thing: code of the thing, for the staff's list; forgotten with the bytes.
        fingerprint: names exactly these bytes; the same id with another is a conflict.
        pieces: the sealed bytes in order, any bytes-like objects.
        jurisdiction: GB/T 2260 code of the place it is filed in; empty: the terminal's own.
    """

    submission_id: str
    visit: str
    local_no: str
    thing: str
    fingerprint: str
    pieces: Sequence[Buffer]
    jurisdiction: str = ""

    @property
    def size(self) -> int:
        """Sealed bytes."""
        return sum(memoryview(piece).nbytes for piece in self.pieces)

    def values(self) -> dict[str, object]:
        """Return the columns of its row, the time excepted."""
        return {
            "submission_id": self.submission_id,
            "visit": self.visit,
            "local_no": self.local_no,
            "thing": self.thing,
            "fingerprint": self.fingerprint,
            "size": self.size,
            "jurisdiction": self.jurisdiction,
        }


@dataclass(frozen=True, kw_only=True, slots=True)
class Entry:
    """A submission whose turn has come.

    Attributes:
        row: the store's own key.
        attempts: attempts before this one.
        size: sealed bytes.
        last_error: why the last attempt failed, or None.
        created_at: seconds since 1970 by the terminal's clock.
        jurisdiction: GB/T 2260 code of the place it is for; empty: the terminal's own.
    """

    row: int
    submission_id: str
    local_no: str
    fingerprint: str
    size: int
    attempts: int
    last_error: str | None
    created_at: float
    jurisdiction: str = ""

    @classmethod
    def of(cls, row: int, found: tuple[Any, ...]) -> Self:
        """Read the columns of `kiosk.outbox.statements.ENTRY`."""
        submission_id, local_no, fingerprint, size, attempts, last_error, created_at, place = found
        return cls(
            row=row,
            submission_id=submission_id,
            local_no=local_no,
            fingerprint=fingerprint,
            size=size,
            attempts=attempts,
            last_error=last_error,
            created_at=created_at,
            jurisdiction=place,
        )


@dataclass(frozen=True, kw_only=True, slots=True)
class Numbers:
    """What the intake answered.

    Attributes:
        application_no: number of the whole application.
        items: one ``{"item", "no"}`` an item.
        received_at: the intake's time, RFC 3339.
        envelope_digest: SHA-256 of the envelope that was filed, hexadecimal.
    """

    application_no: str
    items: Sequence[Mapping[str, str]]
    received_at: str
    envelope_digest: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Status:
    """What the visit that made a submission may know about it."""

    submission_id: str
    visit: str
    state: State
    application_no: str | None
    items: Sequence[Mapping[str, str]]
    reason: str | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Waiting:
    """One line of the staff's list: no name, no field, no thing.

    ``held`` is why staff stopped its delivery, or None; ``jurisdiction`` the place it is for,
    empty for the terminal's own.
    """

    local_no: str
    state: State
    age_s: int
    attempts: int
    first_error: str | None
    last_error: str | None
    held: str | None = None
    jurisdiction: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Place:
    """What is owed to one place: how many, and the age in seconds of the oldest."""

    owed: int
    oldest_s: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Counts:
    """What staff and the centre see of the store.

    Attributes:
        by_state: entries in each state.
        sealed_bytes: bytes of submissions not yet erased.
        oldest_s: age in seconds of the oldest one that is owed, or None.
        waiting: each one that is not submitted, oldest first.
        places: what is owed to each jurisdiction; an empty code is the terminal's own.
    """

    by_state: Mapping[State, int]
    sealed_bytes: int
    oldest_s: int | None
    waiting: Sequence[Waiting] = field(default=())
    places: Mapping[str, Place] = field(default_factory=dict)
