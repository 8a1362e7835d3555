"""Where an application stands: show the slip, then read."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from kiosk.journey.standing import STAGES
from kiosk.journey.view import text
from screens import theme as look
from screens.pages import scaffold
from screens.semantic import Node, Picture, Role
from screens.widgets import blocks, buttons
from screens.widgets.kit import Kit, meaning

if TYPE_CHECKING:
    from kiosk.journey.view import ProgressItem, ProgressScanView, ProgressShowView

_PILLS: Final = {
    "going": ("quiet", ""),
    "needs_you": ("bring", ""),
    "done": ("done", "check"),
    "refused": ("trouble", "x"),
    "withdrawn": ("quiet", ""),
}
"""The look of an item's word, by its mark: a tick only for what is done."""
_FEW: Final = 3
"""Up to so many items there is room for the names of the stages."""


def scan(kit: Kit, view: ProgressScanView) -> Node:
    """Return the page that asks for the code of a slip."""
    body: list[Node | None]
    if view.phase == "asking":
        ring = blocks.picture(kit, Picture(name="spinner", colour=look.PAPER), 320, 320)
        icon = kit.icon("scan-qr-code", 110, look.JADE)
        turning = kit.column([kit.stack([ring, icon])], align="center")
        body = [kit.space(0.8), turning, kit.space(1.2), _by_card(kit, view)]
    else:
        picture = Picture(name="slip-show", text=kit.say(text("screens.scan.area")))
        label = kit.say(text("screens.scan.picture"))
        least = 640 if kit.upright and not kit.elder else 420
        body = [
            blocks.panel(kit, picture, label, least=least),
            _by_card(kit, view),
            kit.space(0.1, 8) if kit.upright and view.by_card is None else None,
        ]
    size = 76 if kit.upright else 66
    return scaffold.page(kit, view, body, title_size=size, middle=True, gap=32)


def _by_card(kit: Kit, view: ProgressScanView) -> Node | None:
    """Return the way for who has no slip."""
    if view.by_card is None:
        return None
    action = replace(view.by_card, icon=view.by_card.icon or "id-card")
    return buttons.outlined(kit, action, size=36, high=128 if kit.elder else 112)


def show(kit: Kit, view: ProgressShowView) -> Node:
    """Return the page of an application: what waits for the citizen, then four bars an item."""
    few = len(view.items) <= _FEW
    wanted = _wanted(kit, view)
    full = kit.upright or kit.elder or wanted is None
    made = [_item(kit, item, few=few, full=full) for item in view.items]
    if kit.elder:
        body = [wanted, *(blocks.rows(kit, [line]) for line in made)]
    elif kit.upright:
        body = [wanted, blocks.rows(kit, made)]
    else:
        body = [_lying(kit, wanted, made)]
    return scaffold.page(kit, view, body, title_size=62, gap=24)


def _lying(kit: Kit, wanted: Node | None, made: list[Node]) -> Node:
    """Return two columns: what waits for the citizen beside the items, or the items alone."""
    if wanted is not None:
        return scaffold.two(kit, [wanted], [blocks.rows(kit, made)], 24)
    half = len(made) - len(made) // 2
    halves = (made[:half], made[half:])
    left, right = ([blocks.rows(kit, lines)] if lines else [] for lines in halves)
    return scaffold.two(kit, left, right, 24)


def _wanted(kit: Kit, view: ProgressShowView) -> Node | None:
    """Return what is still to be handed in, in gold, and where."""
    waiting = [item for item in view.items if item.mark == "needs_you"]
    if not waiting:
        return None
    head = kit.words(
        text("pages.progress.supplement", n=len(waiting)), 42, look.INK, "bold", role=Role.HEADING
    )
    told = [_told(kit, item) for item in waiting]
    bring = kit.words(text("pages.progress.bring"), 30, look.INK)
    made = kit.row(
        [
            kit.icon("file-exclamation-point", 68, look.GOLD_INK),
            kit.column([head, *told, bring], 10, grow=1.0),
        ],
        28,
        align="start",
        pad=(kit.px(28), kit.px(34), kit.px(28), kit.px(34)),
        fill=look.GOLD_WASH,
        border=look.GOLD_LINE,
        border_width=kit.px(3),
        radius=kit.px(28),
    )
    return meaning(made, Role.STATUS, state=("bring",))


def _pill(kit: Kit, item: ProgressItem) -> Node:
    """Return how an item stands."""
    kind, mark = _PILLS[item.mark]
    return kit.badge(kit.named(item.state_text), kind, mark)


def _told(kit: Kit, item: ProgressItem) -> Node:
    name = kit.words(kit.named(item.name), 30, look.GOLD_INK, "bold")
    return kit.column([name, kit.words(item.supplement, 36, look.INK, "bold")], 2)


def _item(kit: Kit, item: ProgressItem, *, few: bool, full: bool) -> Node:
    """Return one item: its name, how it stands, its bars.

    ``full``: with its number and since when; ``few``: with the names of the stages, too.
    """
    head = kit.row(
        [
            kit.words(kit.named(item.name), 36 if few else 33, look.INK, "bold", grow=1.0),
            _pill(kit, item),
        ],
        20,
    )
    now = look.GOLD if item.mark == "needs_you" else look.JADE
    bars = blocks.bars(kit, item.done, STAGES, 14 if few else 12, now)
    number = text("screens.progress.number", number=item.number)
    small = kit.row([kit.words(number, 26, look.INK_2, grow=1.0), _at(kit, item)], 20)
    if kit.elder or not kit.upright:
        at = _at(kit, item) if kit.elder or few else None
        small = kit.column([kit.words(number, 26, look.INK_2), at], 2)
    parts = [head, kit.column([bars, _stages(kit, item)], 8), small] if few else [head, bars]
    if full and not few:
        parts.append(small)
    edge, down = kit.px(34), kit.px(30 if few else 20)
    lines = kit.column(parts, 22 if few else 11, grow=1.0)
    # in a row of its own: no leaf ends in the middle of an item
    return meaning(kit.row([lines], pad=(down, edge, down, edge)), Role.ROW)


def _at(kit: Kit, item: ProgressItem) -> Node:
    return kit.words(kit.named(item.at), 26, look.INK_2)


def _stages(kit: Kit, item: ProgressItem) -> Node:
    """Return the names of the four bars."""
    names = [
        kit.words(
            text(f"screens.progress.stage.{n}"),
            26,
            look.JADE if n <= item.done else look.INK_2,
            "bold" if n == item.done else "sans",
            align="center",
        )
        for n in range(1, STAGES + 1)
    ]
    return kit.grid(names, STAGES, 12)
