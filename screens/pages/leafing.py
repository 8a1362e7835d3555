"""The leaf of a page that is turned up, and the bar that turns leaves.

A page gives its blocks and the room they have; what does not fit is cut into leaves
(:mod:`screens.pages.paging`), so no page clips in any language and size.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from kiosk.journey.view import text
from screens import layout
from screens import theme as look
from screens.pages import paging
from screens.semantic import Node, Role
from screens.widgets import buttons
from screens.widgets.kit import TURN, Kit, meaning, styled

TURN_WIDE: Final = 240
ELDER_TURN: Final = 330
"""Units of the buttons that turn a leaf."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Content:
    """What stands under the title."""

    blocks: tuple[Node, ...]
    gap: float
    turns: bool
    corner: Node | None
    foot: Node | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Leaf:
    """The leaf that is turned up."""

    body: Node
    number: int
    of: int


def turned_up(kit: Kit, content: Content, width: int, height: int, bar: int) -> Leaf:
    """Cut the content into leaves and take the one that is turned up."""
    gap, foot = kit.px(content.gap), content.foot
    taken = layout.size(foot, width)[1] + gap if foot else 0
    found = paging.leaves(content.blocks, (width, height - taken), gap, bar)
    number = paging.home(found) + (kit.leaf if content.turns else 0)
    number = min(max(number, 0), max(0, len(found) - 1))
    own = found[number] if found else []
    body = kit.column(own, content.gap, grow=1.0)
    if foot is not None:
        # one gap lies over the foot, as it was taken from the room of the leaves
        body = kit.column([body, foot], content.gap, grow=1.0)
    return Leaf(body=body, number=number, of=max(1, len(found)))


def turner(kit: Kit, leaf: Leaf) -> list[Node]:
    """Return the bar of a page of several leaves: 上一页, 1/3, 下一页."""
    if leaf.of < 2:
        return []
    count = kit.words(f"{leaf.number + 1} / {leaf.of}", 33, look.INK_2, align="center")
    return [
        _turn(kit, -1, works=leaf.number > 0),
        styled(count, min_width=kit.px(110)),
        _turn(kit, 1, works=leaf.number < leaf.of - 1),
    ]


def _turn(kit: Kit, way: int, *, works: bool) -> Node:
    key, icon = ("next", "chevron-right") if way > 0 else ("before", "chevron-left")
    label = text(f"screens.leaf.{key}")
    wide = kit.px(ELDER_TURN if kit.elder else TURN_WIDE)
    if not works:
        return kit.column([], width=wide, height=kit.theme.target(88))
    mark = kit.icon(icon, 34, look.DEEP)
    room = wide - kit.theme.icon(34) - kit.px(10 + 2 * 12)
    told = kit.say(label)
    words = buttons.fitted(kit, told, (33, 27), look.DEEP, "bold", room=room, align=True)
    words = styled(words, width=room)
    made = kit.row(
        [words, mark] if way > 0 else [mark, words],
        10,
        justify="center",
        width=wide,
        height=kit.theme.target(88),
        fill=look.CARD,
        border=look.DEEP_2,
        border_width=kit.px(3),
        radius=kit.px(28),
    )
    return meaning(made, Role.BUTTON, kit.say(label), target=f"{TURN}{way:+d}")
