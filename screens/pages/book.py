"""Which module paints which view."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

from kiosk.journey.states import State
from screens import standing
from screens.pages import (
    attract,
    capture,
    card,
    choose,
    commitments,
    consent,
    delivery,
    enterprise,
    form,
    guide,
    home,
    materials,
    mine,
    objection,
    overlays,
    progress,
    questions,
    rating,
    receipt,
    review,
    search,
    sign,
    staff_book,
    waiting,
)

if TYPE_CHECKING:
    from screens.semantic import Node
    from screens.standing import AnyPage
    from screens.widgets.kit import Kit

PAGES: Final[Mapping[str, Callable[[Kit, Any], Node]]] = MappingProxyType(
    {
        State.ATTRACT: attract.build,
        State.TROUBLE: overlays.trouble,
        State.HOME: home.build,
        State.SEARCH: search.build,
        State.GUIDE: guide.build,
        State.CHOOSE: choose.build,
        State.CARD: card.build,
        State.ENTERPRISE: enterprise.build,
        State.CONSENT: consent.build,
        State.DECLINED: consent.declined,
        State.FETCHING: waiting.build,
        State.CHOICE: questions.choice,
        State.PROVINCE: questions.province,
        State.PLACE: questions.place,
        State.DATE: questions.day,
        State.DIGITS: questions.number,
        State.FORM: form.build,
        State.MATERIALS: materials.build,
        State.CAPTURE: capture.live,
        State.CAPTURED: capture.captured,
        State.COMMIT: commitments.letter,
        State.LISTED: commitments.listed,
        State.DELIVERY: delivery.build,
        State.REVIEW: review.build,
        State.OBJECTION: objection.build,
        State.SIGN: sign.build,
        State.SIGN_CARD: card.build,
        State.SUBMITTING: waiting.build,
        State.RECEIPT: receipt.build,
        State.RATING: rating.build,
        State.FAREWELL: receipt.farewell,
        State.PROGRESS_SCAN: progress.scan,
        State.PROGRESS_CARD: card.build,
        State.MINE: mine.build,
        State.PROGRESS_SHOW: progress.show,
        State.WARNING: overlays.warning,
        State.HELP: overlays.help_page,
        State.ENDED: overlays.ended,
        standing.PAGE: overlays.out_of_service,
        **staff_book.PAGES,
    }
)


def build(kit: Kit, view: AnyPage) -> Node:
    """Return the semantic tree of ``view``.

    Raises:
        KeyError: there is no such page.
    """
    return PAGES[view.page](kit, view)
