"""Blocks of a page: notices, figures, lists, times."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

from kiosk.domain.sample_papers import known as known_paper
from kiosk.journey.view import text
from screens import sample_papers
from screens import theme as look
from screens.semantic import Face, Node, Picture, Role, Style
from screens.widgets import buttons
from screens.widgets.kit import HEADS, Kit, meaning, styled

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
    narrow = narrow or kit.elder
    said = kit.words(told.text, 36, look.INK, "bold", leading=1.28)
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
        min_height=kit.px(110),
        pad=(kit.px(20), kit.px(32), kit.px(20), kit.px(34)),
    )
    return meaning(block, Role.STATUS, state=(told.kind,))


def numbered(
    kit: Kit, words: Sequence[Text], sizes: tuple[float, float], pad: tuple[int, int], gap: int
) -> Node:
    """Return a card of numbered sentences; ``sizes`` of the number and of its words, in dots."""
    number_size, size = sizes
    lines = [
        kit.row(
            [
                kit.words(str(number), number_size, look.JADE, "serif", leading=1.24),
                kit.words(line, size, look.INK, grow=1.0),
            ],
            22,
            align="start",
        )
        for number, line in enumerate(words, 1)
    ]
    return meaning(kit.card(lines, pad, gap=gap), Role.LIST)


def heading(kit: Kit, words: Text | str, aside: Text | None = None) -> Node:
    """Return the heading of a section with a smaller word beside it."""
    head = kit.words(words, 38, look.INK, "serif", leading=1.28, role=Role.HEADING)
    if aside is None:
        return meaning(kit.row([head]), Role.GROUP, state=(HEADS,))
    small = kit.words(aside, 27, look.INK_2, grow=1.0, leading=1.28)
    made = kit.row([head, small], 18)
    if kit.elder:
        made = kit.column([head, styled(small, grow=0.0)], 2)
    return meaning(made, Role.GROUP, state=(HEADS,))


def figures(kit: Kit, shown: Sequence[Figure]) -> Node:
    """Return the large numbers side by side: four, two a line with elder letters."""
    columns = 2 if kit.elder and kit.upright else 4
    return kit.grid([figure(kit, own) for own in shown], min(columns, max(1, len(shown))), 18)


def figure(kit: Kit, shown: Figure) -> Node:
    """Return a large number: what the thing costs."""
    unit = kit.words(shown.unit, 27, look.INK, leading=1.2)
    label = kit.words(shown.label, 27, look.INK_2, leading=1.24)
    size = 62 if kit.upright or kit.elder else 54
    number = kit.words(shown.value, size, look.JADE, "serif", leading=1.15)
    before = kit.words(shown.before, 24, look.INK_2, leading=1.24) if shown.before else None
    if not kit.upright and not kit.elder:
        # Lying, height is dear: name and unit stand beside the number.
        words = kit.column([label, unit], grow=1.0)
        return kit.card([kit.row([number, words], 16), before], (10, 20), gap=2)
    grown = styled(unit, grow=1.0, pad=(0, 0, kit.px(10), 0))
    value = kit.row([number, grown], 8, align="end")
    return kit.card([label, value, before], (18, 16 if kit.elder else 22))


def tick(kit: Kit, *, chosen: bool, works: bool = True) -> Node:
    """Return the box of a row that can be ticked."""
    mark = "check" if chosen else "minus"
    ink = (look.CARD if works else look.JADE) if chosen else "#6E6A5E"
    drawn = kit.icon(mark, 36, ink) if chosen or not works else None
    side = kit.theme.icon(52)
    paint: dict[str, Any] = {}
    if works:
        paint = {
            "fill": look.JADE if chosen else look.CARD,
            "border": look.JADE if chosen else look.LINE_STRONG,
            "border_width": kit.px(3),
            "radius": kit.px(14),
        }
    return kit.column([drawn], align="center", justify="center", width=side, height=side, **paint)


_NEED_ICONS: Final = ("id-card", "camera", "credit-card")


def needed(kit: Kit, lines: Sequence[Line]) -> Node:
    """Return the papers that are to be brought, as cards with their gold pictures."""
    cards = [_needed(kit, line, number) for number, line in enumerate(lines)]
    if not kit.upright and not kit.elder:
        return rows(kit, [_needed_row(kit, line, number) for number, line in enumerate(lines)])
    columns = 1 if kit.elder else min(3, len(cards))
    return kit.grid(cards, max(1, columns), 12 if kit.elder else 16)


def _sign(kit: Kit, line: Line, number: int, wide: float, tall: float) -> Node:
    """Return the sample picture of a paper in a frame of one size, or a golden sign."""
    shown = paper(kit, line.paper, wide, tall)
    if shown is None:
        return kit.icon(_NEED_ICONS[min(number, len(_NEED_ICONS) - 1)], 44, look.GOLD)
    return kit.column([shown], width=kit.px(wide), align="center")


def _needed_row(kit: Kit, line: Line, number: int) -> Node:
    """Return a paper in one line, for a lying screen."""
    icon = _sign(kit, line, number, 76, 54)
    name = kit.words(line.name, 31, look.INK, "bold", leading=1.2)
    small = kit.words(line.aside, 24, look.INK_2, grow=1.0, leading=1.2) if line.aside else None
    edge = kit.px(24)
    made = kit.row([icon, name, small], 16, min_height=kit.px(56), pad=(6, edge, 6, edge))
    return meaning(made, Role.ROW)


def _needed(kit: Kit, line: Line, number: int) -> Node:
    icon = _sign(kit, line, number, 150 if kit.elder else 104, 110 if kit.elder else 84)
    name = kit.words(line.name, 33, look.INK, "bold", leading=1.2)
    small = kit.words(line.aside, 24, look.INK_2, leading=1.24) if line.aside else None
    words = kit.column([name, small], 2, grow=1.0)
    return kit.card([kit.row([icon, words], 18)], (14, 22), justify="center")


def rows(kit: Kit, lines: Sequence[Node]) -> Node:
    """Return a white card of rows with hairlines between them."""
    parts: list[Node] = []
    for line in lines:
        if parts:
            parts.append(kit.rule("#EAE5D8"))
        parts.append(line)
    return meaning(kit.card(parts, (4, 2)), Role.LIST)


_LONG_ASIDE: Final = 24
"""Characters from which on a smaller word stands under the name."""


def row(
    kit: Kit,
    line: Line,
    icon: str = "",
    ink: str = look.JADE,
    *,
    bold: bool = False,
    badge: str = "",
) -> Node:
    """Return a name on the left and a smaller word (or badge) on the right, or under it."""
    face: Face = "bold" if bold else "sans"
    name = kit.words(line.name, 33, look.INK, face, grow=1.0, leading=1.24)
    parts: list[Node | None] = [name]
    if line.aside is not None:
        aside = kit.badge(line.aside, badge) if badge else kit.words(line.aside, 27, look.INK_2)
        parts = [name, aside]
        if kit.elder or len(kit.say(line.aside)) > _LONG_ASIDE:
            under = kit.row([aside, kit.space()]) if badge else aside
            parts = [kit.column([styled(name, grow=0.0), under], 4, grow=1.0)]
    made = kit.row(
        [kit.icon(icon, 40, ink) if icon else None, *parts],
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
                *_stage(kit, stage),
            ],
            30,
            min_height=kit.px(64),
        )
        for number, stage in enumerate(stages)
    ]
    return meaning(kit.card(lines, (20, 46), gap=2), Role.LIST)


def _stage(kit: Kit, stage: Line) -> list[Node | None]:
    name = kit.words(stage.name, 32, look.INK, grow=1.0, leading=1.24)
    when = kit.words(stage.aside, 27, look.INK_2, leading=1.24) if stage.aside else None
    if kit.elder and when is not None:
        return [kit.column([styled(name, grow=0.0), when], 2, grow=1.0)]
    return [name, when]


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


def paper(kit: Kit, key: str, wide: float, tall: float) -> Node | None:
    """Return the sample picture of a paper, as large as fits into a frame; None where none is."""
    if not known_paper(key):
        return None
    across, high = sample_papers.size(key, wide, tall)
    label = kit.say(text("screens.paper"))
    shown = Picture(name=sample_papers.NAME, text=key)
    return picture(kit, shown, across, high, label)


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
