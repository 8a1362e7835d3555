"""The slip, and which true words belong to which state.

The words themselves are in the translation table under ``truth``; nothing else in the house
may choose among them. A screen asks :data:`OUTCOME_WORDS` and :data:`PRINTED_WORDS`, paper
is made by :func:`slip`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Protocol

from kiosk.domain.application import EnterpriseSignIn, grouped
from kiosk.domain.commitments import CommitmentKind
from standards.masking import mask_credit_code

Line = dict[str, str | bool]
"""One line: ``{"text"}``, ``{"label", "value"}``, ``{"qr"}`` or ``{"rule": True}``."""


class Text(Protocol):
    """The translator's ``text``: words of a key, with values in their places."""

    def __call__(self, key: str, /, **values: object) -> str:
        """Return the words."""
        ...


class Outcome(StrEnum):
    """What is so about a submission at this moment."""

    STORED = "stored"
    """Sealed and committed on this terminal, not answered."""
    SUBMITTED = "submitted"
    """The intake answered with its number."""
    RECEIVED = "received"
    """The window checked and took it in."""
    ACCEPTED = "accepted"
    """A department accepted it."""
    REFUSED = "refused"
    """The intake refused it for good."""


class Printed(StrEnum):
    """What the printer said about the end of a job."""

    YES = "confirmed"
    NO = "denied"
    UNKNOWN = "unknown"

    @classmethod
    def of(cls, printed: object) -> Printed:
        """Return the state of a printer's reply: true, false, or anything else."""
        return cls.YES if printed is True else cls.NO if printed is False else cls.UNKNOWN


OUTCOME_WORDS: Mapping[Outcome, str] = MappingProxyType(
    {outcome: f"truth.{outcome.value}" for outcome in Outcome}
)
"""Key of the full sentence; it takes ``local_no`` (stored) or ``application_no`` (submitted)."""

OUTCOME_SEALS: Mapping[Outcome, str] = MappingProxyType(
    {outcome: f"truth.seal.{outcome.value}" for outcome in Outcome}
)
"""Key of the two to four characters of the seal."""

PRINTED_WORDS: Mapping[Printed, str] = MappingProxyType(
    {printed: f"truth.printed.{printed.value}" for printed in Printed}
)
"""Key of what a screen may say about paper; 已打印 only after the printer confirmed it."""


@dataclass(frozen=True, kw_only=True, slots=True)
class SlipItem:
    """An item on the slip; ``number`` is its sub-number, empty until the intake gave one."""

    name: str
    department: str
    number: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Owed:
    """A paper that is missing: handed in at the window, or promised about (容缺承诺)."""

    name: str
    kind: CommitmentKind | None = None
    """What became of the gap; None where nothing was promised: it goes to the window."""
    days: int = 0
    """Working days of a promise to bring it; 0 where nothing follows."""
    due: str = ""
    """The last day for it, as it is read; empty where nothing follows."""
    estimate: bool = False
    """The day rests on holidays that nobody has announced yet."""
    example: bool = False
    """Nobody in charge confirmed the list that lets it be missing."""

    @property
    def brought(self) -> bool:
        """Tell whether it is still to be brought."""
        return self.kind in {None, CommitmentKind.FOLLOWS}


def owed_words(paper: Owed) -> str:
    """Return the key of what is said of it; it takes `owed_values`."""
    return f"slip.owed.{paper.kind.name.lower() if paper.kind else 'window'}"


def owed_values(paper: Owed) -> dict[str, object]:
    """Return what goes into the words; a mark is ``1`` where it is set."""
    marks = {"estimate": int(paper.estimate), "example": int(paper.example)}
    return {"name": paper.name, "days": paper.days, "due": paper.due, **marks}


@dataclass(frozen=True, kw_only=True, slots=True)
class Slip:
    """What a slip tells.

    ``name`` is already masked; ``application_no`` is empty unless submitted; ``reason`` and
    ``what_now`` are the refusal's words; ``page_url`` is the address of the public pages.
    """

    outcome: Outcome
    service_name: str
    thing: str
    items: tuple[SlipItem, ...]
    name: str
    local_no: str
    token: str
    page_url: str
    time: datetime
    terminal: str
    site: str
    help: tuple[Line, ...]
    """Whom to ring and when, as `kiosk.domain.roster_words.on_paper` tells it."""
    check_hours: int
    accept_days: int
    catalogue: str
    application_no: str = ""
    reason: str = ""
    what_now: str = ""
    owed: tuple[Owed, ...] = ()
    visits: tuple[str, ...] = ()
    """Visits to come: who comes together, who calls them, how the day is set."""
    objections: int = 0
    """How many values of registers the citizen said are wrong."""
    enterprise: EnterpriseSignIn | None = None
    """For which enterprise ``name`` acted, and as what."""
    example: bool = False
    """Nobody in charge confirmed ``check_hours`` and ``accept_days``."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Receipt:
    """A printable receipt; ``as_json`` is what the printer service takes."""

    title: str
    lines: tuple[Line, ...]

    def as_json(self) -> dict[str, object]:
        """Return the receipt as the message's JSON object."""
        return {"title": self.title, "lines": [dict(line) for line in self.lines]}


def progress_url(page_url: str, local_no: str, token: str) -> str:
    """Return the address in the slip's code; whoever holds it sees the masked progress."""
    return f"{page_url.rstrip('/')}/p/{local_no}.{token}"


def slip(told: Slip, text: Text) -> Receipt:
    """Return the paper slip of a submission, in the words of ``text``.

    Raises:
        ValueError: the slip would claim a number that nobody gave, or hide one.
    """
    if (told.outcome in {Outcome.STORED, Outcome.REFUSED}) == bool(told.application_no):
        raise ValueError("an application number belongs to a submission the intake answered")
    return Receipt(
        title=told.service_name,
        lines=(
            {"big": text("slip.title")},
            *_state(told, text),
            _rule(),
            *_content(told, text),
            _rule(),
            *_next(told, text),
            _rule(),
            *_code(told, text),
            *told.help,
        ),
    )


def _code(told: Slip, text: Text) -> tuple[Line, ...]:
    """The code to scan, and a rule; a refused submission has no progress to look at."""
    if told.outcome is Outcome.REFUSED:
        return ()
    code: Line = {"qr": progress_url(told.page_url, told.local_no, told.token)}
    return code, {"text": text("slip.scan")}, _rule()


def _rule() -> Line:
    return {"rule": True}


def _labelled(text: Text, key: str, value: str) -> Line:
    return {"label": text(key), "value": value}


def _state(told: Slip, text: Text) -> tuple[Line, ...]:
    """The state first, in the exact words with the number they give; then the local number."""
    words: Line = {
        "text": text(
            OUTCOME_WORDS[told.outcome],
            local_no=told.local_no,
            application_no=grouped(told.application_no),
        )
    }
    local = _labelled(text, "slip.local_no", told.local_no)
    if told.outcome is Outcome.REFUSED:
        why = _labelled(text, "slip.reason", told.reason)
        return words, why, _labelled(text, "slip.what_now", told.what_now), local
    return words, local


def _content(told: Slip, text: Text) -> tuple[Line, ...]:
    items: tuple[Line, ...] = tuple(
        {"label": item.name, "value": grouped(item.number) or item.department}
        for item in told.items
    )
    return (
        _labelled(text, "slip.thing", told.thing),
        *items,
        *_who(told, text),
        _labelled(text, "slip.time", f"{told.time:%Y-%m-%d %H:%M}"),
        _labelled(text, "slip.place", f"{told.site} {told.terminal}".strip()),
        _labelled(text, "slip.catalogue", told.catalogue),
    )


def _who(told: Slip, text: Text) -> tuple[Line, ...]:
    """Who filed; of an enterprise its name and code, and as what the person acted."""
    own = told.enterprise
    if own is None:
        return (_labelled(text, "slip.name", told.name),)
    acted = text("slip.acted_as", name=told.name, role=text(f"slip.role.{own.role}"))
    return (
        _labelled(text, "slip.enterprise", own.name),
        _labelled(text, "slip.credit_code", mask_credit_code(own.uscc)),
        _labelled(text, "slip.acted", acted),
    )


def _next(told: Slip, text: Text) -> tuple[Line, ...]:
    """What happens next; a stored submission first has to reach the intake."""
    if told.outcome is Outcome.REFUSED:
        return ({"text": text("slip.next.refused")},)
    example = "_example" if told.example else ""
    steps = (
        text(f"slip.next.check{example}", hours=told.check_hours),
        text(f"slip.next.accept{example}", days=told.accept_days),
    )
    said = (text("slip.objections", n=told.objections),) if told.objections else ()
    stored = (text("slip.next.stored"),) if told.outcome is Outcome.STORED else ()
    owed = (text(owed_words(own), **owed_values(own)) for own in told.owed)
    lines: tuple[Line, ...] = tuple({"text": words} for words in (*said, *owed, *stored, *steps))
    visits: tuple[Line, ...] = tuple({"text": words} for words in told.visits)
    return ({"text": text("slip.next.title")}, *lines, *visits)
