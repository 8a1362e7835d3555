"""The state a terminal reports: versions, devices, what waits, the day's counts, the machine.

Every text is a word of a closed list or has the shape of a version or an identifier of ours, and
every number has a range: there is no place in which a citizen's data could stand, whoever fills it.
"""

from __future__ import annotations

import re
from enum import StrEnum
from typing import Annotated, Final

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationError,
)

LIMIT: Final = 16 * 1024
"""Most bytes of a state."""


def _no_number_of_a_person(value: str) -> str:
    """Refuse what could be a telephone or identity number: eleven digits in a row."""
    if re.search(r"\d{11}", value):
        raise ValueError("eleven digits in a row")
    return value


_OURS = AfterValidator(_no_number_of_a_person)
Version = Annotated[str, StringConstraints(pattern=r"^[0-9A-Za-z][0-9A-Za-z.+-]{0,39}$"), _OURS]
Name = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9-]{0,63}$"), _OURS]
FaultId = Annotated[str, StringConstraints(pattern=r"^[a-z0-9_]{2,30}\.[a-z_]{2,20}$")]
Word = Annotated[str, StringConstraints(pattern=r"^[a-z][A-Za-z_]{1,29}$")]
LookWord = Annotated[str, StringConstraints(pattern=r"^(ok|release\.[a-z_]{2,20})$")]
Count = Annotated[int, Field(ge=0, le=10_000_000)]
Instant = Annotated[str, StringConstraints(pattern=r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$")]


class StateError(ValueError):
    """The bytes are no state; whoever sent them is not our software, or a newer one."""


class Service(StrEnum):
    """What a citizen finds."""

    FREE = "free"
    VISITED = "visited"
    MAINTAINED = "maintained"
    OUT = "out"
    """Out of service, by staff, by the centre or because something is missing."""
    UNKNOWN = "unknown"


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class Versions(_Part):
    """What is installed and in force."""

    software: Version
    release: Version | None = None
    """Of the signed release; none before the first one."""
    catalogue: Version | None = None


class Update(_Part):
    """How releases fare here: which are wanted, which is in force, how far the newest one is."""

    group: Name | None = None
    """Whose releases this terminal takes."""
    version: Count = 0
    """With which the release in force was offered; 0: it came with the program."""
    seen: Count = 0
    """The newest version of the group that was seen signed."""
    look: LookWord | None = None
    """How the last look for a release ended: ``ok`` or an error's code."""
    wanted: Version | None = None
    """Name of the newest release that was tried."""
    wanted_version: Count = 0
    step: Word | None = None
    """How far that one is (`kiosk.release.course.Stage`)."""
    why: Word | None = None
    """Why it was refused or taken back (`kiosk.release.reasons.Reason`)."""
    since: Instant | None = None
    """When the step began."""


class Device(_Part):
    """One device, in the standard's words (XFS4IoT)."""

    device: Name
    word: Word
    paper: Word | None = None
    toner: Word | None = None


class Outbox(_Part):
    """What has not reached the intake."""

    waiting: Count = 0
    refused: Count = 0
    held: Count = 0
    oldest_s: Count = 0


class ThingDay(_Part):
    """What became of the visits for one thing."""

    thing: Name
    visits: Count
    filed: Count = 0
    seconds: Count = 0
    """Of the filed ones together, from the first touch to the end."""


class LeftAt(_Part):
    """How many visits with a thing ended on a page without being filed."""

    page: Word
    visits: Count


class Day(_Part):
    """Counts since midnight of the terminal's own day."""

    visits: Count = 0
    submitted: Count = 0
    abandoned: Count = 0
    timed_out: Count = 0
    crashed: Count = 0
    slips_missing: Count = 0
    ratings: Annotated[tuple[Count, ...], Field(min_length=5, max_length=5)] = (0, 0, 0, 0, 0)
    """How often each grade was given, from very dissatisfied to very satisfied."""
    hours: Annotated[tuple[Count, ...], Field(min_length=24, max_length=24)] = (0,) * 24
    """Visits begun in each hour."""
    things: Annotated[tuple[ThingDay, ...], Field(max_length=64)] = ()
    left: Annotated[tuple[LeftAt, ...], Field(max_length=40)] = ()


class Machine(_Part):
    """What the software stands on."""

    disk_free_mb: Count | None = None
    memory_free_mb: Count | None = None
    degrees: Annotated[int, Field(ge=-60, le=150)] | None = None
    clock_ahead_ms: Annotated[int, Field(ge=-(10**12), le=10**12)] | None = None
    """How far the terminal's clock is before the intake's; negative behind."""
    up_s: Count | None = None


class Reported(_Part):
    """Everything a terminal tells of itself."""

    schema_version: Annotated[int, Field(ge=1, le=1)] = 1
    terminal: Name
    sequence: Annotated[int, Field(ge=0, le=2**53)]
    """Grows with every state of one start; the time orders states of different starts."""
    at: Instant
    service: Service
    faults: Annotated[tuple[FaultId, ...], Field(max_length=64)] = ()
    """Worst first."""
    versions: Versions
    update: Update = Update()
    devices: Annotated[tuple[Device, ...], Field(max_length=32)] = ()
    outbox: Outbox = Outbox()
    day: Day = Day()
    machine: Machine = Machine()

    def to_bytes(self) -> bytes:
        """Return compact JSON."""
        return self.model_dump_json(exclude_none=True).encode()

    @classmethod
    def parse(cls, data: bytes) -> Reported:
        """Read a state.

        Raises:
            StateError: too long, not JSON, or with anything that does not belong there.
        """
        if len(data) > LIMIT:
            raise StateError(f"{len(data)} bytes")
        try:
            return cls.model_validate_json(data)
        except ValidationError as error:
            first = error.errors(include_url=False, include_input=False)[0]
            place = ".".join(map(str, first["loc"]))
            raise StateError(f"{place}: {first['type']}") from None
