"""What all pages share: where bars, title and body stand, upright and lying.

Upright, the title stands over the body between the top and the bottom bar.  Lying, brand, title
and navigation go into a deep rail on the left and the body has the rest; the way on stays lower
right.  A page says what is in it once and is right on both.  Where a text is written, the pad
stands between body and navigation.  What does not fit is cut into leaves
(:mod:`screens.pages.paging`), so no page clips in any language and size.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from kiosk.journey.view import text
from screens import layout
from screens import theme as look
from screens.input.composition import Composition
from screens.pages.leafing import ELDER_TURN, TURN_WIDE, Content, Leaf, turned_up, turner
from screens.semantic import Align, Node, Role
from screens.widgets import bars, blocks, buttons, keyboard
from screens.widgets.kit import MARGIN, PAD, RAIL, Kit, meaning, styled

if TYPE_CHECKING:
    from kiosk.journey.view import Frame, Text, View

_SMALL_TITLE: Final = 42
"""Units of a title that would push the navigation off a rail."""
_LONG_TITLE: Final = 22
"""Characters from which on a title is set smaller."""


def page(
    kit: Kit,
    view: View,
    body: Sequence[Node | None],
    *,
    title_size: float = 62,
    middle: bool = False,
    over_title: Text | None = None,
    gap: float = 22,
    beside: Node | None = None,
    turns: bool = True,
    corner: Node | None = None,
    foot: Node | None = None,
) -> Node:
    """Return a whole page; a body that is taller than its room becomes several leaves.

    Args:
        kit: theme and words.
        view: what every page has.
        body: blocks under the title.
        title_size: units of the title's letters.
        middle: centre title and lead.
        over_title: a small line above the title (第 2 个问题，共 4 个).
        gap: units between the blocks.
        beside: stands left of the title (the seal).
        turns: :data:`~screens.widgets.kit.TURN` turns the leaves of this page; False when the page
            uses it for something else (the months of a calendar).
        corner: stands upper left in the body of a lying screen that has no bars of progress.
        foot: stands below on every leaf (不同意 beside 同意).
    """
    said = _Said(size=title_size, middle=middle, over=over_title, beside=beside)
    blocks_ = [*_notices(kit, view), *(block for block in body if block is not None)]
    content = Content(blocks=tuple(blocks_), gap=gap, turns=turns, corner=corner, foot=foot)
    made = (_upright if kit.upright else _lying)(kit, view, said, content)
    return meaning(made, Role.PAGE, kit.say(view.title), value=view.page)


@dataclass(frozen=True, kw_only=True, slots=True)
class _Said:
    """How the title is set."""

    size: float
    middle: bool
    over: Text | None
    beside: Node | None
    lead: bool = True
    """Whether the lead stands under the title."""


def _notices(kit: Kit, view: View) -> list[Node]:
    return [blocks.notice(kit, told) for told in view.notices]


def _head(kit: Kit, view: View, said: _Said) -> Node:
    upright = kit.upright
    ink, soft = (look.DEEP, look.INK_2) if upright else (look.ON_DEEP, look.ON_DEEP_2)
    align: Align = "center" if said.middle and upright else "start"
    over = kit.words(said.over, 30, soft, align=align) if said.over else None
    title = kit.words(
        view.title,
        _title_size(kit, view, said.size),
        ink,
        "serif",
        align=align,
        balance=True,
        leading=1.25,
        role=Role.TITLE,
    )
    lead = None
    if view.lead and said.lead:
        lead = kit.words(view.lead, 34, soft, align=align, balance=said.middle)
    words = kit.column([over, title, lead], 8)
    if said.beside is None:
        return words
    if upright:
        return kit.row([said.beside, styled(words, grow=1.0)], 40)
    return kit.column([said.beside, words], 36)


def _rail_head(kit: Kit, view: View, said: _Said, room: int) -> tuple[Node, Node | None]:
    """Return the head of a rail, and its lead when only the body has room for it.

    What is too tall gives way in this order: the size of the title, the lead, the seal.
    """
    small = replace(said, size=_SMALL_TITLE)
    ways = (said, small, replace(small, lead=False), replace(small, lead=False, beside=None))
    for way in ways:
        head = _head(kit, view, way)
        if layout.size(head, kit.px(bars.RAIL_INNER))[1] <= room:
            break
    moved = kit.words(view.lead, 34, look.INK) if view.lead and not way.lead else None
    return head, moved


def _title_size(kit: Kit, view: View, size: float) -> float:
    """Return the units of a title: smaller where it would take the room of what matters."""
    most = size if kit.upright else min(size, 66)
    if kit.elder:
        most = min(most, 72 if kit.upright else 54)
    if view.input is not None:
        most = min(most, 62 if kit.upright and not kit.elder else 48)
    long = len(kit.say(view.title)) > _LONG_TITLE
    return min(most, 54) if long else most


def _upright(kit: Kit, view: View, said: _Said, content: Content) -> Node:
    head = _head(kit, view, said)
    edge, steps = kit.px(MARGIN), bars.steps(kit, view.frame)
    measured = kit.column([steps], pad=(0, edge, 0, edge)) if steps else None
    over, under, apart = kit.px(30 if steps else 26), kit.px(26), kit.px(content.gap + 10)
    top, bottom = bars.top(kit, view.frame), bars.bottom(kit, view.frame)
    keys = pad(kit, view)
    if keys is not None:
        over = under = kit.px(18)
    wide = kit.theme.width - 2 * edge
    fixed = [part for part in (top, measured, keys, bottom) if part is not None]
    taken = sum(layout.size(part, kit.theme.width)[1] for part in fixed)
    taken += layout.size(head, wide)[1] + over + under + apart
    bar = kit.theme.target(88) + kit.px(content.gap)
    leaf = turned_up(kit, content, wide, kit.theme.height - taken, bar)
    turn = turner(kit, leaf)
    body = leaf.body
    if turn:
        before, count, after = turn
        row = kit.row([before, kit.space(), count, kit.space(), after])
        body = kit.column([body, row], content.gap, grow=1.0)
    inner = kit.column([head, body], grow=1.0, pad=(over, edge, under, edge))
    inner = styled(inner, gap=apart)
    return kit.column([top, measured, inner, keys, bottom], fill=look.PAPER)


def _lying(kit: Kit, view: View, said: _Said, content: Content) -> Node:
    rail, moved = _rail(kit, view, said)
    if moved is not None:
        content = replace(content, blocks=(moved, *content.blocks))
    edge, frame = kit.px(MARGIN), view.frame
    down, gap = kit.px(32), kit.px(24)
    keys = pad(kit, view)
    if keys is not None:
        down, gap = kit.px(16), kit.px(14)
    top = _lying_top(kit, view, content.corner)
    wide = kit.theme.width - kit.px(RAIL) - 2 * edge
    foot_high = kit.theme.target(128 if kit.elder else 104)
    high = kit.theme.height - 2 * down - (layout.size(top, wide)[1] + gap if top else 0)
    high -= layout.size(keys, wide + 2 * edge)[1] if keys is not None else 0
    with_foot = foot_high + gap
    leaf = turned_up(
        kit, content, wide, high - (with_foot if frame.go else 0), 0 if frame.go else with_foot
    )
    foot = _lying_foot(kit, frame, leaf, wide)
    inner = kit.column([top, leaf.body, foot], grow=1.0, pad=(down, edge, down, edge))
    side = kit.column([styled(inner, gap=gap), keys], grow=1.0)
    return kit.row([rail, side], align="stretch", fill=look.PAPER)


def _rail(kit: Kit, view: View, said: _Said) -> tuple[Node, Node | None]:
    """Return the rail, and the lead where the rail has no room for it."""
    brand = styled(_rail_brand(kit, view.frame), grow=0.0)
    nav = bars.rail_nav(kit, view.frame)
    down, apart = kit.px(44), kit.px(24 if kit.elder else 44)
    inner = kit.px(bars.RAIL_INNER)
    taken = layout.size(brand, inner)[1] + layout.size(nav, inner)[1] + 2 * down + apart
    head, moved = _rail_head(kit, view, said, kit.theme.height - taken)
    parts = [brand, kit.space(0, 24 if kit.elder else 44), head, kit.space(), nav]
    pad = (down, kit.px(44), down, kit.px(56))
    return kit.column(parts, width=kit.px(RAIL), fill=look.DEEP, pad=pad), moved


def _rail_brand(kit: Kit, frame: Frame) -> Node:
    return bars.brand(kit, frame, kit.px(bars.RAIL_INNER), look.ON_DEEP, 64)


def _lying_top(kit: Kit, view: View, corner: Node | None) -> Node | None:
    """Return the upper edge of the body of a lying screen: the bars left, the tools right."""
    steps, tools = bars.steps(kit, view.frame), bars.tools(kit, view.frame)
    if tools is None:
        return steps
    shown = steps or corner
    left = kit.column([shown], grow=1.0) if shown else kit.space()
    return meaning(kit.row([left, tools], 40), Role.BAR)


def _lying_foot(kit: Kit, frame: Frame, leaf: Leaf, wide: int) -> Node | None:
    turn = turner(kit, leaf)
    if not turn and frame.go is None:
        return None
    each = ELDER_TURN if kit.elder else TURN_WIDE
    taken = kit.px(2 * each + 110 + 60) if turn else 0
    go = buttons.way_on(kit, frame.go, min(wide - taken, kit.px(620))) if frame.go else None
    high = kit.theme.target(128 if kit.elder else 104)
    return kit.row([*turn, kit.space(), go], 12, height=high)


def pad(kit: Kit, view: View) -> Node | None:
    """Return the pad of a page on which a text is written; its height is always the same."""
    if view.input is None:
        return None
    made = keyboard.dock(
        kit,
        view.input.keyboard,
        kit.composition or Composition(),
        big=kit.elder,
        available=kit.chinese,
        done=text("input.next"),
        width=0 if kit.upright else kit.theme.width - kit.px(RAIL),
    )
    return replace(made, state=(PAD,))


def two(kit: Kit, left: Sequence[Node | None], right: Sequence[Node | None], gap: float) -> Node:
    """Set two groups of blocks side by side lying; upright and large, under one another."""
    if kit.upright or kit.elder:
        return kit.column([*left, *right], gap, grow=1.0)
    halves = [kit.column(left, gap, grow=1.0), kit.column(right, gap, grow=1.0)]
    return kit.row(halves, 32, align="stretch", grow=1.0)


def privacy(kit: Kit, key: str) -> Node:
    """Return the line with the shield: what becomes of the citizen's data."""
    return kit.row(
        [kit.icon("shield-check", 40, look.JADE), kit.words(text(key), 29, look.INK_2, grow=1.0)],
        20,
    )


def foot(kit: Kit, place: str, colour: str = look.INK_2) -> Node:
    """Return where the terminal stands, and the time."""
    now = kit.now
    day = kit.say(text(f"screens.weekday.{now.weekday()}"))
    when = kit.say(
        text("screens.now", time=f"{now:%H:%M}", month=now.month, day=now.day, weekday=day)
    )
    where = kit.words(place, 27, colour, grow=1.0, leading=1.2)
    time = kit.words(when, 27, colour)
    if kit.elder and kit.upright:
        return kit.column([styled(where, grow=0.0), time], 4)
    return kit.row([kit.icon("map-pin", 28, colour), where, time], 14)
