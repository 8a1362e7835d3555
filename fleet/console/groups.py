"""Stopping a whole group or place at once, and letting all of it go on together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends
from fastapi.responses import RedirectResponse, Response

from fleet.console.door import Looking, Text, acting
from fleet.console.framing import framed
from fleet.console.naming import recipient_named
from fleet.console.rendering import page
from fleet.console.services import Console, Rooms
from fleet.orders import Wanted
from fleet.orders.desk import NotGiven
from fleet.orders.windows import Planned, WindowRefused
from fleet.people import Right, SignedIn
from fleet.terminals import groups as rooms_of
from fleet.terminals.days import HALL
from kiosk.status.command import Kind

OFFERED: Final = (Kind.OUT_OF_SERVICE, Kind.IN_SERVICE)
NEWEST: Final = 10
REFUSED: Final = {
    "order": "时间不对：开始要早于结束。",
    "past": "结束时间已经过去了。",
    "far": "最多提前 90 天安排。",
    "long": "一次最多 7 天。",
}

router = APIRouter()


@router.get("/groups")
def groups(rooms: Rooms, who: Looking) -> Response:
    """Show groups and places, what is planned for them, and how far commands to them are."""
    return _page(rooms, who)


@router.get("/groups/now")
def now(rooms: Rooms, who: Looking) -> Response:
    """Return the part of that page that changes."""
    return page("groups_now.html", who=who, rooms=rooms, **_shown(rooms, who))


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


@router.post("/windows")
def plan(  # noqa: PLR0917 - each is a field of the form
    rooms: Rooms,
    who: Annotated[SignedIn, Depends(acting(Right.COMMAND))],
    group: Text = "",
    begins: Text = "",
    ends: Text = "",
    words: Text = "",
) -> Response:
    """Plan a time in which a group or place is stopped by itself."""
    form = {"group": group, "begins": begins, "ends": ends, "words": words}
    try:
        if rooms.windows is None or rooms_of.named(rooms.engine, group) is None:
            raise WindowRefused("order")
        said = words.strip()[:60]
        begins_at, ends_at = _moment(begins), _moment(ends)
        if not said:
            return _page(rooms, who, form, "请写上屏幕上告诉群众的话。")
        rooms.windows.plan(
            Planned(group=group, words=said, begins_at=begins_at, ends_at=ends_at, by=who.work_no)
        )
    except WindowRefused as refused:
        return _page(rooms, who, form, REFUSED[refused.why])
    return RedirectResponse("/groups", 303)


@router.post("/windows/{window}/cancel")
def cancel(
    window: int, rooms: Rooms, who: Annotated[SignedIn, Depends(acting(Right.COMMAND))]
) -> Response:
    """Let a window not begin, or end now."""
    if rooms.windows is not None:
        rooms.windows.cancel(window, who.work_no)
    return RedirectResponse("/groups", 303)


def _page(
    rooms: Console, who: SignedIn, form: Mapping[str, str] | None = None, trouble: str = ""
) -> Response:
    return framed(
        "groups.html",
        rooms,
        who,
        **_shown(rooms, who),
        form=form or {},
        trouble=trouble,
        status=422 if trouble else 200,
    )


def _shown(rooms: Console, who: SignedIn) -> dict[str, Any]:
    rows = rooms_of.counted(rooms.engine)
    return {
        "rows": rows,
        "orders": _orders(rooms, rows),
        "windows": [
            {"window": one, "called": recipient_named(one.recipient[1:], rows, rooms)}
            for one in (() if rooms.windows is None else rooms.windows.open())
        ],
        "may": who.may(Right.COMMAND),
    }


def _moment(typed: str) -> datetime:
    """Read a time of the halls' clock; raises `WindowRefused`."""
    try:
        return datetime.strptime(typed, "%Y-%m-%dT%H:%M").replace(tzinfo=HALL)
    except ValueError:
        raise WindowRefused("order") from None


def _orders(rooms: Console, rows: Sequence[rooms_of.Counted]) -> list[dict[str, Any]]:
    """Return the newest commands to groups, with how many have answered how."""
    known = {one.name: one for one in rows}
    newest = rooms.desk.newest([f"@{name}" for name in known], NEWEST)
    outcomes = rooms.desk.outcomes([one.id for one in newest])
    return [
        {
            "order": one,
            "called": recipient_named(one.recipient.removeprefix("@"), rows, rooms),
            "of": known[one.recipient.removeprefix("@")].terminals,
            "done": outcomes[one.id].get("done", 0),
            "not_done": sum(outcomes[one.id].get(own, 0) for own in ("refused", "failed")),
        }
        for one in newest
    ]
