"""The terminal works: fetching, submitting.  Every wait says for what."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from screens import theme as look
from screens.pages import scaffold
from screens.semantic import Node, Picture, Role
from screens.widgets import blocks, buttons
from screens.widgets.kit import Kit, meaning, styled

if TYPE_CHECKING:
    from kiosk.journey.view import Text, WaitView


def build(kit: Kit, view: WaitView) -> Node:
    """Return the page: the turning ring, what is done already, the way out of the wait."""
    if view.notices:
        return _trouble(kit, view)
    ways: list[Node | None] = []
    if view.cancel is not None:
        ways = [styled(buttons.outlined(kit, view.cancel), width=kit.px(440))]
    turning = kit.column([_ring(kit, view.page)], align="center")
    done = kit.column([_done(kit, words) for words in view.done], 16)
    body = [
        kit.space(0.8),
        turning,
        kit.space(0, 30),
        done,
        kit.space(1.0),
        kit.row(ways, justify="center"),
        kit.space(0.2),
    ]
    return scaffold.page(kit, view, body, title_size=72, middle=True)


def _trouble(kit: Kit, view: WaitView) -> Node:
    """Return the page of a wait that failed: what is so, and every way on as a large card."""
    told = tuple(replace(notice, actions=()) for notice in view.notices)
    ways = [action for notice in view.notices for action in notice.actions]
    ways += [view.cancel] if view.cancel else []
    cards = [
        buttons.choice_card(kit, replace(action, icon=action.icon or buttons.way_icon(action)))
        for action in ways
    ]
    body = [kit.space(0, 6), kit.column(cards, 26), kit.space()]
    return scaffold.page(kit, replace(view, notices=told), body, title_size=68, gap=28)


def _ring(kit: Kit, page: str) -> Node:
    picture = Picture(name="spinner", colour=look.PAPER)
    ring = blocks.picture(kit, picture, 320, 320)
    icon = kit.icon("send" if page == "submitting" else "database", 104, look.JADE)
    return kit.stack([ring, icon])


def _done(kit: Kit, words: Text) -> Node:
    made = kit.row(
        [kit.icon("circle-check", 48, look.JADE), kit.words(words, 36, look.INK, grow=1.0)],
        24,
        fill=look.JADE_WASH,
        border=look.JADE_LINE,
        border_width=kit.px(2),
        radius=kit.px(28),
        min_height=kit.px(112),
        pad=(kit.px(18), kit.px(34), kit.px(18), kit.px(34)),
    )
    return meaning(made, Role.STATUS, state=("done",))
