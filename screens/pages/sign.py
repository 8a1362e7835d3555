"""Sign by hand, or confirm with the ID card."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from kiosk.journey.view import text
from screens import theme as look
from screens.pages import scaffold
from screens.semantic import Node, Picture, Role, Style
from screens.widgets import buttons
from screens.widgets.kit import Kit, meaning, styled

if TYPE_CHECKING:
    from kiosk.journey.facts import Stroke
    from kiosk.journey.view import Action, SignView


_HIGH: Final = {True: 620, False: 380}
"""Units of the field upright and lying."""


def build(kit: Kit, view: SignView) -> Node:
    """Return the page: the field that is written on, other ways, and what signing states."""
    field = _confirmed(kit, view) if view.by_card else _field(kit, view)
    ways = _ways(kit, view)
    if kit.upright:
        return scaffold.page(kit, view, [field, ways, _meaning(kit, view), kit.space()], gap=26)
    return scaffold.page(kit, view, [field, ways, _meaning(kit, view)], gap=20)


def _field(kit: Kit, view: SignView) -> Node:
    """Return the field; all of its inside is the target, so that strokes are shares of it."""
    edge = kit.px(12)
    high = kit.px(_HIGH[kit.upright])
    label = kit.say(text("pages.sign.field"))
    strokes = Node(
        role=Role.IMAGE,
        hint=label,
        style=Style(
            picture=Picture(
                name="strokes",
                text=as_json(view.strokes),
                number=_base(kit, high),
                colour=look.INK,
            ),
            height=high,
        ),
    )
    here = text("pages.sign.here", name=view.name)
    told = kit.words(here, 31, look.INK_2)
    inner = replace(
        kit.stack([strokes, kit.column([told], justify="end", height=high, pad=_inset(kit))]),
        style=Style(flow="stack", height=high),
    )
    writing = meaning(inner, Role.BUTTON, label, target="stroke")
    return kit.column(
        [writing],
        fill=look.CARD,
        border=look.JADE if view.signed else look.LINE_STRONG,
        border_width=kit.px(5),
        radius=kit.px(36),
        pad=(edge, edge, edge, edge),
    )


def _base(kit: Kit, high: int) -> float:
    """Return where the base line stands, as a share of the field: over the words at its foot."""
    return 1 - (kit.theme.type(31) * 1.36 + kit.px(26 + 12)) / high


def _inset(kit: Kit) -> tuple[int, int, int, int]:
    return 0, kit.px(52), kit.px(26), kit.px(52)


def as_json(strokes: tuple[Stroke, ...]) -> str:
    """Return the strokes as the picture ``strokes`` takes them: lists of (across, down)."""
    lines = [[[round(x, 4), round(y, 4)] for x, y, _ in one.points] for one in strokes]
    return json.dumps(lines, separators=(",", ":"))


def _confirmed(kit: Kit, view: SignView) -> Node:
    """Return what stands in place of a signature when the card confirmed it."""
    words = kit.column(
        [
            kit.words(text("pages.sign.by_card"), 48, look.INK, "serif"),
            kit.words(text("pages.sign.by_card_name", name=view.name), 33, look.INK),
        ],
        8,
        grow=1.0,
    )
    made = kit.row(
        [kit.icon("id-card", 108, look.JADE), words, kit.icon("circle-check", 64, look.JADE)],
        40,
        min_height=kit.px(300),
        pad=(kit.px(40), kit.px(52), kit.px(40), kit.px(52)),
        fill=look.JADE_WASH,
        border=look.JADE,
        border_width=kit.px(4),
        radius=kit.px(36),
    )
    return meaning(made, Role.STATUS, state=("confirmed",))


def _ways(kit: Kit, view: SignView) -> Node | None:
    """Return 重写 and the way for who cannot write."""
    wipe = _way(kit, view.wipe, "eraser")
    confirm = _way(kit, view.confirm, "id-card")
    made = [way for way in (wipe, confirm) if way is not None]
    if kit.elder and kit.upright:
        return kit.column(made, 18) if made else None
    if wipe is not None and confirm is not None:
        made = [styled(wipe, width=kit.px(300)), styled(confirm, grow=1.0)]
        return kit.row(made, 20, align="stretch")
    return kit.row([styled(way, grow=1.0) for way in made]) if made else None


def _way(kit: Kit, action: Action | None, icon: str) -> Node | None:
    if action is None:
        return None
    return buttons.outlined(kit, replace(action, icon=action.icon or icon), size=34)


def _meaning(kit: Kit, view: SignView) -> Node | None:
    """Return what signing states: large enough to be read, not a footnote."""
    if not view.statement:
        return None
    lines = [kit.words(words, 33, look.INK) for words in view.statement]
    head = kit.words(text("pages.sign.means"), 30, look.INK_2)
    inner = kit.row(
        [kit.icon("pen-line", 46, look.DEEP_2), kit.column([head, *lines], 8, grow=1.0)],
        26,
        align="start",
        pad=(kit.px(22), kit.px(32), kit.px(22), kit.px(32)),
        fill="#EFEADC",
        radius=kit.px(28),
    )
    return meaning(inner, Role.GROUP)
