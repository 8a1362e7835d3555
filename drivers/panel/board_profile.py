"""What is wired to an I/O board, from ``config/devices/panel-board-NAME.yaml``.

::

    unit: 1
    inputs: {address: 0, count: 8}
    coils: {address: 0, count: 8}
    write: many                       # or single: a board that knows only function 05
    sensors:
      cabinetFrontDoor: {when: {0: closed}, otherwise: open}
      operatorSwitch: {when: {3: maintenance, 4: supervisor}, otherwise: run, steady_s: 0.2}
    lights:
      cardReader: {green: 0}
      statusBad: {red: 5}
    sources: {inputs: where the board's addresses are documented}

Numbers below `sensors` and `lights` count from the first input or coil of the board, from 0.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from drivers import profile_file
from drivers.panel.lights import NAMES, Color, Light
from drivers.panel.modbus import MOST_BITS
from drivers.panel.sensors import TAMPER, WORDS, Sensor
from drivers.profile_file import CONFIG_DIR, Fields, ProfileError, mapping, number, whole, word

__all__ = ["CONFIG_DIR", "Bank", "BoardProfile", "ProfileError", "load"]

_KNOWN = frozenset({"unit", "inputs", "coils", "write", "sensors", "lights"})
_LONGEST_STEADY_S = 60


@dataclass(frozen=True, kw_only=True, slots=True)
class Bank:
    """Contacts or coils that follow each other on the board."""

    address: int
    count: int


@dataclass(frozen=True, kw_only=True, slots=True)
class BoardProfile:
    """One board: its address, what it reads, what it switches."""

    unit: int
    inputs: Bank
    coils: Bank
    write: Literal["many", "single"]
    sensors: tuple[Sensor, ...]
    lights: Mapping[str, Light]


def load(name: str, config_dir: Path = CONFIG_DIR) -> BoardProfile:
    """Return the board in `config_dir/panel-board-<name>.yaml`.

    Raises:
        ProfileError: No such file, not YAML, an unknown field, sensor, light or word, or a number
            that is not on the board.
    """
    return profile_file.load(f"panel-board-{name}", config_dir, _KNOWN, _profile)


def _profile(fields: Fields) -> BoardProfile:
    inputs, coils = _bank(fields, "inputs"), _bank(fields, "coils")
    sensors = mapping(fields.get("sensors", {}), "sensors", WORDS)
    lights = mapping(fields.get("lights", {}), "lights", NAMES)
    single = word(fields.get("write", "many"), "write", ("many", "single")) == "single"
    return BoardProfile(
        unit=whole(fields.get("unit", 1), "unit", 1, 247),
        inputs=inputs,
        coils=coils,
        write="single" if single else "many",
        sensors=tuple(_sensor(str(name), entry, inputs) for name, entry in sensors.items()),
        lights=_lights(lights, coils),
    )


def _bank(fields: Fields, what: str) -> Bank:
    bank = mapping(fields.get(what), what, {"address", "count"})
    return Bank(
        address=whole(bank.get("address", 0), f"{what}.address", 0, 0xFFFF),
        count=whole(bank.get("count"), f"{what}.count", 1, MOST_BITS),
    )


def _sensor(name: str, entry: object, inputs: Bank) -> Sensor:
    where = f"sensors.{name}"
    fields = mapping(entry, where, {"when", "otherwise", "steady_s"})
    when = {
        whole(contact, where, 0, inputs.count - 1): _word(name, said)
        for contact, said in mapping(fields.get("when"), where).items()
    }
    if not when:
        raise ValueError(f"{where}.when names no input")
    steady = fields.get("steady_s", 0.0 if name == TAMPER else 0.2)
    return Sensor(
        name=name,
        when=when,
        otherwise=_word(name, fields.get("otherwise")),
        steady_s=number(steady, f"{where}.steady_s", 0, _LONGEST_STEADY_S),
    )


def _word(sensor: str, said: object) -> str:
    if isinstance(said, bool):  # YAML 1.1 reads on and off so
        said = "on" if said else "off"
    if not isinstance(said, str) or said not in WORDS[sensor]:
        raise ValueError(f"sensors.{sensor}: its words are {', '.join(sorted(WORDS[sensor]))}")
    return said


def _lights(entries: Fields, coils: Bank) -> Mapping[str, Light]:
    lights = {str(name): _light(str(name), entry, coils) for name, entry in entries.items()}
    wired = [coil for light in lights.values() for coil in light.coils.values()]
    if len(set(wired)) < len(wired):
        raise ValueError("lights: one coil is two colours or lights")
    return lights


def _light(name: str, entry: object, coils: Bank) -> Light:
    where = f"lights.{name}"
    wired = mapping(entry, where, frozenset(Color))
    if not wired:
        raise ValueError(f"{where} names no colour")
    return Light(
        name=name,
        coils={
            Color(str(color)): whole(coil, where, 0, coils.count - 1)
            for color, coil in wired.items()
        },
    )
