"""The settings' shape: every key, its unit and the range in which it is safe."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, PrivateAttr, StringConstraints, model_validator

Words = Annotated[str, StringConstraints(min_length=1, max_length=60)]
Division = Annotated[str, StringConstraints(pattern=r"^[0-9]{6}$")]
Url = Annotated[str, StringConstraints(pattern=r"^https?://[^\s/]+(/[^\s]*)?$")]

GroupName = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9-]{0,63}$")]

SiteKind = Literal["hall", "bank", "post", "telecom", "park", "mall", "building"]
ThingCode = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9-]{1,40}$")]
Hour = Annotated[str, StringConstraints(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$")]
Phone = Annotated[str, StringConstraints(pattern=r"^[0-9][0-9-]{2,19}$")]
Hours = Annotated[
    str,
    StringConstraints(
        pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]-(([01][0-9]|2[0-3]):[0-5][0-9]|24:00)$"
    ),
]

_MIB = 1024 * 1024


@dataclass(frozen=True, kw_only=True, slots=True)
class Origin:
    """The layer, file and line that gave a value, and the value it gave."""

    file: Path
    line: int
    layer: str = ""
    value: object = None

    def __str__(self) -> str:
        return f"{self.file}:{self.line}"


class _Group(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Terminal(_Group):
    """Which machine this is."""

    id: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9-]{3,31}$")]
    name: Words
    site_name: Words


class Display(_Group):
    """The screen; ``px_per_mm`` turns the sizes of the look, in millimetres, into pixels.

    ``touch`` is the X server's name of the device that feels fingers, where more than one does.
    """

    width: Annotated[int, Field(ge=600, le=7680)]
    height: Annotated[int, Field(ge=600, le=7680)]
    px_per_mm: Annotated[float, Field(ge=1.5, le=20, allow_inf_nan=False)]
    touch: Annotated[str, StringConstraints(max_length=80)] = ""
    """Has a default: releases that are in force already do not say it."""


class Timeouts(_Group):
    """Waits in seconds: idle before the warning, the warning, the number."""

    idle: Annotated[int, Field(ge=20, le=600)]
    warning: Annotated[int, Field(ge=20, le=120)]
    submit_wait: Annotated[int, Field(ge=1, le=60)]


class Intake(_Group):
    """The unified intake: its API for terminals, and its public pages on slips.

    ``by_jurisdiction``: API of the intake of another jurisdiction than the terminal's own, for
    what is filed there; ``enrol_url``: the centre's desk where this terminal gets its certificate.
    """

    api_url: Url
    public_url: Url
    enrol_url: Url | None = None
    by_jurisdiction: dict[Division, Url] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _api_is_encrypted(self) -> Self:
        if not all(url.startswith("https://") for url in self.api_urls):
            raise ValueError("api_url has to be https: citizens' data goes there")
        if self.enrol_url is not None and not self.enrol_url.startswith("https://"):
            raise ValueError("enrol_url has to be https: the terminal's identity comes from there")
        return self

    @property
    def api_urls(self) -> tuple[str, ...]:
        """Every address that applications may go to."""
        return (self.api_url, *self.by_jurisdiction.values())


class Contact(_Group):
    """A desk or line that citizens can call, and when somebody answers there, in legal time.

    ``workdays`` are those of the jurisdiction's calendar, weekends that are worked in exchange
    among them; ``weekends`` are Saturdays and Sundays that are neither worked nor a holiday. A day
    whose kind has no hours: nobody answers; no hours at all: it is not known when, and the number
    is told without any. A night is 20:00-24:00 and 00:00-08:00.
    """

    name: Annotated[str, StringConstraints(min_length=1, max_length=16)]
    phone: Phone
    workdays: Annotated[tuple[Hours, ...], Field(max_length=4)] = ()
    weekends: Annotated[tuple[Hours, ...], Field(max_length=4)] = ()
    holidays: Annotated[tuple[Hours, ...], Field(max_length=4)] = ()

    @model_validator(mode="after")
    def _hours_follow_on_one_another(self) -> Self:
        for hours in (self.workdays, self.weekends, self.holidays):
            marks = [mark for span in sorted(hours) for mark in span.split("-")]
            begun, ended = marks[::2], marks[1::2]
            short = any(one >= other for one, other in zip(begun, ended, strict=True))
            if short or any(one > other for one, other in zip(ended, begun[1:], strict=False)):
                raise ValueError("hours end after they begin and do not overlap: 08:30-12:00")
        return self


class StaffContact(Contact):
    """Whom staff ring when the steps against a fault did not help: ``who`` is of the fault."""

    who: Literal["vendor", "network", "centre", "electrician", "guard"]


class Help(_Group):
    """Whom a citizen can call, and when somebody answers there (empty: nobody said).

    ``roster``: who answers when, most wanted first; with it screen and paper say who can help now,
    or when somebody can next, and ``phone`` and ``hours`` stand where that is not known. A layer
    that says another ``phone`` than a layer below has in its roster takes that roster's place, too,
    and that of hours from below.
    ``attended``: when staff are there, a sentence about the place and not about any telephone.
    ``staff``: whom those who look after the terminal ring, in the same way; never a person's name.
    """

    phone: Phone
    hours: Annotated[str, StringConstraints(max_length=40)]
    attended: Annotated[str, StringConstraints(max_length=40)] = ""
    """Has a default: releases that are in force already do not say it."""
    roster: Annotated[tuple[Contact, ...], Field(max_length=8)] = ()
    """The same."""
    staff: Annotated[tuple[StaffContact, ...], Field(max_length=16)] = ()
    """The same."""


class Idle(_Group):
    """What stands on the screen while nobody is there; empty: the usual words.

    ``greeting``: its title; ``first``: codes of things that are named before the others.
    """

    greeting: Annotated[str, StringConstraints(max_length=24)]
    first: Annotated[tuple[ThingCode, ...], Field(max_length=8)]


class Sound(_Group):
    """What is heard, in per cent of the machine's volume, and at which hours less.

    ``speech``: whether the screen is read out, and where: on a headset it is for one person alone.
    """

    volume: Annotated[int, Field(ge=0, le=100)]
    night_volume: Annotated[int, Field(ge=0, le=100)]
    night_begins: Hour
    night_ends: Hour
    speech: Literal["off", "headset", "loudspeaker"]


class Privacy(_Group):
    """How exposed a citizen is here, and what follows.

    ``risk``: of being watched, by who walks past (high: a mall); ``withheld``: codes of things that
    are told of here and not filed; ``second_person``: warn who signs in that somebody may look on.
    """

    risk: Literal["low", "medium", "high"]
    withheld: Annotated[tuple[ThingCode, ...], Field(max_length=64)]
    second_person: bool

    @model_validator(mode="after")
    def _exposed_is_warned(self) -> Self:
        if self.risk == "high" and not self.second_person:
            raise ValueError("second_person has to be on where risk is high")
        return self


class Printers(_Group):
    """Which printers a terminal of this kind has; the doctor asks after them."""

    receipt: bool
    a4: bool


class Release(_Group):
    """Where releases come from, for which group this terminal is, and how long one is on trial.

    ``url``: of the published directory; empty: releases come by stick alone. ``trial_seconds``: a
    release that makes the terminal ill within them is taken back.
    """

    url: Annotated[str, StringConstraints(pattern=r"^(https?://[^\s/]+(/[^\s]*)?)?$")]
    group: Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]{0,30}$")]
    trial_seconds: Annotated[int, Field(ge=60, le=86400)]


class Retention(_Group):
    """How long numbers and times (never contents) of sent submissions are kept."""

    tombstones_days: Annotated[int, Field(ge=30, le=3650)]


class Outbox(_Group):
    """Room for sealed submissions, in bytes."""

    max_bytes: Annotated[int, Field(ge=16 * _MIB)]
    min_free_bytes: Annotated[int, Field(ge=16 * _MIB)]


class Power(_Group):
    """What to do without mains, on a terminal that has a UPS.

    ``battery_seconds``: without a visit for so long, the terminal shuts down; ``shutdown``: the
    operating system's command for it, program and arguments; empty: nothing is run.
    """

    battery_seconds: Annotated[int, Field(ge=30, le=7200)]
    shutdown: Annotated[
        list[Annotated[str, StringConstraints(min_length=1, max_length=200)]], Field(max_length=8)
    ]


Command = Annotated[
    list[Annotated[str, StringConstraints(min_length=1, max_length=200)]], Field(max_length=32)
]
"""Program and arguments, run without a shell; empty: there is none on this machine."""


class Maintenance(_Group):
    """What staff do at the machine itself.

    ``stick``: where the operating system mounts a USB stick; ``stick_folder``: a plain directory
    there will do, at a desk alone; ``restart`` and ``shut_down``: the system's commands for both;
    ``update``: the command that installs a release from the stick; ``training``: one that runs
    as long as somebody learns; ``clock``: one that sets the clock, ``{}`` in it is ``step`` or
    the seconds since 1970;
    ``idle`` seconds without a touch after which maintenance is left.
    """

    stick: Annotated[str, StringConstraints(pattern=r"^/[^\s]{1,200}$")]
    stick_folder: bool = False
    """Has a default: releases that are in force already do not say it."""
    restart: Command
    shut_down: Command
    update: Command = Field(default_factory=list)
    """The same."""
    training: Command = Field(default_factory=list)
    """The same."""
    clock: Command = Field(default_factory=list)
    """The same."""
    idle: Annotated[int, Field(ge=60, le=1800)]


class Centre(_Group):
    """Who administers the terminal from afar; without a host nobody does.

    ``bus_host`` and ``bus_port``: its MQTT broker, reached by TLS alone; ``groups``: what the
    terminal belongs to besides ``all``, such as a ring.
    """

    bus_host: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9.:-]{0,253}$")]
    bus_port: Annotated[int, Field(ge=1, le=65535)]
    groups: Annotated[tuple[GroupName, ...], Field(max_length=16)]


class Settings(_Group):
    """All settings of one terminal; make them with :func:`kiosk.settings.load`.

    ``form`` is of the document, not of the terminal: see :mod:`kiosk.settings.forms`.
    """

    form: Literal[1] = 1

    site: SiteKind
    jurisdiction: Annotated[str, StringConstraints(pattern=r"^[0-9]{6}$")]
    terminal: Terminal
    display: Display
    timeouts: Timeouts
    intake: Intake
    help: Help
    retention: Retention
    outbox: Outbox
    power: Power
    maintenance: Maintenance
    centre: Centre
    idle: Idle
    sound: Sound
    privacy: Privacy
    printers: Printers
    release: Release

    @model_validator(mode="after")
    def _nothing_private_is_said_aloud(self) -> Self:
        if self.privacy.risk != "low" and self.sound.speech == "loudspeaker":
            raise ValueError(f"sound.speech: headset or off where risk is {self.privacy.risk}")
        return self

    _origins: dict[str, tuple[Origin, ...]] = PrivateAttr(default_factory=dict)

    def origin(self, key: str) -> Origin:
        """Return where the value of a dotted key came from: ``display.px_per_mm``.

        Raises:
            KeyError: no file gave such a value (built in, or no such key).
        """
        return self._origins[key][-1]

    def said(self, key: str) -> tuple[Origin, ...]:
        """Return what every layer said of a dotted key, the lowest first; none: built in."""
        return self._origins.get(key, ())

    def remember(self, origins: Mapping[str, Sequence[Origin]]) -> None:
        """Keep where values came from; called once, by the loader."""
        self._origins.update({key: tuple(own) for key, own in origins.items()})
