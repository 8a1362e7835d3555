"""What a page says of who can help: now, and until when; or next, and from when."""

from __future__ import annotations

from datetime import datetime, timedelta

from kiosk.domain.roster import helped
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
        return text(f"help.next_{_when(ctx, own.opens)}", name=name, **_moment(own.opens))
    if own.until is None:
        return text("help.always", name=name)
    return text("help.until", name=name, time=f"{own.until:%H:%M}")


def news(ctx: Context, moment: datetime) -> Today | None:
    """Return the day and who can help, if a visit does not know it so yet."""
    own = helped(ctx.site.roster, ctx.catalogue.workdays, moment)
    if (moment.date(), own) == (ctx.today, ctx.helped):
        return None
    return Today(day=moment.date(), helped=own)


def greeted(ctx: Context) -> Text:
    """Return the words under the title while nobody is here."""
    own = ctx.helped
    if own.contact is None:
        return text("attract.lead")
    if own.opens is None:
        return text("attract.lead_answered", phone=ctx.phone)
    return text("attract.lead_unanswered", **_moment(own.opens))


def _when(ctx: Context, opens: datetime) -> str:
    if not ctx.helped.certain:
        return "unsure"
    days = {ctx.today: "today", ctx.today + timedelta(days=1): "tomorrow"}
    return days.get(opens.date(), "day")


def _moment(opens: datetime) -> dict[str, str]:
    return {"month": str(opens.month), "day": str(opens.day), "time": f"{opens:%H:%M}"}
