"""Keys of the on-screen pads: one key, a row of them, the ground they lie on."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import TYPE_CHECKING, Final, Literal

from kiosk.journey.view_parts import text
from screens import theme as look
from screens.semantic import Node, Role
from screens.widgets.kit import meaning, styled

if TYPE_CHECKING:
    from screens.widgets.kit import Kit

GROUND: Final = "#E9E4D6"
GAP: Final = 10
MARGIN: Final = 26
RADIUS: Final = 16
ROWS: Final = 4

Look = Literal["plain", "quiet", "way", "choose", "still"]
"""Writes; writes nothing itself; the way on; takes what is marked; cannot be touched now."""
_PAINT: Final[dict[Look, tuple[str, str, str]]] = {
    "plain": (look.CARD, "#CFC8B4", look.INK),
    "quiet": ("#F4F0E4", "#CFC8B4", look.INK),
    "way": (look.DEEP, "#08242F", look.CARD),
    "choose": (look.JADE, "#06493F", look.CARD),
    "still": ("#F4F0E4", "#F4F0E4", look.INK_2),
}
"""Fill, lower edge, ink."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Sizes:
    """Sizes of a pad in dots; those of letters in units."""

    width: int
    """Of a row of keys: the pad without its margins."""
    key: int
    """Height of a key."""
    bar: int
    """Height of the bar of candidates."""
    gap: int
    columns: int
    """Cells of a row of candidates."""
    upright: bool
    letter: float
    word: float

    @property
    def height(self) -> int:
        """Return the height of bar and keys."""
        return self.bar + ROWS * (self.key + self.gap)

    def edge(self, cell: int) -> int:
        """Return how far from the left the cell number ``cell`` begins."""
        return round(cell * (self.width + self.gap) / self.columns)

    def wide(self, first: int, cells: int) -> int:
        """Return the width of so many cells side by side from the cell ``first`` on."""
        return self.edge(first + cells) - self.gap - self.edge(first)

    def cells(self, words: float) -> int:
        """Return how many cells words that are ``words`` dots long take: 1 to a whole row."""
        room = words + 2 * self.gap
        return next((n for n in range(1, self.columns) if self.wide(0, n) >= room), self.columns)


def sizes(kit: Kit, *, big: bool, width: int = 0) -> Sizes:
    """Return the sizes of a pad ``width`` dots wide; 0: as wide as the screen.

    The elder theme makes letters and targets larger by itself; ``big`` does the same on a theme
    of normal size.
    """
    upright, elder = kit.theme.portrait, kit.theme.elder
    large = big or elder
    inner = (width or kit.theme.width) - 2 * kit.px(MARGIN)
    least = kit.theme.target(0)
    over = kit.px(56 if large else 44) if upright else 0
    return Sizes(
        width=inner,
        key=kit.theme.target((112 if large else 92) if upright else 0),
        bar=max(kit.px(92), least + kit.px(10)) + over,
        gap=kit.px(GAP if upright else GAP - 1),
        columns=max(4, (inner + kit.px(GAP)) // kit.px(166 if large else 128)),
        upright=upright,
        letter=54 if big and not elder else 42,
        word=24 if elder else 36 if big else 30,
    )


def ground(kit: Kit, parts: Iterable[Node | None], size: Sizes) -> Node:
    """Lay the parts of a pad under one another on its ground, edge to edge."""
    edge, down = kit.px(MARGIN), kit.px(14)
    made = kit.column(parts, fill=GROUND, pad=(down, edge, down, edge))
    return meaning(styled(made, gap=size.gap), Role.GROUP, kit.say(text("input.pad")))


def row(kit: Kit, keys: Sequence[Node], size: Sizes, *, width: int = 0, height: int = 0) -> Node:
    """Set keys side by side over the whole ``width``; their ``grow`` shares it to the dot."""
    wide = width or size.width
    shares = list(accumulate((one.style.grow for one in keys), initial=0.0))
    room = wide - size.gap * (len(keys) - 1)
    ends = [round(room * share / shares[-1]) for share in shares]
    set_wide = [
        styled(one, width=end - start, grow=0.0)
        for one, start, end in zip(keys, ends, ends[1:], strict=False)
    ]
    made = kit.row(set_wide, align="stretch", width=wide, height=height or size.key)
    return styled(made, gap=size.gap)


def space(grow: float) -> Node:
    """Return room where no key is."""
    return styled(Node(role=Role.SPACE), grow=grow)


def key(
    kit: Kit,
    face: Node,
    target: str,
    *,
    label: str,
    kind: Look = "plain",
    grow: float = 1.0,
    height: int = 0,
) -> Node:
    """Return a key with a lower edge; without ``target`` it cannot be touched."""
    fill, lip, _ = _PAINT[kind]
    radius, edge = kit.px(RADIUS), kit.px(3)
    top = kit.column([face], fill=fill, radius=radius, justify="center", grow=1.0)
    made = kit.column([top], fill=lip, radius=radius, pad=(0, 0, edge, 0), grow=grow, height=height)
    if not target:
        return meaning(made, Role.GROUP, state=("off",))
    return meaning(made, Role.BUTTON, label, target=target)


def word_key(
    kit: Kit,
    words: str,
    target: str,
    size: float,
    *,
    kind: Look = "plain",
    grow: float = 1.0,
    height: int = 0,
) -> Node:
    """Return a key with words on it."""
    face = kit.words(words, size, _PAINT[kind][2], align="center", lines=1, leading=1.2)
    return key(kit, face, target, label=words, kind=kind, grow=grow, height=height)


def icon_key(
    kit: Kit,
    icon: str,
    target: str,
    size: float,
    *,
    label: str,
    kind: Look = "quiet",
    grow: float = 1.0,
    height: int = 0,
) -> Node:
    """Return a key with a picture on it; ``label`` is what it says."""
    face = kit.row([kit.icon(icon, size, _PAINT[kind][2])], justify="center")
    return key(kit, face, target, label=label, kind=kind, grow=grow, height=height)
