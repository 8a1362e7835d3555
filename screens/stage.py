"""The one widget: shows a page, feels fingers, knows where everything is.

The stage belongs to the UI thread.  It repaints when the view has become another one, shades what
a finger is on, and hands the target of a completed touch on.  Until it is awake (its window was
raised) it feels nothing.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from kivy.clock import Clock
from kivy.core.window import Window
from kivy.graphics import InstructionGroup
from kivy.uix.widget import Widget

from screens import layout
from screens.hardening import BUSY_FPS, IDLE_FPS
from screens.pages import build
from screens.painter import Painter, ground
from screens.widgets.kit import TURN, Kit

if TYPE_CHECKING:
    from kiosk.journey.view import AnyView
    from screens.layout import Placed
    from screens.standing import OutView
    from screens.theme import Theme
    from screens.words import Words

SPIN_FPS: Final = 15
"""Turns a second of what turns: enough to be seen moving, cheap enough without a GPU."""
_TURN_DEGREES: Final = 24
_CALM_AFTER: Final = 4.0
"""Seconds without a touch after which the loop slows down."""
ECHO_S: Final = 0.7
"""Seconds in which a second touch on the same spot belongs to the page before."""
ECHO_MM: Final = 20
"""How far the two halves of a double tap lie apart at most."""
_BACK_TO_FIRST_LEAF: Final = frozenset({"guide"})
"""Pages whose second leaf is more to read: back leads to the first."""
_CLOCK_PAGES: Final = frozenset({"attract", "home"})


@dataclass(frozen=True, kw_only=True, slots=True)
class Spot:
    """Where a target is, in dots from the upper left corner."""

    id: str
    x: int
    y: int
    w: int
    h: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Shown:
    """What is on the stage: ids and places, no values."""

    page: str
    settled: bool
    """Whether a frame with this page was drawn and no finger is down."""
    frame: int
    """How many frames were drawn."""
    spots: tuple[Spot, ...]


class Stage(Widget):
    """Shows views on a screen."""

    def __init__(self, theme: Theme, words: Words, fire: Callable[[str], None]) -> None:
        """Make an empty stage; ``fire`` gets the target of every completed touch."""
        super().__init__(size=(theme.width, theme.height))
        self.awake = False
        self.touched: Callable[[], None] = lambda: None
        self._theme, self._words, self._fire = theme, words, fire
        self._painter = Painter(theme.height)
        self._page, self._shade = InstructionGroup(), InstructionGroup()
        self.canvas.add(self._page)
        self.canvas.after.add(self._shade)
        self._view: AnyView | OutView | None = None
        self._tree: Placed | None = None
        self._leaf = 0
        self._minute = -1
        self._finger: tuple[Any, Placed] | None = None
        self._touch: tuple[float, float, float] = (0.0, 0.0, 0.0)
        """When and where the last touch was completed."""
        self._turned = 0.0
        """When the page last became another one."""
        self._frames = self._painted_at = 0
        self._scene: tuple[str, Placed, int] | None = None
        """Page, tree and frame count of what was painted last; replaced as a whole."""
        self._angle = 0.0
        self._calm = Clock.create_trigger(lambda _dt: self._pace(IDLE_FPS), _CALM_AFTER)
        self._spin = Clock.schedule_interval(self._turn_on, 1 / SPIN_FPS)
        self._spin.cancel()
        self._pace(IDLE_FPS)

    def show(self, view: AnyView | OutView) -> None:
        """Show ``view``; nothing is painted when nothing has changed."""
        now = datetime.now()  # noqa: DTZ005  - the wall clock of the hall
        minute = now.minute if view.page in _CLOCK_PAGES else -1
        if view == self._view and minute == self._minute:
            return
        if self._view is None or view.page != self._view.page:
            self._leaf = 0
            self._turned = time.monotonic()
        self._view, self._minute = view, minute
        self._paint(now)

    @property
    def stale(self) -> bool:
        """Whether the page tells a time that is over."""
        return self._minute >= 0 and self._minute != datetime.now().minute  # noqa: DTZ005

    def shown(self) -> Shown:
        """Return what is on the stage; may be called from any thread."""
        scene = self._scene
        if scene is None:
            return Shown(page="", settled=False, frame=self._frames, spots=())
        page, tree, painted_at = scene
        spots = tuple(
            Spot(id=t.node.target, x=t.box.x, y=t.box.y, w=t.box.w, h=t.box.h)
            for t in tree.targets()
            if not self._is_echo(t.box.x + t.box.w / 2, t.box.y + t.box.h / 2)
        )
        # The second frame after a painting is begun only when the first one is on the screen.
        settled = self.awake and self._frames > painted_at + 1 and self._finger is None
        return Shown(page=page, settled=settled, frame=self._frames, spots=spots)

    def drawn(self) -> None:
        """Count a frame that was drawn; a new painting is followed by a second one."""
        self._frames += 1
        if self._frames == self._painted_at + 1:
            Clock.schedule_once(lambda _dt: self.canvas.ask_update(), 0)

    def _paint(self, now: datetime) -> None:
        if self._view is None:
            return
        kit = Kit(theme=self._theme, say=self._words, now=now, leaf=self._leaf)
        self._tree = layout.arrange(build(kit, self._view), self._theme.width, self._theme.height)
        painted = self._painter.paint(self._tree)
        Window.clearcolor = ground(self._tree)
        self._page.clear()
        self._page.add(painted)
        self._keep_finger()
        self._painted_at = self._frames
        self._scene = (self._view.page, self._tree, self._frames)
        self._spin.cancel()
        if self._painter.spinning:
            self._spin()

    def _turn_on(self, _dt: float) -> None:
        self._angle = (self._angle + _TURN_DEGREES) % 360
        self._painter.spin(self._angle)

    # ---- fingers

    def on_touch_down(self, touch: Any) -> bool:
        """Feel the first finger; others wait."""
        if not self.awake or self._tree is None or getattr(touch, "button", "left") != "left":
            return True
        self.touched()
        if self._is_echo(touch.x, self._theme.height - 1 - touch.y):
            return True
        self._pace(BUSY_FPS)
        self._calm.cancel()
        self._calm()
        if self._finger is None:
            target = self._tree.at(touch.x, self._theme.height - 1 - touch.y)
            if target is not None:
                self._finger = (touch.uid, target)
                self._shade.add(self._painter.pressed(target))
        return True

    def on_touch_move(self, _touch: Any) -> bool:
        """Nothing is dragged here."""
        return True

    def on_touch_up(self, touch: Any) -> bool:
        """Complete a touch whose finger is still on what it pressed."""
        if self._finger is None or touch.uid != self._finger[0]:
            return True
        _, target = self._finger
        self._release()
        x, y = touch.x, self._theme.height - 1 - touch.y
        if target.box.holds(x, y):
            self._touch = (time.monotonic(), x, y)
            self._complete(target.node.target)
        return True

    def _keep_finger(self) -> None:
        """Leave a finger on what it pressed when the new painting still has it there."""
        if self._finger is None or self._tree is None:
            return
        uid, pressed = self._finger
        self._release()
        for now in self._tree.targets():
            if now.node.target == pressed.node.target and now.box == pressed.box:
                self._finger = (uid, now)
                self._shade.add(self._painter.pressed(now))
                return

    def _is_echo(self, x: float, y: float) -> bool:
        """Whether a touch is the second half of a double tap whose first half turned the page."""
        at, last_x, last_y = self._touch
        if self._turned < at or time.monotonic() - at > ECHO_S:
            return False
        return math.hypot(x - last_x, y - last_y) < ECHO_MM * self._theme.px_per_mm

    @property
    def _page_name(self) -> str:
        return "" if self._view is None else self._view.page

    def _release(self) -> None:
        self._finger = None
        self._shade.clear()

    def _complete(self, target: str) -> None:
        if target.startswith(TURN):
            self._leaf += int(target.removeprefix(TURN))
        elif target == "back" and self._leaf and self._page_name in _BACK_TO_FIRST_LEAF:
            self._leaf = 0
        else:
            self._fire(target)
            return
        self._paint(datetime.now())  # noqa: DTZ005  - the wall clock of the hall

    @staticmethod
    def _pace(frames: int) -> None:
        Clock._max_fps = frames  # noqa: SLF001  - Kivy has no other way to set it while it runs
