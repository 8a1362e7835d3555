"""The page of one terminal's log: how far it reaches, what was found, and what became of that."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends
from fastapi.responses import RedirectResponse, Response

from fleet.console.door import Looking, Text, acting
from fleet.console.framing import framed
from fleet.console.live import seen_now
from fleet.console.rendering import page
from fleet.console.services import Rooms
from fleet.heads import accept, keeping
from fleet.people import Right, SignedIn
from fleet.terminals import finding

SHOWN: Final = 60

router = APIRouter()


@router.get("/terminals/{name}/log")
def log(name: str, rooms: Rooms, who: Looking) -> Response:
    """Show the heads of one terminal's log."""
    row = finding.one(rooms.engine, name)
    if row is None:
        return page("trouble.html", status=404, title="没有这台终端", words="请从列表里选一台。")
    with rooms.engine.connect() as connection:
        values: dict[str, Any] = {
            "rows": keeping.newest(connection, name, SHOWN),
            "found": keeping.open_findings(connection, name),
        }
    may = who.may(Right.APPROVE)
    return framed("log.html", rooms, who, **values, row=row, may=may)


@router.post("/terminals/{name}/log")
def explain(
    name: str,
    rooms: Rooms,
    who: Annotated[SignedIn, Depends(acting(Right.APPROVE))],
    why: Text = "",
) -> Response:
    """Write down what became of what was found; its alarms end."""
    words = why.strip()
    if not words:
        return page("trouble.html", status=422, title="没有确认", words="请写明查到的原因。")
    with rooms.engine.execution_options(writes=True).begin() as connection:
        done = accept(connection, name, who.work_no, words, datetime.now(UTC))
    if not done:
        return page(
            "trouble.html", status=409, title="没有确认", words="这台终端的日志没有要说明的。"
        )
    rooms.hub.changed(seen_now(rooms.engine, [name]))
    return RedirectResponse(f"/terminals/{name}/log", 303)
