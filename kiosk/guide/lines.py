"""Where a line of Chinese may end: no mark begins a line, no opening bracket ends one; pure.

The rules are those of setting Chinese (标点避头尾): the mark or bracket takes its neighbour along
to the next line.  Latin words and numbers stay whole.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

NO_START: Final = frozenset("，。、；：！？）》」』】〕”’…·%‰℃～—,.!?:;)]}/")
NO_END: Final = frozenset("（《「『【〔“‘¥([{")
_ATOM: Final = re.compile(r"[A-Za-z0-9_.@:/?&=#%+-]+ ?|.", re.DOTALL)


def broken(words: str, room: float, wide: Callable[[str], float]) -> list[str]:
    """Return ``words`` as lines that are at most ``room`` wide, as ``wide`` measures them."""
    lines, line = [], ""
    for piece in _pieces(words):
        if line and wide((line + piece).rstrip()) > room:
            lines.append(line.rstrip())
            line = ""
        line += piece
        while len(line) > 1 and wide(line.rstrip()) > room:  # longer than a whole line: cut hard
            fit = max(1, sum(wide(line[:n]) <= room for n in range(1, len(line))))
            lines.append(line[:fit])
            line = line[fit:]
    return [*lines, line.rstrip()] if line.strip() or not lines else lines


def _pieces(words: str) -> list[str]:
    """Return what no line may end inside of."""
    found: list[str] = []
    for atom in _ATOM.findall(words):
        if found and (atom[0] in NO_START or found[-1][-1] in NO_END):
            found[-1] += atom
        else:
            found.append(atom)
    return found
