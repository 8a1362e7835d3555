"""The plain port: the clerk's page, live by server-sent events, and the public progress page.

There is no sign-in here: the reference stands on a desk, and the port is on loopback unless asked
otherwise.  A city that publishes ``/p/`` publishes nothing else of this port.
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from datetime import datetime
from typing import Annotated, Any, Final
from urllib.parse import urlsplit

from fastapi import APIRouter, Body, Depends, FastAPI, Header, Path, Query, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import HTMLResponse, StreamingResponse
from fastapi.staticfiles import StaticFiles
from jinja2 import Environment, PackageLoader, StrictUndefined

from intake import views
from intake.api import Shared, api_app, by_slip
from intake.http_edge import PAGE_POLICY, furnish
from intake.model import Application, State
from intake.problems import Refusal
from intake.services import Services, china_time
from intake.store import Happened, Store

CLERK: Final = "受理窗口"
"""Who acts on this page."""
EVENT_WAIT_S: Final = 2.0
"""A live page asks the database at least this often, should another process have filed."""
OVERLAP: Final = 20
"""Event numbers looked at again: a transaction may end after one with a higher number."""

router = APIRouter()
_templates = Environment(
    loader=PackageLoader("intake"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)

Number = Annotated[str, Path(pattern=r"^[0-9]{10,30}$")]
Show = Annotated[str, Query(pattern=r"^(submitted|received|accepted|)$")]


def page_app(services: Services) -> FastAPI:
    """Return the application of the page port; ``/docs`` describes the terminal API."""
    app = FastAPI(title="统一受理", docs_url=None, redoc_url=None, openapi_url=None)
    app.state.services = services
    app.include_router(router)
    app.mount("/static", StaticFiles(packages=[("intake", "static")]), name="static")
    document = api_app(services).openapi()
    app.add_api_route("/openapi.json", lambda: document, include_in_schema=False)
    return furnish(app)


def own_page(request: Request) -> None:
    """Refuse an action that another site's page makes a clerk's browser send.

    Raises:
        Refusal: ``FOREIGN_PAGE``.
    """
    origin = request.headers.get("origin")
    site = request.headers.get("sec-fetch-site", "same-origin")
    foreign = origin is not None and urlsplit(origin).netloc != request.headers.get("host")
    if foreign or site not in {"same-origin", "none"}:
        raise Refusal("FOREIGN_PAGE")


OwnPage = Depends(own_page)


@router.get("/healthz")
def health(services: Shared) -> dict[str, str]:
    """Answer when the database does."""
    services.store.ping()
    return {"status": "ok"}


@router.get("/")
def clerk(services: Shared, show: Show = "") -> HTMLResponse:
    """Show the live list."""
    return _clerk_page(services, show, None)


@router.get("/clerk/applications/{no}")
def application(services: Shared, no: Number, show: Show = "") -> HTMLResponse:
    """Show the live list with one application beside it."""
    return _clerk_page(services, show, _found(services.store, no))


@router.get("/clerk/rows/{no}")
def list_row(services: Shared, no: Number, show: Show = "") -> HTMLResponse:
    """Return one row of the list, empty when it does not belong to what is shown."""
    row = views.row(_found(services.store, no), services.now())
    if show and row.state != show:
        return HTMLResponse("")
    return _page("row.html", row=row, show=show, chosen="")


@router.get("/clerk/details/{no}")
def detail_part(services: Shared, no: Number) -> HTMLResponse:
    """Return the part of the page beside the list."""
    return _page("detail.html", detail=_detail(services, _found(services.store, no)))


@router.get("/clerk/start")
def start_part(services: Shared) -> HTMLResponse:
    """Return what is beside the list while nothing is chosen: what to do first."""
    return _page("start.html", **_to_do(services))


@router.get("/clerk/counts")
def counts(services: Shared) -> dict[str, int]:
    """Return how many applications are in each state."""
    return services.store.waiting()


@router.post("/clerk/items/{no}/receive", dependencies=[OwnPage])
def receive(services: Shared, no: Number) -> dict[str, str]:
    """收件: the window checked the materials and took the item in."""
    return _advance(services, no, State.RECEIVED)


@router.post("/clerk/items/{no}/accept", dependencies=[OwnPage])
def accept(services: Shared, no: Number) -> dict[str, str]:
    """受理: the department accepted the item."""
    return _advance(services, no, State.ACCEPTED)


@router.post("/clerk/applications/{no}/reveal", dependencies=[OwnPage])
def reveal(
    services: Shared, no: Number, field: Annotated[str, Body(embed=True, max_length=100)]
) -> dict[str, str]:
    """Give one hidden value in full; that it was asked for is kept with the application."""
    found = _found(services.store, no)
    value = views.hidden_value(found, field, services.catalogues)
    services.store.note(found.id, "number.revealed", actor=CLERK, now=services.now())
    services.bell.ring()
    return {"value": value}


@router.get("/events")
def events(
    services: Shared, last_event_id: Annotated[int | None, Header(ge=0)] = None
) -> StreamingResponse:
    """Stream what happens, from the moment of asking or from ``Last-Event-ID`` on."""
    return StreamingResponse(
        _stream(services, last_event_id),
        media_type="text/event-stream",
        headers={"x-accel-buffering": "no"},
    )


@router.get("/p/{slip}")
def public(services: Shared, slip: Annotated[str, Path(max_length=80)]) -> HTMLResponse:
    """Show somebody with the slip where the application stands; a wrong slip is not yet there."""
    try:
        found = by_slip(services, slip)
    except Refusal as refusal:
        return _page("not_arrived.html", status=refusal.status, problem=refusal.document())
    progress = views.public(found, services.catalogues, services.now())
    return _page("progress.html", progress=progress)


async def _stream(services: Services, after: int | None) -> AsyncIterator[str]:
    """Yield events as they are committed, and a comment when there is none for a while."""
    store, bell = services.store, services.bell
    last = await run_in_threadpool(store.last_event) if after is None else after
    earlier = await run_in_threadpool(store.events_after, max(0, last - OVERLAP))
    seen = {one.id for one in earlier if one.id <= last}
    yield f"retry: 1000\nid: {last}\n\n"
    while not bell.closed:
        fresh = await run_in_threadpool(_fresh, store, last, seen)
        for one in fresh:
            seen.add(one.id)
            last = max(last, one.id)
            yield _message(one)
        if not fresh:
            yield ": here\n\n"
            await bell.wait(EVENT_WAIT_S)
        seen = {number for number in seen if number > last - OVERLAP}


def _fresh(store: Store, last: int, seen: set[int]) -> list[Happened]:
    """Return events not sent yet, looking a little back."""
    return [one for one in store.events_after(max(0, last - OVERLAP)) if one.id not in seen]


def _message(one: Happened) -> str:
    """Return one event in the format of server-sent events; it names no person."""
    data = json.dumps({"kind": one.kind, "application_no": one.application_no})
    return f"id: {one.id}\nevent: happened\ndata: {data}\n\n"


def _advance(services: Services, no: str, to: State) -> dict[str, str]:
    item = services.store.advance(no, to, actor=CLERK, now=services.now())
    services.bell.ring()
    return {"no": item.no, "state": to.value, "state_text": to.text, "at": _now_text(services)}


def _now_text(services: Services) -> str:
    return china_time(services.now())


def _found(store: Store, no: str) -> Application:
    found = store.by_number(no)
    if found is None:
        raise Refusal("NOT_FOUND")
    return found


def _detail(services: Services, found: Application) -> views.Detail:
    history = services.store.history(found.id)
    return views.detail(found, history, services.catalogues, services.now())


def _to_do(services: Services) -> dict[str, Any]:
    """Return what the clerk has before them."""
    first = services.store.first_waiting()
    return {
        "counts": services.store.waiting(),
        "next": views.row(first, services.now()) if first else None,
    }


def _clerk_page(services: Services, show: str, chosen: Application | None) -> HTMLResponse:
    now: datetime = services.now()
    rows = [views.row(one, now) for one in services.store.latest(state=show or None)]
    return _page(
        "clerk.html",
        rows=rows,
        show=show,
        **_to_do(services),
        detail=_detail(services, chosen) if chosen else None,
        chosen=chosen.application_no if chosen else "",
    )


def _page(name: str, *, status: int = 200, **values: Any) -> HTMLResponse:
    """Render a template under a policy that lets nothing in from elsewhere."""
    html = _templates.get_template(name).render(**values)
    return HTMLResponse(html, status, {"content-security-policy": PAGE_POLICY})
