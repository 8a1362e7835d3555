"""The shape of a place's file: what it promises, where it hands out, what its document says.

Each class is one mapping of the file; unknown keys are refused.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, StringConstraints
from pydantic import Field as Member

from kiosk.catalogue.shape import STRICT, Code, Day, FieldKey, Words
from kiosk.domain.bundle import BundleKind
from kiosk.domain.dictionary import Basis
from kiosk.domain.jurisdiction import DeliveryMethod


class _Mapping(BaseModel):
    model_config = STRICT


class ChoiceFile(_Mapping):
    """One answer of a choice."""

    value: Words
    label: Words
    help: str = ""


class DocumentFile(_Mapping):
    """The document that a list or a jurisdiction rests on."""

    title: Words
    number: str = ""
    date: Day | None = None
    status: Literal["final", "draft"]
    section: str = ""


class PromiseFile(_Mapping):
    """What is promised after a submission; typical where no document of the place promises it."""

    check_hours: Annotated[int, Member(ge=1)]
    accept_days: Annotated[int, Member(ge=1)]
    basis: Basis = Basis.CONFIRMED


class WindowFile(_Mapping):
    """A place where results are handed out."""

    code: Code
    name: Words
    address: str = ""
    hours: str = ""


class CountedFile(_Mapping):
    """Things that a document counts and does not name."""

    source: Words
    count: Annotated[int, Member(ge=1)]
    names_given: bool = False


class RuleFile(_Mapping):
    """A rule of the jurisdiction's document: its words, where they stand, what they mean here."""

    code: Code
    quote: Words
    section: Words
    meaning: Words


class QuoteFile(_Mapping):
    """Words of the place's document, and the section they stand in."""

    quote: Words
    section: Words


class BundleFile(_Mapping):
    """Things that belong together, in the order in which they are done; each is filed by itself.

    ``why`` tells citizens why they stand together, ``words`` are what people call it.
    """

    code: Code
    name: Words
    kind: BundleKind
    things: Annotated[tuple[Code, ...], Member(min_length=2)]
    why: Words
    source: QuoteFile
    words: tuple[Words, ...] = ()
    basis: Basis = Basis.TYPICAL
    note_for_authority: str = ""


class JurisdictionFile(_Mapping):
    """``jurisdictions/<code>.yaml``: a place and what its documents give.

    ``departments`` are all that a list may name. ``typical_things`` may be shown for guide,
    pre-check and hand-over slip though no list names them; ``absent`` says what its documents do
    not give, and so nothing is shown of it.  ``choices`` are a field's answers here in place of the
    dictionary's: schools, banks, authorities.  ``free_courier`` is the code of the rule by which
    sending costs the citizen nothing; without one nobody is told so.
    """

    code: Annotated[str, StringConstraints(pattern=r"^[0-9]{6}$")]
    name: Words
    service_name: Words
    promise: PromiseFile
    document: DocumentFile | None = None
    calendar: Code = "china"
    departments: tuple[Words, ...] = ()
    windows: tuple[WindowFile, ...] = ()
    counted: tuple[CountedFile, ...] = ()
    rules: tuple[RuleFile, ...] = ()
    bundles: tuple[BundleFile, ...] = ()
    places: tuple[Words, ...] = ()
    delivery: tuple[DeliveryMethod, ...] = ()
    free_courier: str = ""
    absent: tuple[Words, ...] = ()
    choices: dict[FieldKey, Annotated[tuple[ChoiceFile, ...], Member(min_length=1)]] = {}
    typical_things: tuple[Code, ...] = ()
