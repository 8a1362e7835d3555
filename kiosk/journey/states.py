"""The pages of one visit.

A state is a page.  Trouble is never a page of its own: a card that cannot be read is told on the
card page, with what to do next.  Two states are overlays (:data:`OVERLAYS`): they lie over a page
and give way to it again.
"""

from __future__ import annotations

from enum import StrEnum


class State(StrEnum):
    """Every page of a visit; the value is the page name used in scripts and by the screens."""

    ATTRACT = "attract"
    TROUBLE = "trouble"
    HOME = "home"
    SEARCH = "search"
    GUIDE = "guide"
    CHOOSE = "choose"
    CARD = "card"
    ENTERPRISE = "enterprise"
    CONSENT = "consent"
    DECLINED = "declined"
    FETCHING = "fetching"
    CHOICE = "choice"
    PROVINCE = "province"
    PLACE = "place"
    DATE = "date"
    DIGITS = "digits"
    FORM = "form"
    MATERIALS = "materials"
    CAPTURE = "capture"
    CAPTURED = "captured"
    COMMIT = "commit"
    LISTED = "listed"
    DELIVERY = "delivery"
    REVIEW = "review"
    OBJECTION = "objection"
    SIGN = "sign"
    SIGN_CARD = "sign_card"
    SUBMITTING = "submitting"
    RECEIPT = "receipt"
    RATING = "rating"
    FAREWELL = "farewell"
    PROGRESS_SCAN = "progress_scan"
    PROGRESS_CARD = "progress_card"
    MINE = "mine"
    PROGRESS_SHOW = "progress_show"
    WARNING = "warning"
    HELP = "help"
    ENDED = "ended"


OVERLAYS = frozenset({State.WARNING, State.HELP})
"""Pages that lie over another page; the warning lies over everything."""

QUESTIONS = (State.CHOICE, State.PROVINCE, State.PLACE, State.DATE, State.DIGITS)
"""Pages that ask one question of the form."""

PERSONAL = frozenset(
    {
        State.ENTERPRISE,
        State.CONSENT,
        State.DECLINED,
        State.FETCHING,
        *QUESTIONS,
        State.FORM,
        State.MATERIALS,
        State.CAPTURE,
        State.CAPTURED,
        State.COMMIT,
        State.LISTED,
        State.DELIVERY,
        State.REVIEW,
        State.OBJECTION,
        State.SIGN,
        State.SIGN_CARD,
        State.SUBMITTING,
        State.RECEIPT,
        State.RATING,
        State.MINE,
        State.PROGRESS_SHOW,
    }
)
"""Pages that stand on a citizen's data: leaving them ends the process."""
