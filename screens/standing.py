"""A terminal that cannot serve anybody: one page that says so, in place of a visit.

For a session that finds no usable catalogue or settings: it still has a window, beats its heart and
tells whom to call, so the screen is never empty.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from kiosk.journey.view import Frame, Text, View, text

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


class OutOfService:
    """Stands in for a visit (:class:`screens.app.Visit`); nothing can be touched but by staff."""

    def __init__(
        self,
        view: OutView,
        staff: Callable[[], None] = lambda: None,
    ) -> None:
        """Remember what the page says, and who is told that staff want in."""
        self._view, self._staff = view, staff

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
        """Nothing is ever due."""
        return False
