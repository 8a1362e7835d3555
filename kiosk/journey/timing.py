"""The clock of a visit: when nobody seems to be there, and when that does not count.

Rules (WCAG 2.2 SC 2.2.1; EN 301 549): after 60 s without a touch (a setting) a full-screen warning
counts down 20 s; one tap goes on, as often as wanted.  While the terminal itself works (reading,
fetching, sending, printing) the clock stands still.
"""

from __future__ import annotations

from dataclasses import dataclass

from kiosk.journey.context import Context
from kiosk.journey.intents import Intent, IntentKind
from kiosk.journey.states import State

IDLE_SECONDS = 60
"""Without a touch, before the warning."""
ELDER_PATIENCE = 3
"""With elder letters the warning comes so many times later."""
REMIND_EVERY = 3
"""Seconds between two calls for a card that was left; divides `CARD_LEFT_SECONDS`."""
FAREWELL_SECONDS = 8
"""The last page stays this long."""
CARD_LEFT_SECONDS = 30
"""… and this long while a card still lies on the reader."""
TROUBLE_SECONDS = 60
"""What was kept is shown this long after a visit broke."""
HELD_SECONDS = 150
"""Nothing the terminal does takes longer: then the clock runs again, whatever a page believes."""
LOOK_AGAIN_SECONDS = 10
"""A page that cannot go on now looks again so often whether it can; a question takes 8 s at most.
It is no touch: the idle clock goes on."""
STUCK = "stuck"
"""Marks an idle intent that comes although the terminal seems to work."""
SLOW_SECONDS = 5
"""A wait that lasts longer says so."""

COUNTING = frozenset({State.WARNING, State.FAREWELL, State.TROUBLE})
"""Pages with a count-down: they get a ``tick`` a second."""

LOOKING = frozenset({State.GUIDE})
"""Pages that look again by themselves while they cannot go on."""

UNTIMED = frozenset({State.ATTRACT, State.ENDED}) | COUNTING
"""Pages without an idle clock."""


def patience(ctx: Context) -> int:
    """Return how many times longer than usual nobody need touch the screen."""
    return ELDER_PATIENCE if ctx.size == "elder" else 1


def held(state: State, ctx: Context) -> bool:
    """Tell whether the terminal is working for the citizen: the idle clock stands still."""
    if state is State.FETCHING:
        return ctx.trouble is None
    if state is State.RECEIPT:
        return ctx.printing == "printing"
    if state is State.GUIDE:
        return ctx.guide_print == "printing" and ctx.awaited != 0
    return ctx.busy or state is State.SUBMITTING


@dataclass(slots=True)
class Clock:
    """Turns passing time into intents; ask it a few times a second.

    ``now`` is any monotonic time in seconds.
    """

    idle_seconds: int = IDLE_SECONDS
    _quiet_since: float = 0.0
    _ticked: float = 0.0
    _held_since: float | None = None
    _slow_told: bool = False
    _page: State | None = None

    def touched(self, now: float) -> None:
        """Somebody is there: a touch, a key, a card, a code."""
        self._quiet_since = now

    def poll(
        self,
        now: float,
        page: State,
        *,
        is_held: bool,
        patience: int = 1,
        looks: bool = False,
    ) -> list[Intent]:
        """Return the intents that are due on ``page``.

        ``patience`` stretches the idle time; ``looks``: the page cannot go on and looks again.
        """
        if page is not self._page:
            self._page, self._ticked = page, now
        if is_held:
            return self._hold(now)
        if self._held_since is not None:
            self._held_since, self._slow_told, self._quiet_since = None, False, now
        if page in COUNTING:
            return self._tick(now)
        if page not in UNTIMED and now - self._quiet_since >= self.idle_seconds * patience:
            self._quiet_since = now
            return [Intent(kind=IntentKind.IDLE)]
        return self._look(now) if looks else []

    def _hold(self, now: float) -> list[Intent]:
        if self._held_since is None:
            self._held_since = now
        if now - self._held_since >= HELD_SECONDS:
            self._held_since = now
            return [Intent(kind=IntentKind.IDLE, argument=STUCK)]
        if self._slow_told or now - self._held_since < SLOW_SECONDS:
            return []
        self._slow_told = True
        return [Intent(kind=IntentKind.SLOW)]

    def _look(self, now: float) -> list[Intent]:
        if now - self._ticked < LOOK_AGAIN_SECONDS:
            return []
        self._ticked = now
        return [Intent(kind=IntentKind.LOOK_AGAIN)]

    def _tick(self, now: float) -> list[Intent]:
        due = int(now - self._ticked)
        self._ticked += due
        return [Intent(kind=IntentKind.TICK)] * due
