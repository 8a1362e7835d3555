"""Every page of the newborn visit from the materials on, in every state worth looking at."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from tests.screens import newborn_end_views as e
from tests.screens import newborn_views as m


@dataclass(frozen=True, kw_only=True, slots=True)
class Scene:
    """A page in one state."""

    name: str
    view: Any


SCENES: Final = (
    Scene(name="materials", view=m.MATERIALS),
    Scene(name="materials-done", view=m.MATERIALS_DONE),
    Scene(name="capture", view=m.CAPTURE),
    Scene(name="capture-card", view=m.CAPTURE_CARD),
    Scene(name="capture-taking", view=m.CAPTURE_TAKING),
    Scene(name="capture-stopped", view=m.CAPTURE_STOPPED),
    Scene(name="captured", view=m.CAPTURED),
    Scene(name="captured-card", view=m.CAPTURED_CARD),
    Scene(name="captured-reading", view=m.CAPTURED_READING),
    Scene(name="captured-fault", view=m.CAPTURED_FAULT),
    Scene(name="commit", view=m.COMMIT),
    Scene(name="listed", view=m.LISTED),
    Scene(name="delivery", view=m.DELIVERY),
    Scene(name="review", view=e.REVIEW),
    Scene(name="sign", view=e.SIGN),
    Scene(name="sign-done", view=e.SIGN_DONE),
    Scene(name="sign-by-card", view=e.SIGN_BY_CARD),
    Scene(name="rating", view=e.RATING),
    Scene(name="rating-chosen", view=e.RATING_CHOSEN),
    Scene(name="mine", view=e.MINE),
    Scene(name="mine-asking", view=e.MINE_ASKING),
    Scene(name="mine-empty", view=e.MINE_EMPTY),
    Scene(name="scan", view=e.SCAN),
    Scene(name="show", view=e.SHOW),
    Scene(name="receipt", view=e.RECEIPT),
    Scene(name="farewell", view=e.FAREWELL),
    Scene(name="farewell-done", view=e.FAREWELL_DONE),
    Scene(name="receipt-stored", view=e.RECEIPT_STORED),
    Scene(name="receipt-refused", view=e.RECEIPT_REFUSED),
    Scene(name="receipt-one", view=e.RECEIPT_ONE),
    Scene(name="show-one", view=e.SHOW_ONE),
    Scene(name="show-refused", view=e.SHOW_REFUSED),
    Scene(name="show-calm", view=e.SHOW_CALM),
    Scene(name="scan-asking", view=e.SCAN_ASKING),
    Scene(name="review-long", view=e.REVIEW_LONG),
    Scene(name="review-short", view=e.REVIEW_SHORT),
)
