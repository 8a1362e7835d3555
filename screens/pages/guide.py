"""一次告知: all that the thing takes, before anything is asked."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from kiosk.journey.view import Action, text
from screens import theme as look
from screens.pages import scaffold
from screens.semantic import Node, Role
from screens.widgets import blocks, buttons
from screens.widgets.kit import TURN, Kit, meaning

if TYPE_CHECKING:
    from kiosk.journey.view import GuideView, Line


def build(kit: Kit, view: GuideView) -> Node:
    """Return the page: what it costs, what is filed, what to have, what happens, the rules."""
    if kit.leaf % 2 and view.rules:
        return _all_rules(kit, view)
    lying = not kit.theme.portrait
    figures = kit.grid([blocks.figure(kit, figure) for figure in view.figures], 4, 18)
    crowded = bool(view.notices)
    stages, spared = _stages(kit, view.stages), _spared(kit, view.spared)
    left: list[Node | None] = [_items(kit, view.items)]
    right: list[Node | None] = [kit.space(), _turn(kit, 1)]
    if lying and crowded:
        right = [_needed(kit, view), *right]
    elif lying:
        left.append(_needed(kit, view))
        right = [stages, spared, *right]
    else:
        left += [_needed(kit, view), spared]
        first_rule = _rules(kit, view.rules[:1], 29)
        right = right if crowded else [stages, first_rule, *right]
    body = [figures, scaffold.two(kit, left, right, 18 if lying else 24)]
    return scaffold.page(kit, view, body, title_size=62, gap=24)


def _all_rules(kit: Kit, view: GuideView) -> Node:
    """Return the second leaf: the rest of the guide, large enough to read standing."""
    rules = _rules(kit, view.rules, 33 if kit.theme.portrait else 27)
    stages = _stages(kit, view.stages) if view.notices or not kit.theme.portrait else None
    body = [kit.space(0), stages, rules, kit.space(), _turn(kit, -1)]
    if not kit.theme.portrait:
        more = [stages, _spared(kit, view.spared), kit.space(), _turn(kit, -1)]
        body = [scaffold.two(kit, [rules], more, 24)]
    return scaffold.page(kit, view, body, title_size=62, gap=24)


def _turn(kit: Kit, way: int) -> Node:
    """Return the button that turns the leaf."""
    key, icon = ("more", "scroll-text") if way > 0 else ("less", "undo-2")
    action = Action(target=f"{TURN}{way:+d}", label=text(f"screens.guide.{key}"), icon=icon)
    return buttons.outlined(kit, action, high=96, size=34)


def _items(kit: Kit, items: Sequence[Line]) -> Node:
    lines = [_item(kit, line) for line in items]
    return kit.column(
        [blocks.heading(kit, text("screens.guide.items")), blocks.rows(kit, lines)], 12
    )


def _item(kit: Kit, line: Line) -> Node:
    planned = line.aside is not None and line.aside.key != "plain"
    icon, ink = ("circle-dashed", "#6E6A5E") if planned else ("circle-check", look.JADE)
    colour = look.INK_2 if planned else look.INK
    aside = kit.words(line.aside, 24, look.INK_2) if line.aside else None
    size = 30 if kit.theme.portrait else 27
    made = kit.row(
        [
            kit.icon(icon, 38, ink),
            kit.words(
                line.name,
                size,
                colour,
                "sans" if planned else "bold",
                grow=1.0,
                lines=2,
                leading=1.24,
            ),
            aside,
        ],
        20,
        min_height=kit.px(68),
        pad=(kit.px(7), kit.px(26), kit.px(7), kit.px(26)),
    )
    return meaning(made, Role.ROW)


def _needed(kit: Kit, view: GuideView) -> Node:
    """Return what the citizen fills in and brings: two cards side by side."""
    fill = "、".join(kit.say(line.name) for line in view.fill)
    bring = "、".join(kit.say(line.name) for line in view.bring)
    cards = [
        _need(kit, "pencil-line", "screens.guide.fill", fill),
        _need(kit, "id-card", "screens.guide.bring", bring),
    ]
    return kit.grid(cards, 2, 18)


def _need(kit: Kit, icon: str, key: str, words: str) -> Node:
    return kit.card(
        [
            kit.row(
                [
                    kit.icon(icon, 48, look.GOLD),
                    kit.column(
                        [
                            kit.words(text(key), 27, look.INK_2),
                            kit.words(words, 31, look.INK, "bold", leading=1.3),
                        ],
                        2,
                        grow=1.0,
                    ),
                ],
                24,
            )
        ],
        (18, 26),
        justify="center",
    )


def _spared(kit: Kit, spared: Sequence[Line]) -> Node | None:
    if not spared:
        return None
    names = "、".join(kit.say(line.name) for line in spared)
    made = kit.row(
        [
            kit.icon("shield-check", 44, look.JADE),
            kit.column(
                [
                    kit.words(text("screens.guide.spared", n=len(spared)), 30, look.INK, "bold"),
                    kit.words(names, 27, look.INK),
                ],
                2,
                grow=1.0,
            ),
        ],
        24,
        fill=look.JADE_WASH,
        border=look.JADE_LINE,
        border_width=kit.px(2),
        radius=kit.px(28),
        pad=(kit.px(16), kit.px(28), kit.px(16), kit.px(28)),
    )
    return meaning(made, Role.STATUS, state=("done",))


def _stages(kit: Kit, stages: Sequence[Line]) -> Node:
    cells = [
        kit.column(
            [
                _when(kit, line, last=number == len(stages) - 1),
                kit.words(line.name, 28, look.INK, lines=2),
            ],
            8,
            align="start",
        )
        for number, line in enumerate(stages)
    ]
    columns = len(cells) if kit.theme.portrait else 2
    strip = kit.card([kit.grid(cells, columns or 1, 14)], (18, 26))
    return kit.column([blocks.heading(kit, text("screens.guide.stages")), strip], 12)


def _when(kit: Kit, line: Line, *, last: bool) -> Node:
    return kit.badge(line.aside or "", "bring" if last else "done")


def _rules(kit: Kit, rules: Sequence[Line], size: float) -> Node | None:
    if not rules:
        return None
    lines = [
        kit.row(
            [
                kit.column(
                    [kit.words(rule.name, size, look.DEEP_2, "bold")], width=kit.px(size * 5.2)
                ),
                kit.words(rule.aside, size, look.INK, leading=1.4, grow=1.0),
            ],
            14,
            align="start",
        )
        for rule in rules
    ]
    card = kit.card(lines, (22, 28), gap=size * 0.5)
    return meaning(card, Role.LIST)
