"""Reports: sums that add up, days that are over and stay, files that a hall's office opens."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import Engine, delete, select, update

from fleet.reports import Period, Summary, Thing, closing, ranking, sheets
from fleet.reports.charts import bars
from fleet.reports.closing import Closing
from fleet.reports.names import PAGES, Names
from fleet.store.model import Day, DaySummary, Terminal
from fleet.terminals import days
from fleet.terminals.days import day_of
from kiosk.journey.states import State
from kiosk.settings import config_root
from kiosk.status import Reported
from kiosk.status.state import Day as DayOfState
from kiosk.status.state import LeftAt, ThingDay
from tests.fleet.test_bus import state
from tests.fleet_databases import engine, enrolled, postgres_url, url
from tests.waiting import until

__all__ = ["engine", "postgres_url", "url"]
NOON = datetime(2026, 11, 28, 4, 0, tzinfo=UTC)
DAY = date(2026, 11, 28)


def _told(name: str, visits: int, at: datetime = NOON) -> Reported:
    counts = DayOfState(
        visits=visits,
        submitted=2,
        ratings=(0, 0, 1, 0, 3),
        things=(ThingDay(thing="newborn", visits=visits, filed=2, seconds=600),),
        left=(LeftAt(page="materials", visits=visits - 2),),
    )
    told = {"day": counts, "at": at.strftime("%Y-%m-%dT%H:%M:%SZ")}
    return state(name).model_copy(update=told)


@pytest.fixture
def three(engine: Engine) -> Engine:
    """Three terminals, two of them in one place, that reported a day."""
    enrolled(engine, "T-0001", "T-0002", "T-0003")
    with engine.begin() as connection:
        for name, place in (("T-0001", "410700"), ("T-0002", "410700"), ("T-0003", "140502")):
            connection.execute(
                update(Terminal).where(Terminal.name == name).values(jurisdiction=place)
            )
        days.keep(connection, [_told("T-0001", 5), _told("T-0002", 7), _told("T-0003", 3)])
    return engine


def test_a_day_is_summed_by_place(three: Engine) -> None:
    """Counts, things, and where visits were left; terminals by their visits."""
    sums = Closing(three).of(Period(DAY, DAY), NOON)[DAY]
    here = sums.of("410700")
    assert (here.terminals, here.visits, here.submitted) == (2, 12, 4)
    assert here.things == {"newborn": Thing(12, 4, 1200)}
    assert here.left == {"materials": 8}
    assert (here.chosen.minutes, here.satisfied) == (5.0, 0.75)
    assert sums.whole.visits == 15
    rows = ranking.busiest(three, Period(DAY, DAY), "", NOON)
    assert [row.name for row in rows] == ["T-0002", "T-0001", "T-0003"]
    every = ranking.every(three, Period(DAY, DAY), "140502", NOON)
    assert [(row.name, row.possible_minutes) for row in every] == [("T-0003", 720)]


@pytest.mark.parametrize("dark", [False, True])
def test_a_day_of_many_is_summed_in_parts(
    three: Engine, monkeypatch: pytest.MonkeyPatch, *, dark: bool
) -> None:
    """Whatever a part holds, the sums are the same; a place may be in several."""
    if dark:
        with three.begin() as connection:
            connection.execute(update(Terminal).values(enrolled_at=NOON - timedelta(days=9)))
            connection.execute(delete(Day).where(Day.terminal == "T-0002"))
    period = Period(DAY, DAY)
    whole = Closing(three).of(period, NOON)
    for part in (1, 2, 3):
        monkeypatch.setattr(closing, "_PART", part)
        assert Closing(three).of(period, NOON) == whole


def test_today_is_as_long_as_it_is(three: Engine) -> None:
    """At noon a terminal that was there all the time was there all the time."""
    with three.begin() as connection:
        connection.execute(update(Day).values(seen_minutes=720))
    assert Closing(three).of(Period(DAY, DAY), NOON)[DAY].whole.online == 1.0
    late = Closing(three).of(Period(DAY, DAY), NOON + timedelta(days=1))[DAY]
    assert late.whole.online == 0.5


def test_a_dark_day_is_not_left_out(three: Engine) -> None:
    """A terminal that tells nothing was there for nobody, from the day after it was let in."""
    with three.begin() as connection:
        connection.execute(update(Terminal).values(enrolled_at=NOON - timedelta(days=1)))
        connection.execute(update(Day).values(seen_minutes=1440))
    period = Period(DAY, DAY + timedelta(days=1))
    sums = Closing(three).of(period, NOON + timedelta(days=3))
    online = [sums[day].whole.online for day in period.days()]
    assert online == [1.0, 0.0]


def test_a_day_that_is_over_is_summed_once(three: Engine) -> None:
    """Until six hours after midnight it may change; then its sum is kept, a day of nobody too."""
    clock = [0.0]
    own = Closing(three, monotonic=lambda: clock[0])
    period = Period(DAY - timedelta(days=1), DAY)
    own.of(period, NOON)
    with three.begin() as connection:
        days.keep(connection, [_told("T-0003", 30, NOON + timedelta(minutes=5))])
    assert own.of(period, NOON)[DAY].of("140502").visits == 3, "asked again within a minute"
    clock[0] = 61.0
    assert own.of(period, NOON)[DAY].of("140502").visits == 30
    own.of(period, NOON + timedelta(hours=18, minutes=1))
    with three.begin() as connection:
        assert len(connection.execute(select(DaySummary)).all()) == 3
        connection.execute(update(Day).values(visits=99))
    late = Closing(three).of(period, NOON + timedelta(days=2))
    assert late[DAY].of("140502").visits == 30
    assert late[DAY - timedelta(days=1)].whole == Summary()


def test_days_are_summed_before_anybody_looks(three: Engine) -> None:
    """With the thread a page never waits, and what is over is closed though nobody looked."""
    at = datetime.now(UTC) - timedelta(days=3)
    with three.begin() as connection:
        days.keep(connection, [_told("T-0001", 5, at), _told("T-0003", 3, at)])
    own = Closing(three)
    own.start()
    try:
        until(lambda: _closed(three, day_of(at)))
    finally:
        own.stop()


def _closed(engine: Engine, day: date) -> bool:
    with engine.connect() as connection:
        wanted = select(DaySummary.body).where(DaySummary.day == day)
        return len(connection.execute(wanted).all()) == 2


@pytest.mark.parametrize(
    ("first", "last", "expected"),
    [
        ("", "", (date(2026, 11, 22), DAY)),
        ("x", "2026-02-31", (date(2026, 11, 22), DAY)),
        ("2026-11-01", "2026-10-01", (date(2026, 10, 1), date(2026, 11, 1))),
        ("2026-11-27", "2099-01-01", (date(2026, 11, 27), DAY)),
        ("1900-01-01", "2026-11-28", (date(2025, 11, 28), DAY)),
        ("2030-01-01", "", (DAY, DAY)),
    ],
)
def test_any_period_is_a_period(first: str, last: str, expected: tuple[date, date]) -> None:
    """Whatever somebody writes into the address."""
    period = Period.read(first, last, DAY)
    assert (period.first, period.last) == expected
    assert len(list(period.days())) == len(period) <= 366


def test_a_sheet_runs_no_formula() -> None:
    """A terminal's title is a text, whatever it looks like; the file says that it is UTF-8."""
    sheet = b"".join(sheets.lines(("名称", "次数"), [("=cmd|' /C calc'!A0", 3), ("一,号", None)]))
    assert sheet.decode("utf-8-sig").split("\r\n")[1:3] == ["'=cmd|' /C calc'!A0,3", '"一,号",']


def test_a_picture_says_what_it_shows() -> None:
    """To everyone, and nothing in it is markup."""
    picture = bars("<每天>", [("1", 0), ("2", 1200)])
    assert 'role="img" aria-label="&lt;每天&gt;"' in picture
    assert ">1,200</text>" in picture
    assert not bars("无", [])


def test_pages_and_things_have_names() -> None:
    """A page of the journey that somebody may leave has a word; an unknown code stays a code."""
    never = {"farewell", "rating", "warning", "help", "ended"}
    seen_by_slip = {"progress_scan", "progress_card", "mine", "progress_show"}
    assert set(PAGES) == {one.value for one in State} - never - seen_by_slip
    names = Names(config_root())
    assert (names.thing("newborn"), names.place("410700")) == ("新生儿出生", "新乡市")
    assert (names.thing("../../secret"), names.place("999999")) == ("../../secret", "999999")
