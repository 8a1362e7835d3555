"""Where an application stands: show the slip, then read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kiosk.journey.view import text
from screens import theme as look
from screens.pages import scaffold
from screens.semantic import Node, Picture, Role
from screens.widgets import blocks
from screens.widgets.kit import Kit, meaning

if TYPE_CHECKING:
    from kiosk.journey.view import ProgressItem, ProgressScanView, ProgressShowView

_DONE = 4


def scan(kit: Kit, view: ProgressScanView) -> Node:
    """Return the page that asks for the code of a slip."""
    upright = kit.theme.portrait
    body: list[Node | None]
    if view.phase == "asking":
        ring = blocks.picture(kit, Picture(name="spinner", colour=look.PAPER), 320, 320)
        icon = kit.icon("scan-qr-code", 110, look.JADE)
        turning = kit.column([kit.stack([ring, icon])], align="center")
        body = [kit.space(0.8), turning, kit.space(1.2)]
    else:
        picture = Picture(name="slip-show", text=kit.say(text("screens.scan.area")))
        label = kit.say(text("screens.scan.picture"))
        body = [blocks.panel(kit, picture, label), kit.space(0.25, 8) if upright else None]
    return scaffold.page(kit, view, body, title_size=76 if upright else 66, middle=True, gap=32)


def show(kit: Kit, view: ProgressShowView) -> Node:
    """Return the page of an application: four bars an item."""
    items = blocks.rows(kit, [_item(kit, item) for item in view.items])
    return scaffold.page(kit, view, [items], title_size=62, gap=26)


def _item(kit: Kit, item: ProgressItem) -> Node:
    over = item.done >= _DONE
    head = kit.row(
        [
            kit.words(item.name, 36, look.INK, "bold", grow=1.0),
            kit.badge(item.state_text, "done" if over else "bring"),
        ],
        20,
    )
    small = kit.row(
        [
            kit.words(
                text("screens.progress.number", number=item.number), 27, look.INK_2, grow=1.0
            ),
            kit.words(item.at, 27, look.INK_2),
        ],
        20,
    )
    names = [
        kit.words(
            text(f"screens.progress.stage.{n}"),
            26,
            look.JADE if n <= item.done else look.INK_2,
            "bold" if n == item.done else "sans",
            align="center",
        )
        for n in range(1, _DONE + 1)
    ]
    bars = kit.column([blocks.bars(kit, item.done, _DONE, 14), kit.grid(names, _DONE, 12)], 8)
    edge = kit.px(34)
    made = kit.column([head, bars, small], 22, pad=(kit.px(32), edge, kit.px(28), edge))
    return meaning(made, Role.ROW)
