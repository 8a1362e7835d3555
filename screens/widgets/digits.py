"""A digit pad and the number that is being typed on it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from screens import theme as look
from screens.semantic import Node, Role
from screens.widgets.kit import Kit, meaning

if TYPE_CHECKING:
    from kiosk.journey.view import Action, DigitsView

_PLACES: Final = ("1", "2", "3", "4", "5", "6", "7", "8", "9", "", "0", "")


def typed(kit: Kit, view: DigitsView) -> Node:
    """Return the number in its groups; places that are still empty are dashes."""
    rest, groups = view.typed, []
    for length in view.groups:
        groups.append(_group(kit, rest[:length], length))
        rest = rest[length:]
    full = len(view.typed) == sum(view.groups)
    made = kit.row(
        groups,
        52,
        justify="center",
        height=kit.px(150 if kit.upright else 128),
        fill=look.CARD,
        border=look.JADE if full else look.DEEP_2,
        border_width=kit.px(4),
        radius=kit.px(32),
    )
    return meaning(made, Role.STATUS, value=view.typed)


def _group(kit: Kit, digits: str, length: int) -> Node:
    places = [_place(kit, digits[n : n + 1]) for n in range(length)]
    return kit.row(places, 8)


def _place(kit: Kit, digit: str) -> Node:
    wide = kit.px(52)
    mark = kit.column([], height=kit.px(4), fill=look.LINE_STRONG if not digit else look.JADE)
    number = kit.words(digit or " ", 68, look.INK, "serif", align="center", leading=1.15)
    return kit.column([number, mark], 2, width=wide)


def pad(kit: Kit, view: DigitsView, high: float = 148) -> Node:
    """Return the twelve places of the pad; a place without a target is faint or empty."""
    keys = [
        _key(kit, action, place, high) for action, place in zip(view.keys, _PLACES, strict=True)
    ]
    return meaning(kit.grid(keys, 3, 18), Role.GROUP)


def _key(kit: Kit, action: Action, place: str, high: float) -> Node:
    tall = kit.theme.target(high)
    if not action.target:
        faint = kit.words(place, 62, "#8A8371", "serif", align="center", leading=1.2)
        empty = kit.column([faint] if place else [], justify="center", height=tall)
        return meaning(empty, Role.GROUP, state=("off",))
    label = kit.say(action.label)
    erase = bool(action.icon)
    face = (
        kit.row([kit.icon(action.icon, 60, look.DEEP_2)], justify="center")
        if erase
        else kit.words(label, 62, look.INK, "serif", align="center", leading=1.2)
    )
    made = kit.column(
        [face],
        justify="center",
        height=tall,
        fill="#F1ECDF" if erase else look.CARD,
        border=look.LINE_STRONG,
        border_width=kit.px(2),
        radius=kit.px(28),
    )
    return meaning(made, Role.BUTTON, label, target=action.target)
