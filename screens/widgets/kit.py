"""What every part needs: the theme and the words; and the smallest parts."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from kiosk.journey.view import plain
from screens import theme as look
from screens.fonts import icon as glyph
from screens.semantic import Align, Face, Node, Role, Style, Type

if TYPE_CHECKING:
    from datetime import datetime

    from kiosk.journey.view import Text
    from screens.input.composition import Composition
    from screens.theme import Theme

PAD: Final = "pad"
"""State of the pad: what is composed on it changes without the page."""
WHOLE: Final = "whole"
"""State of a node whose parts belong together: it is not cut between two leaves."""
HEADS: Final = "heads"
"""State of a heading with what stands beside it: a leaf does not end with it."""
MARGIN: Final = 48
RAIL: Final = 600
"""Units of the rail of a lying screen."""
GAP: Final = 20
TURN: Final = "screen:turn:"
"""Targets that only turn a leaf of the page: ``screen:turn:+1``; they are not intents."""
RADIUS: Final = 28
EMBLEM: Final = "emblem"
"""State of the node that staff hold to come in; it says nothing to citizens."""
FOCUSED: Final = "focused"
"""State of the node that is being written into: its leaf is turned up first."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Kit:
    """Theme and language of a page."""

    theme: Theme
    say: Callable[[Text], str]
    """Turns a text key with values into words."""
    now: datetime
    """Wall clock of the terminal, for the foot of the idle pages."""
    leaf: int = 0
    """Which leaf of a page is turned up (the month of a calendar); turned by :data:`TURN`."""

    composition: Composition | None = None
    """What is being composed on the pad; None where nothing is written."""
    chinese: bool = True
    """Whether there is a dictionary to write Chinese with."""

    @property
    def elder(self) -> bool:
        """Whether elder letters are on."""
        return self.theme.elder

    @property
    def upright(self) -> bool:
        """Whether the screen stands upright."""
        return self.theme.portrait

    @property
    def body_width(self) -> int:
        """Return the dots across that the blocks of a page have."""
        rail = 0 if self.upright else self.px(RAIL)
        return self.theme.width - rail - 2 * self.px(MARGIN)

    def named(self, words: str) -> str:
        """Return words of the catalogue in the language of the page."""
        return self.say(plain(words))

    def px(self, units: float) -> int:
        """Return ``units`` in dots."""
        return self.theme.px(units)

    def words(
        self,
        text: Text | str | None,
        size: float = 32,
        colour: str = look.INK,
        face: Face = "sans",
        *,
        align: Align = "start",
        grow: float = 0.0,
        lines: int = 0,
        balance: bool = False,
        leading: float = 1.36,
        role: Role = Role.TEXT,
        hint: str = "",
    ) -> Node:
        """Set a text (or ready words) ``size`` units high."""
        label = text if isinstance(text, str) else self.say(text) if text else ""
        words = Type(
            size=self.theme.type(size),
            colour=colour,
            face=face,
            align=align,
            lines=lines,
            balance=balance,
            leading=leading,
        )
        return Node(role=role, label=label, hint=hint, style=Style(type=words, grow=grow))

    def icon(self, name: str, size: float = 44, colour: str = look.DEEP_2) -> Node:
        """Draw the Lucide icon called ``name``; it grows with the letters."""
        dots = self.theme.icon(size)
        words = Type(size=dots, colour=colour, face="icon", leading=1.0)
        style = Style(type=words, width=dots, height=dots)
        return Node(role=Role.IMAGE, label=glyph(name), style=style)

    def column(self, children: Iterable[Node | None], gap: float = 0, **style: object) -> Node:
        """Set children one under another."""
        return self._group(children, gap, "column", style)

    def row(self, children: Iterable[Node | None], gap: float = 0, **style: object) -> Node:
        """Set children side by side, centred on one line unless told otherwise."""
        return self._group(children, gap, "row", {"align": "center", **style})

    def grid(
        self, children: Iterable[Node | None], columns: int, gap: float = GAP, **style: object
    ) -> Node:
        """Set children in ``columns`` columns of equal width."""
        return self._group(children, gap, "grid", {"columns": columns, **style})

    def stack(self, children: Iterable[Node | None]) -> Node:
        """Lay children over one another, centred."""
        return self._group(children, 0, "stack", {"align": "center", "justify": "center"})

    def _group(
        self, children: Iterable[Node | None], gap: float, flow: str, style: dict[str, object]
    ) -> Node:
        kept = tuple(child for child in children if child is not None)
        made = Style(flow=flow, gap=self.px(gap), **style)  # type: ignore[arg-type]
        return Node(role=Role.GROUP, style=made, children=kept)

    def card(
        self,
        children: Iterable[Node | None],
        pad: tuple[float, float] = (28, 32),
        *,
        gap: float = 0,
        fill: str = look.CARD,
        border: str = look.LINE,
        **style: object,
    ) -> Node:
        """Return a white card; ``pad`` is (upright, across)."""
        down, across = self.px(pad[0]), self.px(pad[1])
        return self.column(
            children,
            gap,
            **{
                "pad": (down, across, down, across),
                "fill": fill,
                "border": border,
                "border_width": max(1, self.px(2)),
                "radius": self.px(RADIUS),
                **style,
            },
        )

    def space(self, grow: float = 1.0, least: float = 0) -> Node:
        """Return room that stretches."""
        style = Style(grow=grow, min_height=self.px(least))
        return Node(role=Role.SPACE, style=style)

    def rule(self, colour: str = look.LINE) -> Node:
        """Return a hairline across."""
        style = Style(fill=colour, height=max(1, self.px(1.6)))
        return Node(role=Role.SPACE, style=style)

    def badge(self, words: Text | str, kind: str = "done", icon: str = "") -> Node:
        """Return a small rounded label: ``done`` green, ``bring`` gold, ``quiet`` grey."""
        fill, colour = {
            "done": (look.JADE_WASH, look.JADE_INK),
            "bring": (look.GOLD_WASH, look.GOLD_INK),
            "trouble": (look.SEAL_WASH, look.SEAL_INK),
        }.get(kind, ("#EDE8DC", look.INK_2))
        parts = [self.icon(icon, 24, colour) if icon else None, self.words(words, 24, colour)]
        down, across = self.px(6), self.px(16)
        radius = self.px(36 if self.elder else 24)
        return self.row(parts, 8, fill=fill, radius=radius, pad=(down, across, down, across))


def styled(node: Node, **changes: object) -> Node:
    """Return ``node`` with parts of its style changed."""
    return replace(node, style=replace(node.style, **changes))  # type: ignore[arg-type]


def meaning(node: Node, role: Role, label: str = "", *, target: str = "", **more: object) -> Node:
    """Return ``node`` with what it is to a person, and what a touch on it says."""
    return replace(node, role=role, label=label, target=target, **more)  # type: ignore[arg-type]
