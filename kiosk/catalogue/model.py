"""The shape of the catalogue's files; the published JSON Schemas are made from it.

Each class is one mapping of a YAML file. Unknown keys are refused, so that a misspelt key is
a fault with a line and not a silent default.

A *dictionary* file holds facts and papers; a *thing* file the content of one thing (fields,
materials, situations, guide) whoever offers it; a *list* file says in a document's own words what a
jurisdiction offers and which content belongs to it; a *place* file describes the jurisdiction, and
names the *calendar* its working days are counted by.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel
from pydantic import Field as Member

from kiosk.catalogue.calendar_shape import CalendarFile
from kiosk.catalogue.place_shape import ChoiceFile, DocumentFile, JurisdictionFile
from kiosk.catalogue.shape import (
    STRICT,
    Code,
    FieldKey,
    MaterialKey,
    ProvincialCode,
    RoleName,
    SourceWord,
    Words,
)
from kiosk.domain.catalogue import Levels, Mode, Scope, Seal, Status
from kiosk.domain.commitments import CommitmentKind
from kiosk.domain.dictionary import Basis, Disposition, FieldKind, Table
from kiosk.domain.fees import FeeKind
from kiosk.domain.jurisdiction import DeliveryMethod


class _Mapping(BaseModel):
    model_config = STRICT


class DaysFile(_Mapping):
    """Bounds of a date, in days from today."""

    earliest: int | None = None
    latest: int | None = None


class FieldFile(_Mapping):
    """One fact of the dictionary."""

    label: Words
    kind: FieldKind = FieldKind.TEXT
    sources: Annotated[tuple[SourceWord, ...], Member(min_length=1)]
    choices: tuple[ChoiceFile, ...] = ()
    help: str = ""
    pattern: str = ""
    days: DaysFile = DaysFile()
    outside: FieldKey | None = None
    table: Table | None = None
    choices_from: tuple[FieldKey, ...] = ()
    suggest: tuple[FieldKey, ...] = ()
    surname_of: tuple[FieldKey, ...] = ()
    minimum: int | None = None
    maximum: int | None = None
    unit: str = ""
    sex: Literal["", "1", "2"] = ""
    sensitive: bool = False
    example: str = ""
    picture: str = ""
    basis: Basis = Basis.CONFIRMED


class MaterialFile(_Mapping):
    """One paper of the dictionary."""

    name: Words
    disposition: Disposition
    reason: str = ""
    made_by: Code | None = None
    capture: Literal["page", "card"] = "page"
    pages: Annotated[int, Member(ge=1, le=20)] = 1
    reads: tuple[FieldKey, ...] = ()
    commitment_days: Annotated[int, Member(ge=0, le=3650)] = 0
    same_as: MaterialKey | None = None
    picture: str = ""
    legal_basis: str = ""
    basis: Basis = Basis.CONFIRMED


class ConsentFile(_Mapping):
    """The words of one consent."""

    edition: Annotated[int, Member(ge=1)]
    title: Words
    text: Annotated[tuple[Words, ...], Member(min_length=1)]


class DictionaryFile(_Mapping):
    """``catalogue/dictionary/<subject>.yaml``: facts and papers; all files are one dictionary."""

    fields: dict[FieldKey, FieldFile] = {}
    materials: dict[MaterialKey, MaterialFile] = {}


class ConsentsFile(_Mapping):
    """``catalogue/consents.yaml``: the words of every consent, by its purpose."""

    consents: dict[MaterialKey, ConsentFile]


class NeverEntryFile(_Mapping):
    """Words in a name by which it is known that it may never be offered, and why."""

    words: Annotated[tuple[Words, ...], Member(min_length=1)]
    why: Words


class NeverFile(_Mapping):
    """``catalogue/never.yaml``: what no terminal may offer (the negative list)."""

    never: tuple[NeverEntryFile, ...]


class CommitmentKindFile(_Mapping):
    """The words of one kind of admission with gaps; the letter is made of them."""

    conditions: Words
    duties: Words
    consequence: Words
    later_check: Words


class CommitmentEntryFile(_Mapping):
    """A material that may be committed, for which items, and working days until it is due."""

    material: MaterialKey
    kind: CommitmentKind
    days: Annotated[int, Member(ge=0, le=3650)] = 0
    items: Annotated[tuple[Code, ...], Member(min_length=1)]
    basis: Basis = Basis.TYPICAL
    note_for_authority: str = ""


class CommitmentsFile(_Mapping):
    """``catalogue/commitments.yaml``: the published list of what may be admitted with gaps.

    ``excluded`` are the areas where nothing is admitted, with the items that are in each.
    ``basis`` is of title, areas and words; each entry has its own.
    """

    title: Words
    basis: Basis = Basis.TYPICAL
    note_for_authority: str = ""
    excluded: dict[Words, tuple[Code, ...]]
    kinds: dict[CommitmentKind, CommitmentKindFile]
    entries: tuple[CommitmentEntryFile, ...] = ()


class ClauseFile(_Mapping):
    """A condition or step with the law that demands it."""

    text: Words
    legal_basis: Words


class GuideFile(_Mapping):
    """The words of an item's guide."""

    basis: Words
    conditions: Annotated[tuple[Words | ClauseFile, ...], Member(min_length=1)]
    process: Annotated[tuple[Words | ClauseFile, ...], Member(min_length=1)]
    fee_basis: Words
    result: Words
    notes: tuple[Words, ...] = ()


class SeparateFile(_Mapping):
    """What filing the item by itself at a window takes."""

    days: Annotated[int, Member(ge=0, le=3650)]
    steps: Annotated[int, Member(ge=1)]


class CheckFile(_Mapping):
    """What a check asks of whom: an authority answers yes or no, or shows the item's fields."""

    authority: Words
    asks: Words


class ResultFile(_Mapping):
    """What an item ends in."""

    name: Words
    kind: Literal["certificate", "licence", "record", "money", "service"]
    e_licence: bool = False


class ItemFile(_Mapping):
    """The content of one item, whoever offers it.

    ``name`` and ``department`` are what one usually says; a jurisdiction's list has its own words.
    """

    code: Code
    name: Words
    department: Words
    mode: Mode
    basis: Basis = Basis.TYPICAL
    note_for_authority: str = ""
    fields: tuple[FieldKey, ...] = ()
    materials: tuple[MaterialKey, ...] = ()
    names: dict[FieldKey | MaterialKey, Words] = {}
    requires: tuple[Code, ...] = ()
    same_time: tuple[Code, ...] = ()
    excludes: tuple[Code, ...] = ()
    alternative: str = ""
    together_why: str = ""
    waits: bool = False
    joint_visit: str = ""
    later_visits: tuple[Words, ...] = ()
    limit_days: Annotated[int, Member(ge=0, le=3650)] = 0
    separate: SeparateFile | None = None
    fee_fen: Annotated[int, Member(ge=0)] = 0
    fee_kind: FeeKind = FeeKind.OPEN
    agent_allowed: bool = False
    levels: tuple[Levels, ...] = ()
    scope: Scope | None = None
    seal: Seal = Seal.NONE
    check: CheckFile | None = None
    results: tuple[ResultFile, ...] = ()
    guide: GuideFile | None = None


class SituationOptionFile(_Mapping):
    """One answer of a situation."""

    value: Words
    label: Words
    help: str = ""
    without: tuple[Code, ...] = ()
    why: str = ""
    lacks: tuple[MaterialKey, ...] = ()
    without_fields: tuple[FieldKey, ...] = ()
    without_materials: tuple[MaterialKey, ...] = ()
    known_values: tuple[Words, ...] = ()


class SituationFile(_Mapping):
    """A question whose answer selects items, fields and materials."""

    code: Code
    question: Words
    help: str = ""
    known_by: FieldKey | None = None
    when: dict[Code, tuple[Words, ...]] = {}
    options: Annotated[tuple[SituationOptionFile, ...], Member(min_length=2)]


class FormPageFile(_Mapping):
    """Fields that are asked on one page."""

    code: Code
    title: Words
    fields: Annotated[tuple[FieldKey, ...], Member(min_length=1)]
    shows: tuple[FieldKey, ...] = ()


class ApplicantFile(_Mapping):
    """The applicant's role by the sex on the card."""

    female: RoleName
    male: RoleName


class ThingFile(_Mapping):
    """``catalogue/things/<code>.yaml``: the content of one thing."""

    code: Code
    name: Words
    audience: Literal["个人", "企业"]
    theme: Words
    icon: str = ""
    intro: str = ""
    words: tuple[Words, ...] = ()
    steps: Annotated[int, Member(ge=1)] = 1
    minutes: Annotated[int, Member(ge=0)] = 0
    applicant: ApplicantFile | None = None
    situations: tuple[SituationFile, ...] = ()
    pages: tuple[FormPageFile, ...] = ()
    delivery: tuple[DeliveryMethod, ...] = ()
    signature: bool = False
    items: Annotated[tuple[ItemFile, ...], Member(min_length=1)]


class ListedItemFile(_Mapping):
    """One item of a list: the document's words, and the code of its content.

    ``printed`` is the cell of its departments as it stands there, where they are written out.
    ``schedule`` is the document's word on when, where it is another than the thing's; an item that
    is opened before it is due says on whose word in ``opened_ahead``.  ``provincial_code`` is its
    code in the province's list of items (政务服务事项目录), where the place has been told it.
    """

    item: Code
    name: Words
    departments: Annotated[tuple[Words, ...], Member(min_length=1)]
    printed: str = ""
    status: Status | None = None
    schedule: str = ""
    opened_ahead: str = ""
    provincial_code: ProvincialCode = ""


class ListedThingFile(_Mapping):
    """One thing of a list; ``lead`` and ``joint`` are departments, written out in full."""

    number: Annotated[int, Member(ge=1)]
    thing: Code
    name: Words
    lead: Annotated[tuple[Words, ...], Member(min_length=1)]
    joint: tuple[Words, ...] = ()
    group: str = ""
    deadline: Words
    status: Status
    items: Annotated[tuple[ListedItemFile, ...], Member(min_length=1)]


class RepairFile(_Mapping):
    """A cell of the printed list that was read otherwise than it stands there, and why."""

    number: Annotated[int, Member(ge=1)]
    printed: Words
    read: Words
    why: Words


class ListFile(_Mapping):
    """``jurisdictions/<code>.list.yaml``: what a document lists, in its own words and order."""

    document: DocumentFile
    repaired: tuple[RepairFile, ...] = ()
    things: Annotated[tuple[ListedThingFile, ...], Member(min_length=1)]


class WholeFile(_Mapping):
    """All files of one jurisdiction as one, checked; ``version`` is that of their content.

    It is what a terminal keeps compiled; nobody writes it by hand, and no schema is published.
    """

    version: Words
    dictionary: DictionaryFile
    consents: ConsentsFile
    place: JurisdictionFile
    listed: ListFile | None
    things: tuple[ThingFile, ...]
    commitments: CommitmentsFile | None = None
    calendar: CalendarFile | None = None


FILES: dict[str, type[BaseModel]] = {
    "dictionary": DictionaryFile,
    "consents": ConsentsFile,
    "never": NeverFile,
    "commitments": CommitmentsFile,
    "thing": ThingFile,
    "list": ListFile,
    "jurisdiction": JurisdictionFile,
    "calendar": CalendarFile,
}
"""Name of each published schema and the model it is made from."""
