"""The quality scale of drivers: what each has done, what it is excused from, what is open.

The scale is ``drivers/quality_scale.yaml``; each driver answers every rule of it in
``drivers/<room>/quality.yaml``::

    driver: id_reader
    rules:
      pure-codec: {done: tests/devices/test_id_reader_codec.py}
      bounded-time: done
      stable-port: {exempt: "there is no port"}
      real-hardware: {todo: "a reader of the kind"}

A driver has a level when every rule up to it is done or exempt.  From silver up what is done names
something that runs (``tests/…``, with ``::test`` where one test is meant); a test holds the files
to that.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

import yaml

ROOMS: Final = Path(__file__).parent
SCALE_FILE: Final = ROOMS / "quality_scale.yaml"
NOT_DEVICES: Final = frozenset({"commands", "doctor", "service", "simulated"})
"""Rooms of this package that hold no driver."""

State = Literal["done", "exempt", "todo"]
_STATES: Final[tuple[State, ...]] = ("done", "exempt", "todo")
_SIGNS: Final[Mapping[State, str]] = {"done": "done", "exempt": "exempt", "todo": "**open**"}


class QualityError(Exception):
    """A file of the scale is wrong; says which file and which key."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Rule:
    """One rule: from which level on it must be kept, and what it means."""

    key: str
    level: str
    means: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Scale:
    """The levels, lowest first, and the rules in the file's order."""

    levels: tuple[str, ...]
    rules: tuple[Rule, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Answer:
    """How a driver stands to one rule; ``why`` is the reason or what is open."""

    state: State
    why: str = ""
    evidence: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Driver:
    """A driver's answers, by rule."""

    name: str
    room: str
    answers: Mapping[str, Answer]

    def level(self, scale: Scale) -> str:
        """Return the highest level it has, "none" when it lacks the lowest."""
        reached = "none"
        for level in scale.levels:
            rules = [rule for rule in scale.rules if rule.level == level]
            if any(self.answers[rule.key].state == "todo" for rule in rules):
                break
            reached = level
        return reached


def rooms() -> list[str]:
    """Return the rooms that hold a driver."""
    packages = (path.parent.name for path in ROOMS.glob("*/__init__.py"))
    return sorted(set(packages) - NOT_DEVICES)


def load_scale(file: Path = SCALE_FILE) -> Scale:
    """Read the scale.

    Raises:
        QualityError: it is wrong.
    """
    document = _read(file)
    levels, rules = document.get("levels"), document.get("rules")
    if not isinstance(levels, list) or not all(isinstance(one, str) for one in levels):
        raise QualityError(f"{file}: levels: is not a list of names")
    if not isinstance(rules, dict):
        raise QualityError(f"{file}: rules: is not a map of rules")
    return Scale(
        levels=tuple(levels),
        rules=tuple(_rule(file, key, value, levels) for key, value in rules.items()),
    )


def load_driver(file: Path, scale: Scale) -> Driver:
    """Read one driver's answers.

    Raises:
        QualityError: a rule is not answered, unknown, or answered in another way.
    """
    document = _read(file)
    name, answers = document.get("driver"), document.get("rules")
    if not isinstance(name, str) or not name:
        raise QualityError(f"{file}: driver: is not a name")
    if not isinstance(answers, dict):
        raise QualityError(f"{file}: rules: is not a map of answers")
    known = {rule.key for rule in scale.rules}
    for key in answers:
        if key not in known:
            raise QualityError(f"{file}: rules.{key}: there is no such rule")
    for key in sorted(known - set(answers)):
        raise QualityError(f"{file}: rules.{key}: is not answered")
    return Driver(
        name=name,
        room=file.parent.name,
        answers={key: _answer(f"{file}: rules.{key}", value) for key, value in answers.items()},
    )


def load_drivers(scale: Scale, directory: Path = ROOMS) -> list[Driver]:
    """Read the answers of every driver that has a file, by room.

    Raises:
        QualityError: one of the files is wrong.
    """
    return [load_driver(file, scale) for file in sorted(directory.glob("*/quality.yaml"))]


def page() -> str:
    """Return the page of the documentation, Markdown.

    Raises:
        QualityError: a file is wrong.
    """
    scale = load_scale()
    drivers = load_drivers(scale)
    lines = [
        "# Quality scale of the drivers",
        "",
        "Written by `kiosk-devices quality > docs/devices/quality.md`.",
        "Its sources are `drivers/quality_scale.yaml` and each driver's `quality.yaml`.",
        "A driver has a level when every rule up to it is done or exempt.",
        "From silver up what is done names a test, a fuzz target or a bench that shows it,",
        "but for the simulator and the sources, which show themselves.",
        "",
        *_levels(scale, drivers),
        "",
        "## Rules",
        "",
        "| level | rule | means |",
        "|---|---|---|",
        *(f"| {rule.level} | {rule.key} | {rule.means} |" for rule in scale.rules),
    ]
    for driver in drivers:
        lines += ["", f"## {driver.name}", "", *_answers(scale, driver)]
    return "\n".join(lines) + "\n"


def _levels(scale: Scale, drivers: list[Driver]) -> list[str]:
    rows = ["| driver | level | done | exempt | open |", "|---|---|---|---|---|"]
    for driver in drivers:
        states = [answer.state for answer in driver.answers.values()]
        counts = " | ".join(str(states.count(state)) for state in _STATES)
        anchor = driver.name.lower().replace(" ", "-")
        rows.append(f"| [{driver.name}](#{anchor}) | {driver.level(scale)} | {counts} |")
    return rows


def _answers(scale: Scale, driver: Driver) -> list[str]:
    rows = ["| level | rule | | |", "|---|---|---|---|"]
    for rule in scale.rules:
        answer = driver.answers[rule.key]
        evidence = ", ".join(f"`{one}`" for one in answer.evidence)
        why = answer.why.replace("|", "\\|")
        rows.append(f"| {rule.level} | {rule.key} | {_SIGNS[answer.state]} | {why or evidence} |")
    return rows


def _read(file: Path) -> dict[str, object]:
    try:
        document = yaml.safe_load(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise QualityError(f"{file}: cannot be read: {error}") from error
    if not isinstance(document, dict):
        raise QualityError(f"{file}: is not a map")
    return document


def _rule(file: Path, key: str, value: object, levels: list[str]) -> Rule:
    if not isinstance(value, dict) or set(value) != {"level", "means"}:
        raise QualityError(f"{file}: rules.{key}: is not a level and what it means")
    if value["level"] not in levels:
        raise QualityError(f"{file}: rules.{key}.level: is not one of {', '.join(levels)}")
    return Rule(key=key, level=value["level"], means=str(value["means"]))


def _answer(where: str, value: object) -> Answer:
    """Read ``done``, or a map of one state and its reason or evidence."""
    if value == "done":
        return Answer(state="done")
    if not isinstance(value, dict) or len(value) != 1:
        raise QualityError(f"{where}: is neither done nor a map of done, exempt or todo")
    state, said = next(iter(value.items()))
    if state not in _STATES:
        raise QualityError(f"{where}.{state}: is not one of {', '.join(_STATES)}")
    texts = said if isinstance(said, list) else [said]
    if not texts or not all(isinstance(one, str) and one.strip() for one in texts):
        raise QualityError(f"{where}.{state}: is empty")
    if state == "done":
        return Answer(state="done", evidence=tuple(texts))
    return Answer(state=state, why=" ".join(texts))
