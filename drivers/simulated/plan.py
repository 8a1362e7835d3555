"""What is simulated, where and how: the file of ``kiosk-devices simulate --config``.

::

    run: /run/yiduan                # directory that gets devices/ and simulator.json
    population: var/population.json # people with cards; it may come later
    papers: var/papers              # where printed papers are kept as pictures
    control_port: 0                 # of the control page on 127.0.0.1; 0 takes any free one
    pace: wire                      # wire, line (bytes alone) or fast
    terminal: 20号机                # name shown on the control page
    seed: 0                         # where chance begins
    scanner: newland                # family of the scanner: newland, honeywell, zebra
    devices:                        # beside the four of every terminal; options of each
      ups: {protocol: megatec}
      panel: {}

What is left out is given on the command line, which wins; `run`, `population` and `papers` have to
be said in one of the two.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import yaml

PACES: Final[Mapping[str, int | None]] = {"wire": 115200, "line": 115200, "fast": None}
"""Speeds a simulation can run at, in baud; None moves bytes at once.

``line`` paces the bytes alone: the reader's module takes no time of its own with the card, so that
what is measured is ours.
"""


class PlanError(Exception):
    """The file of simulated devices cannot be used; says which file and which key."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Plan:
    """What is simulated, where and how; see the module for each."""

    run: Path
    population: Path
    papers: Path
    control_port: int = 0
    pace: str = "wire"
    terminal: str = ""
    seed: int = 0
    scanner: str = "newland"
    devices: Mapping[str, Mapping[str, object]] = field(default_factory=dict)


_PATHS = ("run", "population", "papers")
_KINDS: Mapping[str, type] = {
    "control_port": int,
    "pace": str,
    "terminal": str,
    "seed": int,
    "scanner": str,
}


def plan(file: Path | None, given: Mapping[str, object]) -> Plan:
    """Return the plan of a file, overlaid by what was given; ``None`` means: not given.

    Raises:
        PlanError: the file cannot be read, a key or value is wrong, or a place is missing.
    """
    found: dict[str, Any] = _read(file) if file else {}
    found |= {key: value for key, value in given.items() if value is not None}
    missing = [key for key in _PATHS if key not in found]
    if missing:
        raise PlanError(f"not said where: {', '.join(missing)}")
    return Plan(**found)


def _read(file: Path) -> dict[str, object]:
    try:
        document = yaml.safe_load(file.read_text(encoding="utf-8")) or {}
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise PlanError(f"{file}: cannot be read: {error}") from error
    if not isinstance(document, dict):
        raise PlanError(f"{file}: is not a map")
    return {key: _value(file, key, value) for key, value in document.items()}


def _value(file: Path, key: object, value: object) -> object:
    if key in _PATHS and isinstance(value, str):
        return Path(value)
    if key == "pace" and value not in PACES:
        raise PlanError(f"{file}: pace: is not one of {', '.join(PACES)}")
    if key == "devices" and isinstance(value, dict):
        return {name: _options(file, name, own) for name, own in value.items()}
    kind = _KINDS.get(str(key))
    if kind is not None and isinstance(value, kind) and not isinstance(value, bool):
        return value
    known = (*_PATHS, *_KINDS, "devices")
    fault = "has the wrong kind of value" if key in known else f"no such key; {', '.join(known)}"
    raise PlanError(f"{file}: {key}: {fault}")


def _options(file: Path, name: object, own: object) -> dict[str, object]:
    if own is None:
        return {}
    if not isinstance(own, dict) or not all(isinstance(key, str) for key in own):
        raise PlanError(f"{file}: devices.{name}: is not a map")
    return own
