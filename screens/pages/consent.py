"""What will be fetched, from whom; and what not agreeing means."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from kiosk.journey.view import text
from screens import theme as look
from screens.pages import scaffold
from screens.semantic import Node, Role
from screens.widgets import blocks, buttons
from screens.widgets.kit import Kit, meaning, styled

if TYPE_CHECKING:
    from kiosk.journey.view import ConsentView, DeclinedView, Line


def build(kit: Kit, view: ConsentView) -> Node:
    """Return the page; agreeing is the way on, declining is on every leaf and as plain to see.

    Keeping the data for next time is another question: it stands apart, and its tick is empty
    until the citizen sets it.
    """
    shown = replace(view, frame=replace(view.frame, go=view.agree))
    fetched = kit.column(
        [
            blocks.heading(kit, text("screens.consent.fetched")),
            blocks.rows(kit, [_fetch(kit, line) for line in view.fetches]),
        ],
        14,
    )
    decline = buttons.outlined(kit, view.decline, high=96)
    body = scaffold.two(kit, [fetched], [_terms(kit, view), _reuse(kit, view)], 22)
    return scaffold.page(kit, shown, [body], gap=24, foot=decline)


def _fetch(kit: Kit, line: Line) -> Node:
    badge = kit.badge(line.aside, "done", "database") if line.aside else None
    name = kit.words(line.name, 33, look.INK, "bold", leading=1.24)
    if kit.elder or not kit.upright:
        under = kit.row([badge, kit.space()]) if badge else None
        inner: list[Node | None] = [kit.column([name, under], 8, grow=1.0)]
    else:
        inner = [styled(name, grow=1.0), badge]
    made = kit.row(
        inner,
        20,
        min_height=kit.px(76),
        pad=(kit.px(10), kit.px(28), kit.px(10), kit.px(32)),
    )
    return meaning(made, Role.ROW)


def _terms(kit: Kit, view: ConsentView) -> Node:
    card = blocks.numbered(kit, view.terms, (33, 30), (22, 30), gap=10)
    return kit.column([blocks.heading(kit, text("screens.consent.terms")), card], 14)


def _reuse(kit: Kit, view: ConsentView) -> Node | None:
    """Return the separate question: keep it for next time; nothing is ticked beforehand."""
    if view.reuse is None:
        return None
    chosen = view.reuse.chosen
    said = [
        kit.words(view.reuse.label, 33, look.INK, "bold", leading=1.24),
        *(kit.words(words, 27, look.INK_2, leading=1.28) for words in view.reuse_terms),
    ]
    made = kit.row(
        [blocks.tick(kit, chosen=chosen), kit.column(said, 4, grow=1.0)],
        24,
        fill=look.JADE_WASH if chosen else look.CARD,
        border=look.JADE if chosen else look.LINE_STRONG,
        border_width=kit.px(3 if chosen else 2),
        radius=kit.px(28),
        min_height=kit.theme.target(104),
        pad=(kit.px(14), kit.px(30), kit.px(14), kit.px(30)),
    )
    state = ("chosen",) if chosen else ()
    label = kit.say(view.reuse.label)
    return meaning(made, Role.CHOICE, label, target=view.reuse.target, state=state)


def declined(kit: Kit, view: DeclinedView) -> Node:
    """Return the page after 不同意: what can be done instead."""
    ways = [
        buttons.choice_card(kit, replace(action, icon=action.icon or buttons.way_icon(action)))
        for action in view.choices
    ]
    body: list[Node | None] = [kit.space(0, 20), kit.column(ways, 26)]
    body += [kit.space(), scaffold.privacy(kit, "screens.consent.nothing_kept")]
    return scaffold.page(kit, view, body, title_size=72, gap=26)
