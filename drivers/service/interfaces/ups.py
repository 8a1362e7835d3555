"""The UPS: the standard's Auxiliaries flags, and our extension XUps for what they leave open.

The flags cannot say *unknown*, how long the battery lasts, or that the UPS itself is not well.
"""

from __future__ import annotations

from enum import StrEnum

from drivers.service.interfaces import auxiliaries
from drivers.service.interfaces.offer import ServiceSpec
from drivers.service.interfaces.spec import CommandSpec, InterfaceSpec
from drivers.service.interfaces.upkeep import TRACED
from drivers.service.options import PROFILE, number
from drivers.ups.power import Health, Power, State

_STOP_S = 2.0  # an answer that is awaited comes first

POWER_EVENT = "XUps.PowerEvent"
"""The power changed, for certain: ``power``, and ``minutesLeft`` if the UPS tells."""


TEST = "XUps.Test"
"""The battery is tried: the load runs on it for some seconds."""


class TestError(StrEnum):
    """``errorCode`` of XUps.Test."""

    NOT_NOW = "notNow"
    """Not on mains, or with a battery that is low: it would be cut off."""
    NOT_OFFERED = "notOffered"
    """This UPS does not do it."""


def status(state: State, *, self_test: bool = False, tested: str = "") -> dict[str, object]:
    """Return the interface part of the status.

    Args:
        state: what holds of power and battery.
        self_test: its battery can be tried.
        tested: how the last test ended that said something of the battery; empty: none did.
    """
    reading = state.reading
    own: dict[str, object] = {"power": reading.power, "health": reading.health}
    if reading.minutes_left is not None:
        own["minutesLeft"] = int(reading.minutes_left)
    if reading.charge is not None:
        own["charge"] = min(100, int(reading.charge))
    if reading.battery_low:
        own["batteryLow"] = True
    if tested:
        own["tested"] = tested
    if self_test:
        own["selfTest"] = True
    return {**auxiliaries.status(_flags(state)), "xUps": own}


def _flags(state: State) -> dict[str, object]:
    """Return the standard's ``UPS``; nothing while the power is unknown."""
    reading = state.reading
    if reading.power is Power.UNKNOWN:
        return {}
    flags = {
        "low": reading.battery_low or reading.power is Power.LOW_BATTERY,
        "engaged": reading.health is not Health.FAULT,
        "powering": reading.power is not Power.ON_LINE,
        "recovered": state.recovered,
    }
    return {"UPS": flags}


UPS = ServiceSpec(
    service="Ups",
    device="ups",
    interfaces=(
        auxiliaries.AUXILIARIES,
        InterfaceSpec(
            name="XUps",
            events={POWER_EVENT: "1.0"},
            commands=(
                CommandSpec(
                    name=TEST,
                    versions=("1.0",),
                    answer_version="1.0",
                    stop_grace_s=_STOP_S,
                    in_service=False,
                ),
            ),
        ),
        *TRACED,
    ),
    unknown=status(State()),
    abilities={
        "auxiliaries": {"UPS": {"low": True, "engaged": True, "powering": True, "recovered": True}}
    },
    adapter="drivers.service.adapters.ups:UpsAdapter",
    options={"profile": PROFILE, "look_s": number(0.05, 1.0)},
    optional=True,
)
