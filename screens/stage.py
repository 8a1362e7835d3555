"""The one widget: shows a page, feels fingers, knows where everything is.

The stage belongs to the UI thread.  It repaints when the view has become another one, shades what
a finger is on, and hands the target of a completed touch on.  Until it is awake (its window was
raised) it feels nothing.

Theory of operation
-------------------
One finger at a time.  A touch counts when it is lifted where it went down.  A second touch on the
same spot right after the page became another one is the echo of a double tap and is dropped; on a
page that stays (keys of a pad) every touch counts, and a finger that comes down on a key before the
last one was lifted completes that one first, as on any keyboard.  Targets that begin with
``screen:`` never reach the journey: leaves are turned here, keys of the pad go to the input method,
which fires what was written.  A field with the target ``stroke`` is drawn on (:mod:`screens.pen`).
Cells of the touch grid are touched by a finger that comes over them, and a finger that rests on
the emblem lets staff in (:mod:`screens.hold`).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from kivy.clock import Clock
from kivy.core.window import Window
from kivy.graphics import InstructionGroup
from kivy.uix.widget import Widget

from screens import layout, learning
from screens.echo import Echoes
from screens.hold import OPEN, Hold
from screens.input.method import InputMethod
from screens.input.seeds import Purpose
from screens.live import live_rate
from screens.pages import build, scaffold
from screens.pages.staff_calibrate import POINTED, pointed
from screens.painter import Painter, ground
from screens.pen import STROKE, Pen
from screens.shown import Shown, Spot
from screens.standing import OutView
from screens.widgets.kit import PAD, TURN, Kit
from screens.words import Words

if TYPE_CHECKING:
    from kiosk.journey.facts import Stroke
    from kiosk.journey.view import Frame
    from screens.layout import Placed
    from screens.learning import Learning
    from screens.live import Pictures
    from screens.standing import AnyPage
    from screens.theme import Theme

SPIN_FPS: Final = 15
"""Turns a second of what turns: enough to be seen moving, cheap enough without a GPU."""
_TURN_DEGREES: Final = 24
_PAD: Final = "screen:"
_PAD_TOUCHES: Final = ("text:", "erase", "staff:digit:", "staff:key:", "staff:erase")
_SWEPT: Final = "staff:cell:"
"""Targets that a finger touches by coming over them."""
_FORWARD: Final = "next"
_CANDIDATES: Final = "screen:leaf:+1"
"""Shows what the letters that wait may mean, large enough that nobody overlooks them."""
_BACK_TO_FIRST_LEAF: Final = frozenset({"guide", "review"})
"""Pages whose second leaf is more to read: back leads to the first."""
_CLOCK_PAGES: Final = frozenset({"attract", "home"})


def _place(view: AnyPage) -> tuple[object, ...]:
    """Return what makes a page another one: its name, and which of several it is."""
    which = (getattr(view, name, None) for name in ("number", "field", "picture_no"))
    return (view.page, *which)


def _is_key(target: Placed) -> bool:
    """Whether a target is a key of the pad."""
    own = target.node.target
    return (own.startswith(_PAD) and not own.startswith(TURN)) or own.startswith(_PAD_TOUCHES)


class Stage(Widget):
    """Shows views on a screen."""

    def __init__(self, theme: Theme, words: Words, fire: Callable[[str], None]) -> None:
        """Make an empty stage; ``fire`` gets the target of every completed touch."""
        super().__init__(size=(theme.width, theme.height))
        self.awake = False
        self.touched: Callable[[], None] = lambda: None
        self.drawn_on: Callable[[Stroke], None] = lambda _stroke: None
        """Gets every line that was drawn on a signature field."""
        self._theme, self._words, self._fire = theme, words, fire
        self._languages = {words.language: words}
        self.learning: Learning | None = None
        """Set where a training is served: its strip stands over every page."""
        self._painter = Painter(theme.height)
        self._pen = Pen(theme.height, theme.px_per_mm)
        self._method: InputMethod | None = None
        self._writing: tuple[str, str, str] | None = None
        """Page, field and pad of what is being written."""
        self._page, self._shade = InstructionGroup(), InstructionGroup()
        self.canvas.add(self._page)
        self.canvas.after.add(self._shade)
        self.canvas.after.add(self._pen.ink)
        self._view: AnyPage | None = None
        self._tree: Placed | None = None
        self._leaf = 0
        self._minute = -1
        self._finger: tuple[Any, Placed] | None = None
        self._echoes = Echoes(theme.px_per_mm)
        self._hold = Hold(self._held)
        self._frames = self._painted_at = 0
        self._scene: tuple[str, Placed, int] | None = None
        """Page, tree and frame count of what was painted last; replaced as a whole."""
        self._angle = 0.0
        self._spin = Clock.schedule_interval(self._turn_on, 1 / SPIN_FPS)
        self._spin.cancel()
        self._look = Clock.schedule_interval(self._look_again, 1 / live_rate())
        self._look.cancel()

    def take_pictures_from(self, given: Pictures) -> None:
        """Take the camera's picture and photographs from ``given``."""
        self._painter.given = given

    def show(self, view: AnyPage) -> None:
        """Show ``view``; nothing is painted when nothing has changed."""
        now = datetime.now()  # noqa: DTZ005  - the wall clock of the hall
        minute = now.minute if view.page in _CLOCK_PAGES else -1
        if view == self._view and minute == self._minute:
            return
        if self._view is None or _place(view) != _place(self._view):
            self._leaf = 0
            self._echoes.turned()
            self._hold.end()
        self._set_in(view.frame)
        self._write_into(view)
        self._view, self._minute = view, minute
        self._paint(now)

    def _set_in(self, frame: Frame) -> None:
        """Set pages in the size and the language that the visit has now."""
        if frame.size != self._theme.size:
            self._theme = replace(self._theme, size=frame.size)
            self._leaf = 0
        if frame.language != self._words.language:
            known = self._languages
            self._words = known.setdefault(frame.language, Words(frame.language))

    def _write_into(self, view: AnyPage) -> None:
        """Begin an empty composition whenever another field is being written."""
        own = view.input
        now = None if own is None else (view.page, own.field, own.keyboard)
        if now == self._writing:
            return
        self._writing, self._leaf = now, 0
        if own is not None and own.keyboard in {"pinyin", "latin"}:
            self._method = self._method or InputMethod.opened()
            purpose = Purpose.NAME if own.field.endswith(".name") else Purpose.TEXT
            self._method.begin(purpose, latin=own.keyboard == "latin")
        elif self._method is not None:
            self._method.reset()

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
            if not self._echoes.is_echo(t.box.x + t.box.w / 2, t.box.y + t.box.h / 2)
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
        kit = self._kit(now)
        page = build(kit, self._view)
        if self.learning is not None:
            self.learning.seen(self._view)
            page = learning.over(kit, page, self._theme)
        tree = layout.arrange(page, self._theme.width, self._theme.height)
        self._put(self._view.page, tree)

    def _paint_pad(self, now: datetime) -> None:
        """Paint what is composed: nothing but the pad has changed."""
        view, tree = self._view, self._tree
        old = None if tree is None else next((p for p in tree.walk() if PAD in p.node.state), None)
        if view is None or tree is None or old is None or isinstance(view, OutView):
            self._paint(now)
            return
        new = scaffold.pad(self._kit(now), view)
        if new is not None:
            self._put(view.page, layout.exchange(tree, old, new))

    def _kit(self, now: datetime) -> Kit:
        method = self._method
        return Kit(
            theme=self._theme if self.learning is None else learning.room(self._theme),
            say=self._words,
            now=now,
            leaf=self._leaf,
            composition=None if method is None else method.state,
            chinese=method is None or method.available,
        )

    def _put(self, page: str, tree: Placed) -> None:
        """Put a page on the glass."""
        self._tree = tree
        painted = self._painter.paint(tree)
        Window.clearcolor = ground(tree)
        self._page.clear()
        self._page.add(painted)
        self._keep_finger()
        self._painted_at = self._frames
        self._scene = (page, tree, self._frames)
        self._spin.cancel()
        if self._painter.spinning:
            self._spin()
        self._look.cancel()
        if self._painter.live:
            self._painter.refresh_live()
            self._look()

    def _look_again(self, _dt: float) -> None:
        """Show the camera's newest picture."""
        if self._painter.refresh_live():
            self.canvas.ask_update()

    def _turn_on(self, _dt: float) -> None:
        self._angle = (self._angle + _TURN_DEGREES) % 360
        self._painter.spin(self._angle)

    # ---- fingers

    def on_touch_down(self, touch: Any) -> bool:
        """Feel the first finger; others wait."""
        if not self.awake or self._tree is None or getattr(touch, "button", "left") != "left":
            return True
        self.touched()
        if self._echoes.is_echo(touch.x, self._theme.height - 1 - touch.y):
            return True
        if self._finger is not None and _is_key(self._finger[1]):
            self._roll_over()
        if self._finger is None:
            self._press(touch)
        return True

    def _press(self, touch: Any) -> None:
        x, y = touch.x, self._theme.height - 1 - touch.y
        if self._tree is None:
            return
        self._hold.begin(touch.uid, self._tree, x, y)
        target = self._tree.at(x, y)
        if target is None:
            return
        self._finger = (touch.uid, target)
        if target.node.target == STROKE:
            self._pen.begin(target.box, x, y)
        elif target.node.target.startswith(_SWEPT):
            self._fire(target.node.target)
        elif target.node.target.startswith(POINTED):
            self._finger = None
            self._fire(pointed(x, y, self._theme))
        else:
            self._shade.add(self._painter.pressed(target))

    def _sweep(self, touch: Any) -> None:
        """Touch every cell that a finger comes over."""
        if self._finger is None or self._tree is None or touch.uid != self._finger[0]:
            return
        now = self._tree.at(touch.x, self._theme.height - 1 - touch.y)
        if now is None or now.node.target == self._finger[1].node.target:
            return
        if now.node.target.startswith(_SWEPT):
            self._finger = (touch.uid, now)
            self._fire(now.node.target)

    def _held(self) -> None:
        """Let staff in: the finger that rested on the emblem does nothing more."""
        self._release()
        self._fire(OPEN)

    def _roll_over(self) -> None:
        """Complete the key under the finger before: the next one is down already."""
        if self._finger is not None:
            _, key = self._finger
            self._release()
            self._complete(key.node.target)

    def on_touch_move(self, touch: Any) -> bool:
        """Draw, where something is drawn on, or sweep over cells; nothing else is dragged here."""
        self._hold.move(touch.uid, touch.x, self._theme.height - 1 - touch.y)
        if self._finger is not None and self._finger[1].node.target.startswith(_SWEPT):
            self._sweep(touch)
        if self._pen.down and self._finger is not None and touch.uid == self._finger[0]:
            self._pen.move(touch.x, self._theme.height - 1 - touch.y)
        return True

    def on_touch_up(self, touch: Any) -> bool:
        """Complete a touch whose finger is still on what it pressed."""
        self._hold.end()
        if self._finger is None or touch.uid != self._finger[0]:
            return True
        _, target = self._finger
        if self._pen.down:
            self._lift_pen()
            return True
        self._release()
        x, y = touch.x, self._theme.height - 1 - touch.y
        if target.box.holds(x, y) and not target.node.target.startswith(_SWEPT):
            self._echoes.touched(x, y)
            self._complete(target.node.target)
        return True

    def _lift_pen(self) -> None:
        """Hand on what was drawn; the page that comes back has it."""
        stroke = self._pen.lift()
        self._release()
        self.touched()
        if stroke is not None:
            self.drawn_on(stroke)
        self._pen.clear()

    def _keep_finger(self) -> None:
        """Leave a finger on what it pressed when the new painting still has it there."""
        if self._finger is None or self._tree is None:
            return
        uid, pressed = self._finger
        if self._pen.down and any(now.box == pressed.box for now in self._tree.targets()):
            return
        self._pen.clear()
        self._release()
        for now in self._tree.targets():
            if now.node.target == pressed.node.target and now.box == pressed.box:
                self._finger = (uid, now)
                self._shade.add(self._painter.pressed(now))
                return

    @property
    def page(self) -> str:
        """The page that is painted; empty before the first."""
        return "" if self._view is None else self._view.page

    def _release(self) -> None:
        self._finger = None
        self._shade.clear()

    def _complete(self, target: str) -> None:
        if target.startswith(TURN):
            self._leaf += int(target.removeprefix(TURN))
        elif target == "back" and self._leaf and self.page in _BACK_TO_FIRST_LEAF:
            self._leaf = 0
        elif target.startswith(_PAD) and self._method is not None:
            self._write(self._method, target)
            return
        else:
            self._leave_pad(target)
            return
        self._paint(datetime.now())  # noqa: DTZ005  - the wall clock of the hall

    def _leave_pad(self, target: str) -> None:
        """Hand on a touch beside the pad; on the way forward no letters are left behind unseen."""
        if self._echoes.is_twice(target):
            return
        method = self._method
        if method is not None and method.state.letters:
            for written in method.settle():
                self._fire(written)
            if target == _FORWARD and method.waiting:
                self._write(method, _CANDIDATES)
                return
        self._echoes.sent(target)
        self._fire(target)

    def _write(self, method: InputMethod, target: str) -> None:
        """Give a key to the input method, hand on what was written, show what is being composed."""
        before, tree = method.state, self._tree
        for written in method.press(target):
            self._fire(written)
        if self._tree is tree and method.state != before:
            self._paint_pad(datetime.now())  # noqa: DTZ005  - the wall clock of the hall
