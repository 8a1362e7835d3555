"""The quality scale: every driver answers it, the answers hold, the page shows them."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

from drivers import cli
from drivers.quality import (
    ROOMS,
    QualityError,
    load_driver,
    load_drivers,
    load_scale,
    page,
    rooms,
)
from drivers.service.registry import SERVICES

REPOSITORY = Path(__file__).resolve().parents[2]
SCALE = load_scale()
DRIVERS = {driver.room: driver for driver in load_drivers(SCALE)}


@pytest.mark.parametrize("room", rooms())
def test_every_driver_is_at_gold_or_better(room: str) -> None:
    """Every room that has a device answers the scale, and has what gold asks."""
    assert room in DRIVERS, f"drivers/{room}/quality.yaml is missing"
    level = DRIVERS[room].level(SCALE)
    assert level in SCALE.levels[SCALE.levels.index("gold") :], f"{room} is {level}"


SHOWN_OTHERWISE = frozenset({"simulated", "sources"})
"""Rules above bronze that are not about how a driver behaves: the thing itself is the evidence."""


def names_in(file: Path) -> set[str]:
    """Return the tests of a file as they follow its name: ``test_x``, ``TestY::test_z``."""
    return set(_tests(ast.parse(file.read_text(encoding="utf-8")).body, ""))


def _tests(body: Iterable[ast.stmt], above: str) -> Iterator[str]:
    for one in body:
        if isinstance(one, ast.ClassDef):
            yield from _tests(one.body, f"{above}{one.name}::")
        elif isinstance(one, ast.FunctionDef) and one.name.startswith("test_"):
            yield above + one.name


@pytest.mark.parametrize("room", sorted(DRIVERS))
def test_what_an_answer_points_to_is_there(room: str) -> None:
    """A file named as evidence exists, and so does the test in it."""
    for key, answer in DRIVERS[room].answers.items():
        for path in answer.evidence:
            file, _, test = path.partition("::")
            assert (REPOSITORY / file).exists(), f"{room} {key}: there is no {file}"
            if test:
                assert test in names_in(REPOSITORY / file), f"{room} {key}: there is no {path}"


@pytest.mark.parametrize("room", sorted(DRIVERS))
def test_behaviour_is_shown_by_something_that_runs(room: str) -> None:
    """From silver up a rule that is about behaviour has a test, a fuzz target or a bench."""
    for rule in SCALE.rules:
        answer = DRIVERS[room].answers[rule.key]
        if answer.state != "done" or rule.level == "bronze" or rule.key in SHOWN_OTHERWISE:
            continue
        assert any(one.startswith("tests/") for one in answer.evidence), f"{room} {rule.key}"


def test_a_driver_is_called_as_its_device() -> None:
    """Who looks for a device of the file of ports finds it on the page."""
    devices = {spec.device for spec in SERVICES}
    assert {driver.name for driver in DRIVERS.values()} <= devices


def test_nobody_claims_what_cannot_be() -> None:
    """Without real devices nobody has used one."""
    for driver in DRIVERS.values():
        assert driver.answers["real-hardware"].state != "done", driver.name


def test_the_page_is_up_to_date(capsys: pytest.CaptureFixture[str]) -> None:
    """The documentation shows the present answers."""
    assert cli.main(["quality"]) == 0
    written = (REPOSITORY / "docs" / "devices" / "quality.md").read_text(encoding="utf-8")
    again = "kiosk-devices quality > docs/devices/quality.md"
    assert capsys.readouterr().out == written, f"write it again: {again}"


ALL_DONE = "".join(f"  {rule.key}: done\n" for rule in SCALE.rules)


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("driver: x\nrules: {}", "rules.bounded-memory"),
        ("driver: x\nrules:\n" + ALL_DONE + "  polished: done", "rules.polished"),
        ("driver: x\nrules:\n" + ALL_DONE.replace("identify: done", "identify: yes"), "identify"),
        (
            "driver: x\nrules:\n" + ALL_DONE.replace("identify: done", "identify: {todo: ''}"),
            "todo",
        ),
        ("rules:\n" + ALL_DONE, "driver"),
        ("[", "quality.yaml"),
    ],
)
def test_a_wrong_file_is_named_with_its_key(tmp_path: Path, text: str, key: str) -> None:
    """The complaint says which file and which key."""
    file = tmp_path / "quality.yaml"
    file.write_text(text)
    with pytest.raises(QualityError, match=key) as caught:
        load_driver(file, SCALE)
    assert str(file) in str(caught.value)


def test_a_level_needs_every_rule_below_it(tmp_path: Path) -> None:
    """An open rule of silver keeps a driver at bronze, whatever it has of gold."""
    file = tmp_path / "quality.yaml"
    open_rule = ALL_DONE.replace("reconnect: done", "reconnect: {todo: measure}")
    file.write_text("driver: x\nrules:\n" + open_rule)
    assert load_driver(file, SCALE).level(SCALE) == "bronze"
    excused = ALL_DONE.replace("reconnect: done", "reconnect: {exempt: no cable}")
    file.write_text("driver: x\nrules:\n" + excused)
    assert load_driver(file, SCALE).level(SCALE) == "platinum"
    assert page().startswith("# Quality scale")
    assert ROOMS.name == "drivers"
