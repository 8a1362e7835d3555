"""Who can help now, by roster and calendar; and when nobody can, who can next.

A day is one of three kinds: *worked* (Monday to Friday, and a weekend that is worked in exchange
for a holiday), *weekend*, and *holiday* (days off that were announced, and the festivals that have
a fixed day). A contact says at which hours somebody answers on each kind. Hours end at midnight at
the latest: a night is the evening of one day and the morning of the next.

Whoever stands first in the roster and answers now is told. When nobody answers, whoever answers
first is told. Holidays are announced a year at a time: what rests on the kind of a day of a year
that is not announced is told as not certain, and whoever answers for certain goes before it.

Of whom no hours are said, nothing is known: they may answer now. Such a one goes before those who
only answer later, and of nobody it is then said that nobody answers.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Final

from kiosk.domain.calendar import LEGAL_TIME, Workdays

FAR_DAYS: Final = 31
"""How far ahead is looked; the longest holidays have nine days."""
_MIDNIGHT: Final = time(0)


class Day(StrEnum):
    """Kind of a day."""

    WORKED = "workdays"
    WEEKEND = "weekends"
    HOLIDAY = "holidays"


@dataclass(frozen=True, slots=True)
class Span:
    """Hours of a day, in legal time; an end of 0:00 is the midnight after."""

    begins: time
    ends: time


@dataclass(frozen=True, kw_only=True, slots=True)
class Contact:
    """Somebody who answers a telephone.

    Attributes:
        name: of a desk or a line, never of a person.
        phone: its number.
        hours: when somebody answers, by the kind of the day; a kind that is not there: nobody, but
            without any hours at all it is not known when.
    """

    name: str
    phone: str
    hours: tuple[tuple[Day, tuple[Span, ...]], ...]

    def on(self, day: Day) -> tuple[Span, ...]:
        """Return the hours of a kind of day."""
        return next((spans for kind, spans in self.hours if kind is day), ())

    @property
    def alike(self) -> bool:
        """Whether every day has the same hours, so that no calendar matters."""
        return len({tuple(sorted(self.on(day), key=_begins)) for day in Day}) == 1

    @property
    def always(self) -> bool:
        """Whether somebody answers on every day, round the clock."""
        return all(_joined(self.on(day)) == (_WHOLE,) for day in Day)

    @property
    def known(self) -> bool:
        """Whether anybody said when somebody answers."""
        return any(self.on(day) for day in Day)


@dataclass(frozen=True, kw_only=True, slots=True)
class Helped:
    """Who can help at a moment.

    Attributes:
        contact: who answers now, or next; none: nobody said, or nobody within `FAR_DAYS`.
        until: they answer now, until then; none when they do not, or for another day at least.
        opens: they answer from then on; none when they answer now, or their hours are not known.
        days: until then: 0 is today, 1 tomorrow.
        certain: the day in question is of the kind that the calendar says: its holidays were
            announced, or they don't matter, for every day has the same hours; never of one whose
            hours are not known.
    """

    contact: Contact | None = None
    until: datetime | None = None
    opens: datetime | None = None
    days: int = 0
    certain: bool = True


_WHOLE: Final = Span(_MIDNIGHT, _MIDNIGHT)
_NO_MATTER: Final = datetime.min.replace(tzinfo=LEGAL_TIME)


def joined(contact: Contact, day: Day) -> tuple[Span, ...]:
    """Return the hours of a kind of day, in order, those that touch as one."""
    return _joined(contact.on(day))


def _joined(spans: Sequence[Span]) -> tuple[Span, ...]:
    found: list[Span] = []
    for span in sorted(spans, key=_begins):
        if found and found[-1].ends == span.begins:
            found[-1] = Span(found[-1].begins, span.ends)
        else:
            found.append(span)
    return tuple(found)


def _begins(span: Span) -> time:
    return span.begins


def kind_of(day: date, workdays: Workdays) -> Day:
    """Return the kind of a day."""
    if workdays.is_working(day):
        return Day.WORKED
    return Day.HOLIDAY if workdays.is_holiday(day) else Day.WEEKEND


def helped(roster: Sequence[Contact], workdays: Workdays, moment: datetime) -> Helped:
    """Return who can help at a moment, or who can next."""
    here = moment.astimezone(LEGAL_TIME)
    told = [own for contact in roster if (own := _told(contact, workdays, here))]
    return min(told, key=_wanted, default=Helped())


def _wanted(own: Helped) -> tuple[int, datetime]:
    """Return what the one to be told has least of; of equals the first in the roster is it."""
    if own.opens is not None:
        return 3, own.opens
    if own.contact is not None and not own.contact.known:
        return 2, _NO_MATTER
    return int(not own.certain), _NO_MATTER


def _told(contact: Contact, workdays: Workdays, here: datetime) -> Helped | None:
    """Return when one answers; none: not within `FAR_DAYS`."""
    if not contact.known:
        return Helped(contact=contact, certain=False)
    spans = _spans(contact, workdays, here.date())
    found = next((span for span in spans if here < span[1]), None)
    if found is None:
        return None
    begins, ends = found
    certain = contact.alike or not workdays.is_estimate(max(begins, here))
    if begins <= here:
        until = _ends(ends, spans)
        soon = until if until is not None and until - here < timedelta(days=1) else None
        return Helped(contact=contact, until=soon, certain=certain)
    days = (begins.date() - here.date()).days
    return Helped(contact=contact, opens=begins, days=days, certain=certain)


def next_worked(roster: Sequence[Contact], workdays: Workdays, moment: datetime) -> Helped:
    """Return who is to be rung at the next working time, and from when.

    That is the most wanted one who answers on worked days and not round the clock; who answers
    already is told for a later day. Without such a one, or far from every worked day: nobody.
    """
    here = moment.astimezone(LEGAL_TIME)
    wanted = (own for own in roster if own.on(Day.WORKED) and not own.always)
    contact = next(wanted, None)
    if contact is None:
        return Helped()
    for begins, _ in _spans(contact, workdays, here.date(), only=Day.WORKED):
        if begins > here and not _answers(contact, workdays, here, begins):
            days = (begins.date() - here.date()).days
            certain = not workdays.is_estimate(begins)
            return Helped(contact=contact, opens=begins, days=days, certain=certain)
    return Helped()


def _answers(contact: Contact, workdays: Workdays, here: datetime, begins: datetime) -> bool:
    """Whether somebody is there now, and what begins then is of the same day."""
    same = begins.date() == here.date()
    return same and any(a <= here < b for a, b in _spans(contact, workdays, here.date()))


def _ends(ends: datetime, later: Iterator[tuple[datetime, datetime]]) -> datetime | None:
    """Return when somebody answers no more: hours that touch are one; none: not yet."""
    for begins, closes in later:
        if begins != ends:
            return ends
        ends = closes
    return None


def _spans(
    contact: Contact, workdays: Workdays, first: date, only: Day | None = None
) -> Iterator[tuple[datetime, datetime]]:
    """Yield the hours of some days, in order; ``only`` those of one kind."""
    for number in range(FAR_DAYS):
        day = first + timedelta(days=number)
        kind = kind_of(day, workdays)
        for span in sorted(contact.on(kind) if only in {None, kind} else (), key=_begins):
            closes = day + timedelta(days=span.ends == _MIDNIGHT)
            yield (
                datetime.combine(day, span.begins, LEGAL_TIME),
                datetime.combine(closes, span.ends, LEGAL_TIME),
            )
