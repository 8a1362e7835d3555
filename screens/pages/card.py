"""Put the card: and what to do when it cannot be read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kiosk.journey.view import text
from screens.pages import scaffold
from screens.semantic import Node, Picture
from screens.widgets import blocks
from screens.widgets.kit import Kit

if TYPE_CHECKING:
    from kiosk.journey.view import CardView


def build(kit: Kit, view: CardView) -> Node:
    """Return the page; the picture shows what to do with the card."""
    label = kit.say(text(f"screens.card.picture.{view.phase}"))
    area = "" if view.phase in {"reading", "stopped"} else kit.say(text("screens.card.area"))
    art = Picture(name=f"card-{view.phase}", text=area)
    upright = kit.theme.portrait
    body = [
        blocks.panel(kit, art, label, grow=1.0),
        scaffold.privacy(kit, "screens.card.privacy"),
        kit.space(0.34, 10) if upright else None,
    ]
    return scaffold.page(kit, view, body, title_size=76 if upright else 68, middle=True, gap=32)
