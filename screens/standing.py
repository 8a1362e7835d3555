"""A terminal that cannot serve anybody: one page that says so, in place of a visit.

For a session that finds no usable catalogue or settings: it still has a window, beats its heart and
tells whom to call, so the screen is never empty.  It stands through the night, so who answers is
looked up anew each minute.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Final

from kiosk.domain.calendar import LEGAL_TIME
from kiosk.domain.roster import Helped
from kiosk.domain.roster_words import Help, answer, returns
from kiosk.journey.view import Frame, Text, View, plain, text

if TYPE_CHECKING:
    from kiosk.journey.intents import Intent
    from kiosk.journey.view import AnyView
    from kiosk.maintenance.view import AnyStaffView

PAGE: Final = "out_of_service"
OPEN: Final = "staff:open"
_TITLE: Final = text("screens.out.title")
_LEAD: Final = text("screens.out.lead")


@dataclass(frozen=True, kw_only=True, slots=True)
class OutView(View):
    """The page of a terminal that is out of service."""

    phone: str
    """Whom to call."""
    answers: Text | None = None
    """Who answers now, until when, or who does next; without a roster the number's hours."""
    opens: Text | None = None
    """When the desk is there again while only others answer; none: told, or not known."""


if TYPE_CHECKING:
    AnyPage = AnyView | AnyStaffView | OutView
    """All that a screen can show."""


def out_of_service(
    service: str,
    phone: str,
    title: Text = _TITLE,
    lead: Text = _LEAD,
) -> OutView:
    """Return the page; ``service`` names who serves here, the words say why it does not."""
    frame = Frame(service=service, place="", thing=None, steps=None, nav=(), go=None)
    return OutView(
        page=PAGE,
        frame=frame,
        title=title,
        lead=lead,
        phone=phone,
    )


def helped(view: OutView, help_: Help, moment: datetime) -> OutView:
    """Return the page with who can help at a moment, or with the number that always stands."""
    own, later = help_.at(moment), returns(help_, moment)
    view = replace(view, opens=text(later[0], **later[1]) if later else None)
    if own.contact is not None:
        return said(view, own)
    hours = plain(help_.hours) if help_.hours else None
    return replace(view, phone=help_.phone, answers=hours)


def said(view: OutView, own: Helped) -> OutView:
    """Return the page with the number of who answers now or next, and when."""
    words = answer(own)
    if own.contact is None or words is None:
        return view
    return replace(view, phone=own.contact.phone, answers=text(words[0], **words[1]))


def _now() -> datetime:
    return datetime.now(LEGAL_TIME)


class OutOfService:
    """Stands in for a visit (:class:`screens.app.Visit`); nothing can be touched but by staff."""

    def __init__(
        self,
        view: OutView,
        staff: Callable[[], None] = lambda: None,
        help_: Help | None = None,
        clock: Callable[[], datetime] = _now,
    ) -> None:
        """Remember what the page says, who is told that staff want in, and who can help when."""
        self._help, self._clock = help_, clock
        self._minute = clock().replace(second=0, microsecond=0)
        self._view, self._staff = view if help_ is None else helped(view, help_, clock()), staff

    def view(self) -> OutView:
        """Return the page."""
        return self._view

    def dispatch(self, intent: Intent) -> None:
        """Nothing happens here."""

    def touched(self) -> None:
        """Nobody is waited for."""

    def touched_by_staff(self, target: str) -> None:
        """Let staff in."""
        if target == OPEN:
            self._staff()

    def poll(self) -> bool:
        """Look up who can help when a minute has passed; say whether it is somebody else."""
        minute = self._clock().replace(second=0, microsecond=0)
        if self._help is None or minute == self._minute:
            return False
        self._minute, before = minute, self._view
        self._view = helped(before, self._help, minute)
        return self._view != before
