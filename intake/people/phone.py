"""A telephone with electronic business licences, for desks and tests: pick one, show its code.

It stands in for the app of the market regulator; a city has no such page.
"""

from __future__ import annotations

from typing import Annotated, Final

import segno
from fastapi import APIRouter, Depends, Path
from fastapi.responses import HTMLResponse
from pydantic import BaseModel

from intake.people.enterprises import CODE_LIFE
from intake.service.api import Shared
from intake.service.http_edge import own_page
from intake.service.problems import Refusal
from intake.service.rendering import page
from intake.service.services import Services, china_time

OwnPage = Depends(own_page)
router = APIRouter(prefix="/ebl")
Uscc = Annotated[str, Path(pattern=r"^[0-9A-Z]{18}$")]
_SCALE: Final = 8


class Code(BaseModel):
    """A licence's code: what a scanner reads, and until when."""

    uscc: str
    name: str
    text: str
    valid_to: str


@router.get("")
def licences(services: Shared) -> HTMLResponse:
    """Show the licences on the telephone."""
    own = services.registers.population.enterprises()
    return page("phone.html", enterprises=own, code=None, picture="")


@router.post("/{uscc}", dependencies=[OwnPage])
def shown(services: Shared, uscc: Uscc) -> HTMLResponse:
    """Show a new code of one licence."""
    code = _issued(services, uscc)
    picture = segno.make(code.text, error="m", micro=False).svg_inline(scale=_SCALE)
    return page("phone.html", enterprises=(), code=code, picture=picture)


@router.post("/{uscc}/code", dependencies=[OwnPage])
def told(services: Shared, uscc: Uscc) -> Code:
    """Return a new code of one licence as data."""
    return _issued(services, uscc)


def _issued(services: Services, uscc: str) -> Code:
    own = services.registers.population.enterprises()
    found = next((one for one in own if one["uscc"] == uscc), None)
    if found is None:
        raise Refusal("NOT_FOUND", "uscc")
    now = services.now()
    return Code(
        uscc=uscc,
        name=found["name"],
        text=services.licences.issue(uscc, found["name"], now),
        valid_to=china_time(now + CODE_LIFE),
    )
