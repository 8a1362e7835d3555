"""The recovery card of a terminal: what a rescuer needs who holds its disk in the hand. Pure.

It is printed while the terminal is well and kept beside the machine, so it says when it was made:
what waited then is at least what has to be looked for.  Nothing on it is a secret or a citizen's:
the recovery key is named by its identifier (the first eight bytes of its public key's digest), as
`PublicKeys` and the key's own file name it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from kiosk.domain.roster import Contact
from kiosk.domain.roster_words import BELOW, Help, table
from kiosk.guide import a4
from kiosk.translation import Translator

if TYPE_CHECKING:
    from fpdf import FPDF

STEPS: Final = ("ring", "disk", "keep", "copy", "file")
"""What is to be done, in order."""
COMMANDS: Final = {
    "copy": "kiosk outbox export --from-file …/outbox/outbox.db --to …",
    "file": "kiosk outbox --state … recover … --key … --intake …",
}
"""Commands of the steps that have one; whole in docs/reliability.md."""
Line = dict[str, str | bool]
_TITLE, _BODY, _SMALL = 24.0, 14.0, 12.0
_HOUR, _DAY = 3600, 86400
_NAME, _PHONE, _ROW = 52.0, 38.0, 26.0
"""Columns in millimetres of whom to ring, the hours have the rest; and the highest of a row."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Card:
    """What stands on the card.

    Attributes:
        terminal: its id.
        place: hall and machine.
        ring: whom to ring: name, number, and the hours in which somebody answers; a name may be
            empty.
        key: identifier of the recovery key, hexadecimal; empty: there is none.
        waiting: submissions on the disk that are not filed.
        oldest_s: age in seconds of the oldest of them.
        at: when it was made, ``YYYY-MM-DD HH:MM``.
        by: work number of who made it, or empty.
    """

    terminal: str
    place: str
    ring: tuple[tuple[str, str, tuple[str, ...]], ...]
    key: str
    waiting: int
    oldest_s: int
    at: str
    by: str = ""


def whom(
    help_: Help, staff: Mapping[str, tuple[Contact, ...]], words: Translator
) -> tuple[tuple[str, str, tuple[str, ...]], ...]:
    """Return whom a rescuer rings: the centre, where its numbers are set down, then all others."""
    centre = staff.get("centre", ())
    first = table(replace(help_, roster=centre), words.text) if centre else ()
    return (*first, *table(help_, words.text))


def slip(card: Card, words: Translator) -> dict[str, object]:
    """Return the card for the roll of the receipt printer."""
    head: list[Line] = [{"label": one, "value": other} for one, other in _head(card, words)]
    steps: list[Line] = [{"text": step} for step in _steps(words)]
    lines: list[Line] = [
        {"big": _waits(card, words)},
        {"rule": True},
        *head,
        {"rule": True},
        *_ring(card, words),
        {"rule": True},
        *steps,
        {"rule": True},
        {"text": words.text("rescue.nobody")},
    ]
    return {"title": words.text("rescue.title"), "lines": lines}


def pdf(card: Card, words: Translator) -> bytes:
    """Return the card as an A4 page.

    Raises:
        kiosk.guide.a4.FontsNotBuilt: there are no fonts on this machine.
        kiosk.guide.a4.CharactersMissing: the faces lack a character.
    """
    title, waits, nobody = (
        words.text("rescue.title"),
        _waits(card, words),
        words.text("rescue.nobody"),
    )
    head = tuple(f"{label}：{value}" for label, value in _head(card, words))
    steps = _steps(words)
    commands = tuple(COMMANDS.values())
    ring = tuple(str(one) for line in _ring(card, words) for one in line.values())
    sheet = a4.blank((title, waits, *head, *ring, *steps, *commands, nobody))
    sheet.add_page()
    a4.lines(sheet, (title,), size=_TITLE, style="B")
    a4.lines(sheet, (waits,), size=_TITLE)
    a4.rule(sheet)
    a4.lines(sheet, head, size=_BODY)
    a4.rule(sheet)
    _ring_on(sheet, card, words)
    a4.rule(sheet)
    _steps_on(sheet, steps)
    a4.rule(sheet)
    a4.lines(sheet, (nobody,), size=_SMALL, ink=70)
    a4.whole(sheet)
    return bytes(sheet.output())


def _ring(card: Card, words: Translator) -> tuple[Line, ...]:
    """Return whom to ring, each number with its hours below it."""
    found: list[Line] = [{"text": words.text("rescue.head.phone")}]
    for name, phone, hours in card.ring:
        found.append({"label": name, "value": phone} if name else {"text": phone})
        found += [{"text": BELOW + line} for line in hours]
    return tuple(found)


def _ring_on(sheet: FPDF, card: Card, words: Translator) -> None:
    """Write the same as a table: name, number, hours; their rows begin at the same height."""
    a4.lines(sheet, (words.text("rescue.head.phone"),), size=_BODY)
    for name, phone, hours in card.ring:
        a4.space(sheet, 2)
        a4.keep(sheet, _ROW)
        top = sheet.get_y()
        a4.lines(sheet, (name,), size=_BODY, room=_NAME)
        low = sheet.get_y()
        sheet.set_y(top)
        a4.lines(sheet, (phone,), size=_BODY, style="B", inset=_NAME, room=_NAME + _PHONE)
        sheet.set_y(top)
        a4.lines(sheet, hours, size=_SMALL, inset=_NAME + _PHONE)
        sheet.set_y(max(low, sheet.get_y()))


def _steps_on(sheet: FPDF, steps: tuple[str, ...]) -> None:
    for name, step in zip(STEPS, steps, strict=True):
        a4.space(sheet, 3)
        a4.lines(sheet, (step,), size=_BODY)
        if name in COMMANDS:
            a4.lines(sheet, (COMMANDS[name],), size=_SMALL, inset=8)


def _steps(words: Translator) -> tuple[str, ...]:
    return tuple(f"{n}. {words.text(f'rescue.step.{name}')}" for n, name in enumerate(STEPS, 1))


def _waits(card: Card, words: Translator) -> str:
    return words.text("rescue.waits" if card.waiting else "rescue.empty", n=card.waiting)


def _head(card: Card, words: Translator) -> tuple[tuple[str, str], ...]:
    grouped = " ".join(card.key[at : at + 4] for at in range(0, len(card.key), 4))
    told = [
        ("at", f"{card.at} {card.by}".strip()),
        ("terminal", card.terminal),
        ("place", card.place),
        ("key", grouped or words.text("rescue.no_key")),
    ]
    if card.waiting:
        told.append(("oldest", age(card.oldest_s, words)))
    return tuple((words.text(f"rescue.head.{name}"), value) for name, value in told)


def age(seconds: int, words: Translator) -> str:
    """Return an age in days or hours; under an hour it is told as that."""
    if seconds >= _DAY:
        return words.text("rescue.days", n=seconds // _DAY)
    return (
        words.text("rescue.hours", n=seconds // _HOUR)
        if seconds >= _HOUR
        else words.text("rescue.fresh")
    )
