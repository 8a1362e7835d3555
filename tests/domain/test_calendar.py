"""Clocks of accepted items: they start at 受理 and stand still while the citizen supplements."""

from __future__ import annotations

from datetime import date

import pytest

from kiosk.domain.calendar import Clock, Workdays
from tests.legal_time import china

THURSDAY = china("2026-11-26 10:00")


def test_a_clock_stands_still_while_supplements_are_awaited() -> None:
    """From the day of the notice to the day the supplement comes no day counts."""
    friday, tuesday = china("2026-11-27 09:00"), china("2026-12-01 16:00")
    assert Clock(started=THURSDAY).due(Workdays(), 2) == china("2026-11-30 17:00")
    clock = Clock(started=THURSDAY, stopped=((friday, tuesday),))
    assert clock.due(Workdays(), 2) == china("2026-12-03 17:00")


def test_nothing_is_promised_while_it_stands() -> None:
    """Without the supplement no day can be named."""
    assert Clock(started=THURSDAY, stopped=((THURSDAY, None),)).due(Workdays(), 2) is None


@pytest.mark.parametrize(
    ("start", "hours", "due"),
    [
        ("2026-11-27 09:00", 2, "2026-11-27 11:00"),
        ("2026-11-27 11:30", 2, "2026-11-27 14:30"),
        ("2026-11-27 12:30", 2, "2026-11-27 15:00"),
        ("2026-11-27 16:00", 2, "2026-11-30 10:00"),
        ("2026-11-27 15:00", 2, "2026-11-27 17:00"),
        ("2026-11-28 03:00", 2, "2026-11-30 11:00"),
        ("2026-11-26 22:00", 2, "2026-11-27 11:00"),
    ],
)
def test_working_hours(start: str, hours: int, due: str) -> None:
    """Nights, noons and weekends do not count."""
    assert Workdays().after_hours(china(start), hours) == china(due)


HOLIDAY = Workdays(
    closed=frozenset(date(2026, 10, day) for day in range(1, 8)),
    worked=frozenset({date(2026, 9, 20), date(2026, 10, 10)}),
    years=frozenset({2026}),
)


@pytest.mark.parametrize(
    ("started", "stopped", "days", "due"),
    [
        # Accepted a minute before midnight: the day of acceptance does not count all the same.
        ("2026-11-26 23:59", (), 1, "2026-11-27 17:00"),
        # On a weekend, and on one that is worked.
        ("2026-11-28 10:00", (), 1, "2026-11-30 17:00"),
        ("2026-10-10 10:00", (), 1, "2026-10-12 17:00"),
        # The worked Saturday counts.
        ("2026-10-09 10:00", (), 1, "2026-10-10 17:00"),
        # Over the year's end: 2027 is counted from Monday to Friday without New Year's Day.
        ("2026-12-30 10:00", (), 3, "2027-01-05 17:00"),
        ("2027-04-30 10:00", (), 1, "2027-05-03 17:00"),
        ("2029-09-28 10:00", (), 1, "2029-10-04 17:00"),
        # A supplement asked before a holiday comes after it: one day had gone, two are left.
        (
            "2026-09-28 10:00",
            (("2026-09-30 09:00", "2026-10-08 16:00"),),
            3,
            "2026-10-10 17:00",
        ),
        # Asked and given twice; the second time within a day.
        (
            "2026-11-26 10:00",
            (("2026-11-27 09:00", "2026-11-30 09:00"), ("2026-12-01 09:00", "2026-12-01 15:00")),
            2,
            "2026-12-03 17:00",
        ),
    ],
)
def test_a_clock_counts_working_days(
    started: str, stopped: tuple[tuple[str, str], ...], days: int, due: str
) -> None:
    """From acceptance on, without holidays and without the time a supplement was awaited."""
    stops = tuple((china(since), china(until)) for since, until in stopped)
    clock = Clock(started=china(started), stopped=stops)
    assert clock.due(HOLIDAY, days) == china(due)


@pytest.mark.parametrize(
    ("start", "days", "due"),
    [
        ("2026-11-26 10:00", 1, "2026-11-27 17:00"),
        ("2026-11-27 10:00", 10, "2026-12-11 17:00"),
        ("2026-09-30 10:00", 1, "2026-10-08 17:00"),
        ("2026-10-09 10:00", 1, "2026-10-10 17:00"),
    ],
)
def test_working_days(start: str, days: int, due: str) -> None:
    """The first day does not count; holidays rest and worked weekends work."""
    assert HOLIDAY.after_days(china(start), days) == china(due)


def test_days_left_and_what_is_an_estimate() -> None:
    """The last day has none left; beyond the announced years a day is an estimate."""
    due = china("2026-10-12 17:00")
    left = {"2026-09-30 23:59": 4, "2026-10-10 09:00": 1, "2026-10-12 09:00": 0}
    assert {now: HOLIDAY.days_left(china(now), due) for now in left} == left
    assert HOLIDAY.days_left(china("2026-10-13 09:00"), due) == 0
    assert not HOLIDAY.is_estimate(china("2026-12-31 23:59"))
    assert HOLIDAY.is_estimate(china("2027-01-01 00:00"))
    assert Workdays().is_estimate(due)


def test_a_working_day_closes_in_the_afternoon() -> None:
    """What happens after hours or on a day off belongs to the next working day."""
    assert HOLIDAY.closing(china("2026-10-10 16:59")) == china("2026-10-10 17:00")
    assert HOLIDAY.closing(china("2026-10-10 17:01")) == china("2026-10-12 17:00")
    assert HOLIDAY.closing(china("2026-10-03 10:00")) == china("2026-10-08 17:00")


def test_what_is_left_while_a_clock_stands() -> None:
    """Of three days one had gone; days that were over before a late notice stay over."""
    clock = Clock(started=THURSDAY, stopped=((china("2026-11-30 09:00"), None),))
    assert clock.due(Workdays(), 3) is None
    assert clock.left(Workdays(), 3) == 2
    assert clock.due(Workdays(), 1) == china("2026-11-27 17:00")
    assert clock.left(Workdays(), 1) == 0
