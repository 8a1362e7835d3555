"""The frame of maintenance mode: a deep bar that says whose page this is, on a cool ground.

Upright, the bar lies over title and body; lying, it is a rail on the left.  Both tell role, work
number and the time until maintenance is left by itself; a golden strip says that it is training.
There is one size of letters: these pages are for people at work.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from kiosk.journey.view import Action, text
from screens import layout
from screens import theme as look
from screens.fonts import advance
from screens.pages.leafing import Content, Leaf, turned_up, turner
from screens.semantic import Node, Role, Style, Type
from screens.widgets import blocks, buttons
from screens.widgets.kit import MARGIN, Kit, meaning, styled

if TYPE_CHECKING:
    from kiosk.maintenance.view import StaffFrame, StaffView

RAIL: Final = 500
"""Units of the rail of a lying screen."""
_RAIL_EDGE: Final = 48
_GAP: Final = 22

Body = Sequence[Node | None]
Blocks = Body | Callable[["Room"], Body]
"""The blocks of a page; or what makes them once their room is known."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Room:
    """The dots that the blocks of a page have on one leaf."""

    width: int
    height: int
    gap: int
    """Between two blocks."""

    def holds(self, made: Body) -> bool:
        """Whether the blocks fit on one leaf."""
        high = [layout.size(block, self.width)[1] for block in made if block is not None]
        return sum(high) + self.gap * (len(high) - 1) <= self.height


def page(
    kit: Kit, view: StaffView, body: Blocks, *, gap: float = _GAP, pad: Node | None = None
) -> Node:
    """Return a whole page; what does not fit is read leaf by leaf.

    Args:
        kit: theme and words.
        view: what every page has.
        body: blocks under the title, or how they are made for the room they have.
        gap: units between the blocks.
        pad: where something is written; lies between body and bottom bar.
    """
    arrange = _upright if kit.upright else _lying
    made = arrange(kit, view, _Given(body=body, gap=gap, pad=pad))
    return meaning(made, Role.PAGE, kit.say(view.title), value=view.page)


@dataclass(frozen=True, kw_only=True, slots=True)
class _Given:
    body: Blocks
    gap: float
    pad: Node | None

    def leaf(self, kit: Kit, view: StaffView, size: tuple[int, int], bar: int) -> Leaf:
        """Cut the blocks into leaves of the ``size`` and return the one that is turned up."""
        notices = [blocks.notice(kit, told) for told in view.notices]
        gap = kit.px(self.gap)
        taken = sum(layout.size(one, size[0])[1] + gap for one in notices)
        room = Room(width=size[0], height=size[1] - taken, gap=gap)
        body = self.body(room) if callable(self.body) else self.body
        own = [*notices, *(block for block in body if block is not None)]
        content = Content(blocks=tuple(own), gap=self.gap, turns=True, corner=None, foot=None)
        return turned_up(kit, content, *size, bar)


# ---- upright


def _upright(kit: Kit, view: StaffView, given: _Given) -> Node:
    edge, over, under, apart = kit.px(MARGIN), kit.px(36), kit.px(26), kit.px(given.gap + 8)
    bars = [_top(kit, view.frame), training(kit, view.frame)]
    wide = kit.theme.width - 2 * edge
    head, bottom = _head(kit, view, wide), _bottom(kit, view.frame)
    taken = sum(layout.size(bar, kit.theme.width)[1] for bar in [*bars, given.pad, bottom] if bar)
    taken += layout.size(head, wide)[1] + over + under + apart
    turn_bar = kit.theme.target(88) + kit.px(given.gap)
    leaf = given.leaf(kit, view, (wide, kit.theme.height - taken), turn_bar)
    body, turn = leaf.body, turner(kit, leaf)
    if turn:
        before, count, after = turn
        row = kit.row([before, kit.space(), count, kit.space(), after])
        body = kit.column([body, row], given.gap, grow=1.0)
    inner = kit.column([head, body], grow=1.0, pad=(over, edge, under, edge))
    return kit.column([*bars, styled(inner, gap=apart), given.pad, bottom], fill=look.COOL)


def _head(kit: Kit, view: StaffView, room: int) -> Node:
    """Return title and lead: the title as large as stands in one line, else in two."""
    ink, soft = (look.DEEP, look.INK_2) if kit.upright else (look.ON_DEEP, look.ON_DEEP_2)
    words, sizes = kit.say(view.title), (62, 54, 48) if kit.upright else (54, 48, 42)
    fits = (size for size in sizes if advance(words, "serif", kit.theme.type(size)) <= room)
    size = next(fits, 48)
    title = kit.words(words, size, ink, "serif", balance=True, leading=1.25, role=Role.TITLE)
    lead = kit.words(view.lead, 32 if kit.upright else 30, soft, balance=True)
    return kit.column([title, lead if view.lead else None], 6)


def _stamp(kit: Kit, side: float = 60) -> Node:
    letters = Type(
        size=kit.px(side * 0.4), colour=look.CARD, face="serif", align="center", leading=1.0
    )
    return kit.column(
        [Node(role=Role.TEXT, label="一端", style=Style(type=letters))],
        justify="center",
        width=kit.px(side),
        height=kit.px(side),
        radius=kit.px(side * 0.24),
        fill=look.SEAL,
    )


def _brand(kit: Kit) -> Node:
    name = kit.words(text("staff.mode"), 34, look.ON_DEEP, "serif", leading=1.2)
    return kit.row([_stamp(kit), name], 16)


def _who(kit: Kit, frame: StaffFrame) -> list[str]:
    """Return who is here, and when maintenance is left by itself."""
    said = []
    if frame.role is not None:
        role = kit.say(text(f"staff.role.{frame.role}"))
        said.append(kit.say(text("staff.who", role=role, no=frame.work_no)))
    if frame.leaves_in_s is not None:
        said.append(kit.say(text("staff.leaves", time=clock(frame.leaves_in_s))))
    return said


def clock(seconds: int) -> str:
    """Return a count-down as ``4:12``."""
    return f"{seconds // 60}:{seconds % 60:02d}"


def _top(kit: Kit, frame: StaffFrame) -> Node:
    edge = kit.px(MARGIN)
    who = kit.words(" · ".join(_who(kit, frame)), 28, look.ON_DEEP, align="end", grow=1.0)
    line = kit.row(
        [_brand(kit), who], 24, height=kit.px(112), pad=(0, edge, 0, edge), fill=look.DEEP
    )
    return meaning(line, Role.BAR)


def training(kit: Kit, frame: StaffFrame) -> Node | None:
    """Return the strip that says that nothing here is real, or nothing."""
    if not frame.training:
        return None
    words = kit.words(text("staff.training"), 28, look.INK, "bold", grow=1.0, leading=1.24)
    down, edge = kit.px(14), kit.px(MARGIN)
    line = kit.row(
        [kit.icon("graduation-cap", 36, look.GOLD_INK), words],
        16,
        fill=look.GOLD_WASH,
        pad=(down, edge, down, edge),
    )
    return meaning(line, Role.STATUS, state=("training",))


_NAV_ICONS: Final = {"staff:back": "undo-2", "staff:leave": "log-out"}


def _nav_icon(action: Action) -> str:
    return action.icon or _NAV_ICONS.get(action.target, "undo-2")


def _quiet(kit: Kit, action: Action) -> Node:
    across = kit.px(18)
    made = kit.row(
        [
            kit.icon(_nav_icon(action), 34, look.INK_2),
            kit.words(action.label, 34, look.INK_2, leading=1.2),
        ],
        14,
        justify="center",
        height=kit.theme.target(96),
        min_width=kit.theme.target(),
        pad=(0, across, 0, across),
    )
    return meaning(made, Role.BUTTON, kit.say(action.label), target=action.target)


def _kept(kit: Kit, frame: StaffFrame) -> Node | None:
    """Return room for 返回 where only 退出维护 is: a second touch on the one hits no other."""
    if [action.target for action in frame.nav] != ["staff:leave"]:
        return None
    back = _quiet(kit, Action(target="staff:back", label=text("staff.back")))
    room = layout.size(back, kit.theme.width)[0]
    return Node(role=Role.SPACE, style=Style(width=room))


def _bottom(kit: Kit, frame: StaffFrame) -> Node:
    nav = kit.row([_kept(kit, frame), *(_quiet(kit, action) for action in frame.nav)], 10)
    room = kit.theme.width - kit.px(2 * MARGIN) - layout.size(nav, kit.theme.width)[0]
    go = buttons.way_on(kit, frame.go, room - kit.px(24)) if frame.go else None
    line = kit.row(
        [nav, kit.space(), go],
        pad=(0, kit.px(MARGIN), 0, kit.px(MARGIN - 18)),
        height=kit.theme.target(104) + kit.px(32),
    )
    return meaning(kit.column([kit.rule(), line], fill=look.CARD), Role.BAR)


# ---- lying


def _lying(kit: Kit, view: StaffView, given: _Given) -> Node:
    edge, down, gap = kit.px(MARGIN), kit.px(36), kit.px(24)
    wide = kit.theme.width - kit.px(RAIL) - 2 * edge
    strip = training(kit, view.frame)
    high = kit.theme.height - 2 * down
    over = (strip, given.pad)
    high -= sum(layout.size(part, wide + 2 * edge)[1] for part in over if part)
    with_foot = kit.theme.target(104) + gap
    go = view.frame.go
    leaf = given.leaf(kit, view, (wide, high - (with_foot if go else 0)), 0 if go else with_foot)
    foot = _lying_foot(kit, view.frame, leaf, wide)
    inner = kit.column([leaf.body, foot], grow=1.0, pad=(down, edge, down, edge))
    side = kit.column([strip, styled(inner, gap=gap), given.pad], grow=1.0)
    return kit.row([_rail(kit, view), side], align="stretch", fill=look.COOL)


def _rail(kit: Kit, view: StaffView) -> Node:
    who = [kit.words(said, 28, look.ON_DEEP_2, leading=1.3) for said in _who(kit, view.frame)]
    nav = meaning(kit.column([on_deep(kit, own) for own in view.frame.nav], 16), Role.BAR)
    edge, down = kit.px(_RAIL_EDGE), kit.px(40)
    parts = [
        _brand(kit),
        kit.space(0, 18),
        *who,
        kit.space(0, 40),
        _head(kit, view, kit.px(RAIL - 2 * _RAIL_EDGE)),
        kit.space(),
        nav,
    ]
    pad = (down, edge, down, edge)
    return kit.column(parts, width=kit.px(RAIL), fill=look.DEEP, pad=pad)


def on_deep(kit: Kit, action: Action) -> Node:
    """Return an outlined button on the deep ground."""
    made = kit.row(
        [
            kit.icon(_nav_icon(action), 36, look.ON_DEEP),
            kit.words(action.label, 33, look.ON_DEEP, grow=1.0, leading=1.2),
        ],
        18,
        height=kit.theme.target(100),
        pad=(0, kit.px(24), 0, kit.px(28)),
        border=look.DEEP_LINE,
        border_width=kit.px(2),
        radius=kit.px(24),
    )
    return meaning(made, Role.BUTTON, kit.say(action.label), target=action.target)


def _lying_foot(kit: Kit, frame: StaffFrame, leaf: Leaf, wide: int) -> Node | None:
    turn = turner(kit, leaf)
    if not turn and frame.go is None:
        return None
    taken = kit.px(2 * 240 + 110 + 60) if turn else 0
    go = buttons.way_on(kit, frame.go, min(wide - taken, kit.px(620))) if frame.go else None
    return kit.row([*turn, kit.space(), go], 12, height=kit.theme.target(104))
