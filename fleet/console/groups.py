"""Stopping a whole group or place at once, and letting all of it go on together."""

from __future__ import annotations

from collections import Counter
from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends
from fastapi.responses import RedirectResponse, Response

from fleet.console.door import Looking, Text, acting
from fleet.console.framing import framed
from fleet.console.rendering import page
from fleet.console.services import Console, Rooms
from fleet.orders import Wanted
from fleet.orders.desk import NotGiven
from fleet.people import Right, SignedIn
from fleet.terminals import groups as rooms_of
from kiosk.status.command import Kind

OFFERED: Final = (Kind.OUT_OF_SERVICE, Kind.IN_SERVICE)
NEWEST: Final = 10

router = APIRouter()


@router.get("/groups")
def groups(rooms: Rooms, who: Looking) -> Response:
    """Show groups and places, and how far commands to them are."""
    return framed(
        "groups.html",
        rooms,
        who,
        rows=rooms_of.counted(rooms.engine),
        orders=_orders(rooms),
        may=who.may(Right.COMMAND),
    )


@router.get("/groups/now")
def now(rooms: Rooms, who: Looking) -> Response:
    """Return how far commands to groups are."""
    del who
    return page("group_orders.html", orders=_orders(rooms))


@router.get("/groups/{name}/command")
def confirm(name: str, kind: str, rooms: Rooms, who: Looking) -> Response:
    """Ask once more before a whole group is stopped."""
    row = rooms_of.named(rooms.engine, name)
    if row is None or kind not in OFFERED or not who.may(Right.COMMAND):
        return page("trouble.html", status=404, title="没有这个指令", words="请返回“分组”再选。")
    return framed("group_confirm.html", rooms, who, row=row, kind=kind)


@router.post("/groups/{name}/command")
def command(
    name: str,
    kind: Text,
    rooms: Rooms,
    who: Annotated[SignedIn, Depends(acting(Right.COMMAND))],
    argument: Text = "",
) -> Response:
    """Give a command to all of a group or place."""
    if kind not in OFFERED or rooms_of.named(rooms.engine, name) is None:
        return page("trouble.html", status=404, title="没有执行", words="没有这个组或者这个指令。")
    said = argument.strip() if kind == Kind.OUT_OF_SERVICE else ""
    try:
        rooms.desk.give(
            Wanted(recipient=f"@{name}", kind=Kind(kind), argument=said, by=who.work_no)
        )
    except NotGiven as refused:
        return page("trouble.html", status=409, title="没有执行", words=str(refused))
    return RedirectResponse("/groups", 303)


def _orders(rooms: Console) -> list[dict[str, Any]]:
    """Return the newest commands to groups, with how many have answered how."""
    known = {one.name: one for one in rooms_of.counted(rooms.engine)}
    newest = rooms.desk.newest([f"@{name}" for name in known], NEWEST)
    outcomes: dict[str, Counter[str]] = {one.id: Counter() for one in newest}
    for answer in rooms.desk.answers(list(outcomes)):
        outcomes[answer.command][answer.outcome] += 1
    return [
        {
            "order": one,
            "name": one.recipient.removeprefix("@"),
            "of": known[one.recipient.removeprefix("@")].terminals,
            "done": outcomes[one.id]["done"],
            "not_done": outcomes[one.id]["refused"] + outcomes[one.id]["failed"],
        }
        for one in newest
    ]
