"""Bodies of the terminal API, as they stand in its OpenAPI document.

Requests take nothing they do not know, and every text must be a text.
Times are RFC 3339 with +08:00; byte strings are base64.
"""

from __future__ import annotations

from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, StringConstraints
from pydantic import Field as Member

from intake.records.model import State
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


class PersonRequest(Request):
    """Whose data is wanted, and by what evidence."""

    visit: Code
    evidence: Evidence
    evidence_signature: Base64
    id_no: Code
    jurisdiction: Code = "410700"


class PrefillRequest(PersonRequest):
    """For which items data is wanted, and who the person is in the thing (``mother``).

    ``enterprise`` is the token of the sign-in for an enterprise, where there was one.
    """

    thing: Code
    items: list[Code]
    role: Code = "person"
    consent: ConsentGiven | None = None
    enterprise: Code | None = None


class EnterpriseRequest(PersonRequest):
    """Whose card was read, and the text of the licence's code that was scanned."""

    token: Code


class EnterpriseAnswer(BaseModel):
    """For which enterprise the person has signed in, as what, and until when."""

    uscc: str
    name: str
    role: Literal["legal_rep", "agent"]
    valid_to: str


class OtherValue(BaseModel):
    """What a further source says instead."""

    value: str
    source: str


class PrefillValue(BaseModel):
    """A value a source gave; ``masked`` is what a screen shows in its place."""

    value: str
    source: str
    as_of: str
    editable: bool
    masked: str | None = None
    others: list[OtherValue] = []


class CheckAnswer(BaseModel):
    """How a check between authorities came out, and the sentence that says so."""

    state: Literal["ok", "not_found", "unavailable"]
    line: str


class PrefillAnswer(BaseModel):
    """Values by field key, how each source that was asked did, and checks by item code.

    There are checks only of items that are checks, and only after a consent.
    """

    values: dict[str, PrefillValue]
    sources: dict[str, Literal["ok", "none", "timeout", "denied"]]
    checks: dict[str, CheckAnswer]


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


class ItemProgress(BaseModel):
    """Where one item stands, and since when; ``supplement`` is what is still to be handed in.

    ``provincial_no`` is the number the province has given it, empty for none.
    ``due`` (RFC 3339) is by when the step has to be done, empty where nothing is promised or nobody
    can say; ``days_left`` are the working days after today, ``estimate``: the holidays of that year
    are not announced yet.
    """

    name: str
    no: str
    state: State
    state_text: str
    at: str
    supplement: str = ""
    due: str = ""
    days_left: int | None = None
    late: bool = False
    estimate: bool = False
    provincial_no: str = ""


class ProgressAnswer(BaseModel):
    """Where an application stands."""

    application_no: str
    thing_name: str
    items: list[ItemProgress]
    as_of: str
    provincial_no: str = ""


class MineAnswer(BaseModel):
    """What one person has filed, newest first."""

    applications: list[ProgressAnswer]


OptionCode = Annotated[str, StringConstraints(pattern=r"^[0-9A-Za-z_-]{1,20}$")]


class EvaluationRequest(Request):
    """A voluntary evaluation (好差评); ``slip``, local number, dot, token, names the application.

    ``key`` is a UUID that makes repeating harmless. ``satisfaction`` is 5 非常满意 to
    1 非常不满意 (GB/T 39735), ``options`` are codes of what was good or bad, ``pf`` the channel:
    5 is a self-service terminal.
    """

    visit: Code
    key: UUID
    slip: Annotated[str, StringConstraints(max_length=80)]
    satisfaction: Annotated[int, Member(ge=1, le=5, strict=True)]
    options: Annotated[tuple[OptionCode, ...], Member(max_length=20)] = ()
    pf: Literal[5] = 5


class EvaluationAnswer(BaseModel):
    """An evaluation that is kept; ``assess_number`` is 1 for the first, 2 for the follow-up."""

    assess_number: int
    at: str
