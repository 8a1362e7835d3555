"""The clerk keeps the province's number of an application or an item."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Body, Depends, Path

from intake.service.api import Shared
from intake.service.http_edge import own_page

CLERK = "受理窗口"
"""Who acts on these pages."""

router = APIRouter()


@router.post("/clerk/numbers/{no}", dependencies=[Depends(own_page)])
def keep(
    services: Shared,
    no: Annotated[str, Path(pattern=r"^[0-9]{10,30}$")],
    number: Annotated[str, Body(embed=True, max_length=100)],
) -> dict[str, str]:
    """Keep the province's number beside ours, an item's or an application's."""
    done = services.provincial.keep(no, number, by=CLERK, now=services.now())
    services.bell.ring()
    return {"application_no": done, "no": no, "number": number.strip()}
