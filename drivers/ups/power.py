"""What a UPS says of the mains, and when to believe it. Pure.

One reading can be a glitch of the line, of the cable or of the UPS; who shuts a terminal down for
it takes it away from a citizen.  So a state holds once `ENOUGH` readings in a row agree on it, and
until then the former one does.  Two differing readings start the count again.

A battery that is still low after `RECHARGE_S` on mains does not charge.
"""

from __future__ import annotations

import dataclasses
import enum
from dataclasses import dataclass

ENOUGH = 3
"""Equal readings in a row that make a state."""


RECHARGE_S = 12 * 3600.0
"""Ours: UPSs of this size are said to recharge within 6 to 8 hours."""


class Power(enum.StrEnum):
    """Where the power comes from."""

    ON_LINE = "onLine"
    ON_BATTERY = "onBattery"
    LOW_BATTERY = "lowBattery"
    """The power will not last: shut down now.

    On battery the UPS or our own limit says so; a UPS that is about to cut the power says it on
    mains too.
    """
    UNKNOWN = "unknown"
    """The UPS does not say, or not yet three times."""


class Health(enum.StrEnum):
    """Whether the UPS could step in."""

    OK = "ok"
    CHARGER_TROUBLE = "chargerTrouble"
    """The battery does not charge, or wants to be replaced."""
    FAULT = "fault"
    """The UPS says it failed, is switched off, or is passed by."""
    UNKNOWN = "unknown"


@dataclass(frozen=True, kw_only=True, slots=True)
class Reading:
    """One answer of a UPS; what it does not tell is None.

    Attributes:
        power: Where the power comes from, and whether it will last.
        health: Whether the UPS could step in.
        battery_low: What the UPS says of its battery, on mains too.
        minutes_left: Minutes on battery at the present load, as the UPS estimates.
        charge: Battery charge in percent.
        load: Load in percent of what it can carry.
    """

    power: Power
    health: Health = Health.UNKNOWN
    battery_low: bool = False
    minutes_left: float | None = None
    charge: float | None = None
    load: float | None = None


NOTHING = Reading(power=Power.UNKNOWN)
"""No answer that makes sense."""


@dataclass(frozen=True, kw_only=True, slots=True)
class State:
    """What holds: a reading that three agree on, and whether mains came back since it was lost."""

    reading: Reading = NOTHING
    recovered: bool = False


class Judge:
    """Counts readings of one UPS; instants are seconds of a steady clock."""

    def __init__(self) -> None:
        self._state = State()
        self._candidate: tuple[Power, Health, bool] | None = None
        self._count = 0
        self._was_lost = False
        self._low_since: float | None = None

    @property
    def state(self) -> State:
        """Return what holds now."""
        return self._state

    def take(self, reading: Reading, now: float) -> State:
        """Count a reading; return what holds now. Figures are those of the latest equal reading."""
        reading = self._with_charger(reading, now)
        words = _words(reading)
        self._count = self._count + 1 if words == self._candidate else 1
        self._candidate = words
        if self._count >= ENOUGH or words == _words(self._state.reading):
            self._hold(reading)
        return self._state

    def _with_charger(self, reading: Reading, now: float) -> Reading:
        charging = reading.battery_low and reading.power is Power.ON_LINE
        if not charging:
            self._low_since = None
            return reading
        if self._low_since is None:
            self._low_since = now
        late = now - self._low_since > RECHARGE_S and reading.health is Health.OK
        return dataclasses.replace(reading, health=Health.CHARGER_TROUBLE) if late else reading

    def _hold(self, reading: Reading) -> None:
        on_battery = reading.power in {Power.ON_BATTERY, Power.LOW_BATTERY}
        recovered = reading.power is Power.ON_LINE and (self._was_lost or self._state.recovered)
        if on_battery:
            self._was_lost = True
        elif reading.power is Power.ON_LINE:
            self._was_lost = False
        self._state = State(reading=reading, recovered=recovered)


def _words(reading: Reading) -> tuple[Power, Health, bool]:
    """Return what must be equal for two readings to agree."""
    return reading.power, reading.health, reading.battery_low
