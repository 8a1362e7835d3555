"""An enterprise signs in: show the code of its licence, then look whether it is the right one."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from kiosk.journey.view import text
from screens import theme as look
from screens.pages import scaffold
from screens.semantic import Node, Picture
from screens.widgets import blocks, buttons
from screens.widgets.kit import Kit

if TYPE_CHECKING:
    from kiosk.journey.view import EnterpriseView, Line


def build(kit: Kit, view: EnterpriseView) -> Node:
    """Return the page of the phase it is in."""
    size = 76 if kit.upright else 66
    return scaffold.page(kit, view, _body(kit, view), title_size=size, middle=True, gap=32)


def _body(kit: Kit, view: EnterpriseView) -> list[Node | None]:
    if view.phase == "known":
        return [blocks.rows(kit, [_fact(kit, line) for line in view.facts]), _other(kit, view)]
    if view.phase == "asking":
        ring = blocks.picture(kit, Picture(name="spinner", colour=look.PAPER), 320, 320)
        icon = kit.icon("building-2", 110, look.JADE)
        turning = kit.column([kit.stack([ring, icon])], align="center")
        return [kit.space(0.8), turning, kit.space(1.2)]
    picture = Picture(name="phone-show", text=kit.say(text("screens.enterprise.area")))
    label = kit.say(text("screens.enterprise.picture"))
    least = 640 if kit.upright and not kit.elder else 420
    return [blocks.panel(kit, picture, label, least=least)]


def _fact(kit: Kit, line: Line) -> Node:
    """Return a fact with its name above it: names of enterprises are long."""
    aside = kit.words(line.aside, 40, look.INK, "bold", leading=1.25) if line.aside else None
    return kit.column(
        [kit.words(line.name, 28, look.INK_2), aside],
        4,
        pad=(kit.px(20), kit.px(32), kit.px(20), kit.px(32)),
    )


def _other(kit: Kit, view: EnterpriseView) -> Node | None:
    if view.other is None:
        return None
    action = replace(view.other, icon="scan-qr-code")
    return buttons.outlined(kit, action, size=36, high=112)
