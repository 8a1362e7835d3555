"""What will be fetched, from whom; and what not agreeing means."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from kiosk.journey.view import text
from screens import theme as look
from screens.pages import scaffold
from screens.semantic import Node, Role
from screens.widgets import blocks, buttons
from screens.widgets.kit import Kit, meaning

if TYPE_CHECKING:
    from kiosk.journey.view import ConsentView, DeclinedView, Line


def build(kit: Kit, view: ConsentView) -> Node:
    """Return the page; agreeing is the way on, declining is as plain to see."""
    shown = replace(view, frame=replace(view.frame, go=view.agree))
    fetched = kit.column(
        [
            blocks.heading(kit, text("screens.consent.fetched")),
            blocks.rows(kit, [_fetch(kit, line) for line in view.fetches]),
        ],
        14,
    )
    decline = buttons.outlined(kit, view.decline)
    body = scaffold.two(kit, [fetched], [_terms(kit, view), kit.space(), decline], 26)
    return scaffold.page(kit, shown, [body], gap=28)


def _fetch(kit: Kit, line: Line) -> Node:
    badge = kit.badge(line.aside, "done", "database") if line.aside else None
    made = kit.row(
        [kit.words(line.name, 34, look.INK, "bold", grow=1.0), badge],
        20,
        min_height=kit.px(84),
        pad=(kit.px(12), kit.px(28), kit.px(12), kit.px(32)),
    )
    return meaning(made, Role.ROW)


def _terms(kit: Kit, view: ConsentView) -> Node:
    lines = [
        kit.row(
            [
                kit.words(str(number), 34, look.JADE, "serif", leading=1.24),
                kit.words(words, 31, look.INK, grow=1.0),
            ],
            22,
            align="start",
        )
        for number, words in enumerate(view.terms, 1)
    ]
    card = meaning(kit.card(lines, (28, 32), gap=16), Role.LIST)
    return kit.column([blocks.heading(kit, text("screens.consent.terms")), card], 14)


def declined(kit: Kit, view: DeclinedView) -> Node:
    """Return the page after 不同意: what can be done instead."""
    ways = [
        buttons.choice_card(kit, replace(action, icon=action.icon or buttons.way_icon(action)))
        for action in view.choices
    ]
    body: list[Node | None] = [kit.space(0, 20), kit.column(ways, 26)]
    body += [kit.space(), scaffold.privacy(kit, "screens.consent.nothing_kept")]
    return scaffold.page(kit, view, body, title_size=72, gap=26)
