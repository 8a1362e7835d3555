"""The plain port: the clerk's page, live by server-sent events, and the pages for everybody.

There is no sign-in here: the reference stands on a desk, and the port is on loopback unless asked
otherwise.
"""

from __future__ import annotations

from typing import Annotated, Any, Final

from fastapi import APIRouter, Body, Depends, FastAPI, Path, Query
from fastapi.responses import HTMLResponse, Response
from fastapi.staticfiles import StaticFiles

from intake.archive import pages as archive_pages
from intake.office import acts, departments, filed, views
from intake.office.acting import TEXT_LIMIT
from intake.office.decisions import Act
from intake.office.listing import GROUPS, OVERDUE, Wanted
from intake.office.objections import Outcome
from intake.office.promises import catalogue_of
from intake.people import phone, public
from intake.province import pages as provincial_pages
from intake.province.numbers import items_under
from intake.records.model import Application, State
from intake.records.store import Store
from intake.service import live
from intake.service.api import Shared, api_app
from intake.service.http_edge import furnish, own_page
from intake.service.problems import Refusal
from intake.service.rendering import page
from intake.service.services import Services, china_time

CLERK: Final = "受理窗口"
"""Who acts on this page."""
_FILE_POLICY: Final = "default-src 'none'; sandbox"

router = APIRouter()

Number = Annotated[str, Path(pattern=r"^[0-9]{10,30}$")]
_KEYS: Final = "|".join((*(group.key for group in GROUPS), OVERDUE))
Show = Annotated[str, Query(pattern=rf"^({_KEYS}|)$")]
Words = Annotated[str, Query(max_length=100)]
PageNumber = Annotated[int, Query(ge=1, le=100_000)]
Written = Annotated[str, Body(max_length=2 * TEXT_LIMIT)]


def wanted(services: Shared, show: Show = "", q: Words = "", at: PageNumber = 1) -> Wanted:
    """Return what of the list is looked at."""
    words = q.strip()
    codes = items_under(services.catalogues, words) if words else ()
    return Wanted(show=show, words=words, page=at, now=services.now(), codes=codes)


Looked = Annotated[Wanted, Depends(wanted)]


def page_app(services: Services) -> FastAPI:
    """Return the application of the page port; ``/docs`` describes the terminal API."""
    app = FastAPI(title="统一受理", docs_url=None, redoc_url=None, openapi_url=None)
    app.state.services = services
    app.include_router(router)
    app.include_router(live.router)
    app.include_router(public.router)
    app.include_router(phone.router)
    for own in (provincial_pages, archive_pages):
        app.include_router(own.router)
    app.mount("/static", StaticFiles(packages=[("intake", "static")]), name="static")
    document = api_app(services).openapi()
    app.add_api_route("/openapi.json", lambda: document, include_in_schema=False)
    return furnish(app)


OwnPage = Depends(own_page)


@router.get("/healthz")
def health(services: Shared) -> dict[str, str]:
    """Answer when the database does."""
    services.store.ping()
    return {"status": "ok"}


@router.get("/")
def clerk(services: Shared, looked: Looked) -> HTMLResponse:
    """Show the live list."""
    return _clerk_page(services, looked, None)


@router.get("/clerk/applications/{no}")
def application(services: Shared, no: Number, looked: Looked) -> HTMLResponse:
    """Show the live list with one application beside it."""
    return _clerk_page(services, looked, _found(services.store, no))


@router.get("/clerk/rows/{no}")
def list_row(services: Shared, no: Number, looked: Looked) -> HTMLResponse:
    """Return one row of the list, empty when it does not belong to what is shown."""
    found = _found(services.store, no)
    if not looked.has(found):
        return HTMLResponse("")
    row = views.row(found, services.now(), looked.show)
    return page("row.html", row=row, looked=looked, chosen="")


@router.get("/clerk/details/{no}")
def detail_part(services: Shared, no: Number) -> HTMLResponse:
    """Return the part of the page beside the list."""
    return page("detail.html", detail=views.detail(_found(services.store, no), services))


@router.get("/clerk/items/{no}/department")
def department(services: Shared, no: Number) -> dict[str, Any]:
    """Give what one item's department receives: its own facts and papers, in its own names."""
    found = _found(services.store, no[:-2])
    code = next((item.code for item in found.items if item.no == no), "")
    catalogue = catalogue_of(found, services.catalogues)
    view = departments.of(found, catalogue).get(code)
    if view is None or catalogue is None:
        raise Refusal("NOT_FOUND")
    return departments.told(view, found, catalogue)


@router.get("/clerk/objections")
def objections(services: Shared) -> list[dict[str, str]]:
    """Tell which values of registers citizens object to, newest first; without the values."""
    return [
        {
            "application_no": own.application_no,
            "field": key,
            "source": answer["source"],
            "received_at": china_time(own.received_at),
        }
        for own in services.store.disputed()
        for key, answer in own.details["fields"].items()
        if answer.get("disputed")
    ]


@router.get("/clerk/start")
def start_part(services: Shared) -> HTMLResponse:
    """Return what is beside the list while nothing is chosen: what to do first."""
    return page("start.html", **_to_do(services))


@router.get("/clerk/counts")
def counts(services: Shared) -> dict[str, int]:
    """Return how many applications each group of the list has, and how many are overdue."""
    return services.store.counts(services.now())


@router.post("/clerk/items/{no}/{act}", dependencies=[OwnPage])
def act_on_item(
    services: Shared, no: Number, act: Act, text: Annotated[str, Body(embed=True)] = ""
) -> dict[str, str]:
    """Do one act to one item."""
    done = _act(services, [no], act, text)
    item = next(item for item in done.items if item.no == no)
    state = State(item.state)
    return {
        "no": no,
        "state": state.value,
        "state_text": state.text,
        "at": china_time(item.state_at),
    }


@router.post("/clerk/acts/{act}", dependencies=[OwnPage])
def act_on_items(
    services: Shared,
    act: Act,
    items: Annotated[list[str], Body(min_length=1, max_length=100)],
    text: Written = "",
) -> dict[str, Any]:
    """Do one act to items of one application: to all, or to none."""
    done = _act(services, items, act, text)
    return {"application_no": done.application_no, "items": len(items)}


@router.post("/clerk/applications/{no}/hand-in", dependencies=[OwnPage])
def hand_in(
    services: Shared, no: Number, material: Annotated[str, Body(embed=True, max_length=100)]
) -> dict[str, str]:
    """Note that a promised paper has been received at the window."""
    done = services.store.hand_in(no, material, now=services.now())
    services.bell.ring()
    return {"application_no": done.application_no, "material": material}


@router.post("/clerk/applications/{no}/objections", dependencies=[OwnPage])
def check_objection(
    services: Shared,
    no: Number,
    field: Annotated[str, Body(max_length=100)],
    outcome: Annotated[Outcome, Body()],
    text: Written = "",
) -> dict[str, str]:
    """Keep what checking an objection found; the citizen reads it by the slip."""
    done = services.store.check_objection(no, field, outcome, text, now=services.now())
    services.bell.ring()
    return {"application_no": done.application_no, "field": field, "outcome": outcome.value}


@router.post("/clerk/applications/{no}/reveal", dependencies=[OwnPage])
def reveal(
    services: Shared, no: Number, field: Annotated[str, Body(embed=True, max_length=100)]
) -> dict[str, str]:
    """Give one hidden value in full; that it was asked for is kept with the application."""
    found = _found(services.store, no)
    value = views.hidden_value(found, field, services)
    services.store.note(found.id, "number.revealed", actor=CLERK, now=services.now())
    services.bell.ring()
    return {"value": value}


@router.get("/clerk/applications/{no}/files/{file}")
def attached(services: Shared, no: Number, file: Annotated[int, Path(ge=1)]) -> Response:
    """Give a file of this application: a picture to look at, anything else to save.

    What type it is said to be by whoever sent it counts only when its first bytes agree.
    """
    found = services.store.attached(no, file)
    if found is None:
        raise Refusal("NOT_FOUND")
    attachment, body = found
    kind = filed.picture_type(body)
    headers = {"content-security-policy": _FILE_POLICY}
    if kind is None or kind != attachment.media_type:
        kind = "application/octet-stream"
        headers["content-disposition"] = f'attachment; filename="file-{file}"'
    return Response(body, media_type=kind, headers=headers)


def _act(services: Services, numbers: list[str], act: Act, text: str) -> Application:
    done = services.store.act(numbers, act, text, now=services.now())
    services.bell.ring()
    return done


def _found(store: Store, no: str) -> Application:
    found = store.by_number(no)
    if found is None:
        raise Refusal("NOT_FOUND")
    return found


def _to_do(services: Services) -> dict[str, Any]:
    """Return what the clerk has before them."""
    first = services.store.first_waiting()
    return {
        "counts": services.store.counts(services.now()),
        "next": views.row(first, services.now()) if first else None,
    }


def _clerk_page(services: Services, looked: Wanted, chosen: Application | None) -> HTMLResponse:
    found = services.store.listed(looked)
    return page(
        "clerk.html",
        rows=[views.row(one, services.now(), looked.show) for one in found.applications],
        listed=found,
        looked=looked,
        groups=GROUPS,
        acts=(*acts.words().values(), *acts.other_words()),
        **_to_do(services),
        detail=views.detail(chosen, services) if chosen else None,
        chosen=chosen.application_no if chosen else "",
    )
