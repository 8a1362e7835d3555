"""What intents of maintenance mode bring: frozen, typed, of the terminal and of staff alone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from kiosk.journey.view_parts import Text
from kiosk.maintenance.staff import Right, Role

Payload = Mapping[str, object]


@dataclass(frozen=True, kw_only=True, slots=True)
class Begun:
    """Maintenance is open, the devices are handed over; nobody is known yet."""

    terminal: str
    known: bool
    """Somebody is on the list of staff."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Denied:
    """A card, a code or a PIN was not taken."""

    reason: str
    left: int = 0
    wait_s: int = 0


@dataclass(frozen=True, kw_only=True, slots=True)
class SignedIn:
    """Who it is."""

    work_no: str
    role: Role
    rights: frozenset[Right]


@dataclass(frozen=True, kw_only=True, slots=True)
class Statuses:
    """What each device of `faults.DEVICES` with a service says; ``None``: it does not answer."""

    devices: Mapping[str, Payload | None]
    models: Mapping[str, Payload] = field(default_factory=dict)
    """What each says of itself: the capabilities' ``common``."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Waits:
    """One submission that waits."""

    local_no: str
    state: str
    age_s: int
    reason: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Looked:
    """What the agent tells of the terminal."""

    out: tuple[str, str] | None = None
    """Reason and until, while it is out of service."""
    waiting: tuple[Waits, ...] = ()
    submitted: int = 0
    unprinted: int = 0
    """Slips of today that did not print."""
    sound: int = 7
    brightness: int = 7
    version: str = ""
    stick: bool = False
    orders: frozenset[str] = frozenset()
    """What the operating system may be told: restart, shut_down."""
    checked: tuple[str, str] | None = None
    """When and by whom the last opening check was made."""
    failed: int = 0
    """Steps of today's last opening check that failed."""
    left: int = 0
    """Steps of it that were not done."""
    steps: Mapping[str, str] = field(default_factory=dict)
    """How each step of it ended."""
    passed_at: Mapping[str, str] = field(default_factory=dict)
    """When each that passed did so, in ISO 8601; those of which it is known."""
    passed_by: Mapping[str, str] = field(default_factory=dict)
    """The work number under which each of those passed."""
    reasons: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    """Why a step failed and what to do about it: keys of the words, either may be empty."""
    stands: tuple[str, ...] = ()
    """Faults by their ids that events began, such as a copied card."""
    lost: bool = False
    """The agent did not answer: what it tells by the minute is not known."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Found:
    """A finding of ``kiosk doctor``."""

    check: str
    case: str
    verdict: str
    values: Mapping[str, str | int] = field(default_factory=dict)
    told: str = ""
    fix: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Examined:
    """All findings; empty when the doctor could not be asked."""

    findings: tuple[Found, ...]
    verdict: str = "unknown"
    at: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Did:
    """How something ended that was asked for."""

    well: bool
    told: Text
    hint: Text | None = None
    result: str = "failed"
    """What the log has of an end that was not well."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Slip:
    """Where a local number stands: a state of the agent's, or why there is none.

    That is none, not_looked_up, or set_aside: it may be in a damaged file that waits here.
    """

    local_no: str
    state: str
    age_s: int = 0
    reason: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Words:
    """What a person has to do now."""

    told: Text


@dataclass(frozen=True, kw_only=True, slots=True)
class OnStick:
    """What is on the stick: ``new`` can be installed; any other word says why there is nothing."""

    word: str
    name: str = ""
    digest: str = ""
    built: str = ""
    """When it was made, for reading; empty: it does not say."""
    now: str = ""
    """The release in force; empty: what the program was installed with."""
    changes: Mapping[str, int] = field(default_factory=dict)
    """How many files are others than now, by area."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Trouble:
    """A kind of trouble of a device: when last, the event and its reason, how often in a week."""

    at: str
    event: str
    reason: str
    times: int = 1


@dataclass(frozen=True, kw_only=True, slots=True)
class History:
    """What the log has of a device."""

    part: str
    counts: Mapping[str, int] = field(default_factory=dict)
    """Of today: ``today`` (it worked), ``failed``."""
    troubles: tuple[Trouble, ...] = ()
    """Newest first."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Now:
    """What time it is here, of the hall's zone."""

    at: datetime


Fact = (
    Begun
    | Denied
    | SignedIn
    | Statuses
    | Looked
    | Examined
    | Did
    | Slip
    | Words
    | OnStick
    | History
    | Now
)
