"""The one set of materials: what is asked, and what nobody has to bring."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from kiosk.journey.view import text
from screens import theme as look
from screens.pages import scaffold
from screens.semantic import Node, Role
from screens.widgets import blocks, buttons
from screens.widgets.kit import Kit, meaning, styled

if TYPE_CHECKING:
    from kiosk.journey.view import MaterialRow, MaterialsView, SparedGroup

_KIND_ICONS: Final = {"page": "file-text", "card": "credit-card"}
_STATES: Final[dict[str, tuple[str, str, str, str]]] = {
    "waiting": (look.GOLD_WASH, look.GOLD, look.GOLD_INK, "camera"),
    "captured": (look.JADE_WASH, look.JADE, look.JADE, "circle-check"),
    "committed": (look.GOLD_WASH, look.GOLD_INK, look.GOLD_INK, "calendar-clock"),
}
"""Wash and ink of the large icon, ink and icon of what is so."""
_SPARED_ICONS: Final = {
    "e_licence": "badge-check",
    "share": "database",
    "produced": "git-branch",
    "generated": "file-check",
}


def build(kit: Kit, view: MaterialsView) -> Node:
    """Return the page: asked papers large, the others by what takes their place."""
    asked = [_asked(kit, row) for row in view.rows]
    others = _spared(kit, view)
    if view.read_list is not None:
        others.append(kit.row([buttons.link(kit, view.read_list, 32)]))
    body = [*asked, *others] if kit.elder else [scaffold.two(kit, asked, others, 24)]
    return scaffold.page(kit, view, body, gap=24)


def _asked(kit: Kit, row: MaterialRow) -> Node:
    """Return one asked paper: what it is, how it stands, what can be done."""
    wash, ink, said, mark = _STATES[row.state]
    told = kit.row(
        [
            kit.icon(mark, 38, said),
            kit.words(row.told, 31, said if row.state != "captured" else look.JADE, grow=1.0),
        ],
        12,
    )
    head = kit.row(
        [
            blocks.paper(kit, row.paper, 170, 150 if kit.upright else 104)
            or _disc(kit, _KIND_ICONS[row.kind], wash, ink),
            kit.column([kit.words(row.name, 48, look.INK, "bold"), told], 8, grow=1.0),
        ],
        30,
    )
    card = kit.card(
        [head, _ways(kit, row)],
        (30, 34),
        gap=26,
        border=look.GOLD if row.state == "waiting" else look.LINE,
        border_width=kit.px(3),
    )
    # in a row of its own: no leaf ends between a paper and its buttons
    return meaning(kit.row([styled(card, grow=1.0)]), Role.GROUP, state=(row.state,))


def _disc(kit: Kit, icon: str, wash: str, ink: str) -> Node:
    side = kit.px(116 if kit.upright else 104)
    return kit.column(
        [kit.icon(icon, 60, ink)],
        justify="center",
        align="center",
        width=side,
        height=side,
        radius=side // 2,
        fill=wash,
    )


def _ways(kit: Kit, row: MaterialRow) -> Node | None:
    high = 132 if kit.elder else 104
    made = []
    if row.capture is not None:
        first = buttons.primary if row.state == "waiting" else buttons.outlined
        made.append(first(kit, replace(row.capture, icon="camera"), size=36, high=high))
    if row.commit is not None:
        made.append(buttons.outlined(kit, row.commit, size=34, high=high))
    if not made:
        return None
    if kit.elder or not kit.upright:
        return kit.column(made, 18)
    return kit.row([styled(way, grow=1.0) for way in made], 20, align="stretch")


def _spared(kit: Kit, view: MaterialsView) -> list[Node | None]:
    if not view.spared:
        return []
    head = kit.row(
        [
            kit.icon("circle-check", 44, look.JADE),
            kit.words(
                text("pages.materials.spared", n=view.spared_count),
                38,
                look.JADE,
                "serif",
                grow=1.0,
            ),
        ],
        14,
    )
    head = meaning(head, Role.HEADING)
    if kit.elder:
        return [kit.space(0, 8), head, *(blocks.rows(kit, [_group(kit, g)]) for g in view.spared)]
    groups = blocks.rows(kit, [_group(kit, group) for group in view.spared])
    return [kit.space(0, 4), kit.column([head, groups], 16)]


def _group(kit: Kit, group: SparedGroup) -> Node:
    """Return papers that nobody brings, and what takes their place."""
    icon = _SPARED_ICONS.get(group.disposition, "circle-check")
    names = kit.words(group.names, 31, look.INK, grow=1.0)
    badge = kit.badge(group.told)
    down = kit.px(16 if kit.upright else 8)
    parts: list[Any] = [kit.icon(icon, 44, look.JADE), names, badge]
    if kit.elder or not kit.upright:
        under = kit.row([badge])
        parts = [kit.icon(icon, 44, look.JADE), kit.column([names, under], 8, grow=1.0)]
    made = kit.row(
        parts,
        22,
        min_height=kit.px(92),
        pad=(down, kit.px(26), down, kit.px(30)),
    )
    return meaning(made, Role.ROW)
