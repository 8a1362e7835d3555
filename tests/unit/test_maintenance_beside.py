"""What staff begin beside their rounds: a training, the clock, the recovery card."""

from __future__ import annotations

import time
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest

from drivers.printer.layout import TextRow, lay_out
from drivers.printer.receipt import parse
from kiosk.journey.view_parts import text
from kiosk.maintenance import effects as e
from kiosk.maintenance.clock_moves import HALL, turned
from kiosk.maintenance.context import CAP_S
from kiosk.maintenance.course import IllegalIntent
from kiosk.maintenance.facts import Did, Now
from kiosk.maintenance.intents import Said
from kiosk.maintenance.recovery_card import Card, pdf, slip
from kiosk.maintenance.staff import Role
from kiosk.maintenance.states import State
from kiosk.outbox import Outbox
from kiosk.outbox.report import FILE
from tests.faults.parcels import parcel
from tests.unit.test_maintenance_course import WORDS, Stay

ORDERS = frozenset({"train", "clock"})
CARD = Card(
    terminal="410700-0020",
    place="红旗区大厅 3 号机",
    ring=(
        ("中心信息科", "0373-0000003", ("工作日 09:00-12:00、13:00-17:00", "周末和节假日没人接")),
        ("政务服务便民热线", "12345", ("每天 24 小时有人接",)),
    ),
    key="9f6b4b33240d56d1",
    waiting=3,
    oldest_s=2 * 86400 + 5,
    at="2026-11-28 13:24",
    by="0317",
)


def _system(role: Role) -> Stay:
    stay = Stay().signed_in(role)
    looked = replace(stay.course.context.looked, orders=ORDERS)
    return stay.say(Said.LOOKED, looked).tap("system")


def test_a_training_holds_the_stay_and_its_idle_end_ends_it() -> None:
    """Nobody touches this page while one runs; where nobody learns any more, nobody is here."""
    stay = _system(Role.CLERK).tap("train", "train")
    assert isinstance(stay.wanted[0], e.Train)
    for _ in range(1000):
        stay.say(Said.TICK)
    assert stay.page is State.TRAIN
    with pytest.raises(IllegalIntent):
        stay.tap("train")
    stay.tap("back")
    assert stay.wanted == (e.EndTraining(),)
    stay.say(Said.DID, Did(well=True, told=text("staff.train.ended"), result="left"))
    assert stay.view().outcome.tone == "fine"
    stay.tap("train").say(Said.DID, Did(well=True, told=text("staff.train.ended"), result="idle"))
    assert stay.page is State.ENDED
    assert stay.wanted[-1] == e.Leave(how="idle")


def test_a_training_ends_with_the_longest_stay() -> None:
    """Twelve hours are the end of everything."""
    stay = _system(Role.CLERK).tap("train", "train")
    stay.course.context = replace(stay.course.context, whole_s=CAP_S - 1)
    stay.say(Said.TICK)
    assert stay.wanted[-1] == e.Leave(how="cap")


@pytest.mark.parametrize("role", [Role.CLERK, Role.VENDOR])
def test_the_clock_is_the_engineers(role: Role) -> None:
    """Nobody else finds the button, or could touch it."""
    stay = _system(role)
    assert all(row.action is None for row in stay.view().settings)
    with pytest.raises(IllegalIntent):
        stay.tap("set_clock")


def test_the_clock_is_set_by_touch_after_a_question() -> None:
    """What is shown is what is set; a no changes nothing."""
    stay = _system(Role.ENGINEER).tap("set_clock")
    assert e.ReadClock() in stay.wanted
    stay.say(Said.NOW, Now(at=datetime(2026, 3, 31, 9, 41, tzinfo=HALL)))
    stay.tap("earlier:month", "later:hour", "set_clock")
    assert "2026-02-28 10:41" in WORDS.text(
        stay.view().question.told.key, **dict(stay.view().question.told.values)
    )
    stay.tap("no")
    assert stay.view().question is None
    stay.tap("set_clock", "yes")
    asked = stay.wanted[0]
    assert isinstance(asked, e.SetClock)
    assert datetime.fromtimestamp(asked.at, HALL) == datetime(2026, 2, 28, 10, 41, tzinfo=HALL)
    stay.say(Said.DID, Did(well=True, told=text("staff.clock.was_set", n=5)))
    assert e.ReadClock() in stay.wanted
    stay.tap("step_clock", "yes")
    assert stay.wanted == (e.SetClock(ticket=asked.ticket + 1, at=0),)


def test_no_time_before_this_software_can_be_set() -> None:
    """The year stops where a finger slipped."""
    stay = _system(Role.ENGINEER).tap("set_clock")
    stay.say(Said.NOW, Now(at=datetime(2026, 1, 15, tzinfo=HALL)))
    with pytest.raises(IllegalIntent):
        stay.tap("earlier:year")


@pytest.mark.parametrize(
    ("day", "unit", "by", "then"),
    [
        ((2028, 2, 29), "year", 1, (2029, 2, 28)),
        ((2026, 12, 31), "month", 1, (2027, 1, 31)),
        ((2026, 1, 31), "month", -1, (2025, 12, 31)),
        ((2026, 12, 31), "day", 1, (2027, 1, 1)),
    ],
)
def test_a_turned_date_is_a_date(
    day: tuple[int, int, int], unit: str, by: int, then: tuple[int, int, int]
) -> None:
    """A day that the month lacks is its last one."""
    assert turned(datetime(*day, tzinfo=HALL), unit, by) == datetime(*then, tzinfo=HALL)


@pytest.mark.parametrize("years", [-5, 5])
def test_what_waits_is_not_harmed_by_a_step(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, years: int
) -> None:
    """A clock that jumps neither delays what waits nor loses it."""
    store = Outbox(tmp_path / FILE)
    store.put(parcel(1))
    moved = time.time() + years * 365 * 86400
    monkeypatch.setattr("kiosk.outbox.store.time.time", lambda: moved)
    store.put(parcel(2))
    assert len(store.owed()) == 2
    assert store.next_due() == 0.0
    store.forget(older_than=90 * 86400)
    assert len(store.owed()) == 2
    store.close()
    again = Outbox(tmp_path / FILE)
    assert len(again.owed()) == 2
    again.close()


def test_the_recovery_card_has_what_a_rescuer_needs() -> None:
    """Terminal, whom to ring, which key, how many for how long, and the steps in order."""
    paper = str(slip(CARD, WORDS))
    for word in ("410700-0020", "红旗区大厅 3 号机", "0373-0000003", "9f6b 4b33 240d 56d1"):
        assert word in paper
    assert "3 件" in paper
    assert "2 天" in paper
    assert paper.index("1. ") < paper.index("5. ")
    assert pdf(CARD, WORDS).startswith(b"%PDF")
    assert "文档" not in paper, "at a cabinet there is a telephone, and no chapter to look up"
    empty = str(slip(replace(CARD, waiting=0, key=""), WORDS))
    assert "都已经送出去" in empty
    assert "没有恢复密钥" in empty


@pytest.mark.parametrize("columns", [48, 32])
def test_the_recovery_card_breaks_no_line_badly(columns: int) -> None:
    """On both widths of paper no large letter stands alone, no mark that opens ends a line."""
    rows = lay_out(parse(slip(CARD, WORDS)), columns)
    told = [row for row in rows if isinstance(row, TextRow)]
    lines = ["".join(row.clusters) for row in told]
    assert all(len(row.clusters) > 1 for row in told if row.big)
    assert not [line for line in lines if line[-1] in "《（“"]
    assert any(line.startswith("密钥指纹") for line in lines)
