"""Who can help: at two in the night, on holidays, on weekends that are worked, and next."""

from __future__ import annotations

from datetime import date, datetime, time

import pytest

from kiosk.catalogue.files import load
from kiosk.domain.calendar import LEGAL_TIME, NOTHING_KNOWN, Workdays
from kiosk.domain.roster import Contact, Day, Helped, Span, helped, kind_of
from kiosk.settings import config_root

DAY = (Span(time(8, 30), time(12)), Span(time(14), time(17, 30)))
WHOLE = (Span(time(0), time(0)),)
DESK = Contact(name="大厅服务台", phone="0373-0000001", hours=((Day.WORKED, DAY),))
WATCH = Contact(
    name="夜间值守",
    phone="0373-0000002",
    hours=(
        (Day.WORKED, (Span(time(17, 30), time(0)), Span(time(0), time(7)))),
        (Day.HOLIDAY, (Span(time(9), time(16)),)),
    ),
)
LINE = Contact(name="市民热线", phone="12345", hours=tuple((day, WHOLE) for day in Day))


@pytest.fixture(scope="module")
def workdays() -> Workdays:
    """The calendar that ships."""
    return load(config_root(), "410700").workdays


def at(text: str) -> datetime:
    """Return a moment in legal time."""
    return datetime.fromisoformat(text).replace(tzinfo=LEGAL_TIME)


@pytest.mark.parametrize(
    ("day", "kind"),
    [
        ("2026-11-27", Day.WORKED),
        ("2026-11-28", Day.WEEKEND),
        ("2026-02-14", Day.WORKED),  # a Saturday, worked in exchange for the spring festival
        ("2026-02-21", Day.HOLIDAY),  # a Saturday within it
        ("2026-10-01", Day.HOLIDAY),
        ("2031-10-01", Day.HOLIDAY),  # by law, though nobody has announced that year
        ("2031-10-04", Day.WEEKEND),
    ],
)
def test_a_day_is_worked_off_or_a_holiday(workdays: Workdays, day: str, kind: Day) -> None:
    """As the calendar says."""
    assert kind_of(date.fromisoformat(day), workdays) is kind


@pytest.mark.parametrize(
    ("moment", "who", "until", "opens"),
    [
        ("2026-11-27 09:00", DESK, "2026-11-27 12:00", None),
        ("2026-11-27 12:30", DESK, None, "2026-11-27 14:00"),
        ("2026-11-27 02:00", WATCH, "2026-11-27 07:00", None),
        ("2026-11-26 22:00", WATCH, "2026-11-27 07:00", None),  # over midnight in one
        ("2026-11-28 02:00", WATCH, None, "2026-11-30 00:00"),
        ("2026-10-01 10:00", WATCH, "2026-10-01 16:00", None),
        ("2026-10-01 02:00", WATCH, None, "2026-10-01 09:00"),
        ("2026-02-14 09:00", DESK, "2026-02-14 12:00", None),
    ],
)
def test_the_first_who_answers_is_told_or_who_does_next(
    workdays: Workdays, moment: str, who: Contact, until: str | None, opens: str | None
) -> None:
    """By the kind of the day, at every hour."""
    assert helped((DESK, WATCH), workdays, at(moment)) == Helped(
        contact=who,
        until=at(until) if until else None,
        opens=at(opens) if opens else None,
        days=(at(opens).date() - at(moment).date()).days if opens else 0,
    )


def test_a_line_round_the_clock_ends_never(workdays: Workdays) -> None:
    """The desk goes before it while it answers."""
    both = (DESK, LINE)
    assert helped(both, workdays, at("2026-10-01 02:00")) == Helped(contact=LINE)
    assert helped(both, workdays, at("2026-11-27 09:00")).contact is DESK


def test_what_rests_on_holidays_nobody_announced_is_not_certain() -> None:
    """And nobody who ever answers is nobody."""
    told = helped((DESK,), NOTHING_KNOWN, at("2031-11-21 18:00"))
    assert (told.opens, told.certain) == (at("2031-11-24 08:30"), False)
    nobody = Contact(name="x", phone="123", hours=())
    assert helped((nobody,), NOTHING_KNOWN, at("2026-11-27 09:00")) == Helped()
    assert helped((), NOTHING_KNOWN, at("2026-11-27 09:00")) == Helped()
