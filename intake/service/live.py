"""The live stream: what happens, as it is committed, to every clerk's page that listens."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from typing import Annotated, Final

from fastapi import APIRouter, Header
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import StreamingResponse

from intake.records.store import Happened, Store
from intake.service.api import Shared
from intake.service.services import Services

EVENT_WAIT_S: Final = 2.0
"""A live page asks the database at least this often, should another process have filed."""
OVERLAP: Final = 20
"""Event numbers looked at again: a transaction may end after one with a higher number."""

router = APIRouter()


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
