"""How the terminal itself is, from what UPS and panel say."""

from __future__ import annotations

import pytest

from kiosk.journey.facts import Power, Terminal
from kiosk.session.machine import Payload, terminal


@pytest.mark.parametrize(
    ("word", "power"),
    [
        ("onLine", Power.MAINS),
        ("onBattery", Power.BATTERY),
        ("lowBattery", Power.LOW),
        ("unknown", Power.UNKNOWN),
        ("another", Power.UNKNOWN),
        (3, Power.UNKNOWN),
    ],
)
def test_power_is_what_the_ups_says(word: object, power: Power) -> None:
    """A word nobody knows is no power cut."""
    assert terminal({"xUps": {"power": word}}, {}) == Terminal(power=power)


@pytest.mark.parametrize(
    ("sensors", "opened"),
    [
        ({"cabinetFrontDoor": "open"}, True),
        ({"cabinetFrontDoor": "closed", "safeDoor": "tampered"}, True),
        ({"tamperSensor": "on"}, True),
        ({"cabinetRearDoor": "locked", "tamperSensor": "off"}, False),
        ({}, False),
    ],
)
def test_an_open_door_or_a_tamper_contact_opens_the_terminal(
    sensors: dict[str, object], opened: bool
) -> None:
    """Any of them ends a visit."""
    assert terminal({}, {"auxiliaries": sensors}).opened is opened


@pytest.mark.parametrize("odd", [{}, {"xUps": None, "auxiliaries": 3}, {"xUps": []}])
def test_what_is_not_there_narrows_nothing(odd: Payload) -> None:
    """A terminal without UPS and panel takes visits."""
    assert terminal(odd, odd) == Terminal()
    assert terminal(odd, odd).takes_visits
