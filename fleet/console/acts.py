"""What may be done from the pages; each act names the right it needs."""

from __future__ import annotations

from typing import Annotated, Final

from fastapi import APIRouter, Depends
from fastapi.responses import RedirectResponse, Response

from fleet import journal
from fleet.console.door import Text, acting
from fleet.console.rendering import page
from fleet.console.services import Rooms
from fleet.orders import Wanted
from fleet.orders.desk import NotGiven
from fleet.people import Right, SignedIn
from fleet.terminals import alarms, finding
from kiosk.status.command import Kind

OFFERED: Final = (Kind.OUT_OF_SERVICE, Kind.IN_SERVICE, Kind.RESTART_SESSION, Kind.UPDATE)
"""What terminals do today; the others they would refuse."""

router = APIRouter()


@router.post("/terminals/{name}/command")
def command(
    name: str,
    kind: Text,
    rooms: Rooms,
    who: Annotated[SignedIn, Depends(acting(Right.COMMAND))],
    argument: Text = "",
) -> Response:
    """Give a terminal a command."""
    if kind not in OFFERED or finding.one(rooms.engine, name) is None:
        return _not_done("没有这台终端，或者没有这个指令。", 404)
    wanted = Wanted(recipient=name, kind=Kind(kind), argument=argument.strip(), by=who.work_no)
    try:
        rooms.desk.give(wanted)
    except NotGiven as refused:
        return _not_done(str(refused), 409)
    return RedirectResponse(f"/terminals/{name}", 303)


@router.post("/alarms/{alarm}/take")
def take(
    alarm: int, rooms: Rooms, who: Annotated[SignedIn, Depends(acting(Right.ALARM))]
) -> Response:
    """Say that oneself looks after an alarm."""
    with rooms.engine.execution_options(writes=True).begin() as connection:
        done = alarms.take(connection, alarm, who.work_no)
        if done:
            journal.append(connection, who.work_no, "alarm_taken", str(alarm))
    return RedirectResponse("/alarms", 303) if done else _not_done("这个告警已经消除了。", 409)


def _not_done(words: str, status: int) -> Response:
    return page("trouble.html", status=status, title="没有执行", words=words)
