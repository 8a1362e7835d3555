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

from kiosk.domain.calendar import NOTHING_KNOWN, Workdays
from kiosk.domain.commitments import Commitments
from kiosk.domain.consent import ConsentText
from kiosk.domain.dictionary import Basis, Field, Material
from kiosk.domain.fees import FeeKind
from kiosk.domain.jurisdiction import DeliveryMethod, Jurisdiction


class Status(StrEnum):
    """Whether an item can be filed at this terminal: only what is open can."""

    OPEN = "open"
    PILOT = "pilot"
    """Tried out in some places, by its document."""
    PLANNED = "planned"


class Mode(StrEnum):
    """What an item is for the citizen."""

    FILE = "file"
    """A filing with a form."""
    CHECK = "check"
    """A data check between authorities: consent and a result line, no form."""
    SCENE = "scene"
    """A use of a card in daily life: told in the guide."""
    COORDINATE = "coordinate"
    """Work between departments, nothing to file."""
    STAFF_ONLY = "staff_only"
    """Needs a person at a counter: a contract signed face to face, say."""


class Levels(StrEnum):
    """At which level of government an item is done."""

    CITY = "市"
    COUNTY = "县"
    TOWNSHIP = "乡"


class Scope(StrEnum):
    """From where an item can be filed (通办)."""

    PROVINCES = "跨省"
    CITIES = "跨市"
    PROVINCE = "全省"
    CITY = "全市"
    LOCAL = "异地受理属地办理"


class Seal(StrEnum):
    """What an enterprise confirms an item with, beside the signature of who acts for it."""

    NONE = "none"
    E_SEAL = "e_seal"
    SIGNATURE = "signature"
    """The electronic signature of the legal representative."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Clause:
    """A condition or a step; ``legal_basis`` is empty where the content is typical."""

    text: str
    legal_basis: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Check:
    """What a check asks (``asks``: 营业执照是否有效) of whom (``authority``: 市场监管)."""

    authority: str
    asks: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Result:
    """What an item ends in: certificate, licence, record, money or service."""

    name: str
    kind: str
    e_licence: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Guide:
    """The parts of an item's guide that are words; fields, materials and days are data."""

    basis: str = ""
    conditions: tuple[Clause, ...] = ()
    process: tuple[Clause, ...] = ()
    fee_basis: str = ""
    result: str = ""
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Item:
    """One matter, of one department or of several that do it together.

    ``limit_days`` are the working days promised here, from acceptance; ``separate_days`` and
    ``steps`` are those of filing this item by itself at a window; ``fee_fen`` is in 0.01 yuan.
    ``schedule`` is the policy's word on when an item that is not open will be; ``opened_ahead``
    says on whose word it is open before that.

    Relations name items of the same thing: ``requires`` what must be filed with it or be there,
    ``same_time`` what the law runs together with it (``together_why`` says which law),
    ``excludes`` what cannot be filed beside it; items with the same ``alternative`` are ways to
    one end, of which one is taken.  ``waits``: it begins only when what it needs is there, and is
    not looked at before (容缺预审).  ``joint_visit`` names a visit of several departments at once,
    ``later_visits`` what the citizen goes somewhere for after the submission.

    ``names`` are the department's own words, by key.  ``seal``: what an enterprise confirms with.
    ``provincial_code`` is the item's code in the province's list of items, empty where nobody said.
    """

    code: str
    name: str
    departments: tuple[str, ...]
    fields: tuple[Field, ...] = ()
    materials: tuple[Material, ...] = ()
    limit_days: int = 0
    separate_days: int = 0
    steps: int = 0
    mode: Mode = Mode.FILE
    status: Status = Status.PLANNED
    basis: Basis = Basis.TYPICAL
    schedule: str = ""
    opened_ahead: str = ""
    fee_fen: int = 0
    fee_kind: FeeKind = FeeKind.NONE
    guide: Guide = field(default_factory=Guide)
    note_for_authority: str = ""
    names: Mapping[str, str] = field(default_factory=dict)
    requires: tuple[str, ...] = ()
    same_time: tuple[str, ...] = ()
    excludes: tuple[str, ...] = ()
    alternative: str = ""
    together_why: str = ""
    waits: bool = False
    joint_visit: str = ""
    later_visits: tuple[str, ...] = ()
    agent_allowed: bool = False
    levels: tuple[Levels, ...] = ()
    scope: Scope | None = None
    seal: Seal = Seal.NONE
    check: Check | None = None
    results: tuple[Result, ...] = ()
    provincial_code: str = ""

    @property
    def department(self) -> str:
        """Return its departments as one text."""
        return "、".join(self.departments)

    @property
    def open(self) -> bool:
        """It can be filed, or checked, at this terminal."""
        return self.status is Status.OPEN and self.mode in {Mode.FILE, Mode.CHECK}


@dataclass(frozen=True, kw_only=True, slots=True)
class SituationOption:
    """One answer; ``without`` are the codes of items that it takes away, ``why`` says so.

    ``lacks`` are the keys of papers that the citizen, by this answer, does not have: an item that
    needs one can be filed only together with the item that makes it.  ``without_fields`` and
    ``without_materials`` are keys that this answer spares; ``known_values`` are the values of the
    situation's ``known_by`` that give this answer.
    """

    value: str
    label: str
    help: str = ""
    without: tuple[str, ...] = ()
    why: str = ""
    lacks: tuple[str, ...] = ()
    without_fields: tuple[str, ...] = ()
    without_materials: tuple[str, ...] = ()
    known_values: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Situation:
    """A question (情形) whose answer selects items, fields and materials.

    ``known_by`` is the key of a fact that answers it; ``when`` are the answers to other questions
    under which alone it is asked, by their codes.
    """

    code: str
    question: str
    options: tuple[SituationOption, ...]
    help: str = ""
    known_by: str = ""
    when: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

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


@dataclass(frozen=True, kw_only=True, slots=True)
class Thing:
    """One thing (一件事): what a citizen comes for, in their words.

    ``number`` is its place in the policy's list, ``group`` the part of the list it stands in,
    ``deadline`` the list's word on when; ``lead`` and ``joint`` are departments, joint ones as the
    list's column prints them; ``theme`` is the life event or the phase of an enterprise's life it
    is found under; ``words`` are what people call it;
    ``steps`` are the citizen's steps for the whole thing at this terminal, ``minutes`` the time
    it takes there. ``applicant`` maps the sex on the card (GB/T 2261.1) to the role that the
    citizen has in the form; without it the role is ``person``. ``delivery`` are the ways to
    receive results; without any nothing is asked. ``signature``: the form is signed by hand.
    ``withheld``: the place takes it, but not at this terminal, where anybody may look on.
    """

    code: str
    number: int
    name: str
    audience: str
    theme: str
    lead: str
    items: tuple[Item, ...]
    group: str = ""
    deadline: str = ""
    joint: tuple[str, ...] = ()
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
    withheld: bool = False

    def role_of(self, sex: str) -> str:
        """Return the role of the person whose card says ``sex`` (GB/T 2261.1).

        In things of enterprises it is ``agent``: who acts for the enterprise.
        """
        return self.applicant.get(sex, "agent" if self.audience == "企业" else "person")

    @property
    def open_items(self) -> tuple[Item, ...]:
        """The items that can be filed here, in the policy's order."""
        return tuple(item for item in self.items if item.open)

    @property
    def told_items(self) -> tuple[Item, ...]:
        """What a guide tells of: the open items, or where none is, all filings and checks."""
        filed = (item for item in self.items if item.mode in {Mode.FILE, Mode.CHECK})
        return self.open_items or tuple(filed)

    @property
    def open(self) -> bool:
        """At least one item can be filed here."""
        return any(item.open for item in self.items)

    def chosen(self, codes: tuple[str, ...]) -> tuple[Item, ...]:
        """Return the open items with these codes, in the thing's order; unknown ones are left."""
        return tuple(item for item in self.open_items if item.code in codes)


@dataclass(frozen=True, kw_only=True)
class Catalogue:
    """Everything one jurisdiction offers; ``version`` is the SHA-256 of its content.

    ``typical`` are things that no list of the place names: they can be read about, never filed.
    ``workdays`` are those of the calendar that the jurisdiction names.
    """

    version: str
    jurisdiction: Jurisdiction
    things: tuple[Thing, ...]
    dictionary: Mapping[str, Field]
    consents: Mapping[str, ConsentText]
    typical: tuple[Thing, ...] = ()
    commitments: Commitments | None = None
    workdays: Workdays = NOTHING_KNOWN

    @property
    def short_version(self) -> str:
        """Eight digits of the version, for paper."""
        return self.version[:8]

    @cached_property
    def _by_code(self) -> dict[str, Thing]:
        return {thing.code: thing for thing in (*self.typical, *self.things)}

    def thing(self, code: str) -> Thing:
        """Return a thing by its code.

        Raises:
            KeyError: the jurisdiction does not offer it.
        """
        return self._by_code[code]
