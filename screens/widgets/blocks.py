"""Blocks of a page: notices, figures, lists, times."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from screens import theme as look
from screens.semantic import Node, Picture, Role, Style
from screens.widgets import buttons
from screens.widgets.kit import Kit, meaning, styled

if TYPE_CHECKING:
    from kiosk.journey.view import Figure, Line, Notice, Text

_NOTICE: Final[dict[str, tuple[str, str, str, str]]] = {
    "trouble": (look.SEAL_WASH, look.SEAL_LINE, look.SEAL, "triangle-alert"),
    "info": (look.CARD, look.LINE, look.DEEP_2, "info"),
    "bring": (look.GOLD_WASH, look.GOLD_LINE, look.GOLD_INK, "id-card"),
    "done": (look.JADE_WASH, look.JADE_LINE, look.JADE, "circle-check"),
}
"""Fill, rim, ink of the icon, icon."""


def notice(kit: Kit, told: Notice, icon: str = "", *, narrow: bool = False) -> Node:
    """Return a block that says what is so and what to do now; narrow: buttons under it."""
    fill, rim, ink, usual = _NOTICE[told.kind]
    said = kit.words(told.text, 36, look.INK, "bold")
    hint = kit.words(told.hint, 30, look.INK) if told.hint else None
    ways = [buttons.outlined(kit, action, high=92, size=32) for action in told.actions]
    block = kit.row(
        [
            kit.icon(icon or usual, 56, ink),
            kit.column([said, hint, *(ways if narrow else [])], 14 if narrow else 4, grow=1.0),
            *([] if narrow else ways),
        ],
        28,
        fill=fill,
        border=rim,
        border_width=kit.px(2),
        radius=kit.px(28),
        min_height=kit.px(124),
        pad=(kit.px(22), kit.px(32), kit.px(22), kit.px(34)),
    )
    return meaning(block, Role.STATUS, state=(told.kind,))


def heading(kit: Kit, words: Text | str, aside: Text | None = None) -> Node:
    """Return the heading of a section with a smaller word beside it."""
    small = kit.words(aside, 27, look.INK_2) if aside else None
    return kit.row([kit.words(words, 38, look.INK, "serif", role=Role.HEADING), small], 18)


def figure(kit: Kit, shown: Figure) -> Node:
    """Return a large number: what the thing costs."""
    unit = kit.words(shown.unit, 27, look.INK)
    return kit.card(
        [
            kit.words(shown.label, 27, look.INK_2),
            kit.row(
                [
                    kit.words(shown.value, 66, look.JADE, "serif", leading=1.15),
                    styled(unit, pad=(0, 0, kit.px(12), 0)),
                ],
                8,
                align="end",
            ),
            kit.words(shown.before, 24, look.INK_2) if shown.before else None,
        ],
        (22, 26),
    )


def rows(kit: Kit, lines: Sequence[Node]) -> Node:
    """Return a white card of rows with hairlines between them."""
    parts: list[Node] = []
    for line in lines:
        if parts:
            parts.append(kit.rule("#EAE5D8"))
        parts.append(line)
    return meaning(kit.card(parts, (4, 2)), Role.LIST)


def row(
    kit: Kit,
    line: Line,
    icon: str = "",
    ink: str = look.JADE,
    *,
    bold: bool = False,
    badge: str = "",
) -> Node:
    """Return a name on the left and a smaller word (or badge) on the right."""
    aside = None
    if line.aside is not None:
        aside = kit.badge(line.aside, badge) if badge else kit.words(line.aside, 27, look.INK_2)
    name = kit.words(line.name, 33, look.INK, "bold" if bold else "sans", grow=1.0)
    made = kit.row(
        [kit.icon(icon, 40, ink) if icon else None, name, aside],
        24,
        min_height=kit.px(76),
        pad=(kit.px(12), kit.px(30), kit.px(12), kit.px(30)),
    )
    return meaning(made, Role.ROW)


def dot(kit: Kit, *, done: bool) -> Node:
    """Return the mark of one step of a timeline."""
    side = kit.px(32)
    paint = {"fill": look.JADE} if done else {"border": "#C9C2B2", "border_width": kit.px(6)}
    return styled(kit.space(0), width=side, height=side, radius=side // 2, **paint)


def timeline(kit: Kit, stages: Sequence[Line], done: int) -> Node:
    """Return what happens and by when; the first ``done`` steps are behind us."""
    lines = [
        kit.row(
            [
                dot(kit, done=number < done),
                kit.words(stage.name, 32, look.INK, grow=1.0),
                kit.words(stage.aside, 27, look.INK_2) if stage.aside else None,
            ],
            30,
            min_height=kit.px(64),
        )
        for number, stage in enumerate(stages)
    ]
    return meaning(kit.card(lines, (20, 46), gap=2), Role.LIST)


def bars(kit: Kit, done: float, of: int, high: float = 10, now: str = look.JADE) -> Node:
    """Return ``of`` bars of which ``done`` are full; a part of one is allowed."""
    made = [_bar(kit, min(1.0, max(0.0, done - number)), high, now) for number in range(of)]
    return meaning(kit.row(made, 12), Role.PROGRESS, state=(f"{done:g}/{of}",))


def _bar(kit: Kit, share: float, high: float, now: str) -> Node:
    tall = kit.px(high)
    ground = {"height": tall, "radius": tall // 2}
    if share in {0.0, 1.0}:
        return styled(kit.space(), fill=now if share else look.TRACK, **ground)
    full = styled(kit.space(share), fill=now, **ground)
    rest = kit.space(1 - share)
    return kit.row([full, rest], grow=1.0, fill=look.TRACK, **ground)


def picture(kit: Kit, shown: Picture, width: float, height: float, label: str = "") -> Node:
    """Return a picture ``width`` × ``height`` units large."""
    style = Style(picture=shown, width=kit.px(width), height=kit.px(height))
    return Node(role=Role.IMAGE, label="", hint=label, style=style)


def panel(kit: Kit, shown: Picture, label: str, *, grow: float = 1.0, least: float = 420) -> Node:
    """Return the deep panel with an illustration that fills it."""
    inset = kit.px(24)
    style = Style(picture=shown, grow=1.0)
    art = Node(role=Role.IMAGE, hint=label, style=style)
    return kit.column(
        [art],
        fill=look.DEEP,
        radius=kit.px(40),
        pad=(inset, inset, inset, inset),
        grow=grow,
        min_height=kit.px(least),
    )
