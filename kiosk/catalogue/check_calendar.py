"""Check the working calendar: days that exist, in their year, each said once."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Final

from kiosk.catalogue.calendar_shape import CalendarYearFile, HolidayFile
from kiosk.catalogue.faults import Location, fault
from kiosk.catalogue.sources import Sources
from kiosk.documents import Document, DocumentFault

Faults = Iterator[DocumentFault]
_SATURDAY: Final = 5
_LONGEST: Final = timedelta(days=15)
"""No holiday of an arrangement is longer; a longer one is a slip of the pen."""


def check_calendar(sources: Sources) -> Faults:
    """Return what is wrong with the jurisdiction's calendar."""
    if sources.calendar is None:
        return
    document = sources.calendar.document
    said: dict[date, str] = {}
    years: set[int] = set()
    for index, own in enumerate(sources.calendar.file.years):
        if own.year in years:
            yield fault(document, ("years", index, "year"), f"{own.year} is there twice")
        years.add(own.year)
        yield from _year(document, ("years", index), own, said)


def _year(document: Document, at: Location, own: CalendarYearFile, said: dict[date, str]) -> Faults:
    if _day(own.date) is None:
        yield fault(document, (*at, "date"), f"{own.date} does not exist")
    for index, holiday in enumerate(own.holidays):
        here: Location = (*at, "holidays", index)
        wrong = list(_unreal(document, here, holiday, own.year))
        yield from wrong or _said_once(document, here, holiday, said)


def _unreal(document: Document, at: Location, own: HolidayFile, year: int) -> Faults:
    """Yield a fault for each day that does not exist, or lies where it cannot."""
    days: list[tuple[Location, str]] = [((*at, "first"), own.first), ((*at, "last"), own.last)]
    days += [((*at, "worked", index), text) for index, text in enumerate(own.worked)]
    for where, text in days:
        day = _day(text)
        if day is None:
            yield fault(document, where, f"{text} does not exist")
        elif day.year != year:
            yield fault(document, where, f"{text} is not in {year}", "Say it under its own year.")
        elif "worked" in where and day.weekday() < _SATURDAY:
            problem = f"{text} is no weekend: it is worked anyway"
            yield fault(document, where, problem, "Take it away.")
    first, last = _day(own.first), _day(own.last)
    if first and last and not timedelta(0) <= last - first <= _LONGEST:
        problem = f"from {own.first} to {own.last} is no holiday"
        yield fault(document, (*at, "last"), problem, "Write the first day and the last one.")


def _said_once(document: Document, at: Location, own: HolidayFile, said: dict[date, str]) -> Faults:
    """Yield a fault where a day was said before: closed twice, or closed and worked."""
    days = [((*at, "first"), day) for day in closed_days(own)]
    days += [((*at, "worked", n), date.fromisoformat(text)) for n, text in enumerate(own.worked)]
    for where, day in days:
        if day in said:
            yield fault(document, where, f"{day} is {said[day]} already", "Each day stands once.")
        else:
            said[day] = f"a worked day of {own.name}" if "worked" in where else f"in {own.name}"


def closed_days(own: HolidayFile) -> Iterator[date]:
    """Yield every day of a holiday that was checked."""
    day, last = date.fromisoformat(own.first), date.fromisoformat(own.last)
    while day <= last:
        yield day
        day += timedelta(days=1)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
