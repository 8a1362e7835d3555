"""Things that can be done: large, as a tile, as a found line."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from kiosk.journey.view import text
from screens import theme as look
from screens.semantic import Node, Role
from screens.widgets.kit import Kit, meaning

if TYPE_CHECKING:
    from kiosk.journey.view import Text, ThingTile


_SHORT: Final = 8
"""Characters of a name that stand beside the figures."""


def hero(kit: Kit, tile: ThingTile) -> Node:
    """Return the first thing, large: its name and what it takes."""
    under = tile.why or text("screens.home.items", n=tile.items, here=tile.here)
    name = kit.column(
        [
            kit.words(kit.named(tile.name), 62, look.ON_DEEP, "serif", leading=1.2, balance=True),
            kit.words(under, 31, look.ON_DEEP_2),
        ],
        4,
        grow=1.0,
    )
    icon = kit.icon(tile.icon, 96, look.ON_DEEP)
    figures = kit.row(_figures(kit, tile), 40, align="end")
    wide = kit.elder or not kit.upright or len(kit.named(tile.name)) > _SHORT
    inner = (
        [kit.row([icon, name], 36), kit.row([figures, kit.space()])]
        if wide
        else [kit.row([icon, name, figures], 36)]
    )
    made = kit.column(
        inner,
        26,
        justify="center",
        fill=look.DEEP,
        radius=kit.px(32),
        min_height=kit.px(228),
        pad=(kit.px(34), kit.px(44), kit.px(34), kit.px(44)),
        shadow=kit.px(10),
    )
    return _touch(kit, made, tile)


def _figures(kit: Kit, tile: ThingTile) -> list[Node]:
    known = [(tile.fill, "fill"), (tile.bring, "bring")]
    if tile.minutes:
        known.append((tile.minutes, "minutes"))
    return [_count(kit, number, f"screens.home.{key}") for number, key in known]


def _count(kit: Kit, number: int, key: str) -> Node:
    return kit.column(
        [
            kit.words(str(number), 72, look.ON_DEEP, "serif", align="center", leading=1.1),
            kit.words(text(key), 27, look.ON_DEEP_2, align="center", leading=1.25),
        ],
        2,
    )


def cost(tile: ThingTile) -> Text:
    """Return what a thing takes, in one line; or why it cannot be done here."""
    if tile.why is not None:
        return tile.why
    if tile.minutes:
        return text("screens.home.cost_minutes", fill=tile.fill, minutes=tile.minutes)
    return text("screens.home.cost", fill=tile.fill, bring=tile.bring)


def tile(kit: Kit, shown: ThingTile) -> Node:
    """Return a thing as one of many."""
    ink = look.JADE if shown.available else look.INK_2
    words = kit.column(
        [
            kit.words(kit.named(shown.name), 34, look.INK, "bold", leading=1.2, balance=True),
            kit.words(cost(shown), 24, look.INK_2, leading=1.25),
        ],
        4,
        grow=1.0,
    )
    made = kit.row(
        [kit.icon(shown.icon, 54, ink), words],
        20,
        fill=look.CARD,
        border=look.LINE_STRONG,
        border_width=kit.px(2),
        radius=kit.px(28),
        min_height=kit.theme.target(168 if kit.upright else 132),
        pad=(kit.px(14), kit.px(16), kit.px(14), kit.px(24)),
    )
    return _touch(kit, made, shown)


def found(kit: Kit, shown: ThingTile) -> Node:
    """Return a thing as a line of what was found."""
    ink = look.JADE if shown.available else look.INK_2
    name = kit.words(kit.named(shown.name), 36, look.INK, "bold", leading=1.2)
    small = kit.words(cost(shown), 27, look.INK_2, leading=1.2)
    why = kit.words(shown.found, 27, look.JADE_INK, leading=1.2) if shown.found else None
    made = kit.row(
        [
            kit.icon(shown.icon, 48, ink),
            kit.column([name, why, small], 2, grow=1.0),
            kit.icon("chevron-right", 38, look.INK_2),
        ],
        26,
        fill=look.CARD,
        border=look.LINE_STRONG,
        border_width=kit.px(2),
        radius=kit.px(24),
        min_height=kit.theme.target(108),
        pad=(kit.px(10), kit.px(28), kit.px(10), kit.px(28)),
    )
    return _touch(kit, made, shown)


def _touch(kit: Kit, node: Node, shown: ThingTile) -> Node:
    hint = kit.say(shown.why) if shown.why else ""
    label = kit.named(shown.name)
    return meaning(node, Role.BUTTON, label, target=shown.action.target, hint=hint)
