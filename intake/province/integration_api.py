"""What a link with other platforms asks: the items under both codes, and a person's licences."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Query
from pydantic import BaseModel

from intake.receiving.schemas import ConsentGiven, PersonRequest
from intake.service.callers import Caller, Shared, require_person

router = APIRouter(prefix="/v1", tags=["对接"])


class ItemRow(BaseModel):
    """An item of a place: our codes, its words, the province's code or nothing."""

    thing: str
    item: str
    name: str
    departments: list[str]
    provincial_code: str = ""
    open: bool


class ItemsAnswer(BaseModel):
    """Every item of a place's list, by the newest catalogue."""

    division: str
    catalogue_version: str
    items: list[ItemRow]


class LicencesRequest(PersonRequest):
    """Whose licences, and what that person agreed to."""

    consent: ConsentGiven | None = None


class LicenceRow(BaseModel):
    """An electronic licence; ``valid_to`` is an ISO day, empty for no end."""

    kind: str
    no: str
    status: str
    valid_to: str = ""


class LicencesAnswer(BaseModel):
    """How the register of licences did, and what it told."""

    state: Literal["ok", "none", "denied"]
    licences: list[LicenceRow] = []


@router.get("/items")
def items(
    services: Shared, _: Caller, division: Annotated[str, Query(max_length=6)]
) -> ItemsAnswer:
    """Tell every item of a place with our code and the province's."""
    newest = services.catalogues.accepted(division)[0]
    return ItemsAnswer(
        division=division,
        catalogue_version=newest.version,
        items=[
            ItemRow(
                thing=thing.code,
                item=item.code,
                name=item.name,
                departments=list(item.departments),
                provincial_code=item.provincial_code,
                open=item.open,
            )
            for thing in newest.things
            for item in thing.items
        ],
    )


@router.post("/licences")
def licences(services: Shared, caller: Caller, wanted: LicencesRequest) -> LicencesAnswer:
    """Tell the licences of the person whose card was just read, if they agreed."""
    require_person(services, caller, wanted)
    known = {
        one.consents["data_fetch"].version
        for one in services.catalogues.accepted(wanted.jurisdiction)
    }
    if wanted.consent is None or wanted.consent.text_version not in known:
        return LicencesAnswer(state="denied")
    found = services.registers.population.licences(wanted.id_no)
    rows = [LicenceRow(**{**one, "valid_to": one["valid_to"] or ""}) for one in found]
    return LicencesAnswer(state="ok" if rows else "none", licences=rows)
