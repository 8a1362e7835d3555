"""The shape of the catalogue's files; the published JSON Schemas are made from it.

Each class is one mapping of a YAML file. Unknown keys are refused, so that a misspelt key is
a fault with a line and not a silent default.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, StringConstraints
from pydantic import Field as Member

from kiosk.domain.catalogue import (
    Basis,
    DeliveryMethod,
    Disposition,
    FieldKind,
    Mode,
    Status,
    Table,
)

Code = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9]*(-[a-z0-9]+)*$")]
FieldKey = Annotated[str, StringConstraints(pattern=r"^[a-z]+(\.[a-z_]+)+$")]
RoleName = Annotated[str, StringConstraints(pattern=r"^[a-z]+$")]
MaterialKey = Annotated[str, StringConstraints(pattern=r"^[a-z]+(_[a-z]+)*$")]
Words = Annotated[str, StringConstraints(min_length=1)]
SourceWord = Annotated[
    str,
    StringConstraints(
        pattern=r"^(id_card|account|profile|prior|terminal|household|e_licence|user)$"
        r"|^(share|card|e_licence|produced|derived|capture):.+$"
    ),
]


class _Mapping(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class ChoiceFile(_Mapping):
    """One answer of a choice."""

    value: Words
    label: Words
    help: str = ""


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
    commitment_days: Annotated[int, Member(ge=0)] = 0
    same_as: MaterialKey | None = None
    legal_basis: Words
    basis: Basis = Basis.CONFIRMED


class ConsentFile(_Mapping):
    """The words of one consent."""

    edition: Annotated[int, Member(ge=1)]
    title: Words
    text: Annotated[tuple[Words, ...], Member(min_length=1)]


class DictionaryFile(_Mapping):
    """``catalogue/dictionary.yaml``: every fact and paper once, and the consents' words."""

    fields: dict[FieldKey, FieldFile]
    materials: dict[MaterialKey, MaterialFile]
    consents: dict[MaterialKey, ConsentFile]


class GuideFile(_Mapping):
    """The words of an item's guide."""

    basis: Words
    conditions: Annotated[tuple[Words, ...], Member(min_length=1)]
    process: Annotated[tuple[Words, ...], Member(min_length=1)]
    fee_basis: Words
    result: Words
    notes: tuple[Words, ...] = ()


class SeparateFile(_Mapping):
    """What filing the item by itself at a window takes."""

    days: Annotated[int, Member(ge=0)]
    steps: Annotated[int, Member(ge=1)]


class ItemFile(_Mapping):
    """One item; what is not open needs only its name, department and schedule."""

    code: Code
    name: Words
    department: Words
    status: Status
    mode: Mode
    basis: Basis = Basis.TYPICAL
    schedule: str = ""
    note_for_authority: str = ""
    fields: tuple[FieldKey, ...] = ()
    materials: tuple[MaterialKey, ...] = ()
    limit_days: Annotated[int, Member(ge=0)] = 0
    separate: SeparateFile | None = None
    fee_fen: Annotated[int, Member(ge=0)] = 0
    guide: GuideFile | None = None


class SituationOptionFile(_Mapping):
    """One answer of a situation."""

    value: Words
    label: Words
    help: str = ""
    without: tuple[Code, ...] = ()
    why: str = ""
    lacks: tuple[MaterialKey, ...] = ()


class SituationFile(_Mapping):
    """A question whose answer selects items."""

    code: Code
    question: Words
    help: str = ""
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
    """``catalogue/things/<code>.yaml``: one thing."""

    code: Code
    number: Annotated[int, Member(ge=1)]
    name: Words
    audience: Literal["个人", "企业"]
    group: Words
    lead: Words
    icon: str = ""
    intro: str = ""
    words: tuple[Words, ...] = ()
    steps: Annotated[int, Member(ge=1)] = 1
    minutes: Annotated[int, Member(ge=0)] = 0
    source: Words
    applicant: ApplicantFile | None = None
    situations: tuple[SituationFile, ...] = ()
    pages: tuple[FormPageFile, ...] = ()
    delivery: tuple[DeliveryMethod, ...] = ()
    signature: bool = False
    items: Annotated[tuple[ItemFile, ...], Member(min_length=1)]


class PromiseFile(_Mapping):
    """What is promised after a submission."""

    check_hours: Annotated[int, Member(ge=1)]
    accept_days: Annotated[int, Member(ge=1)]


class WindowFile(_Mapping):
    """A place where results are handed out."""

    code: Code
    name: Words
    address: str = ""
    hours: str = ""


class JurisdictionFile(_Mapping):
    """``jurisdictions/<code>.yaml``: a place, the things it offers, its departments' names."""

    code: Annotated[str, StringConstraints(pattern=r"^[0-9]{6}$")]
    name: Words
    service_name: Words
    promise: PromiseFile
    departments: dict[str, Words] = {}
    windows: tuple[WindowFile, ...] = ()
    things: Annotated[tuple[Code, ...], Member(min_length=1)]


FILES: dict[str, type[BaseModel]] = {
    "dictionary": DictionaryFile,
    "thing": ThingFile,
    "jurisdiction": JurisdictionFile,
}
"""Name of each published schema and the model it is made from."""
