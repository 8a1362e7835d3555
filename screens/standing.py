"""A terminal that cannot serve anybody: one page that says so, in place of a visit.

For a session that finds no usable catalogue or settings: it still has a window, beats its heart and
tells whom to call, so the screen is never empty.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from kiosk.journey.view import Frame, View, text

if TYPE_CHECKING:
    from kiosk.journey.intents import Intent
    from kiosk.journey.view import AnyView
    from kiosk.maintenance.view import AnyStaffView

PAGE: Final = "out_of_service"


@dataclass(frozen=True, kw_only=True, slots=True)
class OutView(View):
    """The page of a terminal that is out of service."""

    phone: str
    """Whom to call."""


if TYPE_CHECKING:
    AnyPage = AnyView | AnyStaffView | OutView
    """All that a screen can show."""


def out_of_service(service: str, phone: str) -> OutView:
    """Return the page; ``service`` names who serves here."""
    frame = Frame(service=service, place="", thing=None, steps=None, nav=(), go=None)
    return OutView(
        page=PAGE,
        frame=frame,
        title=text("screens.out.title"),
        lead=text("screens.out.lead"),
        phone=phone,
    )


class OutOfService:
    """Stands in for a visit (:class:`screens.app.Visit`); nothing can be touched."""

    def __init__(self, service: str, phone: str) -> None:
        """Remember what the page says."""
        self._view = out_of_service(service, phone)

    def view(self) -> OutView:
        """Return the page."""
        return self._view

    def dispatch(self, intent: Intent) -> None:
        """Nothing happens here."""

    def touched(self) -> None:
        """Nobody is waited for."""

    def poll(self) -> bool:
        """Nothing is ever due."""
        return False
