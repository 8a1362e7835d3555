"""The page from which a training is begun, as a view."""

from __future__ import annotations

from dataclasses import dataclass

from kiosk.journey.view_parts import Text
from kiosk.maintenance.view_parts import Outcome, StaffView


@dataclass(frozen=True, kw_only=True, slots=True)
class StaffTrainView(StaffView):
    """What a training is, and the button that begins it.

    ``title``: ``staff.train.title``.  While one runs this page lies below its windows.
    """

    page: str = "staff_train"
    says: tuple[Text, ...] = ()
    """What to know before it begins, sentence by sentence."""
    doing: Text | None = None
    """It starts, or it runs."""
    outcome: Outcome | None = None
    """How the last one ended."""
