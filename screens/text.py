"""Breaking Chinese lines.

The rules of horizontal setting (GB/T 15834, and the common 避头尾 lists): a line does not start
with a closing mark or end with an opening one; a number stays with what it counts (“12 张”); Latin
words and numbers are not cut; a word of our own small list is not cut while there is another way;
and the last line is never a lone character.  Among all ways that fit, the one is taken that looks
calmest: fewest lines, then breaks after punctuation, then even lengths.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import accumulate
from pathlib import Path
from typing import Final

from screens.fonts import advance, letter
from screens.semantic import Face

NO_START: Final = frozenset("、，。：；！？）》」』】〕”’…·%‰℃～—,.!?:;)]}/-")
NO_END: Final = frozenset("（《「『【〔“‘¥([{")
PAUSE: Final = frozenset("，。；！？：、")
COUNTERS: Final = frozenset("张件项样个位天年月日元分秒次号小工楼层页份岁家公里步")
ELLIPSIS: Final = "…"
_PHRASES: Final = Path(__file__).resolve().parent.parent / "assets" / "phrases" / "zh.txt"
_HAN: Final = "\u3007\u3400-\u9fff\U00020000-\U0003ffff·"
_LATIN: Final = r"(?:[A-Za-z0-9*+.@:/_#'’-]|(?<=[0-9]),(?=[0-9]))+"
_ATOM: Final = re.compile(
    # a person's name among Latin words
    rf"(?:(?<=[A-Za-z0-9,.:;)] )(?=[{_HAN}]+(?:[ .,;:!?]|$))|^(?=[{_HAN}]+ +[A-Za-z]))"
    rf"[{_HAN}]{{2,8}}(?=[ .,;:!?]|$)"
    # 13 Nov 2026, 3 papers
    rf"|[0-9]{{1,2}} [A-Za-z][a-z]+(?: [0-9]{{4}}(?![0-9]))?"
    # No. 47; a number in groups; a word
    rf"|No\. [0-9]+|(?=[0-9*]){_LATIN}(?: (?=[0-9*]){_LATIN})*|{_LATIN}|.",
    re.DOTALL,
)
_CUT_WORD: Final = 2.0
_LONELY: Final = {0: 4.0, 1: 4.0, 2: 4.0, 3: 1.5}
"""What a last line of so many characters costs."""


@cache
def phrases() -> tuple[str, ...]:
    """Return the words that should stay whole, longest first."""
    lines = _PHRASES.read_text(encoding="utf-8").split("\n")
    words = {line.strip() for line in lines if line.strip() and not line.startswith("#")}
    return tuple(sorted(words, key=len, reverse=True))


def _glued(left: str, right: str) -> bool:
    """Whether no line may end between two neighbouring atoms."""
    counts = left.rstrip()[-1:].isdigit() and right[0] in COUNTERS
    return counts or right == " " or right[0] in NO_START or left[-1] in NO_END


@lru_cache(maxsize=256)
def atoms(words: str) -> tuple[str, ...]:
    """Split ``words`` (one paragraph) into the pieces that no line may cut."""
    pieces: list[str] = []
    for found in _ATOM.finditer(words):
        piece = found.group()
        if pieces and _glued(pieces[-1], piece):
            pieces[-1] += piece
        else:
            pieces.append(piece)
    return tuple(pieces)


def _inside_words(words: str) -> frozenset[int]:
    """Return the offsets that lie inside a word of the list."""
    inside: set[int] = set()
    taken: set[int] = set()
    for phrase in phrases():
        start = words.find(phrase)
        while start >= 0:
            span = range(start, start + len(phrase))
            if not taken.intersection(span):
                taken.update(span)
                inside.update(span[1:])
            start = words.find(phrase, start + 1)
    return frozenset(inside)


@dataclass(frozen=True, kw_only=True, slots=True)
class _Paragraph:
    """One paragraph and the measure it is set to."""

    words: str
    starts: tuple[int, ...]
    """Offset of every piece, and the end."""
    ends: tuple[float, ...]
    """Where every letter ends when all are set in one line, in dots; begins with 0."""
    inside: frozenset[int]
    room: int
    balance: bool

    def length(self, start: int, end: int) -> float:
        """Return how long the letters between two offsets are without the spaces at both ends."""
        while start < end and self.words[start].isspace():
            start += 1
        while start < end and self.words[end - 1].isspace():
            end -= 1
        return self.ends[end] - self.ends[start]

    def cost(self, line: str, length: float, end: int) -> float:
        """How unpleasant it is to end ``line`` before piece ``end``: 0 is calm."""
        slack = 1 - min(length, self.room) / self.room
        if end == len(self.starts) - 1:
            if self.balance:
                return slack**2 + (4.0 if len(line.strip()) == 1 else 0.0)
            return _LONELY.get(len(line.strip()), 0.0)
        cut = _CUT_WORD if self.starts[end] in self.inside else 0.0
        calm = 0.4 if self.balance else 0.12
        pause = -calm if line.rstrip()[-1:] in PAUSE else 0.0
        return slack**2 + pause + cut

    def best(self, end: int, before: list[tuple[float, int]]) -> tuple[float, int]:
        """Choose where the line that ends before piece ``end`` begins: its cost, its begin."""
        choice = (float("inf"), end - 1)
        for begin in range(end - 1, -1, -1):
            length = self.length(self.starts[begin], self.starts[end])
            if length > self.room and begin < end - 1:
                break
            line = self.words[self.starts[begin] : self.starts[end]]
            choice = min(choice, (before[begin][0] + 1.0 + self.cost(line, length, end), begin))
        return choice

    def lines(self) -> list[str]:
        """Return the calmest lines."""
        before: list[tuple[float, int]] = [(0.0, 0)]
        for end in range(1, len(self.starts)):
            before.append(self.best(end, before))
        lines: list[str] = []
        end = len(self.starts) - 1
        while end > 0:
            begin = before[end][1]
            lines.append(self.words[self.starts[begin] : self.starts[end]].strip())
            end = begin
        return lines[::-1]


@lru_cache(maxsize=1024)
def break_lines(
    words: str, *, face: Face, size: int, room: int, balance: bool = False
) -> tuple[str, ...]:
    r"""Break ``words`` into lines at most ``room`` dots long; ``\n`` always breaks."""
    lines: list[str] = []
    for paragraph in words.split("\n"):
        if advance(paragraph, face, size) <= room:
            lines.append(paragraph)
            continue
        starts = [0]
        for piece in _fitting(atoms(paragraph), face, size, room):
            starts.append(starts[-1] + len(piece))
        setting = _Paragraph(
            words=paragraph,
            starts=tuple(starts),
            ends=(0.0, *accumulate(letter(one, face, size) for one in paragraph)),
            inside=_inside_words(paragraph),
            room=room,
            balance=balance,
        )
        lines += setting.lines()
    return tuple(lines)


def _fitting(pieces: tuple[str, ...], face: Face, size: int, room: int) -> list[str]:
    """Cut pieces that are longer than a whole line."""
    fitting: list[str] = []
    for piece in pieces:
        rest = piece
        while len(rest) > 1 and advance(rest, face, size) > room:
            fit = max(1, sum(advance(rest[:n], face, size) <= room for n in range(1, len(rest))))
            fit = rest.rfind(" ", 0, fit + 1) + 1 or fit
            fitting.append(rest[:fit])
            rest = rest[fit:]
        fitting.append(rest)
    return fitting


def shorten(
    lines: tuple[str, ...], most: int, *, face: Face, size: int, room: int
) -> tuple[str, ...]:
    """Keep ``most`` lines; a cut is shown by an ellipsis."""
    if not most or len(lines) <= most:
        return lines
    last = lines[most - 1].rstrip("，、。；：") + ELLIPSIS
    while advance(last, face, size) > room and len(last) > 1:
        last = last[:-2] + ELLIPSIS
    return (*lines[: most - 1], last)
