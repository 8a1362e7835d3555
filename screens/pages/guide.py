"""一次告知: all that the thing takes, before anything is asked.

The first leaf is the short form: figures, items, what to prepare, what is spared, by when.  The
complete form follows on the next leaves: what is filled in, every spared paper, the rules.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from kiosk.journey.view import text
from screens import theme as look
from screens.pages import paging, scaffold
from screens.semantic import Node, Picture, Role
from screens.widgets import blocks, buttons
from screens.widgets.kit import Kit, meaning, styled

if TYPE_CHECKING:
    from kiosk.journey.view import Action, GuideView, Line


def build(kit: Kit, view: GuideView) -> Node:
    """Return the page: the short form, then the complete one."""
    figures = blocks.figures(kit, view.figures)
    heads, promise = _told_rows(kit, view.heads), _told_rows(kit, view.promise)
    bring, stages = _bring(kit, view), _stages(kit, view.stages)
    items, spared = _items(kit, view), _spared(kit, view.spared)
    if kit.upright or kit.elder:
        apart = [_told_rows(kit, [line]) for line in view.heads]  # each may end a leaf
        told = [heads] if kit.upright else apart
        short: list[Node | None] = [*told, *bring, promise, items, spared, stages]
    else:
        above = scaffold.two(kit, [heads], [*bring, promise], 16)
        short = [above, scaffold.two(kit, [items], [spared, stages], 16)]
    body = [figures, *short, kit.space(), paging.BREAK, *_complete(kit, view)]
    return scaffold.page(kit, view, body, title_size=62, gap=20)


def _told_rows(kit: Kit, lines: Sequence[Line]) -> Node:
    """Return heads of the guide, each with what it says."""
    return blocks.rows(kit, [_rule(kit, line) for line in lines])


def _complete(kit: Kit, view: GuideView) -> list[Node | None]:
    """Return what the short form leaves out, large enough to read standing."""
    names = kit.say(text("screens.and"))
    spared = names.join(kit.say(line.name) for line in view.spared)
    told = [
        _part(kit, "screens.guide.fill", names.join(kit.say(line.name) for line in view.fill)),
        _part(kit, "screens.guide.spared_all", spared) if spared else None,
    ]
    rules = [_rule(kit, rule) for rule in view.rules]
    parts = blocks.rows(kit, [part for part in (*told, *rules) if part is not None])
    return [blocks.heading(kit, text("screens.guide.complete")), parts, _take(kit, view)]


def _part(kit: Kit, key: str, words: str) -> Node:
    return _told(kit, kit.say(text(key)), words)


def _rule(kit: Kit, rule: Line) -> Node:
    return _told(kit, kit.say(rule.name), kit.say(rule.aside) if rule.aside else "")


def _told(kit: Kit, name: str, words: str) -> Node:
    """Return one part of the complete form: its name, its words."""
    head = kit.words(name, 30, look.DEEP_2, "bold", leading=1.28, role=Role.HEADING)
    said = kit.words(words, 30, look.INK, leading=1.36)
    if kit.elder or not kit.upright:
        inner = kit.column([head, said], 4)
    else:
        wide = kit.column([head], width=kit.px(190))
        inner = kit.row([wide, styled(said, grow=1.0)], 18, align="start")
    down, across = kit.px(18), kit.px(28)
    return meaning(kit.column([inner], pad=(down, across, down, across)), Role.ROW)


def _take(kit: Kit, view: GuideView) -> Node | None:
    """Return the same guide for a telephone."""
    if not view.qr:
        return None
    code = blocks.picture(kit, Picture(name="qr", text=view.qr), 230, 230)
    words = kit.column(
        [
            kit.words(text("screens.guide.qr"), 36, look.INK, "bold", leading=1.28),
            kit.words(text("screens.guide.qr_more"), 29, look.INK_2),
        ],
        6,
        grow=1.0,
    )
    return meaning(kit.card([kit.row([code, words], 34)], (22, 28)), Role.STATUS)


def _items(kit: Kit, view: GuideView) -> Node:
    head = blocks.heading(kit, text("screens.guide.items"))
    return kit.column([head, blocks.rows(kit, [_item(kit, line) for line in view.items])], 12)


def _print(kit: Kit, action: Action) -> Node:
    shown = replace(action, icon=action.icon or "printer")
    return buttons.outlined(kit, shown, high=84, size=30, radius=kit.px(52))


def _item(kit: Kit, line: Line) -> Node:
    planned = line.aside is not None and line.aside.key != "plain"
    icon, ink = ("circle-dashed", "#6E6A5E") if planned else ("circle-check", look.JADE)
    colour = look.INK_2 if planned else look.INK
    name = kit.words(line.name, 31, colour, leading=1.2)
    aside = kit.words(line.aside, 24, look.INK_2, leading=1.2) if line.aside else None
    words = kit.column([name, aside if kit.elder else None], 2, grow=1.0)
    beside = aside if kit.upright and not kit.elder else None
    made = kit.row(
        [kit.icon(icon, 38, ink), words, beside],
        18,
        min_height=kit.px(62 if kit.upright else 54),
        pad=(kit.px(7), kit.px(26), kit.px(7), kit.px(26)),
    )
    return meaning(made, Role.ROW)


def _bring(kit: Kit, view: GuideView) -> list[Node | None]:
    """Return the papers with their sample pictures, and how to carry all this away on paper."""
    head = blocks.heading(kit, text("screens.guide.bring"))
    ways = [_print(kit, way) for way in (view.print, view.sheet) if way is not None]
    papers = kit.column([head, blocks.needed(kit, view.bring)], 12)
    if not ways:
        return [papers]
    if kit.upright and not kit.elder:
        head = kit.row([styled(head, grow=1.0), *ways], 16)
        return [kit.column([head, blocks.needed(kit, view.bring)], 12)]
    across = kit.row([styled(way, grow=1.0) for way in ways], 16, align="stretch")
    return [papers, kit.column(ways, 12) if kit.elder and kit.upright else across]


def _spared(kit: Kit, spared: Sequence[Line]) -> Node | None:
    if not spared:
        return None
    names = kit.say(text("screens.and")).join(kit.say(line.name) for line in spared)
    head = kit.words(
        text("screens.guide.spared", n=len(spared)), 30, look.INK, "bold", leading=1.28
    )
    small = kit.words(names, 27, look.INK, lines=2 if kit.upright else 1, leading=1.28)
    made = kit.row(
        [kit.icon("shield-check", 44, look.JADE), kit.column([head, small], 2, grow=1.0)],
        24,
        fill=look.JADE_WASH,
        border=look.JADE_LINE,
        border_width=kit.px(2),
        radius=kit.px(28),
        pad=(kit.px(14), kit.px(28), kit.px(14), kit.px(28)),
    )
    return meaning(made, Role.STATUS, state=("done",))


def _stages(kit: Kit, stages: Sequence[Line]) -> Node:
    """Return what happens: side by side where there is room, else one under another."""
    cells = [
        kit.column(
            [
                _when(kit, line, last=number == len(stages) - 1),
                kit.words(line.name, 28, look.INK, leading=1.24),
            ],
            8,
            align="start",
        )
        for number, line in enumerate(stages)
    ]
    columns = 1 if kit.elder else len(cells) if kit.upright else 2
    strip = kit.card([kit.grid(cells, columns or 1, 14)], (16 if kit.upright else 10, 26))
    return kit.column([blocks.heading(kit, text("screens.guide.stages")), strip], 12)


def _when(kit: Kit, line: Line, *, last: bool) -> Node:
    return kit.badge(line.aside or "", "bring" if last else "done")
