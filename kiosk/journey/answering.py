"""What a page says of who can help: now, and until when; or next, and from when."""

from __future__ import annotations

from datetime import datetime

from kiosk.domain.roster import helped
from kiosk.domain.roster_words import answer, moment
from kiosk.journey.context import Context
from kiosk.journey.facts import Today
from kiosk.journey.view import Text, text


def told(ctx: Context) -> Text | None:
    """Return who answers, for the help page; none: nobody said."""
    said = answer(ctx.helped)
    return text(said[0], **said[1]) if said else None


def news(ctx: Context, at: datetime, *, begun: bool) -> Today | None:
    """Return the day and who can help, if a visit does not know it so yet.

    One that has begun keeps its day over midnight: what was checked stays checked.
    """
    own = helped(ctx.site.roster, ctx.catalogue.workdays, at)
    told = Today(day=ctx.today if begun else at.date(), helped=own)
    return None if (told.day, told.helped) == (ctx.today, ctx.helped) else told


def greeted(ctx: Context) -> Text:
    """Return the words under the title while nobody is here."""
    own = ctx.helped
    if own.contact is None:
        return text("attract.lead")
    if own.opens is not None:
        return text("attract.lead_unanswered", **moment(own.opens))
    return text("attract.lead_answered", phone=ctx.phone) if own.certain else text("attract.lead")
