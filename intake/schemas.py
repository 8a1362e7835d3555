"""Bodies of the terminal API, as they stand in its OpenAPI document.

Requests take nothing they do not know, and every text must be a text.
Times are RFC 3339 with +08:00; byte strings are base64.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, StringConstraints

from kiosk.domain.envelope import Signature
from kiosk.domain.identity import Evidence

Code = Annotated[str, StringConstraints(min_length=1, max_length=100)]
Base64 = Annotated[str, StringConstraints(max_length=900_000)]


class Request(BaseModel):
    """Root of all request bodies."""

    model_config = ConfigDict(extra="forbid")


class ConsentGiven(Request):
    """The text version the citizen agreed to, and when."""

    text_version: Code
    time: Code


class PrefillRequest(Request):
    """Whose data is wanted, by what evidence, for which items."""

    visit: Code
    evidence: Evidence
    evidence_signature: Base64
    id_no: Code
    jurisdiction: Code = "410700"
    thing: Code
    items: list[Code]
    consent: ConsentGiven | None = None


class PrefillValue(BaseModel):
    """A value a source gave; ``masked`` is what a screen shows in its place."""

    value: str
    source: str
    as_of: str
    editable: bool
    masked: str | None = None


class PrefillAnswer(BaseModel):
    """Values by field key, and how each source that was asked did."""

    values: dict[str, PrefillValue]
    sources: dict[str, Literal["ok", "none", "timeout", "denied"]]


class CatalogueAnswer(BaseModel):
    """The current catalogue version and every version still accepted."""

    version: str
    accepted: list[str]


class SubmitRequest(Request):
    """A signed envelope: base64 of its canonical bytes, and the terminal's signature."""

    envelope: Base64
    signature: Signature


class ItemNumber(BaseModel):
    """The sub-number of one item."""

    item: str
    no: str


class SubmitAnswer(BaseModel):
    """The numbers a filed application has for ever, and the SHA-256 of the bytes they belong to."""

    application_no: str
    envelope_digest: str
    items: list[ItemNumber]
    received_at: str


class RunningAnswer(BaseModel):
    """The same call is to be repeated after ``retry_after`` seconds."""

    retry_after: int


class MaterialAnswer(BaseModel):
    """A file that is kept."""

    sha256: str
    size: int


class ItemProgress(BaseModel):
    """Where one item stands, and since when."""

    name: str
    no: str
    state: Literal["submitted", "received", "accepted"]
    state_text: str
    at: str


class ProgressAnswer(BaseModel):
    """Where an application stands."""

    application_no: str
    thing_name: str
    items: list[ItemProgress]
    as_of: str
