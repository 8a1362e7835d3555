"""The strip of a training: what nobody takes for real stands over every page, and hands for it.

A session of a training (`kiosk.desk.training`) has a strip of gold over its page, whatever page it
is: the page is set in the room that is left, so that none can cover the mark or be without it.  On
the strip stand the hands that a learner lacks, because the devices are simulated: put the card
down, take it away, lay a paper under the camera; and the way out.  What is touched goes to the
training's own socket; nothing else of the session knows that it is a training.
"""

from __future__ import annotations

import json
import socket
import time
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from kiosk.journey.view import text
from screens import theme as look
from screens.semantic import Node, Role
from screens.widgets.kit import Kit, meaning, styled

if TYPE_CHECKING:
    from pathlib import Path

    from screens.standing import AnyPage
    from screens.theme import Theme

TARGET: Final = "training:"
"""Begins the targets of the strip."""
_ICONS: Final = {
    "card": "id-card",
    "lift": "arrow-up-from-line",
    "paper": "file-text",
    "code": "qr-code",
    "end": "log-out",
}
"""What can be done at the simulated devices, and the way out."""
_SCANS: Final = "progress_scan"
"""The page at which a slip's code is shown; elsewhere there are papers to lay down."""
_END: Final = "end"
_HIGH: Final = 116
_TOLD_EVERY: Final = 1.0
"""Seconds: so often a touch is told at most, besides those on the strip."""


class Learning:
    """The strip, and the way from it to the training."""

    def __init__(self, run: Path) -> None:
        """Take the directory of sockets; nothing is connected."""
        self._path = str(run / "training.sock")
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._socket.setblocking(False)
        self._told = 0.0
        self.wanted = ""
        """The shape of paper that the page on the screen asks for: ``page`` or ``card``."""

    def touched(self) -> None:
        """Tell that somebody is there."""
        now = time.monotonic()
        if now - self._told >= _TOLD_EVERY:
            self._told = now
            self._say({"op": "touched"})

    def obey(self, target: str) -> None:
        """Tell what was touched on the strip."""
        self._say({"op": target.removeprefix(TARGET), "wanted": self.wanted})

    def seen(self, page: AnyPage) -> None:
        """Hear which page is on the screen now."""
        self.wanted = getattr(page, "kind", "") if page.page == "capture" else ""

    def _say(self, message: dict[str, str]) -> None:
        with suppress(OSError):  # the training ends, or is too busy to hear: the finger comes again
            self._socket.sendto(json.dumps(message).encode(), self._path)


def room(theme: Theme) -> Theme:
    """Return the theme of a page below the strip."""
    return replace(theme, height=theme.height - height(theme))


def height(theme: Theme) -> int:
    """Return the dots that the strip takes: it has its targets whatever size the page is set in."""
    return replace(theme, size="normal").target(_HIGH)


def over(kit: Kit, page: Node, theme: Theme) -> Node:
    """Return a page with the strip over it."""
    last = "code" if page.value == _SCANS else "paper"
    strip = _strip(replace(kit, theme=replace(theme, size="normal")), ("card", "lift", last))
    below = styled(page, height=theme.height - height(theme), width=theme.width)
    return kit.column([strip, below], width=theme.width, fill=page.style.fill)


def _strip(kit: Kit, does: tuple[str, ...]) -> Node:
    said = kit.words(text("staff.learn.told"), 27, look.INK, grow=1.0, leading=1.2, balance=True)
    hands = [_button(kit, name) for name in does]
    edge = kit.px(24)
    line = kit.row(
        [_mark(kit), said, *hands, _button(kit, _END)],
        16,
        height=height(kit.theme),
        width=kit.theme.width,
        fill=look.GOLD_LIGHT,
        pad=(0, edge, 0, edge),
    )
    return meaning(line, Role.STATUS, kit.say(text("staff.training")), state=("training",))


def _mark(kit: Kit) -> Node:
    """Return the word that no page of a real terminal has."""
    word = kit.words(text("staff.learn.mark"), 54, look.CARD, "serif", leading=1.1)
    across = kit.px(22)
    return kit.row(
        [word],
        justify="center",
        height=kit.px(84),
        pad=(0, across, 0, across),
        fill=look.SEAL,
        radius=kit.px(14),
    )


def _button(kit: Kit, name: str) -> Node:
    label = text(f"staff.learn.{name}")
    ends = name == _END
    ink = look.CARD if ends else look.DEEP
    made = kit.column(
        [
            kit.icon(_ICONS[name], 34, ink),
            kit.words(label, 24, ink, "bold", align="center", leading=1.1),
        ],
        4,
        align="center",
        justify="center",
        height=kit.theme.target(88),
        min_width=kit.theme.target(132),
        fill=look.DEEP if ends else look.CARD,
        border=look.DEEP,
        border_width=kit.px(2),
        radius=kit.px(20),
    )
    return meaning(made, Role.BUTTON, kit.say(label), target=f"{TARGET}{name}")
