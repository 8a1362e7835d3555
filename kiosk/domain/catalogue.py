"""What is offered: a thing (一件事) is a set of items (事项) over one dictionary.

An item names fields and materials of the dictionary; every figure shown to a citizen is
computed from these, never written down. A thing may name items that cannot be filed here
yet (``Status.PLANNED``), so that the guide can say so.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from typing import Literal

from kiosk.domain.consent import ConsentText


class FieldKind(StrEnum):
    """What a field's value is written as."""

    TEXT = "text"
    """Characters, checked against ``pattern`` when there is one."""
    CHOICE = "choice"
    """The value of one of ``choices``."""
    DIVISION = "division"
    """A six-digit prefecture-level code of :mod:`standards.division`."""
    DATE = "date"
    """An ISO 8601 date, ``2026-11-22``."""
    NAME = "name"
    """A person's name: 1 to 50 characters of names, and ``·``."""
    ADDRESS = "address"
    """Where somebody lives: 4 to 100 characters."""
    MOBILE = "mobile"
    """A mobile number, 11 digits."""
    ID_NUMBER = "id_number"
    """A citizen identity number, GB 11643; ``sex`` may bound whose."""
    ACCOUNT = "account"
    """A bank account or card number, 12 to 19 digits; card numbers of 16 and more pass Luhn."""
    INTEGER = "integer"
    """A whole number between ``minimum`` and ``maximum``, in ``unit``."""
    MOMENT = "moment"
    """A local date and time, ``2026-11-14T06:20``."""
    MONTH = "month"
    """A month, ``2026-11``."""
    PERIOD = "period"
    """Two dates, ``2026-11-12/2026-11-16``."""
    MONEY = "money"
    """An amount in fen, written in yuan."""


class Table(StrEnum):
    """A code table of a standard whose entries a choice takes."""

    NATION = "nation"
    """GB/T 3304."""
    SEX = "sex"
    """GB/T 2261.1."""


class Disposition(StrEnum):
    """Where a material comes from, and with it who must act."""

    E_LICENCE = "e_licence"
    """Exempt: the electronic licence, or the card itself, takes its place."""
    SHARE = "share"
    """Exempt: another authority's data takes its place."""
    PRODUCED = "produced"
    """Made by another item (``made_by``); asked only when that item is not chosen."""
    CAPTURE = "capture"
    """The citizen brings it and it is captured at the terminal."""
    GENERATED = "generated"
    """Written by the system from the merged form."""


class Status(StrEnum):
    """Whether an item can be filed at this terminal."""

    OPEN = "open"
    PLANNED = "planned"


class Mode(StrEnum):
    """What an item is for the citizen."""

    FILE = "file"
    """A filing with a form."""
    CHECK = "check"
    """A data check between authorities: a result line, no form."""
    COORDINATE = "coordinate"
    """Work between departments, nothing to file."""
    CARD_USE = "card_use"
    """A use of a card."""


class Basis(StrEnum):
    """What a composition or a figure rests on."""

    CONFIRMED = "confirmed"
    """Given by the authority."""
    TYPICAL = "typical"
    """Composed from public practice; the authority must replace or confirm it."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Choice:
    """One answer of a choice field: the value filed and the words shown."""

    value: str
    label: str
    help: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Field:
    """One fact that an item asks for.

    ``sources`` are tried in order: ``id_card``, ``account``, ``profile``, ``e_licence``,
    ``share:<authority>``, ``produced:<item code>``, ``derived:<key>``, ``capture:<material>``
    (read from a photographed paper), ``user``.
    ``earliest_days`` and ``latest_days`` bound a date, counted from today; ``outside`` names
    the field whose division a division may not be. ``table`` gives a choice the entries of a
    standard; ``choices_from`` narrows them to the values that these fields have, once one of
    them has any. ``suggest`` names fields whose values are offered with one touch, ``surname_of``
    those whose names begin a newborn's; ``sex`` is the GB/T 2261.1 code that an identity number
    must have.
    """

    key: str
    label: str
    kind: FieldKind
    sources: tuple[str, ...]
    choices: tuple[Choice, ...] = ()
    help: str = ""
    pattern: str = ""
    earliest_days: int | None = None
    latest_days: int | None = None
    outside: str = ""
    table: Table | None = None
    choices_from: tuple[str, ...] = ()
    suggest: tuple[str, ...] = ()
    surname_of: tuple[str, ...] = ()
    minimum: int | None = None
    maximum: int | None = None
    unit: str = ""
    sex: str = ""
    sensitive: bool = False
    basis: Basis = Basis.CONFIRMED

    @property
    def only_user(self) -> bool:
        """Nobody but the citizen can give it: no card, licence, share or other item does."""
        return all(s == "user" or s.startswith("capture:") for s in self.sources)

    @property
    def makers(self) -> frozenset[str]:
        """Codes of the items that produce this value on the way."""
        head = "produced:"
        return frozenset(s.removeprefix(head) for s in self.sources if s.startswith(head))


@dataclass(frozen=True, kw_only=True, slots=True)
class Material:
    """A paper that a separate filing would ask for, and what becomes of it here.

    ``capture`` is the shape that is looked for under the camera, ``pages`` the most pictures of
    it. ``reads`` are the fields that are read from the picture. ``commitment_days`` are the
    working days within which it may follow against a signed commitment (容缺后补); 0: it may not.
    ``same_as`` names another material that is the same booklet: where both have to be brought, one
    picture serves both.
    """

    key: str
    name: str
    disposition: Disposition
    reason: str = ""
    made_by: str = ""
    capture: Literal["page", "card"] = "page"
    pages: int = 1
    reads: tuple[str, ...] = ()
    commitment_days: int = 0
    same_as: str = ""
    legal_basis: str = ""
    basis: Basis = Basis.CONFIRMED


@dataclass(frozen=True, kw_only=True, slots=True)
class Guide:
    """The parts of an item's guide that are words; fields, materials and days are data."""

    basis: str = ""
    conditions: tuple[str, ...] = ()
    process: tuple[str, ...] = ()
    fee_basis: str = ""
    result: str = ""
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Item:
    """One matter of one department.

    ``limit_days`` are the working days promised here, from acceptance; ``separate_days`` and
    ``steps`` are those of filing this item by itself at a window; ``fee_fen`` is in 0.01 yuan.
    ``schedule`` is the policy's word on when an item that is not open will be.
    """

    code: str
    name: str
    department: str
    fields: tuple[Field, ...] = ()
    materials: tuple[Material, ...] = ()
    limit_days: int = 0
    separate_days: int = 0
    steps: int = 0
    mode: Mode = Mode.FILE
    status: Status = Status.PLANNED
    basis: Basis = Basis.TYPICAL
    schedule: str = ""
    fee_fen: int = 0
    guide: Guide = field(default_factory=Guide)
    note_for_authority: str = ""

    @property
    def open(self) -> bool:
        """It can be filed at this terminal."""
        return self.status is Status.OPEN


@dataclass(frozen=True, kw_only=True, slots=True)
class SituationOption:
    """One answer; ``without`` are the codes of items that it takes away, ``why`` says so.

    ``lacks`` are the keys of papers that the citizen, by this answer, does not have: an item that
    needs one can be filed only together with the item that makes it.
    """

    value: str
    label: str
    help: str = ""
    without: tuple[str, ...] = ()
    why: str = ""
    lacks: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Situation:
    """A question (情形) whose answer selects items."""

    code: str
    question: str
    options: tuple[SituationOption, ...]
    help: str = ""

    def option(self, value: str) -> SituationOption | None:
        """Return the answer with this value, or None."""
        return next((own for own in self.options if own.value == value), None)


@dataclass(frozen=True, kw_only=True, slots=True)
class FormPage:
    """Fields that are asked on one page, and the known ones shown above them."""

    code: str
    title: str
    fields: tuple[str, ...]
    shows: tuple[str, ...] = ()


class DeliveryMethod(StrEnum):
    """How a result reaches the citizen."""

    WINDOW = "window"
    COURIER = "courier"
    E_LICENCE = "e_licence"


@dataclass(frozen=True, kw_only=True, slots=True)
class Thing:
    """One thing (一件事): what a citizen comes for, in their words.

    ``number`` is its place in the policy's list; ``words`` are what people call it;
    ``steps`` are the citizen's steps for the whole thing at this terminal, ``minutes`` the time
    it takes there. ``applicant`` maps the sex on the card (GB/T 2261.1) to the role that the
    citizen has in the form; without it the role is ``person``. ``delivery`` are the ways to
    receive results; without any nothing is asked. ``signature``: the form is signed by hand.
    """

    code: str
    number: int
    name: str
    audience: str
    group: str
    lead: str
    items: tuple[Item, ...]
    icon: str = ""
    intro: str = ""
    words: tuple[str, ...] = ()
    steps: int = 1
    minutes: int = 0
    source: str = ""
    applicant: Mapping[str, str] = field(default_factory=dict)
    situations: tuple[Situation, ...] = ()
    pages: tuple[FormPage, ...] = ()
    delivery: tuple[DeliveryMethod, ...] = ()
    signature: bool = False

    def role_of(self, sex: str) -> str:
        """Return the role of the person whose card says ``sex`` (GB/T 2261.1)."""
        return self.applicant.get(sex, "person")

    def excluded(self, answers: Mapping[str, str]) -> dict[str, str]:
        """Return the codes of items that the situations' answers take away, each with why."""
        gone: dict[str, str] = {}
        for situation in self.situations:
            option = situation.option(answers.get(situation.code, ""))
            gone |= dict.fromkeys(option.without, option.why) if option else {}
        return gone

    @property
    def open_items(self) -> tuple[Item, ...]:
        """The items that can be filed here, in the policy's order."""
        return tuple(item for item in self.items if item.open)

    @property
    def open(self) -> bool:
        """At least one item can be filed here."""
        return any(item.open for item in self.items)

    def chosen(self, codes: tuple[str, ...]) -> tuple[Item, ...]:
        """Return the open items with these codes, in the thing's order; unknown ones are left."""
        return tuple(item for item in self.open_items if item.code in codes)


@dataclass(frozen=True, kw_only=True, slots=True)
class Window:
    """A place where results are handed out; ``hours`` as people say them."""

    code: str
    name: str
    address: str = ""
    hours: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Jurisdiction:
    """A place that decides: its name and what it promises after a submission.

    ``check_hours`` are working hours until the materials are checked, ``accept_days`` working
    days until a department accepts or refuses.
    """

    code: str
    name: str
    service_name: str
    things: tuple[str, ...]
    check_hours: int
    accept_days: int
    windows: tuple[Window, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Catalogue:
    """Everything one jurisdiction offers; ``version`` is the SHA-256 of its content."""

    version: str
    jurisdiction: Jurisdiction
    things: tuple[Thing, ...]
    dictionary: Mapping[str, Field]
    consents: Mapping[str, ConsentText]

    @property
    def short_version(self) -> str:
        """Eight digits of the version, for paper."""
        return self.version[:8]

    @cached_property
    def _by_code(self) -> dict[str, Thing]:
        return {thing.code: thing for thing in self.things}

    def thing(self, code: str) -> Thing:
        """Return a thing by its code.

        Raises:
            KeyError: the jurisdiction does not offer it.
        """
        return self._by_code[code]
