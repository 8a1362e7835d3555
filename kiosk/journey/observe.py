"""What a script may expect of a page: a view as a few plain facts.

Only facts that are the same for everybody, and the citizen's own numbers never: the session hands
these to a rehearsal over a local socket.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from datetime import timedelta

from kiosk.journey.view import (
    Action,
    AnyView,
    DateView,
    FormRow,
    ItemChoice,
    MaterialRow,
    Notice,
    OtherValue,
    ReviewRow,
)

ABSENT = "!"
"""Begins a word that must not be in a list of facts."""

Observed = dict[str, str | bool | int | list[str]]

_PLAIN = frozenset(
    {
        "page",
        "held",
        "phase",
        "armed",
        "outcome",
        "printing",
        "field",
        "of",
        "slow",
        "card_left",
        "left",
        "number",
        "ready",
        "kind",
        "reading",
        "signed",
        "by_card",
        "asking",
        "spared_count",
        "filled_for_you",
        "filled_by_you",
    }
)
_PRESENT = frozenset(
    {
        "qr",
        "local_no",
        "seal",
        "person",
        "why",
        "card_notice",
        "input",
        "keep",
        "more",
        "commit",
        "address",
    }
)
"""Facts told only as *there* or *not there*."""
_COUNTED = frozenset({"things", "items", "rows", "known", "strokes", "cases", "checks", "groups"})
"""Facts told by how many there are."""


def observed(view: AnyView) -> Observed:
    """Return the facts of a view.

    ``title``, ``lead``, ``alert`` and ``notices`` are the keys of the words, ``targets`` all that
    can be touched, ``chosen`` those of them that are marked; ``things`` and ``items`` are counts.
    Of a form, ``fields`` are the keys that are asked here and ``whys`` the words' keys beside them;
    ``states`` are ``<paper>:<state>``, ``says`` the words beside values that somebody disputes.
    """
    facts: Observed = {}
    for own in fields(view):
        value = getattr(view, own.name)
        if own.name == "number" and not isinstance(value, int):
            facts[own.name] = bool(value)
        elif own.name in _PLAIN and isinstance(value, str | bool | int):
            facts[own.name] = value
        elif own.name in _PRESENT:
            facts[own.name] = bool(value)
        elif own.name in _COUNTED:
            facts[own.name] = len(value)
    found = list(_within(view))
    facts["notices"] = [n.text.key for n in found if isinstance(n, Notice)]
    facts["faults"] = [r.fault.key for r in found if isinstance(r, FormRow) and r.fault]
    facts["fields"] = [r.key for r in found if isinstance(r, FormRow)]
    facts["whys"] = [r.why.key for r in found if isinstance(r, FormRow | ItemChoice) and r.why]
    facts["says"] = [r.says.key for r in found if isinstance(r, ReviewRow) and r.says] + [
        r.words.key for r in found if isinstance(r, OtherValue)
    ]
    facts["states"] = [f"{r.key}:{r.state}" for r in found if isinstance(r, MaterialRow)]
    facts["size"], facts["language"] = view.frame.size, view.frame.language
    facts["alert"] = view.frame.alert.key if view.frame.alert else ""
    facts["title"] = view.title.key
    facts["lead"] = view.lead.key if view.lead else ""
    facts["chosen"] = [a.target for a in found if isinstance(a, Action) and a.chosen]
    targets = [a.target for a in found if isinstance(a, Action) and a.target]
    targets += _written(view)
    facts["targets"] = targets + (_days(view) if isinstance(view, DateView) else [])
    return facts


def _days(view: DateView) -> list[str]:
    """Return the targets of a calendar's days."""
    days = range((view.last - view.first).days + 1)
    return [view.target(view.first + timedelta(days=n)) for n in days]


def _written(view: AnyView) -> list[str]:
    """Return the touches that the pad and the signature's field make; any words may be written."""
    if view.input is None:
        return []
    return ["text:1", "done", *(["erase"] if view.input.value else [])]


def _within(value: object) -> Iterator[object]:
    """Walk through a view and everything in it."""
    yield value
    if isinstance(value, tuple):
        for part in value:
            yield from _within(part)
    elif is_dataclass(value):
        for own in fields(value):
            yield from _within(getattr(value, own.name))


def unmet(facts: Observed, expected: dict[str, str | bool | int]) -> list[str]:
    """Return what is not as expected, one line each.

    A list has to contain the expected word, and must not contain one that begins with ``!``.
    """
    return [
        f"{key}: expected {wanted!r}, is {facts.get(key)!r}"
        for key, wanted in expected.items()
        if not _met(facts.get(key), wanted)
    ]


def _met(found: str | bool | int | list[str] | None, wanted: str | bool | int) -> bool:
    if isinstance(wanted, bool):
        return bool(found) is wanted
    if isinstance(found, list):
        word = str(wanted)
        return word[1:] not in found if word.startswith(ABSENT) else word in found
    return found == wanted
