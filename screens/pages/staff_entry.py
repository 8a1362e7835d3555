"""Who are you: the staff card, the one-time code, the PIN, and the pad both are typed on."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from kiosk.journey.view import text
from screens import theme as look
from screens.pages import staff_blocks, staff_frame
from screens.pages.staff_blocks import TONES
from screens.pages.staff_frame import clock
from screens.semantic import Node, Picture, Role
from screens.widgets import blocks
from screens.widgets.kit import Kit, meaning

if TYPE_CHECKING:
    from kiosk.maintenance.view import StaffCardView, StaffPinView, StaffView

_KEYS: Final = ("1", "2", "3", "4", "5", "6", "7", "8", "9", "", "0", "erase")
_PAD: Final = 760
"""Units of the pad across: a hand's breadth, so that a hand can cover it."""


def card(kit: Kit, view: StaffCardView) -> Node:
    """Return the page that asks for the staff card, or for a one-time code."""
    other = staff_blocks.button(kit, view.other) if view.other else None
    if view.locked_s is not None:
        return staff_frame.page(kit, _waiting(view), [*_locked(kit, view.locked_s), other])
    if view.code_length:
        typed = _typed(kit, view.typed, view.code_length)
        return staff_frame.page(kit, view, _typing(kit, typed, other), gap=28)
    names = {"put": "card-put", "reading": "card-reading", "stopped": "card-stopped"}
    words = text("staff.card.lead" if view.phase == "put" else f"staff.card.{view.phase}")
    art = Picture(name=names[view.phase], text=kit.say(text("screens.card.area")))
    panel = blocks.panel(kit, art, kit.say(words))
    said = kit.words(words, 36, look.INK, align="center", balance=True)
    return staff_frame.page(kit, view, [panel, said, other, kit.space(0.3)], gap=30)


def pin(kit: Kit, view: StaffPinView) -> Node:
    """Return the page of the PIN; while it is locked there is no pad."""
    if view.locked_out:
        hint = kit.words(
            text("staff.pin.locked_out_hint"), 38, look.INK, align="center", balance=True
        )
        titled = replace(view, title=text("staff.pin.locked_out"), lead=None)
        return staff_frame.page(kit, titled, [kit.space(), _lock(kit), hint, kit.space(1.6)])
    if view.locked_s is not None:
        return staff_frame.page(kit, _waiting(view), _locked(kit, view.locked_s))
    wrong = None
    if view.tries_left is not None:
        said = [staff_blocks.sentence(kit, text("staff.pin.wrong", n=view.tries_left), 36, "bold")]
        wrong = staff_blocks.banner(kit, TONES["trouble"], said, ("trouble",))
    typed = _typed(kit, view.typed, view.length)
    return staff_frame.page(kit, view, [wrong, *_typing(kit, typed, None)], gap=28)


def _waiting(view: StaffView) -> StaffView:
    """Return the view with a title that says what to do while nothing is taken."""
    return replace(view, title=text("staff.pin.wait_title"), lead=None)


def _locked(kit: Kit, seconds: int) -> list[Node | None]:
    """Return how long nothing is taken, large."""
    left = kit.words(clock(seconds), 148, look.DEEP, "serif", align="center", leading=1.1)
    words = text("staff.pin.locked", time=clock(seconds))
    said = kit.words(words, 38, look.INK, align="center", balance=True)
    return [kit.space(), _lock(kit), left, said, kit.space(1.6)]


def _lock(kit: Kit) -> Node:
    """Return a lock in a disc."""
    side = kit.px(220)
    icon = kit.row([kit.icon("lock", 110, look.SEAL)], justify="center")
    disc = kit.column(
        [icon], justify="center", width=side, height=side, radius=side // 2, fill=look.SEAL_WASH
    )
    return kit.column([disc], align="center")


def _typed(kit: Kit, typed: int, length: int) -> Node:
    """Return a place for each digit; a dot stands for one that was typed, never the digit."""
    side = kit.px(92 if length <= _WIDE else 76)
    places = [_place(kit, side, full=number < typed) for number in range(length)]
    made = kit.row(places, 18, justify="center")
    label = kit.say(text("staff.pin.digits", n=typed, of=length))
    return meaning(made, Role.STATUS, label, value=str(typed))


_WIDE: Final = 6


def _place(kit: Kit, side: int, *, full: bool) -> Node:
    dot = kit.px(26)
    mark = kit.column([], width=dot, height=dot, radius=dot // 2, fill=look.DEEP) if full else None
    return kit.column(
        [mark],
        align="center",
        justify="center",
        width=side,
        height=side,
        fill=look.CARD,
        border=look.DEEP_2 if full else look.LINE_STRONG,
        border_width=kit.px(3),
        radius=kit.px(20),
    )


def _typing(kit: Kit, typed: Node, other: Node | None) -> list[Node | None]:
    """Return places and pad; the room is above them, so that no word moves a key under a finger."""
    grid = kit.grid([_key(kit, key) for key in _KEYS], 3, 18, width=kit.px(_PAD))
    pad = kit.row([kit.space(), grid, kit.space()])
    low = [kit.space(0, 12), pad, kit.space(0, 150 if kit.upright else 10), other]
    return [kit.space(), typed, *low]


def _key(kit: Kit, key: str) -> Node:
    high = kit.theme.target(150 if kit.upright else 116)
    if not key:
        return meaning(kit.column([], height=high), Role.SPACE)
    erase = key == "erase"
    label = kit.say(text("staff.pin.erase")) if erase else key
    face = (
        kit.row([kit.icon("delete", 54, look.DEEP_2)], justify="center")
        if erase
        else kit.words(key, 62, look.INK, "serif", align="center", leading=1.2)
    )
    made = kit.column(
        [face],
        justify="center",
        height=high,
        fill=look.COOL if erase else look.CARD,
        border=look.LINE_STRONG,
        border_width=kit.px(2),
        radius=kit.px(28),
    )
    target = "staff:erase" if erase else f"staff:digit:{key}"
    return meaning(made, Role.BUTTON, label, target=target)
