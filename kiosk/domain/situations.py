"""Situations (情形): which questions matter, what is known without asking, what answers spare.

A question is asked in its order when its condition holds (``when``), when no fact answers it
(``known_by``), and when its answers would make a difference to what is left after the questions
before it.  An answer to a question that is not asked any more counts for nothing, so that a changed
mind leaves no trace.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from kiosk.domain.catalogue import Item, Situation, SituationOption, Thing

Answers = Mapping[str, str]
NOTHING: Answers = {}


def asked(thing: Thing, answers: Answers, known: Answers = NOTHING) -> tuple[Situation, ...]:
    """Return the questions that matter, in their order, those with an answer included.

    ``answers`` are by a situation's code, ``known`` are facts by a field's key.
    """
    return tuple(own for own, by_fact in _walk(thing, answers, known) if not by_fact)


def answered(thing: Thing, answers: Answers, known: Answers = NOTHING) -> dict[str, str]:
    """Return the answers that count: given to a question that is asked, or known from a fact."""
    found = {}
    for own, by_fact in _walk(thing, answers, known):
        value = by_fact or answers.get(own.code, "")
        if own.option(value):
            found[own.code] = value
    return found


def options(
    thing: Thing, answers: Answers, known: Answers = NOTHING
) -> tuple[SituationOption, ...]:
    """Return the chosen options of the answers that count, in the questions' order."""
    counting = answered(thing, answers, known)
    pairs = ((own, counting.get(own.code, "")) for own in thing.situations)
    return tuple(option for own, value in pairs if (option := own.option(value)))


def taken_away(thing: Thing, answers: Answers, known: Answers = NOTHING) -> dict[str, str]:
    """Return the codes of items that answers take away, each with the catalogue's why."""
    gone: dict[str, str] = {}
    for option in options(thing, answers, known):
        gone |= dict.fromkeys(option.without, option.why)
    return gone


def narrowed(
    thing: Thing, items: Iterable[Item], answers: Answers, known: Answers = NOTHING
) -> tuple[Item, ...]:
    """Return the items without the fields and materials that the answers spare."""
    chosen = options(thing, answers, known)
    fields = {key for option in chosen for key in option.without_fields}
    materials = {key for option in chosen for key in option.without_materials}
    if not fields and not materials:
        return tuple(items)
    return tuple(
        replace(
            item,
            fields=tuple(own for own in item.fields if own.key not in fields),
            materials=tuple(own for own in item.materials if own.key not in materials),
        )
        for item in items
    )


def _walk(thing: Thing, answers: Answers, known: Answers) -> list[tuple[Situation, str]]:
    """Return the questions that count, each with the answer that a fact gives, or an empty one."""
    found: list[tuple[Situation, str]] = []
    given: dict[str, str] = {}
    gone: set[str] = set()
    for own in thing.situations:
        if not all(given.get(code) in values for code, values in own.when.items()):
            continue
        by_fact = _told(own, known)
        if not by_fact and not _matters(thing, own, gone):
            continue
        found.append((own, by_fact))
        option = own.option(by_fact or answers.get(own.code, ""))
        if option:
            given[own.code] = option.value
            gone |= set(option.without)
    return found


def _told(own: Situation, known: Answers) -> str:
    """Return the answer that a known fact gives, or an empty text."""
    value = known.get(own.known_by, "") if own.known_by else ""
    return next((one.value for one in own.options if value and value in one.known_values), "")


def _matters(thing: Thing, own: Situation, gone: set[str]) -> bool:
    """Tell whether the answers differ in what they do to the items that are left."""
    left = [item for item in thing.open_items if item.code not in gone]
    if not left:
        return False
    if any(own.code in later.when for later in thing.situations):
        return True
    codes = {item.code for item in left}
    fields = {field.key for item in left for field in item.fields}
    materials = {paper.key for item in left for paper in item.materials}
    effects = {
        (
            frozenset(codes & set(one.without)),
            frozenset(fields & set(one.without_fields)),
            frozenset(materials & set(one.without_materials)),
            frozenset(materials & set(one.lacks)),
        )
        for one in own.options
    }
    return len(effects) > 1
