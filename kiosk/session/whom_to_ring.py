"""Whom to ring, from the settings to the values of the domain: for citizens, and for staff."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import time

from kiosk.domain.calendar import Workdays
from kiosk.domain.roster import Contact, Day, Span
from kiosk.domain.roster_words import Help
from kiosk.settings import Settings
from kiosk.settings.model import Contact as ContactSettings


def help_of(settings: Settings, workdays: Workdays) -> Help:
    """Return whom citizens ring, by the hours of a calendar."""
    own = settings.help
    return Help(phone=own.phone, hours=own.hours, roster=roster_of(own.roster), workdays=workdays)


def staff_of(settings: Settings) -> Mapping[str, tuple[Contact, ...]]:
    """Return whom staff ring, by who is meant: vendor, network, centre, electrician, guard."""
    found: dict[str, tuple[Contact, ...]] = {}
    for own in settings.help.staff:
        found[own.who] = (*found.get(own.who, ()), _contact(own))
    return found


def roster_of(told: Iterable[ContactSettings]) -> tuple[Contact, ...]:
    """Return the roster as the settings say it."""
    return tuple(_contact(own) for own in told)


def _contact(own: ContactSettings) -> Contact:
    hours = {Day.WORKED: own.workdays, Day.WEEKEND: own.weekends, Day.HOLIDAY: own.holidays}
    return Contact(
        name=own.name,
        phone=own.phone,
        hours=tuple((day, tuple(_span(text) for text in spans)) for day, spans in hours.items()),
    )


def _span(text: str) -> Span:
    begins, ends = (time.fromisoformat(part.replace("24:", "00:")) for part in text.split("-"))
    return Span(begins, ends)
