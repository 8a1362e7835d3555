"""Pages for everybody: the progress of a slip, and the guide of a thing.

A city that publishes ``/p/`` and ``/g/`` publishes nothing else of this port.
"""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Query
from fastapi.responses import HTMLResponse

from intake.people import guide, progress
from intake.service.api import Shared, by_slip
from intake.service.problems import Refusal
from intake.service.rendering import page

router = APIRouter()

Division = Annotated[str, Path(pattern=r"^[0-9]{6}$")]
ThingCode = Annotated[str, Path(pattern=r"^[a-z0-9-]{1,64}$")]


@router.get("/p/{slip}")
def public(services: Shared, slip: Annotated[str, Path(max_length=80)]) -> HTMLResponse:
    """Show somebody with the slip where the application stands; a wrong slip is not yet there."""
    try:
        found = by_slip(services, slip)
    except Refusal as refusal:
        return page("not_arrived.html", status=refusal.status, problem=refusal.document())
    numbers = services.provincial.of([found.id])
    return page(
        "progress.html",
        progress=progress.public(found, services),
        steps=progress.STEPS,
        provincial_no=numbers.get((found.id, ""), ""),
    )


@router.get("/g/{jurisdiction}/{thing}")
def thing_guide(
    services: Shared,
    jurisdiction: Division,
    thing: ThingCode,
    full: Annotated[bool, Query()] = False,
) -> HTMLResponse:
    """Show the guide of a thing, simple or complete, for a telephone and for paper."""
    try:
        told = guide.of(services.catalogues.accepted(jurisdiction)[0], thing)
    except (KeyError, Refusal):
        return page("no_guide.html", status=404)
    return page("guide.html", guide=told, full=full, path=f"/g/{jurisdiction}/{thing}")
