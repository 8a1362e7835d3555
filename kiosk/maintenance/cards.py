"""Fault cards: one page a fault, from the same words that maintenance mode shows.

``docs/operator/fault-cards.md`` is made here; `kiosk faults --format pdf` prints one A4 page a
fault, to be cut out and hung beside the machine.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from kiosk.guide import a4
from kiosk.maintenance.faults import Fault, Loses, Told, listed, told
from kiosk.translation import Translator

if TYPE_CHECKING:
    from fpdf import FPDF

_PLACES: Final[Mapping[str, str]] = dict.fromkeys(
    ("count", "hours", "free", "ms", "seconds", "degrees", "days", "unit"), "…"
)
"""What stands for a value that only the machine knows."""
_TITLE, _TEXT, _STEP, _SMALL = 30.0, 18.0, 20.0, 13.0
_BAND: Final = {Loses.ALL: 60, Loses.SOME: 130, Loses.SOON: 200}
"""Grey of the band at the top: the darker, the more citizens lose."""
_BAND_HIGH: Final = 16.0
_NUMBER: Final = 14.0
_LINE: Final = "：____________________"
"""Where a number is written by hand."""


def cards() -> tuple[Fault, ...]:
    """Return every fault, worst first, with a place for what only the machine knows."""
    return tuple(replace(one, values=_PLACES) for one in listed())


def markdown(words: Translator) -> str:
    """Return all cards as one page of text."""
    head = (f"# {words.text('faults.head.cards')}", "", words.text("faults.head.intro"), "")
    kept = (f"> {words.text('faults.head.kept')}", "")
    return "\n".join((*head, *kept, *(line for one in cards() for line in _written(one, words))))


def pdf(words: Translator, phones: Mapping[str, str] | None = None) -> bytes:
    """Return the cards to print, an A4 page each; ``phones``: the number to ring, by whom.

    Raises:
        kiosk.guide.a4.FontsNotBuilt: there are no fonts on this machine.
        kiosk.guide.a4.CharactersMissing: the faces lack a character.
    """
    sheet = a4.blank((markdown(words), *_heads(words), *(phones or {}).values(), _LINE))
    for fault in cards():
        sheet.add_page()
        _card(sheet, fault, words, (phones or {}).get(fault.call, ""))
    a4.whole(sheet)
    return bytes(sheet.output())


def _heads(words: Translator) -> tuple[str, ...]:
    return tuple(
        words.text(f"faults.head.{name}") for name in ("seen", "loss", "steps", "call", "phone")
    )


def _written(fault: Fault, words: Translator) -> Iterator[str]:
    own = told(fault, words)
    yield f"## {own.title}"
    yield ""
    yield f"**{words.text(f'faults.head.level.{fault.loses}')}** · {own.loss}"
    yield ""
    yield from (f"{number}. {step}" for number, step in enumerate(own.steps, 1))
    yield ""
    yield f"{words.text('faults.head.call')}：{own.call}"
    yield ""


def _card(sheet: FPDF, fault: Fault, words: Translator, phone: str) -> None:
    own = told(fault, words)
    _band(sheet, fault, words)
    _part(sheet, words.text("faults.head.seen"), (own.title,), size=_TITLE, style="B")
    _part(sheet, words.text("faults.head.loss"), (own.loss,), size=_TEXT)
    _steps(sheet, own, words)
    _ring(sheet, own, words, phone)


def _band(sheet: FPDF, fault: Fault, words: Translator) -> None:
    grey = _BAND[fault.loses]
    sheet.set_fill_color(grey)
    sheet.rect(0, 0, 210, _BAND_HIGH, style="F")
    sheet.set_y(4)
    ink = 255 if grey < max(_BAND.values()) else 0
    a4.lines(
        sheet,
        (words.text(f"faults.head.level.{fault.loses}"),),
        size=_TEXT,
        style="B",
        ink=ink,
    )
    sheet.set_y(_BAND_HIGH + 10)


def _part(
    sheet: FPDF, heading: str, texts: tuple[str, ...], *, size: float, style: str = ""
) -> None:
    a4.lines(sheet, (heading,), size=_SMALL, ink=70)
    a4.space(sheet, 1)
    a4.lines(sheet, texts, size=size, style=style)
    a4.space(sheet, 8)


def _steps(sheet: FPDF, own: Told, words: Translator) -> None:
    a4.rule(sheet)
    a4.space(sheet, 4)
    a4.lines(sheet, (words.text("faults.head.steps"),), size=_SMALL, ink=70)
    for number, step in enumerate(own.steps, 1):
        a4.space(sheet, 4)
        top = sheet.get_y()
        a4.lines(sheet, (str(number),), size=_TITLE, style="B")
        sheet.set_y(top + 1.5)
        a4.lines(sheet, (step,), size=_STEP, inset=_NUMBER)
        sheet.set_y(max(sheet.get_y(), top + _TITLE * a4.LEADING))
    a4.space(sheet, 8)


def _ring(sheet: FPDF, own: Told, words: Translator, phone: str) -> None:
    a4.rule(sheet)
    a4.space(sheet, 4)
    line = words.text("faults.head.phone") + (f"：{phone}" if phone else _LINE)
    _part(sheet, words.text("faults.head.call"), (own.call,), size=_TEXT, style="B")
    a4.lines(sheet, (line,), size=_TEXT)
    a4.space(sheet, 10)
    a4.lines(sheet, (words.text("faults.head.kept"),), size=_SMALL, ink=70)
