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
from typing import Final, Literal

import yaml

from drivers.panel.lights import NAMES, Color, Light
from drivers.panel.modbus import MOST_BITS
from drivers.panel.sensors import TAMPER, WORDS, Sensor

CONFIG_DIR: Final = Path(__file__).resolve().parents[2] / "config" / "devices"
"""Where the files lie in a source tree."""

_KNOWN: Final = {"unit", "inputs", "coils", "write", "sensors", "lights", "sources"}
_LONGEST_STEADY_S: Final = 60


class ProfileError(ValueError):
    """A board's file cannot be used; says which file and field (staff must act)."""


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
    path = config_dir / f"panel-board-{name}.yaml"
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise ProfileError(f"{path}: {error}") from error
    try:
        return _profile(_mapping(content, "the file", _KNOWN))
    except ValueError as error:
        raise ProfileError(f"{path}: {error}") from error


def _profile(content: Mapping[object, object]) -> BoardProfile:
    inputs, coils = _bank(content, "inputs"), _bank(content, "coils")
    sensors = _mapping(content.get("sensors", {}), "sensors", set(WORDS))
    lights = _mapping(content.get("lights", {}), "lights", set(NAMES))
    write = content.get("write", "many")
    if write not in {"many", "single"}:
        raise ValueError("write is many or single")
    return BoardProfile(
        unit=_number(content.get("unit", 1), "unit", 1, 247),
        inputs=inputs,
        coils=coils,
        write="single" if write == "single" else "many",
        sensors=tuple(_sensor(str(name), entry, inputs) for name, entry in sensors.items()),
        lights={str(name): _light(str(name), entry, coils) for name, entry in lights.items()},
    )


def _bank(content: Mapping[object, object], what: str) -> Bank:
    bank = _mapping(content.get(what), what, {"address", "count"})
    return Bank(
        address=_number(bank.get("address", 0), f"{what}.address", 0, 0xFFFF),
        count=_number(bank.get("count"), f"{what}.count", 1, MOST_BITS),
    )


def _sensor(name: str, entry: object, inputs: Bank) -> Sensor:
    where = f"sensors.{name}"
    fields = _mapping(entry, where, {"when", "otherwise", "steady_s"})
    when = {
        _number(number, where, 0, inputs.count - 1): _word(name, word)
        for number, word in _mapping(fields.get("when"), where, None).items()
    }
    if not when:
        raise ValueError(f"{where}.when names no input")
    steady = fields.get("steady_s", 0.0 if name == TAMPER else 0.2)
    fits = isinstance(steady, int | float) and not isinstance(steady, bool)
    if not fits or not 0 <= float(str(steady)) <= _LONGEST_STEADY_S:
        raise ValueError(f"{where}.steady_s is not a number from 0 to {_LONGEST_STEADY_S}")
    return Sensor(
        name=name,
        when=when,
        otherwise=_word(name, fields.get("otherwise")),
        steady_s=float(str(steady)),
    )


def _word(sensor: str, word: object) -> str:
    if isinstance(word, bool):  # YAML 1.1 reads on and off so
        word = "on" if word else "off"
    if not isinstance(word, str) or word not in WORDS[sensor]:
        raise ValueError(f"sensors.{sensor}: its words are {', '.join(sorted(WORDS[sensor]))}")
    return word


def _light(name: str, entry: object, coils: Bank) -> Light:
    where = f"lights.{name}"
    wired = _mapping(entry, where, set(Color))
    if not wired:
        raise ValueError(f"{where} names no colour")
    return Light(
        name=name,
        coils={
            Color(str(color)): _number(coil, where, 0, coils.count - 1)
            for color, coil in wired.items()
        },
    )


def _mapping(value: object, where: str, known: set[str] | None) -> Mapping[object, object]:
    if not isinstance(value, dict):
        raise ValueError(f"{where} is not a mapping")  # noqa: TRY004  # a wrong file
    strange = [key for key in value if known is not None and key not in known]
    if strange:
        raise ValueError(f"{where}: unknown field {strange[0]}")
    return value


def _number(value: object, where: str, low: int, high: int) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
        raise ValueError(f"{where} is not a whole number from {low} to {high}")
    return value
