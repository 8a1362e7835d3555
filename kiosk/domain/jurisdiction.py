"""A jurisdiction: the place that decides, the document it answers to, and what it promises.

What it offers is in `kiosk.domain.catalogue`.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from kiosk.domain.bundle import Bundle
from kiosk.domain.dictionary import Basis


class DeliveryMethod(StrEnum):
    """How a result reaches the citizen."""

    WINDOW = "window"
    COURIER = "courier"
    E_LICENCE = "e_licence"


@dataclass(frozen=True, kw_only=True, slots=True)
class Window:
    """A place where results are handed out; ``hours`` as people say them."""

    code: str
    name: str
    address: str = ""
    hours: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Document:
    """The policy document a jurisdiction answers to; ``date`` is ISO 8601 or empty."""

    title: str
    status: str
    number: str = ""
    date: str = ""
    section: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Counted:
    """Things that a document counts; ``names_given``: and names."""

    source: str
    count: int
    names_given: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Rule:
    """A rule of a document: its words, the section they stand in, what they mean here."""

    code: str
    quote: str
    section: str
    meaning: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Jurisdiction:
    """A place that decides: its name and what it promises after a submission.

    ``check_hours`` are working hours until the materials are checked, ``accept_days`` working
    days until a department accepts or refuses, both only examples where ``promise_basis`` is
    typical.  ``typical_things`` are shown for guide, pre-check and hand-over slip alone; ``absent``
    says what the documents do not give; ``free_courier`` is the rule by which sending is free.
    """

    code: str
    name: str
    service_name: str
    things: tuple[str, ...]
    check_hours: int
    accept_days: int
    promise_basis: Basis = Basis.CONFIRMED
    windows: tuple[Window, ...] = ()
    calendar: str = "china"
    document: Document | None = None
    departments: tuple[str, ...] = ()
    counted: tuple[Counted, ...] = ()
    rules: tuple[Rule, ...] = ()
    bundles: tuple[Bundle, ...] = ()
    places: tuple[str, ...] = ()
    delivery: tuple[DeliveryMethod, ...] = ()
    absent: tuple[str, ...] = ()
    typical_things: tuple[str, ...] = ()
    free_courier: str = ""
