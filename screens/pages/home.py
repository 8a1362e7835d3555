"""What can be done here."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from kiosk.journey.view import text
from screens import theme as look
from screens.pages import scaffold
from screens.semantic import Node, Role, Style
from screens.widgets import things
from screens.widgets.kit import Kit, meaning

if TYPE_CHECKING:
    from kiosk.journey.view import Action, HomeView

_ONE_LEAF: Final = 6
"""So many things and the services below them fit on one leaf."""
_FEW: Final = 4
"""So many things leave room to tell how a visit goes."""


def build(kit: Kit, view: HomeView) -> Node:
    """Return the page: search, themes, one thing large, the others as tiles, services."""
    listed = list(view.things)
    if view.together is None:  # what is done one after another stays in its order
        listed.sort(key=lambda tile: not tile.available)
    many = len(listed) > _ONE_LEAF
    # With large letters a large one among many would be on the second leaf, and none on the first.
    roomy = len(listed) <= _FEW or (kit.upright and not (many and kit.elder))
    large = bool(listed) and view.together is None and roomy
    body: list[Node | None] = [
        search_box(kit, view.search),
        _audiences(kit, view.audiences),
        _themes(kit, view.themes),
        kit.words(view.together, 33, look.INK) if view.together else None,
    ]
    if many:  # what everybody may look for is not on the second leaf
        body.append(_services(kit, view.services))
    if large:
        body.append(things.hero(kit, listed[0]))
    tiles = [things.tile(kit, tile) for tile in listed[1 if large else 0 :]]
    if tiles:
        body.append(kit.grid(tiles, 2 if kit.elder else 3, 18))
    if len(listed) <= _FEW and kit.upright and not kit.elder:
        body += [kit.space(0.4), _way(kit)]
    body += [None if many else _services(kit, view.services), kit.space()]
    place = kit.named(view.frame.place)
    if kit.upright and not kit.elder:
        body.append(scaffold.foot(kit, place))
    corner = None if kit.upright or kit.elder else scaffold.foot(kit, place)
    size = 84 if kit.upright else 78
    return scaffold.page(kit, view, body, title_size=size, gap=20, corner=corner)


def search_box(kit: Kit, search: Action) -> Node:
    """Return the box that opens the search."""
    made = kit.row(
        [
            kit.icon(search.icon or "search", 42, look.DEEP_2),
            kit.words(search.label, 36, look.INK_2, grow=1.0, leading=1.2),
        ],
        26,
        fill=look.CARD,
        border=look.DEEP_2,
        border_width=kit.px(3),
        radius=kit.px(32),
        min_height=kit.theme.target(112 if kit.upright else 96),
        pad=(kit.px(8), kit.px(32), kit.px(8), kit.px(40)),
    )
    label = kit.say(text("screens.home.search"))
    return meaning(made, Role.BUTTON, label, target=search.target)


def _audiences(kit: Kit, audiences: tuple[Action, ...]) -> Node | None:
    """Return whose things are shown, as two halves of one bar."""
    if not audiences:
        return None
    halves = [_half(kit, one) for one in audiences]
    return kit.row(halves, 0, fill=look.CARD, radius=kit.px(32))


def _half(kit: Kit, own: Action) -> Node:
    ink = look.CARD if own.chosen else look.INK_2
    made = kit.column(
        [kit.words(own.label, 38, ink, "bold", align="center", leading=1.2)],
        justify="center",
        grow=1.0,
        min_height=kit.theme.target(92),
        fill=look.DEEP if own.chosen else "",
        border=look.LINE_STRONG,
        border_width=kit.px(2),
        radius=kit.px(32),
        pad=(kit.px(8), kit.px(24), kit.px(8), kit.px(24)),
    )
    state = ("chosen",) if own.chosen else ()
    return meaning(made, Role.CHOICE, kit.say(own.label), target=own.target, state=state)


def _themes(kit: Kit, themes: tuple[Action, ...]) -> Node | None:
    if not themes:
        return None
    pills = tuple(_pill(kit, theme) for theme in themes)
    style = Style(flow="wrap", gap=kit.px(8), row_gap=kit.px(8))
    return Node(role=Role.LIST, style=style, children=pills)


def _pill(kit: Kit, theme: Action) -> Node:
    across, high = kit.px(32), kit.theme.target(84)
    ink = look.CARD if theme.chosen else look.INK_2
    made = kit.column(
        [kit.words(theme.label, 36, ink, "bold" if theme.chosen else "sans", leading=1.2)],
        justify="center",
        height=high,
        min_width=kit.theme.target(84),
        pad=(0, across, 0, across),
        fill=look.DEEP if theme.chosen else "",
        radius=high // 2,
    )
    state = ("chosen",) if theme.chosen else ()
    return meaning(made, Role.CHOICE, kit.say(theme.label), target=theme.target, state=state)


def _way(kit: Kit) -> Node:
    """Return how a visit goes, in three steps."""
    steps = [
        _step(kit, number, icon, key)
        for number, (icon, key) in enumerate(
            (("id-card", "card"), ("list-checks", "check"), ("receipt-text", "slip")), 1
        )
    ]
    head = kit.words(text("screens.home.way.title"), 38, look.INK, "serif", role=Role.HEADING)
    return kit.column([head, kit.grid(steps, 3, 20)], 18)


def _step(kit: Kit, number: int, icon: str, key: str) -> Node:
    return kit.card(
        [
            kit.row(
                [
                    kit.icon(icon, 56, look.JADE),
                    kit.space(),
                    kit.words(str(number), 48, "#776F5C", "serif", leading=1.0),
                ]
            ),
            kit.words(text(f"screens.home.way.{key}"), 32, look.INK, "bold"),
            kit.words(text(f"screens.home.way.{key}_more"), 27, look.INK_2),
        ],
        (24, 26),
        gap=10,
    )


def _services(kit: Kit, services: tuple[Action, ...]) -> Node | None:
    if not services:
        return None
    columns = 1 if kit.elder and kit.upright else max(2, min(4, len(services)))
    return kit.grid([_service(kit, action) for action in services], columns, 18)


def _service(kit: Kit, action: Action) -> Node:
    note = kit.words(action.note, 27, look.INK_2, leading=1.2) if action.note else None
    made = kit.row(
        [
            kit.icon(action.icon, 46, look.DEEP_2),
            kit.column([kit.words(action.label, 33, look.INK, leading=1.2), note], 2, grow=1.0),
            kit.icon("chevron-right", 36, look.INK_2),
        ],
        22,
        border=look.LINE_STRONG,
        border_width=kit.px(2),
        radius=kit.px(28),
        min_height=kit.theme.target(116 if kit.upright else 92),
        pad=(kit.px(10), kit.px(28), kit.px(10), kit.px(28)),
    )
    return meaning(made, Role.BUTTON, kit.say(action.label), target=action.target)
