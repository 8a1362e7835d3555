"""The map: near terminals together, the worst told, none lost."""

from __future__ import annotations

import random
from datetime import UTC, datetime

import pytest
from sqlalchemy import Engine, insert, update

from fleet.console.acts import Place
from fleet.store.model import Terminal
from fleet.terminals import Level, mapping
from fleet.terminals.finding import Wanted
from fleet.terminals.mapping import FEW, HEIGHT, WIDTH, Box, drawn
from tests.fleet_databases import engine, enrolled, postgres_url, url

__all__ = ["engine", "postgres_url", "url"]
HALL, FAR = (35.303, 113.927), (35.690, 113.801)


def _place(engine: Engine, name: str, where: tuple[float, float], level: Level) -> None:
    values = {"latitude": where[0], "longitude": where[1], "level": level}
    with engine.begin() as connection:
        connection.execute(update(Terminal).where(Terminal.name == name).values(**values))


def test_near_ones_are_one_mark_with_the_worst_of_them(engine: Engine) -> None:
    """It leads to the box of its terminals, where they are told one by one."""
    enrolled(engine, "T-0001", "T-0002", "T-0003", "T-0004")
    _place(engine, "T-0001", HALL, Level.WELL)
    _place(engine, "T-0002", (HALL[0] + 0.001, HALL[1]), Level.ALL)
    _place(engine, "T-0003", FAR, Level.SOON)
    seen = drawn(engine, Wanted())
    both, far = seen.marks
    assert (both.count, both.level, both.name) == (2, Level.ALL, "T-0002")
    assert both.levels == {Level.WELL: 1, Level.ALL: 1}
    assert (far.name, far.count, far.level) == ("T-0003", 1, Level.SOON)
    assert far.y < both.y, "north is above"
    assert far.x < both.x, "west is left"
    assert (seen.without, seen.levels[Level.GONE]) == (1, 0)
    inside = drawn(engine, Wanted(), Box.read(str(both.box)))
    assert [row.name for row in inside.rows] == ["T-0002", "T-0001"]
    assert [own.count for own in inside.marks] == [1, 1]
    assert [own.name for own in drawn(engine, Wanted(level=Level.SOON)).marks] == ["T-0003"]


def test_thousands_are_as_many_marks_as_fit(engine: Engine) -> None:
    """No mark is cut, none is on another, and every terminal is in one."""
    seed = 7
    print("seed", seed)
    chance = random.Random(seed)  # noqa: S311 - places on a map
    rows = [
        {
            "name": f"T-{number:04}",
            "title": "x",
            "enrolled_at": datetime.now(UTC),
            "level": 1,
            "latitude": chance.gauss(35.3, 0.2),
            "longitude": chance.gauss(113.9, 0.3),
        }
        for number in range(1000)
    ]
    with engine.begin() as connection:
        connection.execute(insert(Terminal), rows)
    seen = drawn(engine, Wanted())
    assert sum(own.count for own in seen.marks) == 1000
    assert len(seen.marks) <= WIDTH * HEIGHT / mapping.CELL**2
    assert seen.rows == ()
    assert len(seen.marks) > FEW
    assert all(17 <= own.x <= WIDTH - 17 and 17 <= own.y <= HEIGHT - 17 for own in seen.marks)


def test_one_place_and_no_place_are_maps_too(engine: Engine) -> None:
    """All in one hall are told one by one; nothing that was placed is an empty map."""
    enrolled(engine, "T-0001", "T-0002")
    assert drawn(engine, Wanted()).without == 2
    for name in ("T-0001", "T-0002"):
        _place(engine, name, HALL, Level.WELL)
    seen = drawn(engine, Wanted())
    assert [own.count for own in seen.marks] == [2]
    assert [row.name for row in seen.rows] == ["T-0001", "T-0002"]


@pytest.mark.parametrize(
    "text", ["", "1,2,3", "a,b,c,d", "2,0,1,0", "nan,0,1,1", "-91,0,1,1", "0,0,inf,1"]
)
def test_what_is_no_box_is_none(text: str) -> None:
    """Whatever somebody writes into the address."""
    assert Box.read(text) is None


def test_a_place_is_two_numbers_or_none() -> None:
    """Both are typed, both are taken away, or the form had none and what is known stays."""
    form = {"title": "一号", "group": "canary", "ring": "0"}
    assert Place.model_validate(form).where == {}
    gone = Place.model_validate(form | {"latitude": "", "longitude": ""})
    assert gone.where == {"latitude": None, "longitude": None}
    there = Place.model_validate(form | {"latitude": "35.3", "longitude": "113.9"})
    assert there.where == {"latitude": 35.3, "longitude": 113.9}
    for wrong in ({"latitude": "35.3"}, {"latitude": "95", "longitude": "1"}):
        with pytest.raises(ValueError, match="l"):
            Place.model_validate(form | wrong)
