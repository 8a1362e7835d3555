"""What can be done here."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from kiosk.journey.view import text
from screens import theme as look
from screens.pages import scaffold
from screens.semantic import Node, Role
from screens.widgets.kit import Kit, meaning

if TYPE_CHECKING:
    from kiosk.journey.view import Action, HomeView, ThingTile


_FEW: Final = 6
"""So many things besides the first leave room to tell how a visit goes."""


def build(kit: Kit, view: HomeView) -> Node:
    """Return the page: one thing large, the others as tiles, services below."""
    lead, *others = sorted(view.things, key=lambda tile: not tile.available)
    crowded = len(others) > _FEW and not kit.theme.portrait
    body: list[Node | None] = [] if crowded else [_hero(kit, lead)]
    if others:
        tiles = [lead, *others] if crowded else others
        body.append(kit.grid([_tile(kit, tile) for tile in tiles], 3, 20))
    room = kit.theme.portrait or not view.notices
    if len(others) <= _FEW and room:
        body += [kit.space(0.4), _way(kit)]
    if view.services:
        body.append(_services(kit, view.services))
    body.append(kit.space())
    if not crowded:
        body.append(scaffold.privacy(kit, "screens.home.privacy"))
    body.append(scaffold.foot(kit, view.frame.place))
    return scaffold.page(kit, view, body, title_size=84 if kit.theme.portrait else 78, gap=24)


def _hero(kit: Kit, tile: ThingTile) -> Node:
    soft = look.ON_DEEP_2
    under = tile.why or text("screens.home.items", n=tile.items, here=tile.here)
    name = kit.column(
        [
            kit.words(tile.name, 62, look.ON_DEEP, "serif", leading=1.25),
            kit.words(under, 31, soft),
        ],
        6,
        grow=1.0,
    )
    top = kit.row([kit.icon(tile.icon, 104, look.ON_DEEP), name], 40)
    figures = [
        _count(kit, tile.fill, "screens.home.fill"),
        _count(kit, tile.bring, "screens.home.bring"),
        kit.space(),
        _open(kit),
    ]
    made = kit.column(
        [top, kit.row(figures, 56, align="end")],
        34,
        fill=look.DEEP,
        radius=kit.px(36),
        pad=(kit.px(48), kit.px(48), kit.px(44), kit.px(52)),
        shadow=kit.px(12),
    )
    return _touch(kit, made, tile)


def _open(kit: Kit) -> Node:
    across = kit.px(36)
    return kit.row(
        [
            kit.words(text("screens.home.open"), 34, look.DEEP, "bold"),
            kit.icon("chevron-right", 36, look.DEEP),
        ],
        10,
        fill=look.PAPER,
        radius=kit.px(42),
        height=kit.px(84),
        pad=(0, kit.px(26), 0, across),
    )


def _count(kit: Kit, number: int, key: str) -> Node:
    return kit.row(
        [
            kit.words(str(number), 74, look.ON_DEEP, "serif", leading=1.1),
            kit.column([kit.words(text(key), 29, look.ON_DEEP_2)], pad=(0, 0, kit.px(10), 0)),
        ],
        12,
        align="end",
    )


def _tile(kit: Kit, tile: ThingTile) -> Node:
    ink = look.JADE if tile.available else look.INK_2
    small = tile.why or text("screens.home.cost", fill=tile.fill, bring=tile.bring)
    words = kit.column(
        [
            kit.words(tile.name, 34, look.INK, "bold", lines=2, leading=1.2),
            kit.words(small, 25, look.INK_2, lines=2, leading=1.25),
        ],
        6,
        grow=1.0,
    )
    made = kit.row(
        [kit.icon(tile.icon, 54, ink), words],
        22,
        fill=look.CARD,
        border=look.LINE_STRONG,
        border_width=kit.px(2),
        radius=kit.px(28),
        min_height=kit.theme.target(168),
        pad=(kit.px(18), kit.px(18), kit.px(18), kit.px(26)),
    )
    return _touch(kit, made, tile)


def _touch(kit: Kit, node: Node, tile: ThingTile) -> Node:
    hint = kit.say(tile.why) if tile.why else ""
    return meaning(node, Role.BUTTON, tile.name, target=tile.action.target, hint=hint)


def _way(kit: Kit) -> Node:
    """Return how a visit goes, in three steps."""
    steps = [
        _step(kit, number, icon, key)
        for number, (icon, key) in enumerate(
            (("id-card", "card"), ("list-checks", "check"), ("receipt-text", "slip")), 1
        )
    ]
    return kit.column(
        [kit.words(text("screens.home.way.title"), 38, look.INK, "serif"), kit.grid(steps, 3, 20)],
        18,
    )


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
        (28, 26),
        gap=10,
        min_height=kit.px(212),
    )


def _services(kit: Kit, services: tuple[Action, ...]) -> Node:
    made = [
        meaning(
            kit.row(
                [
                    kit.icon(action.icon, 52, look.DEEP_2),
                    kit.column(
                        [
                            kit.words(action.label, 36, look.INK, "bold"),
                            kit.words(text("screens.home.progress_more"), 27, look.INK_2),
                        ],
                        4,
                        grow=1.0,
                    ),
                    kit.icon("chevron-right", 40, look.INK_2),
                ],
                28,
                fill=look.CARD,
                border=look.LINE_STRONG,
                border_width=kit.px(2),
                radius=kit.px(28),
                min_height=kit.theme.target(136),
                pad=(kit.px(18), kit.px(34), kit.px(18), kit.px(34)),
            ),
            Role.BUTTON,
            kit.say(action.label),
            target=action.target,
        )
        for action in services
    ]
    return kit.grid(made, max(1, min(2, len(made))), 20)
