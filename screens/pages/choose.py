"""Situations and items: what each choice changes is seen at once in the figures."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from kiosk.journey.view import text
from screens import theme as look
from screens.pages import scaffold
from screens.semantic import Node, Role
from screens.widgets import blocks, buttons
from screens.widgets.kit import WHOLE, Kit, meaning

if TYPE_CHECKING:
    from kiosk.journey.view import ChooseView, ItemChoice, Line, SituationBlock, Text


def build(kit: Kit, view: ChooseView) -> Node:
    """Return the page; with elder letters the journey gives one matter a page."""
    figures = blocks.figures(kit, view.figures)
    asked = [_situation(kit, block) for block in view.situations]
    items = _items(kit, view.items) if view.items else None
    bring = _bring(kit, view.bring) if view.bring else None
    body = [figures, scaffold.two(kit, asked, [items, bring], 24)]
    return scaffold.page(kit, view, body, over_title=_over(view), gap=22)


def _over(view: ChooseView) -> Text | None:
    return text("screens.choose.number", number=view.number, of=view.of) if view.of > 1 else None


def _situation(kit: Kit, block: SituationBlock) -> Node:
    help_ = kit.words(block.help, 27, look.INK_2, leading=1.24) if block.help else None
    question = kit.words(block.question, 36, look.INK, "serif", leading=1.24, role=Role.HEADING)
    long = max((len(kit.say(option.label)) for option in block.options), default=0)
    columns = 1 if kit.elder else min(len(block.options), 3 if long <= _SHORT else 2)
    tiles = [buttons.tile(kit, option, size=34, high=88) for option in block.options]
    made = kit.column([question, help_, kit.grid(tiles, max(1, columns), 16)], 10)
    return meaning(made, Role.GROUP, state=(WHOLE,))


_SHORT: Final = 9


def _items(kit: Kit, items: tuple[ItemChoice, ...]) -> Node:
    rows = blocks.rows(kit, [_item(kit, item) for item in items])
    head = blocks.heading(kit, text("screens.choose.items"), text("screens.choose.items_more"))
    return kit.column([head, rows], 12)


def _item(kit: Kit, item: ItemChoice) -> Node:
    """Return one row with its tick; one that is taken away says why and cannot be touched."""
    gone = item.action is None and not item.chosen
    chosen = item.chosen
    name = kit.words(item.name, 33, look.INK_2 if gone else look.INK, leading=1.24)
    small = kit.words(item.why, 27, look.INK_2, leading=1.24) if item.why else None
    change = kit.words(item.change, 27, look.JADE_INK, leading=1.24) if item.change else None
    aside = kit.words(item.department, 27, look.INK_2)
    stacked = kit.elder or not kit.upright
    parts = [
        blocks.tick(kit, chosen=chosen, works=item.action is not None),
        kit.column([name, small, change, aside if stacked else None], 2, grow=1.0),
        None if stacked else aside,
    ]
    made = kit.row(
        parts,
        22,
        min_height=kit.theme.target(84),
        pad=(kit.px(8), kit.px(28), kit.px(8), kit.px(28)),
    )
    if item.action is None:
        return meaning(made, Role.ROW, state=("chosen",) if chosen else ("off",))
    state = ("chosen",) if chosen else ()
    label = kit.say(item.name)
    return meaning(made, Role.CHOICE, label, target=item.action.target, state=state)


def _bring(kit: Kit, lines: tuple[Line, ...]) -> Node:
    head = blocks.heading(kit, text("screens.guide.bring"))
    return kit.column([head, blocks.needed(kit, lines)], 12)
