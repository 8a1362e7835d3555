"""The view of the page that is seen."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from kiosk.journey import present as p
from kiosk.journey import present_choose as choose
from kiosk.journey import present_end as end
from kiosk.journey import present_enterprise as firm
from kiosk.journey import present_form as form
from kiosk.journey import present_guide as guides
from kiosk.journey import present_letters as letters
from kiosk.journey import present_materials as materials
from kiosk.journey import present_objection as says
from kiosk.journey import present_pages as pages
from kiosk.journey import present_sign as sign
from kiosk.journey.context import Context
from kiosk.journey.machine import Journey
from kiosk.journey.states import State
from kiosk.journey.view import AnyView

PAGES: Mapping[State, Callable[[Context], AnyView]] = MappingProxyType(
    {
        State.ATTRACT: p.attract,
        State.TROUBLE: p.trouble,
        State.HOME: choose.home,
        State.SEARCH: choose.find,
        State.CHOOSE: choose.choose,
        State.GUIDE: guides.guide,
        State.CARD: p.card,
        State.ENTERPRISE: firm.enterprise,
        State.CONSENT: p.consent,
        State.DECLINED: p.declined,
        State.FETCHING: p.fetching,
        State.CHOICE: form.choice,
        State.PROVINCE: form.province,
        State.PLACE: form.place,
        State.DATE: form.day,
        State.DIGITS: form.digits,
        State.FORM: pages.form,
        State.MATERIALS: materials.listing,
        State.CAPTURE: materials.capture,
        State.CAPTURED: materials.captured,
        State.COMMIT: letters.commit,
        State.LISTED: letters.listed,
        State.DELIVERY: materials.delivery,
        State.REVIEW: form.review,
        State.OBJECTION: says.objection,
        State.SIGN: sign.sign,
        State.SIGN_CARD: p.sign_card,
        State.SUBMITTING: end.submitting,
        State.RECEIPT: end.receipt,
        State.RATING: sign.rating,
        State.PROGRESS_CARD: p.progress_card,
        State.MINE: sign.mine,
        State.FAREWELL: end.farewell,
        State.PROGRESS_SCAN: end.progress_scan,
        State.PROGRESS_SHOW: end.progress_show,
        State.WARNING: p.warning,
        State.HELP: p.help_,
        State.ENDED: p.ended,
    }
)


def present(journey: Journey) -> AnyView:
    """Return what is to be shown now."""
    return PAGES[journey.page](journey.context)
