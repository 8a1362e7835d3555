"""A finger that rests on the emblem: how staff come in.

Nothing tells citizens of it and nothing changes for them: a touch that is lifted before, or that
leaves the emblem, does what it always does.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final

from kivy.clock import Clock

from screens.widgets.kit import EMBLEM

if TYPE_CHECKING:
    from screens.layout import Placed

HOLD_S: Final = 3.0
OPEN: Final = "staff:open"


class Hold:
    """Waits for a finger that stays on the emblem for :data:`HOLD_S` seconds."""

    def __init__(self, held: Callable[[], None]) -> None:
        """Call ``held`` when it did."""
        self._held = held
        self._finger: tuple[Any, Placed] | None = None
        self._due = Clock.create_trigger(self._elapsed, HOLD_S)

    def begin(self, uid: Any, tree: Placed, x: float, y: float) -> None:
        """Hear that the first finger went down."""
        self.end()
        emblem = next((p for p in tree.walk() if EMBLEM in p.node.state), None)
        if emblem is not None and emblem.box.holds(x, y):
            self._finger = (uid, emblem)
            self._due()

    def move(self, uid: Any, x: float, y: float) -> None:
        """Hear where a finger is now."""
        if self._finger is None or self._finger[0] != uid:
            return
        if not self._finger[1].box.holds(x, y):
            self.end()

    def end(self) -> None:
        """Hear that the finger was lifted, or that another page is there."""
        self._finger = None
        self._due.cancel()

    def _elapsed(self, _dt: float) -> None:
        if self._finger is not None:
            self.end()
            self._held()
