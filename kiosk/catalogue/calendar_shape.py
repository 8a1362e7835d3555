"""The shape of a working calendar: the days off of each year, as they were announced."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel
from pydantic import Field as Member

from kiosk.catalogue.shape import STRICT, Day, Words


class _Mapping(BaseModel):
    model_config = STRICT


class HolidayFile(_Mapping):
    """Days off in a row, and the weekends that are ``worked`` in exchange."""

    name: Words
    first: Day
    last: Day
    worked: tuple[Day, ...] = ()


class CalendarYearFile(_Mapping):
    """The arrangement of one year, and the notice of which ``date`` it was made public in."""

    year: Annotated[int, Member(ge=2000, le=2100)]
    source: Words
    date: Day
    holidays: Annotated[tuple[HolidayFile, ...], Member(min_length=1)]


class CalendarFile(_Mapping):
    """``calendars/<name>.yaml``: which days are worked; a year that is not here is not known."""

    name: Words
    years: Annotated[tuple[CalendarYearFile, ...], Member(min_length=1)]
