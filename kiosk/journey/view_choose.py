"""View models of finding a thing and choosing its items."""

from __future__ import annotations

from dataclasses import dataclass

from kiosk.journey.view_base import View
from kiosk.journey.view_parts import Action, Figure, Line, Text


@dataclass(frozen=True, kw_only=True, slots=True)
class ThingTile:
    """One 一件事 on the home page."""

    action: Action
    name: str
    items: int
    """How many items it joins."""
    here: int
    """How many of them can be filed on this terminal."""
    fill: int
    """How many facts the citizen gives."""
    bring: int
    """How many papers the citizen brings."""
    minutes: int
    """How long it takes here; 0 when nobody said."""
    icon: str
    available: bool
    """False: the guide can be read, the thing cannot be filed here now (see ``why``)."""
    why: Text | None = None
    found: Text | None = None
    """By which of its words a search found it."""


@dataclass(frozen=True, kw_only=True, slots=True)
class HomeView(View):
    """The things, and what else can be done here."""

    search: Action
    audiences: tuple[Action, ...]
    """Persons and enterprises; the chosen one is marked.  Empty when there are things for one."""
    themes: tuple[Action, ...]
    """Life events, then bundles; the chosen one is marked.  Empty when there is one only."""
    things: tuple[ThingTile, ...]
    """Of the chosen theme; of a bundle in the order in which they are done."""
    services: tuple[Action, ...]
    """Progress by slip or card …; only what works now."""
    together: Text | None = None
    """Why the things of the chosen bundle stand together, and what comes first."""


@dataclass(frozen=True, kw_only=True, slots=True)
class SearchView(View):
    """Find a thing by words, pinyin or initials; ``input`` holds the query."""

    things: tuple[ThingTile, ...]
    """What was found, best first; everything while nothing is written."""
    examples: tuple[Text, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class SituationBlock:
    """One question (情形) with its few answers."""

    code: str
    question: Text
    help: Text | None
    options: tuple[Action, ...]
    """``situation:<code>:<value>``; the answer is marked."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ItemChoice:
    """One item that can be chosen or left."""

    action: Action | None
    """``item:<code>``, marked when chosen; None when it can be neither chosen nor removed."""
    name: Text
    department: Text
    chosen: bool
    """It is filed, whether it could be removed or not."""
    why: Text | None
    """Why it cannot be chosen, or removed; or what it is, where nothing is filled in for it."""
    change: Text | None
    """What a touch would change: facts, papers, days."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ChooseView(View):
    """Situations and items; what each choice changes is seen at once in the figures."""

    figures: tuple[Figure, ...]
    situations: tuple[SituationBlock, ...]
    items: tuple[ItemChoice, ...]
    bring: tuple[Line, ...]
    """What is to be brought for this choice, the identity card first."""
    number: int
    """1-based number of this page, where elder letters make several of it."""
    of: int
