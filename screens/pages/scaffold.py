"""What all pages share: where bars, title and body stand, upright and lying.

Upright, the title stands over the body between the top and the bottom bar.  Lying, brand, title
and navigation go into a deep rail on the left and the body has the rest; the way on stays lower
right.  A page says what is in it once and is right on both.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from kiosk.journey.view import text
from screens import theme as look
from screens.semantic import Align, Node, Role
from screens.widgets import bars, blocks, buttons
from screens.widgets.kit import MARGIN, Kit, meaning, styled

if TYPE_CHECKING:
    from kiosk.journey.view import Frame, Text, View

RAIL: Final = 600
"""Units of the rail of a lying screen."""


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
) -> Node:
    """Return a whole page.

    Args:
        kit: theme and words.
        view: what every page has.
        body: blocks under the title.
        title_size: units of the title's letters.
        middle: centre title and lead.
        over_title: a small line above the title (第 2 个问题，共 4 个).
        gap: units between the blocks.
        beside: stands left of the title (the seal).
    """
    make = _upright if kit.theme.portrait else _lying
    head = _head(kit, view, title_size, middle=middle, over_title=over_title, beside=beside)
    made = make(kit, view, head, [*_notices(kit, view), *body], gap)
    return meaning(made, Role.PAGE, kit.say(view.title), value=view.page)


def _notices(kit: Kit, view: View) -> list[Node]:
    return [blocks.notice(kit, told) for told in view.notices]


def _head(
    kit: Kit,
    view: View,
    size: float,
    *,
    middle: bool,
    over_title: Text | None,
    beside: Node | None,
) -> Node:
    upright = kit.theme.portrait
    ink, soft = (look.DEEP, look.INK_2) if upright else (look.ON_DEEP, look.ON_DEEP_2)
    align: Align = "center" if middle and upright else "start"
    over = kit.words(over_title, 30, soft, align=align) if over_title else None
    title = kit.words(
        view.title,
        size if upright else min(size, 66),
        ink,
        "serif",
        align=align,
        balance=True,
        leading=1.25,
        role=Role.TITLE,
    )
    lead = kit.words(view.lead, 34, soft, align=align, balance=middle) if view.lead else None
    words = kit.column([over, title, lead], 8)
    if beside is None:
        return words
    if upright:
        return kit.row([beside, styled(words, grow=1.0)], 40)
    return kit.column([beside, words], 36)


def _upright(kit: Kit, view: View, head: Node, body: Sequence[Node | None], gap: float) -> Node:
    edge, steps = kit.px(MARGIN), bars.steps(kit, view.frame)
    measured = kit.column([steps], pad=(0, edge, 0, edge)) if steps else None
    inner = kit.column(
        [head, kit.column(body, gap, grow=1.0)],
        gap + 10,
        grow=1.0,
        pad=(kit.px(30 if steps else 26), edge, kit.px(26), edge),
    )
    parts = [bars.top(kit, view.frame), measured, inner, bars.bottom(kit, view.frame)]
    return kit.column(parts, fill=look.PAPER)


def _lying(kit: Kit, view: View, head: Node, body: Sequence[Node | None], gap: float) -> Node:
    edge, frame = kit.px(MARGIN), view.frame
    rail = kit.column(
        [
            bars.brand(kit, frame.thing or frame.service, look.ON_DEEP, 64),
            kit.space(0, 44),
            head,
            kit.space(),
            _rail_nav(kit, frame),
        ],
        width=kit.px(RAIL),
        fill=look.DEEP,
        pad=(kit.px(56), kit.px(44), kit.px(56), kit.px(56)),
    )
    go = buttons.primary(kit, frame.go) if frame.go else None
    foot = kit.row([kit.space(), go]) if go else None
    inner = kit.column(
        [bars.steps(kit, frame), kit.column(body, gap, grow=1.0), foot],
        28,
        grow=1.0,
        pad=(kit.px(40), edge, kit.px(36), edge),
    )
    return kit.row([rail, inner], align="stretch", fill=look.PAPER)


def _rail_nav(kit: Kit, frame: Frame) -> Node:
    """Return the navigation of the rail: every button always stands in its own place."""
    made = {action.target: buttons.on_deep(kit, action) for action in frame.nav}
    upper = [made.get(name, kit.column([])) for name in ("home", "back")]
    over = kit.grid(upper, 2, 18) if made.keys() & {"home", "back"} else None
    return meaning(kit.column([over, made.get("help")], 18), Role.BAR)


def two(kit: Kit, left: Sequence[Node | None], right: Sequence[Node | None], gap: float) -> Node:
    """Set two groups of blocks under one another upright, side by side lying."""
    if kit.theme.portrait:
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
    return kit.row(
        [
            kit.icon("map-pin", 28, colour),
            kit.words(place, 27, colour, grow=1.0, lines=1),
            kit.words(when, 27, colour),
        ],
        14,
    )
