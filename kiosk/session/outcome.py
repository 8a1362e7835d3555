"""What became of a visit, for the counts of the day: no visit's number, nothing of a person."""

from __future__ import annotations

from typing import Final

from kiosk.journey.context import Context
from kiosk.journey.states import OVERLAYS, State

NO_THING: Final = "none"
"""Nothing was chosen: somebody looked around, or asked how an application stands."""
_NOWHERE: Final = OVERLAYS | {State.FAREWELL, State.RATING, State.ENDED}
"""Pages on which nobody leaves something undone."""


class Outcome:
    """Follows one visit from page to page."""

    def __init__(self) -> None:
        self._thing = NO_THING
        self._page = State.ATTRACT
        self._filed = False
        self._began: float | None = None

    def follow(self, page: State, context: Context, now: float) -> None:
        """Keep where the visit is; ``now`` is monotonic, in seconds."""
        if page is not State.ATTRACT and self._began is None:
            self._began = now
        if context.thing is not None:
            self._thing = context.thing.code
        self._filed = self._filed or context.stored is not None
        if page not in _NOWHERE:
            self._page = page

    def fields(self, now: float) -> dict[str, str | int]:
        """Return the fields of the event ``visit_outcome``."""
        seconds = 0.0 if self._began is None else now - self._began
        return {
            "thing": self._thing,
            "filed": int(self._filed),
            "page": self._page.value,
            "seconds": max(0, round(seconds)),
        }
