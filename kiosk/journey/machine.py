"""One visit: a page, what is known, and the table.

::

    journey = Journey(Context(site=…, catalogue=…, today=…))
    for effect in journey.apply(touch("begin")):
        …  # carry it out, post its answers as intents
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kiosk.journey import timing
from kiosk.journey.intents import TICKETED, TOUCHES, Intent, IntentKind
from kiosk.journey.states import OVERLAYS, State
from kiosk.journey.table import TABLE
from kiosk.journey.transition import UNDER, Fork, IllegalIntent, Transition

if TYPE_CHECKING:
    from kiosk.journey.context import Context
    from kiosk.journey.effects import Effect

__all__ = ["TABLE", "IllegalIntent", "Journey"]


class Journey:
    """The state of one visit.  Not safe for threads: one thread applies intents."""

    def __init__(self, context: Context) -> None:
        """Start at the attract page with what the terminal knows."""
        self._base = State.ATTRACT
        self._overlays: tuple[State, ...] = ()
        self._context = context

    @property
    def page(self) -> State:
        """The page that is seen: the uppermost overlay, or the page itself."""
        return self._overlays[-1] if self._overlays else self._base

    @property
    def base(self) -> State:
        """The page beneath the overlays."""
        return self._base

    @property
    def context(self) -> Context:
        """What is known now."""
        return self._context

    @property
    def held(self) -> bool:
        """The terminal works for the citizen; the idle clock stands still."""
        return timing.held(self._base, self._context)

    @property
    def looks(self) -> bool:
        """The page cannot go on now, and looks again by itself whether it can."""
        return self._base in timing.LOOKING and self.legal(Intent(kind=IntentKind.LOOK_AGAIN))

    def legal(self, intent: Intent) -> bool:
        """Tell whether `apply` would take the intent; changes nothing."""
        try:
            self._step(intent)
        except IllegalIntent:
            return False
        return True

    def apply(self, intent: Intent) -> list[Effect]:
        """Let the intent happen and return what is to be done now.

        Raises:
            IllegalIntent: it does not exist here now; nothing was changed.
        """
        self._base, self._overlays, self._context, effects = self._step(intent)
        return effects

    def _step(self, intent: Intent) -> tuple[State, tuple[State, ...], Context, list[Effect]]:
        row = self._row(intent.kind)
        awaited = self._context.awaited
        if intent.kind in TICKETED and (not awaited or intent.ticket != awaited):
            raise IllegalIntent(f"{intent.kind} answers what is no longer awaited")
        if self._deaf(intent) or not row.guard(self._context, intent):
            raise IllegalIntent(f"{intent.kind} is not possible on {self.page} now")
        context = row.update(self._context, intent)
        base, overlays = self._next(row.target, context)
        return base, overlays, context, list(row.effects(context))

    def _row(self, kind: IntentKind) -> Transition:
        """Find the row: an overlay hides the page's touches, not its devices and replies."""
        row = TABLE.get((self.page, kind))
        if row is None and self._overlays and kind not in TOUCHES:
            row = TABLE.get((self._base, kind))
        if row is None:
            raise IllegalIntent(f"no {kind} on {self.page}")
        return row

    def _deaf(self, intent: Intent) -> bool:
        """The clock does not run while the terminal works."""
        idle = intent.kind is IntentKind.IDLE and intent.argument != timing.STUCK
        return idle and self.held

    def _next(self, target: State | Fork, context: Context) -> tuple[State, tuple[State, ...]]:
        if target is UNDER:
            return self._base, self._overlays[:-1]
        page = target.choose(context) if isinstance(target, Fork) else target
        if page in OVERLAYS:
            on_top = self._overlays[-1:] == (page,)
            return self._base, self._overlays if on_top else (*self._overlays, page)
        if page is not self._base:
            return page, ()
        return page, () if timing.held(page, context) else self._overlays
