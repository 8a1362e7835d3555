"""Find a thing by words, pinyin or initials."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kiosk.journey.view import text
from screens import theme as look
from screens.pages import scaffold
from screens.semantic import Node, Role
from screens.widgets import fields, things
from screens.widgets.kit import Kit, meaning

if TYPE_CHECKING:
    from kiosk.journey.view import SearchView


def build(kit: Kit, view: SearchView) -> Node:
    """Return the page: what is written, what was found, the pad."""
    written = view.input.value if view.input else ""
    box = _box(kit, written)
    if not view.things:
        nothing = kit.words(text("screens.search.nothing", words=written), 33, look.INK)
        body = [box, kit.space(0, 8), nothing, _examples(kit, view)]
    else:
        found = kit.column([things.found(kit, tile) for tile in view.things], 14)
        body = [box, None if written else _examples(kit, view), found]
    return scaffold.page(kit, view, body, gap=18)


def _box(kit: Kit, written: str) -> Node:
    """Return the line that is written; what is there is told as its value."""
    shown = fields.written(kit, written, focused=True, empty=text("screens.search.empty"))
    made = kit.row(
        [kit.icon("search", 42, look.DEEP_2), shown],
        24,
        fill=look.CARD,
        border=look.JADE,
        border_width=kit.px(4),
        radius=kit.px(32),
        min_height=kit.theme.target(104),
        pad=(kit.px(6), kit.px(32), kit.px(6), kit.px(36)),
    )
    return meaning(made, Role.STATUS, value=written, state=("box",))


def _examples(kit: Kit, view: SearchView) -> Node | None:
    if not view.examples:
        return None
    names = kit.say(text("screens.search.and")).join(kit.say(words) for words in view.examples)
    return kit.words(text("screens.search.examples", names=names), 30, look.INK_2)
