"""What may be done from the pages; each act names the right it needs."""

from __future__ import annotations

from typing import Annotated, Final, Self

from fastapi import APIRouter, Depends, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import RedirectResponse, Response
from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    ValidationError,
    field_validator,
    model_validator,
)
from sqlalchemy import select

from fleet import journal
from fleet.console.door import Text, acting
from fleet.console.naming import groups_there
from fleet.console.rendering import page
from fleet.console.services import Console, Rooms
from fleet.orders import Wanted
from fleet.orders.desk import NotGiven
from fleet.people import Right, SignedIn
from fleet.rollouts import placing
from fleet.store.model import Terminal
from fleet.terminals import alarms, finding
from kiosk.status.command import Kind
from kiosk.status.rings import group_of, line_of, ring_of

OFFERED: Final = (
    Kind.OUT_OF_SERVICE,
    Kind.IN_SERVICE,
    Kind.RESTART_SESSION,
    Kind.SCREENSHOT,
    Kind.DIAGNOSTICS,
    Kind.UPDATE,
    Kind.RELEASE_BACK,
)
"""What is given by hand."""
NEEDS_WORDS: Final = frozenset({Kind.RELEASE_BACK})
"""Commands that are given with a reason."""

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
    if kind in NEEDS_WORDS and not argument.strip():
        return _not_done("请写明原因。", 422)
    wanted = Wanted(recipient=name, kind=Kind(kind), argument=argument.strip(), by=who.work_no)
    try:
        rooms.desk.give(wanted)
    except NotGiven as refused:
        return _not_done(str(refused), 409)
    return RedirectResponse(f"/terminals/{name}", 303)


class Place(BaseModel):
    """What the office says of a terminal."""

    model_config = ConfigDict(extra="ignore", frozen=True, str_strip_whitespace=True)

    title: Annotated[str, Field(min_length=1, max_length=60)]
    site: Annotated[str, Field(max_length=100)] = ""
    group: Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9-]{0,63}$")]
    ring: Annotated[int, Field(ge=0, le=3)]
    latitude: Annotated[float, Field(ge=-90, le=90, allow_inf_nan=False)] | None = None
    longitude: Annotated[float, Field(ge=-180, le=180, allow_inf_nan=False)] | None = None

    @field_validator("latitude", "longitude", mode="before")
    @classmethod
    def _empty_is_none(cls, given: object) -> object:
        return None if given in {"", None} else given

    @model_validator(mode="after")
    def _both_or_none(self) -> Self:
        if (self.latitude is None) != (self.longitude is None):
            raise ValueError("one of latitude and longitude alone")
        return self

    @property
    def where(self) -> dict[str, float | None]:
        """The place on the map, if the form had one, or took it away."""
        told = {"latitude": self.latitude, "longitude": self.longitude}
        return told if self.model_fields_set & told.keys() else {}


@router.post("/terminals/{name}/place")
async def place(
    name: str,
    request: Request,
    rooms: Rooms,
    who: Annotated[SignedIn, Depends(acting(Right.PLACE))],
) -> Response:
    """Say where a terminal stands, in which group and ring."""
    form = await request.form()
    try:
        wanted = Place.model_validate(dict(form))
    except ValidationError:
        return _not_done("名称要填；组名只用字母、数字和短横；圈是 0 到 3；纬度和经度一起填。", 422)
    try:
        done = await run_in_threadpool(_placed, rooms, name, wanted, who)
    except placing.OnTheMove as refused:
        return _not_done(str(refused), 409)
    except _NoGroup:
        return _not_done("没有这个组，请从列表里选一个。", 422)
    if not done:
        return _not_done("没有这台终端。", 404)
    return RedirectResponse(f"/terminals/{name}", 303)


class _NoGroup(Exception):
    """Nothing was ever made for such a group; whoever places the terminal picks another."""


def _placed(rooms: Console, name: str, wanted: Place, who: SignedIn) -> bool:
    there = groups_there(rooms)
    with rooms.engine.execution_options(writes=True).begin() as connection:
        kept = connection.scalar(select(Terminal.group).where(Terminal.name == name))
        if kept is None:
            return False
        group = wanted.group
        if group not in {*there, kept}:
            raise _NoGroup
        if group == kept:  # who changed the ring alone means another group of its line
            group = group_of(line_of(kept), wanted.ring)
        placing.demand_may_move(connection, kept, group)
        done = finding.place(
            connection,
            name,
            {
                "title": wanted.title,
                "site": wanted.site,
                "release_group": group,
                "ring": ring_of(group),
                **wanted.where,
            },
        )
        if done:
            detail = f"{wanted.title} / {wanted.site} / {group}"
            journal.append(connection, who.work_no, "terminal_placed", name, detail=detail)
    return done


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
