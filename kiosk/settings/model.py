"""The settings' shape: every key, its unit and the range in which it is safe."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, PrivateAttr, StringConstraints, model_validator

Words = Annotated[str, StringConstraints(min_length=1, max_length=60)]
Url = Annotated[str, StringConstraints(pattern=r"^https?://[^\s/]+(/[^\s]*)?$")]

GroupName = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9-]{0,63}$")]

_MIB = 1024 * 1024


@dataclass(frozen=True, kw_only=True, slots=True)
class Origin:
    """The file and line that gave a value."""

    file: Path
    line: int

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
    """The screen; ``px_per_mm`` turns the sizes of the look, in millimetres, into pixels."""

    width: Annotated[int, Field(ge=600, le=7680)]
    height: Annotated[int, Field(ge=600, le=7680)]
    px_per_mm: Annotated[float, Field(ge=1.5, le=20, allow_inf_nan=False)]


class Timeouts(_Group):
    """Waits in seconds: idle before the warning, the warning, the number."""

    idle: Annotated[int, Field(ge=20, le=600)]
    warning: Annotated[int, Field(ge=20, le=120)]
    submit_wait: Annotated[int, Field(ge=1, le=60)]


class Intake(_Group):
    """The unified intake: its API for terminals, and its public pages on slips."""

    api_url: Url
    public_url: Url

    @model_validator(mode="after")
    def _api_is_encrypted(self) -> Self:
        if not self.api_url.startswith("https://"):
            raise ValueError("api_url has to be https: citizens' data goes there")
        return self


class Help(_Group):
    """Whom a citizen can call."""

    phone: Annotated[str, StringConstraints(pattern=r"^[0-9][0-9-]{2,19}$")]


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
    list[Annotated[str, StringConstraints(min_length=1, max_length=200)]], Field(max_length=8)
]
"""Program and arguments, run without a shell; empty: there is none on this machine."""


class Maintenance(_Group):
    """What staff do at the machine itself.

    ``stick``: where the operating system mounts a USB stick; ``restart`` and ``shut_down``: its
    commands for both; ``idle`` seconds without a touch after which maintenance is left.
    """

    stick: Annotated[str, StringConstraints(pattern=r"^/[^\s]{1,200}$")]
    restart: Command
    shut_down: Command
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
    """All settings of one terminal; make them with :func:`kiosk.settings.load`."""

    site: Literal["hall", "bank", "post", "telecom", "park", "mall", "building"]
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

    _origins: dict[str, Origin] = PrivateAttr(default_factory=dict)

    def origin(self, key: str) -> Origin:
        """Return where the value of a dotted key came from: ``display.px_per_mm``.

        Raises:
            KeyError: no file gave such a value (built in, or no such key).
        """
        return self._origins[key]

    def remember(self, origins: Mapping[str, Origin]) -> None:
        """Keep where values came from; called once, by the loader."""
        self._origins.update(origins)
