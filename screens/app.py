"""One session's screen: a window that waits below, then shows one visit.

Theory of operation
-------------------
:func:`run` makes Kivy fit, opens the window hidden, paints the first page into it where nobody
sees it and says ``ready``.  On ``show`` the thread that listens to the shell raises the window at
once; the UI thread then tells the visit that it is seen.  Touches become intents, what the visit
posts from its threads is dispatched on the UI thread, and after each the view is shown if it has
become another one.  Between two turns the loop rests (:mod:`screens.rest`).  A frame is drawn at
least every :data:`BEAT` seconds, and it is the drawn frame that beats the heart: a loop that turns
without drawing counts as hung.

There is no Kivy ``App``: with it would come the settings panel and its keys.  No key does anything
here; the window cannot be asked to close.
"""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Protocol, runtime_checkable

import structlog

from kiosk.journey.intents import Intent, IntentKind, touch
from kiosk.journey.machine import IllegalIntent
from kiosk.session.control import Control, Picture, Show
from screens import hardening
from screens.learning import TARGET as LEARNS
from screens.rest import Rest, x_connection
from screens.theme import Theme
from screens.words import Words

if TYPE_CHECKING:
    from kiosk.journey.facts import Stroke
    from kiosk.session.control import Heard
    from screens.learning import Learning
    from screens.rehearsal import Rehearsal
    from screens.stage import Stage
    from screens.standing import AnyPage
    from screens.window import Window

log = structlog.get_logger()
Post = Callable[[Intent], None]
BEAT: Final = 2.4
"""Seconds between two frames when nothing changes: half of what the shell waits, one of 2 Mdots."""
POLL: Final = 0.2
"""Seconds between two looks at the visit's clock."""
STAFF: Final = "staff:"
"""Begins the targets of maintenance mode."""
WARM_FRAMES: Final = 2
"""Frames in the covered window before it is called ready."""


class Visit(Protocol):
    """What the screen needs of a visit; all calls come from the UI thread.

    A visit that also has the methods of :class:`screens.live.Pictures` is asked for the camera's
    picture and for photographs.
    """

    def view(self) -> AnyPage:
        """Return what is to be shown now."""

    def dispatch(self, intent: Intent) -> None:
        """Let an intent happen."""

    def touched(self) -> None:
        """Hear that somebody is there."""

    def poll(self) -> bool:
        """Let due times happen; say whether anything changed."""


@runtime_checkable
class StaffVisit(Protocol):
    """What the screen needs besides of whoever hears staff: targets that begin with ``staff:``.

    A citizen's visit hears only ``staff:open`` (:mod:`screens.hold`); where nobody hears it,
    nothing happens.
    """

    def touched_by_staff(self, target: str) -> None:
        """Let a touch of maintenance mode happen, on the UI thread."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Parts:
    """What a session is made of besides its screen."""

    visit: Callable[[Post], Visit]
    """Makes the visit; it gets a way to post intents from its threads."""
    control: Callable[[Callable[[Heard], None]], Control]
    """Makes the socket to the shell; it gets who listens."""
    rehearsal: Rehearsal | None = None
    learning: Learning | None = None
    """In a training alone."""


class Session:
    """Window, stage and visit of one session process."""

    def __init__(self, parts: Parts, display: hardening.Display) -> None:
        """Open the hidden window and put the stage into it."""
        hardening.prepare(display)
        from kivy.clock import Clock  # noqa: PLC0415  - after Kivy was made fit
        from kivy.core.window import Window as Glass  # noqa: PLC0415

        from screens.live import Pictures  # noqa: PLC0415
        from screens.stage import Stage  # noqa: PLC0415

        self._glass, self._clock = Glass, Clock
        theme = Theme(width=display.width, height=display.height, px_per_mm=display.px_per_mm)
        self._stage: Stage = Stage(theme, Words(), self._touch)
        self._rehearsal = parts.rehearsal
        self._window: Window | None = None
        self._rest: Rest | None = None
        self._frames = 0
        self._owes_seen = self._owes_picture = False
        self.control = parts.control(self._heard)
        self.visit = parts.visit(self._post)
        self._stage.learning = self._learning = parts.learning
        self._stage.touched = self._touched
        self._stage.drawn_on = self._drawn_on
        if isinstance(self.visit, Pictures):
            self._stage.take_pictures_from(self.visit)

    def run(self) -> int:
        """Serve until the shell ends this session; return the exit status."""
        from kivy.base import runTouchApp  # noqa: PLC0415
        from kivy.core.window import Keyboard  # noqa: PLC0415, F401  - registers key names

        glass = self._glass
        glass.bind(on_flip=self._drawn, on_request_close=lambda *_: True)
        glass.bind(on_keyboard=lambda *_: True, on_key_down=lambda *_: True)
        glass.add_widget(self._stage)
        self._rest = Rest(self._clock, x_connection(glass.get_window_info().display), self._look)
        self._stage.show(self.visit.view())
        self._clock.schedule_once(self._settle, 0)
        self._clock.schedule_interval(self._beat, BEAT)
        self._clock.schedule_interval(lambda _dt: self._poll(), POLL)
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: self._end())
        runTouchApp()
        return 0

    # ---- the window

    def _settle(self, _dt: float) -> None:
        """Map the window under all others and listen to the shell."""
        from screens.window import Window  # noqa: PLC0415

        self._window = Window(self._glass.get_window_info().window)
        self._window.map_below()
        self._glass.canvas.ask_update()

    def _drawn(self, *_: Any) -> None:
        self._stage.drawn()
        self._frames += 1
        if self._window is not None and self._frames <= WARM_FRAMES:
            self._warm()
        if self._owes_seen:
            self._owes_seen = False
            self.control.seen()
        if self._owes_picture:
            self._owes_picture = False
            self._take_picture()
        self.control.frame()

    def _warm(self) -> None:
        if self._frames == WARM_FRAMES:
            self.control.listen()
            self.control.ready()
        else:
            self._clock.schedule_once(lambda _dt: self._glass.canvas.ask_update(), 0)

    def _look(self) -> bool:
        """Feel the fingers that came; say whether there is anything to draw."""
        from kivy.base import EventLoop  # noqa: PLC0415

        self._glass.mainloop()
        EventLoop.dispatch_input()
        return bool(self._glass.canvas.needs_redraw)

    def _beat(self, _dt: float) -> None:
        self._glass.canvas.ask_update()

    # ---- the shell

    def _heard(self, message: Heard) -> None:
        """Hear the shell, on the listening thread."""
        if isinstance(message, Picture):
            self._soon(self._want_picture)
            return
        if not isinstance(message, Show):
            self._soon(self._end)
            return
        if self._window is not None:
            self._window.show()
        self._soon(lambda: self._shown(message))

    def _shown(self, message: Show) -> None:
        self._stage.awake = True
        self._owes_seen = True
        self._dispatch(Intent(kind=IntentKind.SHOWN, fact=message.shown))
        if self._rehearsal is not None:
            self._rehearsal.open(self._stage.shown)
        self._glass.canvas.ask_update()

    def _want_picture(self) -> None:
        self._owes_picture = True
        self._glass.canvas.ask_update()

    def _take_picture(self) -> None:
        """Hand the frame that was just drawn to the shell, where it shows nothing of anybody."""
        from screens.likeness import PAGES, likeness  # noqa: PLC0415

        if self._stage.page not in PAGES:
            self.control.no_picture("other_page")
            return
        file = likeness(*self._glass.size)
        try:
            self.control.picture(file)
        finally:
            os.close(file)

    def _end(self) -> None:
        from kivy.base import stopTouchApp  # noqa: PLC0415

        stopTouchApp()

    # ---- the visit

    def _post(self, intent: Intent) -> None:
        """Take an intent from any thread."""
        self._soon(lambda: self._dispatch(intent))

    def _soon(self, what: Callable[[], None]) -> None:
        """Do something on the UI thread at once, whatever the thread."""
        self._clock.schedule_once(lambda _dt: what(), -1)
        if self._rest is not None:
            self._rest.wake()

    def _touched(self) -> None:
        self.visit.touched()
        if self._learning is not None:
            self._learning.touched()

    def _touch(self, target: str) -> None:
        if target.startswith(LEARNS):
            if self._learning is not None:
                self._learning.obey(target)
        elif not target.startswith(STAFF):
            self._dispatch(touch(target))
        elif isinstance(self.visit, StaffVisit):
            self.visit.touched_by_staff(target)
            self._stage.show(self.visit.view())

    def _drawn_on(self, stroke: Stroke) -> None:
        self._dispatch(Intent(kind=IntentKind.STROKE, fact=stroke))

    def _dispatch(self, intent: Intent) -> None:
        try:
            self.visit.dispatch(intent)
        except IllegalIntent:
            # A finger or an answer that came too late: the page has changed meanwhile.
            log.info("intent_too_late", kind=intent.kind.value)
        self._stage.show(self.visit.view())

    def _poll(self) -> None:
        changed = self._stage.awake and self.visit.poll()
        if changed or self._stage.stale:
            self._stage.show(self.visit.view())


def run(parts: Parts, display: hardening.Display) -> int:
    """Run a session's screen until the shell ends it; return the exit status."""
    return Session(parts, display).run()
