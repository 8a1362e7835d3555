"""The words for a roster: who answers, the hours of everybody, and both for paper.

A page is read now: it says who answers now, or who does next. Paper is read tomorrow, at home: it
has every number with its hours, names days by their date and never says "today", and tells at
which time the sentence about the moment was true. What rests on holidays that nobody has announced
yet is told as expected (预计), and about now it is then not told at all. Whose hours nobody said is
told by name and number alone, and beside such a one never that nobody answers.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, time
from typing import Final

from kiosk.domain.calendar import LEGAL_TIME, NOTHING_KNOWN, Workdays
from kiosk.domain.receipt import Line, Text
from kiosk.domain.roster import Contact, Day, Helped, Span, helped, joined, next_worked

BELOW: Final = "\u3000"
"""Begins a line of paper that belongs to the number above it: one character's room."""
Said = tuple[str, dict[str, str]]
"""Key and values of words."""
_MIDNIGHT: Final = time(0)
_NINE: Final = time(9)
_NOON: Final = time(12)


@dataclass(frozen=True, kw_only=True, slots=True)
class Help:
    """Whom to ring at a terminal.

    Attributes:
        phone: the number that stands where no roster says more.
        hours: when somebody answers there, in words, or empty.
        roster: who answers when, most wanted first; in place of both.
        workdays: by which calendar.
    """

    phone: str
    hours: str = ""
    roster: tuple[Contact, ...] = ()
    workdays: Workdays = NOTHING_KNOWN

    def at(self, moment: datetime) -> Helped:
        """Return who can help at a moment, or next."""
        return helped(self.roster, self.workdays, moment)


def answer(own: Helped) -> Said | None:
    """Return who answers now or next, for a page that is read now; none: nobody is known."""
    if own.contact is None:
        return None
    name = {"name": own.contact.name}
    if own.opens is not None:
        return f"help.next_{_when(own)}", name | moment(own.opens)
    if not own.contact.known:
        return "help.maybe", name
    if not own.certain:
        return "help.usually", name
    if own.until is None:
        return f"help.{'always' if own.contact.always else 'now'}", name
    return "help.until", name | {"time": f"{own.until:%H:%M}"}


def returns(help_: Help, at: datetime) -> Said | None:
    """Return when somebody of the day is there next, for a page that sends people somewhere.

    A number that is answered at night opens no window: this is of the most wanted one who is there
    on a working day's morning and not always. None: that one is there, nobody said, or `answer`
    tells it already.
    """
    of_day = [own for own in help_.roster if _by_day(own)]
    own = helped(of_day[:1], help_.workdays, at)
    if own.contact is None or own.opens is None or help_.at(at).contact == own.contact:
        return None
    key = "screens.out.opens" if own.certain else "screens.out.opens_unsure"
    return key, {"name": own.contact.name} | moment(own.opens)


def _by_day(own: Contact) -> bool:
    morning = (span for span in own.on(Day.WORKED) if span.begins < _NOON)
    return not own.always and any(span.ends > _NINE or span.ends == _MIDNIGHT for span in morning)


def moment(at: datetime) -> dict[str, str]:
    """Return month, day and time of day."""
    return {"month": str(at.month), "day": str(at.day), "time": f"{at:%H:%M}"}


def _when(own: Helped) -> str:
    if not own.certain:
        return "unsure"
    return {0: "today", 1: "tomorrow"}.get(own.days, "day")


def hours(contact: Contact, text: Text) -> tuple[str, ...]:
    """Return when somebody answers, a sentence for each kind of day that differs; none: unknown."""
    if not contact.known:
        return ()
    if contact.always:
        return (text("help.hours.always"),)
    groups: dict[tuple[Span, ...], list[Day]] = {}
    for day in Day:
        groups.setdefault(joined(contact, day), []).append(day)
    told = sorted(groups.items(), key=lambda own: not own[0])
    return tuple(_hours(spans, days, text) for spans, days in told)


def _hours(spans: tuple[Span, ...], days: list[Day], text: Text) -> str:
    on = text(f"help.days.{'_'.join(days)}")
    if not spans:
        return text("help.hours.nobody", days=on)
    if spans == (Span(_MIDNIGHT, _MIDNIGHT),):
        return text("help.hours.whole", days=on)
    told = text("help.hours.and").join(f"{_clock(own.begins)}-{_ends(own)}" for own in spans)
    return text("help.hours.some", days=on, hours=told)


def _clock(at: time) -> str:
    return f"{at:%H:%M}"


def _ends(span: Span) -> str:
    return "24:00" if span.ends == _MIDNIGHT else _clock(span.ends)


def table(help_: Help, text: Text) -> tuple[tuple[str, str, tuple[str, ...]], ...]:
    """Return name, number and hours of everybody; without a roster the one number."""
    if not help_.roster:
        told = (help_.hours,) if help_.hours else ()
        return (("", help_.phone, told),)
    return tuple((own.name, own.phone, hours(own, text)) for own in help_.roster)


def on_paper(help_: Help, printed: datetime, text: Text) -> tuple[Line, ...]:
    """Return the lines of a slip that is printed at a moment, and read later."""
    if not help_.roster:
        key = "slip.help_hours" if help_.hours else "slip.help"
        return ({"text": text(key, phone=help_.phone, hours=help_.hours)},)
    return (
        {"text": text("slip.help_title")},
        *_moments(help_, printed, text),
        *_table(help_, text),
    )


def _line(words: str) -> Line:
    return {"text": words}


def _table(help_: Help, text: Text) -> Iterator[Line]:
    for name, phone, told in table(help_, text):
        yield {"label": name, "value": phone}
        yield from (_line(BELOW + sentence) for sentence in told)
    if not all(own.alike for own in help_.roster):
        yield {"text": text("slip.help_days")}


def _moments(help_: Help, printed: datetime, text: Text) -> Iterator[Line]:
    """Say who answers at the moment, who does first if nobody, and who at the next working time."""
    if all(own.always or not own.known for own in help_.roster):
        return  # the hours say all that is known
    now = help_.at(printed)
    worked = next_worked(help_.roster, help_.workdays, printed)
    yield from map(_line, _now(now, printed, text))
    if now.contact is not None and now.opens is not None and now.opens != worked.opens:
        yield {"text": _opens("slip.help_first", now, text)}
    if worked.contact is not None:
        yield {"text": _opens("slip.help_worked", worked, text)}


def _now(now: Helped, printed: datetime, text: Text) -> Iterator[str]:
    here = printed.astimezone(LEGAL_TIME)
    at = when(here, text)
    if now.contact is None or now.opens is not None:
        yield text("slip.help_nobody", at=at)
    elif now.certain and now.until is None:
        yield text("slip.help_now", at=at, name=now.contact.name)
    elif now.certain and now.until is not None:
        same = now.until.date() == here.date()
        until = f"{now.until:%H:%M}" if same else when(now.until, text)
        yield text("slip.help_now_until", at=at, name=now.contact.name, until=until)


def _opens(key: str, own: Helped, text: Text) -> str:
    if own.contact is None or own.opens is None:
        raise ValueError("nobody is told who opens")
    sure = "" if own.certain else "_unsure"
    return text(f"{key}{sure}", at=when(own.opens, text), name=own.contact.name)


def when(at: datetime, text: Text) -> str:
    """Return a day with its date and weekday, and the time: as it is read on another day."""
    return text("slip.when", weekday=text(f"screens.weekday.{at.weekday()}"), **moment(at))
