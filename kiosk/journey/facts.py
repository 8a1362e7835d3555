"""What devices and replies tell a journey: values that ride on intents.

No fact is ever logged.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from kiosk.domain.application import EnterpriseSignIn
from kiosk.domain.roster import Helped

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date, datetime

    from kiosk.domain.identity import Person, SignedEvidence
    from kiosk.domain.known import Known
    from kiosk.domain.receipt import Outcome, Printed


@dataclass(frozen=True, kw_only=True, slots=True)
class Shown:
    """The window was raised; ``how`` the visit before it broke, or None."""

    how: str | None = None
    local_no: str | None = None
    """What that visit had handed over before it broke."""
    certain: bool = True
    """False: it broke while handing over, and may have stored it or not."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Today:
    """The day it is here, and who can help now."""

    day: date
    helped: Helped = field(default_factory=Helped)


class Condition(StrEnum):
    """What a device can do now.  *Unknown* narrows nothing: it is not the same as bad."""

    READY = "ready"
    LOW = "low"
    OUT = "out"
    BROKEN = "broken"
    ABSENT = "absent"
    UNKNOWN = "unknown"

    @property
    def usable(self) -> bool:
        """True unless the device is known to be of no use."""
        return self in {Condition.READY, Condition.LOW, Condition.UNKNOWN}


@dataclass(frozen=True, kw_only=True, slots=True)
class Devices:
    """The conditions of all devices at one moment."""

    id_reader: Condition = Condition.UNKNOWN
    scanner: Condition = Condition.UNKNOWN
    printer: Condition = Condition.UNKNOWN
    camera: Condition = Condition.UNKNOWN
    sheets: Condition = Condition.ABSENT
    """The A4 printer; most terminals have none."""


class Power(StrEnum):
    """What the terminal runs on; *unknown*, as without a battery, narrows nothing."""

    MAINS = "mains"
    BATTERY = "battery"
    LOW = "low"
    """On the battery, and that is nearly empty."""
    UNKNOWN = "unknown"


@dataclass(frozen=True, kw_only=True, slots=True)
class Terminal:
    """How the machine itself is."""

    power: Power = Power.UNKNOWN
    opened: bool = False
    """A door of its cabinet is open, or somebody tampers with it."""

    @property
    def takes_visits(self) -> bool:
        """Whether a visit may begin: there is time to finish it, and nobody else at the machine."""
        return self.power not in {Power.BATTERY, Power.LOW} and not self.opened

    @property
    def must_end(self) -> bool:
        """Whether what is not handed over yet has to end now."""
        return self.power is Power.LOW or self.opened


class Intake(StrEnum):
    """What the unified intake can do for us now."""

    UNKNOWN = "unknown"
    UP = "up"
    DOWN = "down"
    OUTDATED = "outdated"
    """It answers and does not accept the catalogue of this terminal."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Card:
    """A card was read and the device host signed that it was."""

    person: Person
    evidence: SignedEvidence
    read_at: float | None = field(default=None, compare=False)
    """When by the monotonic clock, in seconds; None in a rehearsal."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Trouble:
    """Something did not work; ``reason`` names which sentence is true of it."""

    reason: str
    at: date | None = None
    """A day the sentence needs (a card's last day)."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Checked:
    """How a check between authorities came out; ``line`` is the intake's sentence."""

    state: str
    """``ok`` | ``not_found`` | ``unavailable``."""
    line: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Prefill:
    """What the intake could fetch."""

    values: Mapping[str, Known]
    sources: Mapping[str, str]
    """Source → ``ok`` | ``none`` | ``timeout`` | ``denied``."""
    checks: Mapping[str, Checked] = field(default_factory=dict)
    """By the code of an item."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Stored:
    """The agent committed the sealed submission."""

    local_no: str
    code: str
    """What the slip's code says: the address of the progress page."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Answer:
    """What became of a committed submission within the time a citizen waits."""

    outcome: Outcome
    """Only submitted, stored or refused: nobody at a terminal waits for more."""
    application_no: str | None = None
    items: tuple[tuple[str, str], ...] = ()
    """Item code and its number."""
    reason: str | None = None
    """Why it was refused: the intake's problem code."""
    at: datetime | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Print:
    """What the printer says of a slip: confirmed, denied, or it cannot tell."""

    printed: Printed
    reason: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Code:
    """Bytes that the scanner read, as they came."""

    data: bytes


@dataclass(frozen=True, kw_only=True, slots=True)
class Standing:
    """One item of an application, as the intake sees it."""

    name: str
    number: str
    state: str
    state_text: str
    at: str
    supplement: str = ""
    """What the citizen still has to hand in, in the department's words."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Progress:
    """Where an application stands."""

    application_no: str
    thing: str
    as_of: str
    items: tuple[Standing, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Mine:
    """The applications of the person whose card was read, newest first."""

    applications: tuple[Progress, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Sight:
    """What the document camera sees at this moment."""

    found: bool
    """There is a page (or card) in the picture."""
    complete: bool
    """All four corners are in the picture."""
    sharp: bool
    glare_free: bool
    lit: bool
    """There is light enough."""

    @property
    def good(self) -> bool:
        """A picture taken now would do."""
        return self.found and self.complete and self.sharp and self.glare_free and self.lit


@dataclass(frozen=True, kw_only=True, slots=True)
class Taken:
    """A picture was taken and straightened; its bytes stay with the session."""

    picture: str
    """Id of the picture at the camera."""
    sha256: str
    size: int
    """Bytes."""
    width: int
    height: int
    """Pixels."""
    faults: tuple[str, ...] = ()
    """``no_page``, ``cut``, ``blurred``, ``glare``, ``dark``; empty when it will do."""


@dataclass(frozen=True, kw_only=True, slots=True)
class CardRead:
    """What was read from the picture of a bank card."""

    number: str
    """Empty when it could not be read."""
    bank: str = ""
    """Name of the bank as printed, or empty."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Stroke:
    """One line of a signature: points from 0 to 1 of the field, and seconds since its first."""

    points: tuple[tuple[float, float, float], ...]


Fact = (
    Shown
    | Today
    | Devices
    | Terminal
    | Intake
    | Card
    | Trouble
    | Prefill
    | Stored
    | Answer
    | Print
    | Code
    | EnterpriseSignIn
    | Progress
    | Mine
    | Sight
    | Taken
    | CardRead
    | Stroke
)
