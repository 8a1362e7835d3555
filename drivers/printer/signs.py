"""What the status bits of one model mean: questions, signs, and the status they spell. Pure.

Printers share the questions (DLE EOT 1 to 4) and not the bits: bit 6 of the paper answer is the
paper end on an Epson, an empty presenter on one Citizen and a full one on another. So every model
has a table: which bytes ask, how long the answer is, and which bits are a sign of what.

A thing is well only when *every* question that could show its trouble was answered; it is in
trouble as soon as *one* answer shows it; else nobody knows.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Literal, TypeVar

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

Paper = Literal["full", "low", "out", "jammed", "unknown"]
Cover = Literal["closed", "open", "unknown"]
Cutter = Literal["ok", "fault", "unknown"]
Head = Literal["ok", "hot", "unknown"]
Fault = Literal["none", "recoverable", "unrecoverable", "unknown"]
Line = Literal["online", "offline", "stalled", "unknown"]
Presenter = Literal["empty", "holding", "unknown"]
_Unknown = Literal["unknown"]
_Word = TypeVar("_Word", bound=str)


class Sign(StrEnum):
    """What one bit of an answer can mean; the words of a profile's `status` table."""

    OFFLINE = "offline"
    COVER_OPEN = "cover-open"
    PAPER_LOW = "paper-low"
    PAPER_OUT = "paper-out"
    PAPER_JAM = "paper-jam"
    CUTTER = "cutter"
    OVERHEATED = "overheated"
    ERROR = "error"
    """Something that a hand or the printer itself can mend."""
    BROKEN = "broken"
    """Something only a technician can mend."""
    EXIT_HOLDS = "exit-holds"
    """Paper hangs in the presenter."""
    EXIT_EMPTY = "exit-empty"
    """The presenter is empty."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Question:
    """One question about the printer's state, answered in real time.

    Attributes:
        ask: what is sent.
        answer: for each byte of the answer behind `head`, what its bits are a sign of.
        head: bytes the answer begins with; without them it is a single byte.
        framed: whether a single byte has the fixed bits ``0xx1xx10`` of the ESC/POS manuals.
    """

    ask: bytes
    answer: tuple[tuple[tuple[int, Sign], ...], ...]
    head: bytes = b""
    framed: bool = True

    @property
    def signs(self) -> frozenset[Sign]:
        """Everything an answer can show."""
        return frozenset(sign for bits in self.answer for _, sign in bits)

    def shown(self, answered: bytes) -> frozenset[Sign]:
        """Return what this answer (without its head) shows."""
        pairs = zip(self.answer, answered, strict=True)
        return frozenset(sign for bits, byte in pairs for mask, sign in bits if byte & mask)


@dataclass(frozen=True, kw_only=True, slots=True)
class PrinterStatus:
    """What the printer says about itself; every field has its own *unknown*."""

    paper: Paper = "unknown"
    cover: Cover = "unknown"
    cutter: Cutter = "unknown"
    head: Head = "unknown"
    error: Fault = "unknown"
    line: Line = "unknown"
    presenter: Presenter | None = None
    """None on a model without a presenter."""

    @property
    def answered(self) -> bool:
        """Whether the printer answered at least one question."""
        known = (self.paper, self.cover, self.cutter, self.head, self.error, self.line)
        return any(word != "unknown" for word in (*known, self.presenter or "unknown"))

    @property
    def trouble(self) -> str | None:
        """The one error code that stops printing now, or None; staff's next move comes first."""
        found = (
            ("stalled", self.line == "stalled"),
            ("coverOpen", self.cover == "open"),
            ("paperOut", self.paper == "out"),
            ("paperJammed", self.paper == "jammed"),
            ("cutterError", self.cutter == "fault"),
            ("printerError", self.error == "unrecoverable"),
            ("overheated", self.head == "hot"),
            ("printerError", self.error == "recoverable"),
            ("offline", self.line == "offline"),
        )
        return next((code for code, is_so in found if is_so), None)

    def words(self) -> dict[str, str]:
        """Return the named words, for messages and the command line."""
        named = {
            "paper": self.paper,
            "cover": self.cover,
            "cutter": self.cutter,
            "head": self.head,
            "error": self.error,
            "line": self.line,
        }
        return named | ({"presenter": self.presenter} if self.presenter else {})


def _bits(*pairs: tuple[int, Sign]) -> tuple[tuple[tuple[int, Sign], ...], ...]:
    return (pairs,)


ESC_POS: tuple[Question, ...] = (
    Question(ask=b"\x10\x04\x01", answer=_bits((0x08, Sign.OFFLINE))),
    Question(
        ask=b"\x10\x04\x02",
        answer=_bits((0x04, Sign.COVER_OPEN), (0x20, Sign.PAPER_OUT), (0x40, Sign.ERROR)),
    ),
    Question(
        ask=b"\x10\x04\x03",
        answer=_bits(
            (0x04, Sign.ERROR),
            (0x08, Sign.CUTTER),
            (0x20, Sign.BROKEN),
            (0x40, Sign.OVERHEATED),
        ),
    ),
    Question(
        ask=b"\x10\x04\x04",
        answer=_bits((0x0C, Sign.PAPER_LOW), (0x60, Sign.PAPER_OUT)),
    ),
)
"""DLE EOT 1 to 4 as Epson defined them: TM-U220 (easymanua.ls, pages 54-55), SRP-350, CT-S2000."""


@dataclass(slots=True)
class _Seen:
    """The signs that answers showed, and which of them could have been shown."""

    shown: set[Sign] = field(default_factory=set)
    open: set[Sign] = field(default_factory=set)
    """Signs that an unanswered question might show."""
    asked: set[Sign] = field(default_factory=set)

    def word(self, cases: Iterable[tuple[Sign, _Word]], well: _Word) -> _Word | _Unknown:
        """Return the word of the first sign shown; `well` when none could have been missed."""
        cases = tuple(cases)
        for sign, word in cases:
            if sign in self.shown:
                return word
        signs = {sign for sign, _ in cases}
        return well if signs & self.asked and not signs & self.open else "unknown"


def read_status(
    questions: Iterable[Question], answers: Mapping[bytes, bytes | None]
) -> PrinterStatus:
    """Return the status that the answers spell.

    Args:
        questions: The model's table.
        answers: What was asked (`Question.ask`) to its answer without head; None where none came.
    """
    seen = _Seen()
    for question in questions:
        answered = answers.get(question.ask)
        seen.asked |= question.signs
        if answered is None:
            seen.open |= question.signs
        else:
            seen.shown |= question.shown(answered)
    return _status(seen)


def _status(seen: _Seen) -> PrinterStatus:
    paper: list[tuple[Sign, Paper]] = [
        (Sign.PAPER_OUT, "out"),
        (Sign.PAPER_JAM, "jammed"),
        (Sign.PAPER_LOW, "low"),
    ]
    error: list[tuple[Sign, Fault]] = [(Sign.BROKEN, "unrecoverable"), (Sign.ERROR, "recoverable")]
    well: tuple[Paper, Fault] = ("full", "none")
    return PrinterStatus(
        paper=seen.word(paper, well[0]),
        cover=seen.word([(Sign.COVER_OPEN, "open")], "closed"),
        cutter=seen.word([(Sign.CUTTER, "fault")], "ok"),
        head=seen.word([(Sign.OVERHEATED, "hot")], "ok"),
        error=seen.word(error, well[1]),
        line=seen.word([(Sign.OFFLINE, "offline")], "online"),
        presenter=_presenter(seen),
    )


def _presenter(seen: _Seen) -> Presenter | None:
    words: tuple[Presenter, Presenter] = ("empty", "holding")
    empty, holding = words
    if Sign.EXIT_HOLDS in seen.asked:
        return seen.word([(Sign.EXIT_HOLDS, holding)], empty)
    if Sign.EXIT_EMPTY in seen.asked:
        return seen.word([(Sign.EXIT_EMPTY, empty)], holding)
    return None


def read_automatic_status(values: bytes) -> PrinterStatus:
    """Return the status of four automatic status bytes (GS a), as Epson defined them."""
    first, second, third = values[0], values[1], values[2]
    error: Fault = "unrecoverable" if second & 0x20 else "recoverable"
    return PrinterStatus(
        paper="out" if third & 0x0C else "low" if third & 0x03 else "full",
        cover="open" if first & 0x20 else "closed",
        cutter="fault" if second & 0x08 else "ok",
        head="hot" if second & 0x40 else "ok",
        error=error if second & 0x24 else "none",
        line="offline" if first & 0x08 else "online",
    )


def read_paper_in_order(value: int) -> Paper:
    """Return what a GS r 1 answer says: bits 2 and 3 are the end, bits 0 and 1 nearly so."""
    return "out" if value & 0x0C else "low" if value & 0x03 else "full"
