"""What a page says of who can help: now, and until when; or next, and from when."""

from __future__ import annotations

from datetime import datetime

from kiosk.domain.roster import Helped, helped
from kiosk.journey.context import Context
from kiosk.journey.facts import Today
from kiosk.journey.view import Text, text


def told(ctx: Context) -> Text | None:
    """Return who answers, for the help page; none: nobody said."""
    own = ctx.helped
    if own.contact is None:
        return None
    name = own.contact.name
    if own.opens is not None:
        return text(f"help.next_{_when(own)}", name=name, **_moment(own.opens))
    if own.until is None:
        return text("help.always", name=name)
    return text("help.until", name=name, time=f"{own.until:%H:%M}")


def news(ctx: Context, moment: datetime, *, begun: bool) -> Today | None:
    """Return the day and who can help, if a visit does not know it so yet.

    One that has begun keeps its day over midnight: what was checked stays checked.
    """
    own = helped(ctx.site.roster, ctx.catalogue.workdays, moment)
    told = Today(day=ctx.today if begun else moment.date(), helped=own)
    return None if (told.day, told.helped) == (ctx.today, ctx.helped) else told


def greeted(ctx: Context) -> Text:
    """Return the words under the title while nobody is here."""
    own = ctx.helped
    if own.contact is None:
        return text("attract.lead")
    if own.opens is None:
        return text("attract.lead_answered", phone=ctx.phone)
    return text("attract.lead_unanswered", **_moment(own.opens))


def _when(own: Helped) -> str:
    if not own.certain:
        return "unsure"
    return {0: "today", 1: "tomorrow"}.get(own.days, "day")


def _moment(opens: datetime) -> dict[str, str]:
    return {"month": str(opens.month), "day": str(opens.day), "time": f"{opens:%H:%M}"}
