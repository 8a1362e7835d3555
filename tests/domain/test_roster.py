"""Who can help: at two in the night, on holidays, on weekends that are worked, and next."""

from __future__ import annotations

from datetime import date, datetime, time

import pytest

from kiosk.catalogue.files import load
from kiosk.domain.calendar import LEGAL_TIME, NOTHING_KNOWN, Workdays
from kiosk.domain.roster import Contact, Day, Helped, Span, helped, kind_of
from kiosk.domain.roster_words import answer
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
NIGHT = "2026-11-27 02:00"
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
    """And nobody is nobody."""
    told = helped((DESK,), NOTHING_KNOWN, at("2031-11-21 18:00"))
    assert (told.opens, told.certain) == (at("2031-11-24 08:30"), False)
    assert helped((), NOTHING_KNOWN, at("2026-11-27 09:00")) == Helped()


def test_who_answers_for_certain_goes_before_who_usually_does() -> None:
    """Nobody knows whether the desk has a day off; the line answers on any day."""
    moment = at("2031-11-21 10:00")
    assert helped((DESK, LINE), NOTHING_KNOWN, moment) == Helped(contact=LINE)
    assert helped((DESK, WATCH), NOTHING_KNOWN, moment).contact is DESK


def test_of_whom_no_hours_are_said_nothing_is_known(workdays: Workdays) -> None:
    """They go behind who answers and before who answers later: it may be now."""
    unsaid = Contact(name="厂家维修", phone="0373-0000004", hours=())
    maybe = Helped(contact=unsaid, certain=False)
    for moment in (NIGHT, "2026-10-01 10:00"):
        assert helped((unsaid,), workdays, at(moment)) == maybe
        assert helped((DESK, unsaid), workdays, at(moment)) == maybe
        assert helped((unsaid, LINE), workdays, at(moment)).contact is LINE


@pytest.mark.parametrize(
    ("moment", "until"),
    [("2026-07-10 10:00", None), ("2026-12-28 10:00", None), ("2026-12-31 10:00", "2027-01-01")],
)
def test_an_end_is_told_when_it_is_within_a_day(
    workdays: Workdays, moment: str, until: str | None
) -> None:
    """Round the clock but for holidays: "to 0:00" four days before would be read as tonight."""
    watch = Contact(
        name="值班", phone="0373-0000001", hours=((Day.WORKED, WHOLE), (Day.WEEKEND, WHOLE))
    )
    told = helped((watch,), workdays, at(moment))
    assert (told.until, told.opens) == (at(until) if until else None, None)
    key = answer(told)
    assert key
    assert key[0] == ("help.until" if until else "help.now")
