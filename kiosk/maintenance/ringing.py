"""Whom staff ring when the steps against a fault did not help: by name, number and hour.

Whoever is meant may have several numbers; the one is told that is answered now, or next. Where
nobody of that kind is set down, those whom citizens ring are told, and that this is so.
"""

from __future__ import annotations

from kiosk.domain.roster import Helped, helped
from kiosk.domain.roster_words import answer
from kiosk.journey.view_parts import Text, text
from kiosk.maintenance.context import Context


def numbers(ctx: Context, call: str) -> tuple[Text, ...]:
    """Return the lines below "whom to ring"; ``call``: who is meant, as the fault says it."""
    if ctx.moment is None:
        return ()
    place = ctx.place
    meant = _told(helped(place.staff.get(call, ()), place.help.workdays, ctx.moment))
    if meant is not None:
        return (meant,)
    other = _told(place.help.at(ctx.moment)) or text("faults.ring.number", phone=place.help.phone)
    return (text("faults.ring.unknown"), other)


def _told(own: Helped) -> Text | None:
    said = answer(own)
    if own.contact is None or said is None:
        return None
    key, values = said
    return text(f"faults.ring.{key.rpartition('.')[2]}", phone=own.contact.phone, **values)
