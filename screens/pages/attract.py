"""Nobody is here: what this machine is, and that it is open."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from kiosk.journey.view import text
from screens import layout
from screens import theme as look
from screens.pages import scaffold
from screens.semantic import Node, Role, Style, Type
from screens.widgets import buttons
from screens.widgets.kit import EMBLEM, Kit, meaning

if TYPE_CHECKING:
    from kiosk.journey.view import Action, AttractView


def build(kit: Kit, view: AttractView) -> Node:
    """Return the page; a touch anywhere on it begins.  It names as many things as have room."""
    made = _page(kit, view, 0)
    for count in range(_MOST, 0, -1):
        trial = _page(kit, view, count)
        if layout.size(trial, kit.theme.width)[1] <= kit.theme.height:
            made = trial
            break
    if view.begin is None:
        return meaning(made, Role.PAGE, kit.say(view.title), value=view.page)
    return meaning(
        made, Role.BUTTON, kit.say(view.begin.label), target=view.begin.target, value=view.page
    )


_MOST: Final = 8


def _page(kit: Kit, view: AttractView, count: int) -> Node:
    edge = kit.px(84)
    frame = view.frame
    place = f"{kit.named(frame.service)} · {kit.named(frame.place)}"
    foot = scaffold.foot(kit, place, look.ON_DEEP_2)
    shown = replace(view, things=view.things[:count])
    arrange = _upright if kit.upright else _lying
    return kit.column(
        [*arrange(kit, shown), foot],
        fill=look.DEEP,
        pad=(kit.px(130 if kit.upright else 72), edge, kit.px(64), edge),
    )


def _stamp(kit: Kit) -> Node:
    side = kit.px(228 if kit.upright else 120 if kit.elder else 176)
    letters = Type(size=round(side * 0.37), colour=look.CARD, face="serif", align="center")
    words = Node(role=Role.TEXT, label="一端", style=Style(type=letters))
    made = kit.column(
        [words],
        justify="center",
        width=side,
        height=side,
        radius=kit.px(42),
        fill=look.SEAL,
    )
    return replace(made, state=(EMBLEM,))


def _upright(kit: Kit, view: AttractView) -> list[Node]:
    return [
        _stamp(kit),
        kit.space(0.8, 60),
        _title(kit, view, 148 if not kit.elder else 124),
        kit.space(0, 34),
        kit.words(view.lead, 46, look.ON_DEEP_2, leading=1.6),
        kit.space(0.7, 40),
        _things(kit, view),
        kit.space(1.0, 40),
        _begin(kit, view.begin),
        kit.space(0, 60),
    ]


def _lying(kit: Kit, view: AttractView) -> list[Node]:
    said = [
        _stamp(kit),
        kit.space(0.6, 30),
        _title(kit, view, 108 if kit.elder else 124),
        kit.space(0, 26),
        kit.words(view.lead, 42, look.ON_DEEP_2, leading=1.55),
        kit.space(1.0),
    ]
    if view.begin is None:
        return [kit.column(said, grow=1.0), kit.space(0, 56)]
    offered = [kit.space(1.0), _things(kit, view), kit.space(0, 64), _begin(kit, view.begin)]
    halves = [kit.column(said, grow=1.15), kit.column(offered, grow=1.0)]
    return [kit.row(halves, 90, grow=1.0, align="stretch"), kit.space(0, 56)]


def _title(kit: Kit, view: AttractView, size: float) -> Node:
    return kit.words(
        view.title, size, look.ON_DEEP, "serif", leading=1.24, balance=True, role=Role.TITLE
    )


def _things(kit: Kit, view: AttractView) -> Node:
    if not view.things:
        return kit.column([])
    across, gap = kit.px(38), kit.px(22)
    pills = tuple(
        kit.column(
            [kit.words(kit.named(name), 38, look.ON_DEEP, leading=1.2)],
            justify="center",
            min_height=kit.px(92),
            pad=(0, across, 0, across),
            border=look.DEEP_LINE,
            border_width=kit.px(2),
            radius=kit.px(46),
        )
        for name in view.things
    )
    list_ = Node(role=Role.LIST, style=Style(flow="wrap", gap=gap), children=pills)
    return kit.column([kit.words(text("screens.attract.offers"), 32, look.ON_DEEP_2), list_], 22)


def _begin(kit: Kit, begin: Action | None) -> Node:
    if begin is None:
        return kit.column([])
    room = kit.px(912 if kit.upright else 700) - kit.px(2 * 36 + 32) - kit.theme.icon(68)
    return kit.row(
        [
            kit.icon(begin.icon or "pointer", 68, look.DEEP),
            buttons.fitted(kit, kit.say(begin.label), (62, 48, 42), look.DEEP, "serif", room=room),
        ],
        32,
        justify="center",
        min_height=kit.theme.target(190),
        pad=(kit.px(20), kit.px(36), kit.px(20), kit.px(36)),
        fill=look.PAPER,
        radius=kit.px(48),
    )
