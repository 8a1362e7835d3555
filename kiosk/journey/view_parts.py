"""What views are made of: words, touches, bars, notices, lines."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Text:
    """A translation key with the values that go into its ``{…}`` places."""

    key: str
    values: tuple[tuple[str, str], ...] = ()


def text(key: str, **values: object) -> Text:
    """Return the text ``key`` with ``values`` (turned into strings)."""
    return Text(key, tuple((name, str(value)) for name, value in values.items()))


def plain(words: str) -> Text:
    """Return words that are data, not interface text: ``plain: "{text}"`` in every language."""
    return text("plain", text=words)


@dataclass(frozen=True, kw_only=True, slots=True)
class Action:
    """A thing to touch.  ``target`` is the stable id that the screen hands back."""

    target: str
    label: Text
    icon: str = ""
    """Lucide name, or empty."""
    chosen: bool = False
    note: Text | None = None
    """A second, smaller line."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Steps:
    """The five bars: ``done`` full bars, then ``part`` (0–1) of the next one."""

    done: int
    part: float
    of: int = 5


Size = Literal["normal", "elder"]
"""Elder: larger letters and targets, one question a page."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Frame:
    """Top and bottom bar, the same on every page."""

    service: str
    """Who serves here, e.g. 新乡市政务服务."""
    place: str
    """Where the terminal stands."""
    thing: str | None
    """Name of the thing once one was opened; stands in the top bar instead of the service."""
    steps: Steps | None
    nav: tuple[Action, ...]
    """Left of the bottom bar, in order home, back, help; only those that work now."""
    go: Action | None
    """The way on: right, green; absent when there is none yet."""
    tools: tuple[Action, ...] = ()
    """Right of the top bar: larger letters (``size``, chosen when on), the other language."""
    size: Size = "normal"
    language: str = "zh"
    alert: Text | None = None
    """What is wrong with the machine itself; stands in the top bar instead of thing and service."""


NoticeKind = Literal["trouble", "info", "bring", "done"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Notice:
    """A block that says what is so, and what to do now."""

    kind: NoticeKind
    text: Text
    hint: Text | None = None
    """What to do next."""
    actions: tuple[Action, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Figure:
    """A large number: what the thing costs the citizen."""

    label: Text
    value: str
    unit: Text
    before: Text | None
    """What it would be when filed separately."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Line:
    """A name on the left, a smaller word on the right."""

    name: Text
    aside: Text | None = None
    paper: str = ""
    """Key of its sample picture in :mod:`kiosk.domain.sample_papers`, or empty."""


Keyboard = Literal[
    "pinyin", "latin", "digits", "id_number", "mobile", "money", "account", "decimal"
]
"""Which pad a text is written with."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Input:
    """A text is being written on this page; the pad is shown below it.

    The pad hands back ``text:<words>`` and ``erase``.
    """

    field: str
    """Key of what is written; a new one begins with an empty composition."""
    keyboard: Keyboard
    value: str
    """What stands there already."""
