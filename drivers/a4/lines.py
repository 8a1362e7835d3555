"""Where a text may be broken into lines: Chinese between any two characters, Latin words whole.

Some marks may not begin a line and some may not end one (GB/T 15834, the usual 避头尾): a mark that
would begin a line takes the character before it along.  Pure.
"""

from __future__ import annotations

import re
from collections.abc import Callable

NEVER_FIRST = frozenset("，。、；：？！）》」』】〕”’…%,.;:?!)]}℃％")
NEVER_LAST = frozenset("（《「『【〔“‘([{￥¥")

_PIECES = re.compile(r"[A-Za-z0-9@#&/_+=.:,%~-]+|\s|.", re.DOTALL)

Width = Callable[[str], float]


def broken(text: str, wide: float, width: Width, indent: str = "") -> list[str]:
    """Return the lines of a text, each no wider than ``wide``; at least one, perhaps empty.

    Args:
        text: one paragraph.
        wide: room of a line, in the unit of ``width``.
        width: returns how wide a text is drawn.
        indent: what the first line begins with.
    """
    lines: list[str] = []
    line = [indent]
    for piece in _pieces(text, wide, width):
        if width("".join(line) + piece) <= wide:
            line.append(piece)
        elif not "".join(line).strip():  # blanks alone, which leave it no room
            line = [piece]
        elif piece.isspace():
            lines.append("".join(line))
            line = []
        else:
            kept, moved = _split(line, piece)
            if width("".join(moved) + piece) > wide:
                kept, moved = line, []
            lines.append("".join(kept))
            line = [*moved, piece]
    return [one.rstrip(" ") for one in (*lines, "".join(line))]


def _pieces(text: str, wide: float, width: Width) -> list[str]:
    """Return what is not broken; a word wider than a line is broken anywhere."""
    found: list[str] = []
    for piece in _PIECES.findall(text):
        found += [piece] if width(piece) <= wide else list(piece)
    return found


def _split(line: list[str], piece: str) -> tuple[list[str], list[str]]:
    """Return what of a full line stays, and what goes to the next before ``piece``.

    Pieces are taken along while the next line would begin with a mark that may not, or this one end
    with one; a row of marks is broken after all.
    """
    moved = 0
    while moved < min(4, len(line) - 1):
        first = line[-moved] if moved else piece
        if first[0] not in NEVER_FIRST and line[-moved - 1][-1:] not in NEVER_LAST:
            break
        moved += 1
    else:
        moved = 0
    place = len(line) - moved
    return line[:place], line[place:]
