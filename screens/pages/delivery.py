"""How the results are received."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from kiosk.journey.view import text
from screens import theme as look
from screens.pages import scaffold
from screens.semantic import Node, Role
from screens.widgets import blocks, buttons
from screens.widgets.kit import Kit, meaning

if TYPE_CHECKING:
    from kiosk.journey.view import Action, DeliveryView

_METHOD_ICONS: Final = {
    "deliver:courier": "truck",
    "deliver:window": "building-2",
    "deliver:e_licence": "smartphone",
}


def build(kit: Kit, view: DeliveryView) -> Node:
    """Return the page: the ways as large choices, where to, and whether all at once."""
    ways = [_way(kit, action) for action in view.methods]
    rest = [_address(kit, view), _together(kit, view)]
    if kit.elder:
        return scaffold.page(kit, view, [*ways, *rest], gap=26)
    body = scaffold.two(kit, [kit.column(ways, 22)], rest, 30)
    return scaffold.page(kit, view, [body], gap=28)


def _way(kit: Kit, action: Action) -> Node:
    """Return one way as a large choice; all of them are there to choose from, so none leads on."""
    icon = action.icon or _METHOD_ICONS.get(action.target, "package-check")
    chosen = action.chosen
    words = [
        kit.words(action.label, 44, look.INK, "bold"),
        kit.words(action.note, 31, look.INK_2) if action.note else None,
    ]
    mark = kit.icon("circle-check" if chosen else "circle", 52, _mark(chosen=chosen))
    made = kit.row(
        [kit.icon(icon, 68, look.JADE), kit.column(words, 6, grow=1.0), mark],
        34,
        min_height=kit.theme.target(168),
        pad=(kit.px(22), kit.px(36), kit.px(22), kit.px(40)),
        fill=look.JADE_WASH if chosen else look.CARD,
        border=_mark(chosen=chosen),
        border_width=kit.px(4 if chosen else 3),
        radius=kit.px(32),
    )
    state = ("chosen",) if chosen else ()
    label = kit.say(action.label)
    return meaning(made, Role.CHOICE, label, target=action.target, state=state)


def _mark(*, chosen: bool) -> str:
    return look.JADE if chosen else look.LINE_STRONG


def _address(kit: Kit, view: DeliveryView) -> Node | None:
    if view.address is None:
        return None
    change = buttons.outlined(kit, view.change_address, size=32) if view.change_address else None
    lines = kit.column(
        [
            kit.words(text("pages.delivery.address"), 29, look.INK_2),
            kit.words(view.address.name, 36, look.INK, "bold"),
            kit.words(view.address.aside, 30, look.INK_2) if view.address.aside else None,
        ],
        6,
        grow=1.0,
    )
    under = kit.elder or not kit.upright
    head = kit.row([kit.icon("map-pin", 52, look.JADE), lines, None if under else change], 26)
    card = kit.card([head, change if under else None], (26, 32), gap=20)
    return meaning(card, Role.GROUP)


def _together(kit: Kit, view: DeliveryView) -> Node | None:
    if not view.together:
        return None
    tiles = [
        buttons.tile(kit, action, size=36 if kit.upright else 31, high=132)
        for action in view.together
    ]
    heading = blocks.heading(kit, text("pages.delivery.together"))
    return kit.column([heading, kit.grid(tiles, 1 if kit.elder else len(tiles), 20)], 16)
