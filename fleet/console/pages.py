"""The pages that are looked at, and the stream that keeps them fresh."""

from __future__ import annotations

from typing import Annotated, Any, Final

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response, StreamingResponse
from sqlalchemy import Engine, select

from fleet import journal
from fleet.console.acts import OFFERED
from fleet.console.door import Looking
from fleet.console.framing import framed
from fleet.console.live import Full
from fleet.console.naming import groups_there
from fleet.console.rendering import page
from fleet.console.rollouts import asked, current
from fleet.console.services import Console, Rooms
from fleet.console.words import SAYS
from fleet.heads import keeping
from fleet.people import Right
from fleet.store.model import Person
from fleet.terminals import Level, finding

TODO: Final = 6
ALARMS: Final = 200
"""Most alarms on a page; how many there are is told beside."""
ENTRIES: Final = 100

router = APIRouter()


def figures(engine: Engine) -> dict[str, str]:
    """Return the figures over all terminals, in words."""
    levels, sums = finding.counted(engine), finding.sums(engine)
    total = sum(levels.values())
    served = total - levels[Level.ALL] - levels[Level.GONE]
    share = f"{100 * served / total:.1f} %" if total else "–"
    numbers = {
        "total": total,
        "served": served,
        "gone": levels[Level.GONE],
        "waiting": sums.waiting,
        "refused": sums.refused,
        "paper": sums.paper_low + sums.paper_out,
        "paper_out": sums.paper_out,
        "alarms": finding.alarms_open(engine),
    }
    return {"share": share} | {key: f"{value:,}" for key, value in numbers.items()}


@router.get("/")
def overview(rooms: Rooms, who: Looking) -> Response:
    """Show how all are, what is to be done, and the worst."""
    return framed(
        "overview.html",
        rooms,
        who,
        figures=figures(rooms.engine),
        maintained=sum(finding.in_maintenance(rooms.engine).values()),
        rollout=current(rooms, who),
        asked=asked(rooms),
        todo=finding.open_alarms(rooms.engine, TODO, held=False),
        found=finding.find(rooms.engine, finding.Wanted()),
    )


@router.get("/todo")
def todo(rooms: Rooms, who: Looking) -> Response:
    """Return the overview's list of what is to be done."""
    del who
    todo = finding.open_alarms(rooms.engine, TODO, held=False)
    return page("todo.html", asked=asked(rooms), todo=todo)


@router.get("/terminals")
def terminals(  # noqa: PLR0917 - each is a field of the form
    rooms: Rooms,
    who: Looking,
    q: Annotated[str, Query(max_length=100)] = "",
    level: str = "",
    order: str = "level",
    at: Annotated[int, Query(ge=1, le=100_000)] = 1,
) -> Response:
    """Show a page of terminals."""
    chosen = int(level) if level in {"0", "1", "2", "3", "4"} else None
    wanted = finding.Wanted(words=q, level=chosen, order=order, page=at)
    found = finding.find(rooms.engine, wanted)
    return framed("terminals.html", rooms, who, found=found, wanted=wanted)


@router.get("/terminals/{name}")
def terminal(name: str, rooms: Rooms, who: Looking) -> Response:
    """Show all that is known of one terminal."""
    values = _terminal(rooms, name)
    if values is None:
        return page("trouble.html", status=404, title="没有这台终端", words="请从列表里选一台。")
    own: dict[str, Any] = {
        "offered": [kind.value for kind in OFFERED],
        "may": who.may(Right.COMMAND),
        "places": who.may(Right.PLACE),
        "groups": groups_there(rooms, values["row"].release_group),
    }
    return framed("terminal.html", rooms, who, **values, **own)


@router.get("/terminals/{name}/now")
def terminal_now(name: str, rooms: Rooms, who: Looking) -> Response:
    """Return the part of a terminal's page that changes."""
    del who
    values = _terminal(rooms, name)
    return Response(status_code=404) if values is None else page("now.html", **values)


@router.get("/terminals/{name}/command")
def confirm(name: str, kind: str, rooms: Rooms, who: Looking) -> Response:
    """Ask once more before a command is given."""
    row = finding.one(rooms.engine, name)
    if row is None or kind not in OFFERED or not who.may(Right.COMMAND):
        return page("trouble.html", status=404, title="没有这个指令", words="请返回终端页再选。")
    return framed("confirm.html", rooms, who, row=row, kind=kind, says=SAYS.get(kind, ""))


@router.get("/alarms")
def alarms(rooms: Rooms, who: Looking) -> Response:
    """Show what is wrong anywhere."""
    rows = finding.open_alarms(rooms.engine, ALARMS)
    held = finding.alarms_open(rooms.engine, held=True)
    return framed("alarms.html", rooms, who, rows=rows, held=held, may=who.may(Right.ALARM))


@router.get("/audit")
def audit(
    rooms: Rooms, who: Looking, before: Annotated[int | None, Query(ge=1, le=2**53)] = None
) -> Response:
    """Show what persons did."""
    rows = journal.newest(rooms.engine, ENTRIES, before)
    return framed("audit.html", rooms, who, rows=rows)


@router.get("/people")
def people(rooms: Rooms, who: Looking) -> Response:
    """Show who may sign in."""
    columns = (Person.work_no, Person.role, Person.disabled, Person.must_change)
    with rooms.engine.connect() as connection:
        rows = connection.execute(select(*columns).order_by(Person.work_no)).all()
    return framed("people.html", rooms, who, rows=rows)


@router.get("/live")
def live(
    request: Request, rooms: Rooms, who: Looking, names: Annotated[str, Query(max_length=4500)] = ""
) -> Response:
    """Stream what changes of these terminals."""
    del who
    token = request.cookies[rooms.cookie]
    try:
        browser = rooms.hub.open(names.split(","))
    except Full:
        return Response(status_code=503, headers={"retry-after": "30"})
    rooms.hub.begin(browser, finding.named(rooms.engine, sorted(browser.names)))
    stream = rooms.hub.stream(browser, lambda: rooms.door.still_in(token))
    return StreamingResponse(stream, media_type="text/event-stream")


def _terminal(rooms: Console, name: str) -> dict[str, Any] | None:
    row = finding.one(rooms.engine, name)
    if row is None:
        return None
    orders = rooms.desk.newest([name], 10)
    answers = {one.command: one for one in rooms.desk.answers([own.id for own in orders])}
    opened = finding.open_alarms(rooms.engine, 50, name)
    files = rooms.files.there(name, [own.id for own in orders])
    with rooms.engine.connect() as connection:
        log = keeping.reached(connection, name)
    return {
        "row": row,
        "orders": orders,
        "answers": answers,
        "files": files,
        "alarms_of": opened,
        "log": log,
    }
