"""Terminals that wait to be let in: who they are, the code to compare, and what becomes of them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import RedirectResponse, Response
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from fleet.console.door import Looking, Text, acting
from fleet.console.framing import framed
from fleet.console.naming import groups_there
from fleet.console.rendering import page
from fleet.console.services import Console, Rooms
from fleet.enrolments import LettingIn, NotLetIn, Placing, Waiting
from fleet.enrolments.letting_in import placing_of
from fleet.enrolments.office import Approved
from fleet.people import Right, SignedIn
from fleet.terminals import finding, importing
from kiosk.status import rings

WORDS: Final[Mapping[str, str]] = {
    "unknown_code": "没有终端显示这个登记码。请和现场逐个核对；还不对就不要批准，让终端重新登记。",
    "too_many": "十分钟里输错了十次，先停一停。请查清是谁在试。",
    "decided": "这个登记码已经处理过了。",
    "too_old": "这个登记码过期了，请现场重新运行登记。",
    "set_up_with_another": "终端自己设置的编号或地方和填的不一样，请让现场改设置。",
    "not_given": "请填编号和地方：编号 4 到 32 个字母、数字、短横，地方是 6 位区划代码。",
    "nothing_to_replace": "没有这个编号的终端可以换，请现场不带 --replaces 再登记。",
    "there_already": "这个编号已经有终端了。确实是换机，请现场用 --replaces 再登记。",
    "not_a_group": "没有这个组，请从列表里选一个。",
    "on_the_move": "这个组正在发布，先不加进新终端。请放进后面的组，或等发布结束再批准。",
    "unreachable": "登记处的数据库连不上，没有执行，请稍后再试。",
}
"""What the office's refusals mean to an operator."""

router = APIRouter()


@router.get("/enrolments")
def enrolments(rooms: Rooms, who: Looking) -> Response:
    """Show who waits."""
    waiting, trouble = _waiting(rooms.letting_in)
    return framed(
        "enrolments.html",
        rooms,
        who,
        waiting=waiting,
        trouble=trouble,
        may=who.may(Right.PLACE),
        there=rooms.letting_in is not None,
    )


@router.get("/enrolments/{shown}")
def enrolment(shown: str, rooms: Rooms, who: Looking) -> Response:
    """Show one who waits, with what is to be filled in."""
    one = _one(rooms, shown)
    if one is None or not who.may(Right.PLACE):
        return _gone()
    return _form(rooms, who, one, {})


class Decision(BaseModel):
    """What an operator filled in."""

    model_config = ConfigDict(extra="ignore", frozen=True, str_strip_whitespace=True)

    code: Annotated[str, Field(max_length=20)] = ""
    terminal: Annotated[str, Field(max_length=32)] = ""
    jurisdiction: Annotated[str, Field(max_length=12)] = ""
    title: Annotated[str, Field(max_length=60)] = ""
    site: Annotated[str, Field(max_length=100)] = ""
    kind: Annotated[str, Field(pattern="^(hall|bank|post|telecom|park|mall|building)$")] = "hall"
    group: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]{0,30}$")] = rings.LAST
    stolen: bool = False


@router.post("/enrolments/{shown}/approve")
async def approve(
    shown: str,
    request: Request,
    rooms: Rooms,
    who: Annotated[SignedIn, Depends(acting(Right.PLACE))],
) -> Response:
    """Let a terminal in whose code was typed."""
    form = dict(await request.form())
    return await run_in_threadpool(_approved, rooms, who, shown, form)


def _approved(rooms: Console, who: SignedIn, shown: str, form: Mapping[str, Any]) -> Response:
    one = _one(rooms, shown)
    if one is None or rooms.letting_in is None:
        return _gone()
    try:
        wanted = Decision.model_validate(form)
    except ValidationError:
        return _form(rooms, who, one, form, WORDS["not_a_group"])
    if not one.replaces and wanted.group not in groups_there(rooms):
        return _form(rooms, who, one, form, WORDS["not_a_group"])
    if not wanted.title and not one.replaces:
        return _form(rooms, who, one, form, "请填名称，大家好认。")
    approved = Approved(
        code=wanted.code,
        by=who.work_no,
        terminal=one.wants or wanted.terminal,
        jurisdiction=one.place or wanted.jurisdiction,
        stolen=wanted.stolen and one.replaces,
    )
    placing = _placing(rooms, approved.terminal, wanted)
    try:
        name = rooms.letting_in.approve(approved, placing, replaces=one.replaces)
    except NotLetIn as refused:
        return _form(rooms, who, one, form, WORDS[refused.why])
    return RedirectResponse(f"/terminals/{name}", 303)


@router.post("/enrolments/{shown}/refuse")
def refuse(
    shown: str,
    rooms: Rooms,
    who: Annotated[SignedIn, Depends(acting(Right.PLACE))],
    code: Text = "",
) -> Response:
    """Turn a terminal away whose code was typed."""
    one = _one(rooms, shown)
    if one is None or rooms.letting_in is None:
        return _gone()
    try:
        rooms.letting_in.refuse(code, who.work_no, one.wants)
    except NotLetIn as refused:
        return _form(rooms, who, one, {}, WORDS[refused.why])
    return RedirectResponse("/enrolments", 303)


def _placing(rooms: Console, name: str, wanted: Decision) -> Placing:
    """Return what was filled in, with the place on the map that was expected."""
    known = importing.expected(rooms.engine, name)
    return Placing(
        title=wanted.title or name,
        site=wanted.site,
        kind=wanted.kind,
        group=wanted.group,
        latitude=known.latitude if known else None,
        longitude=known.longitude if known else None,
    )


def _waiting(letting_in: LettingIn | None) -> tuple[list[Waiting], str]:
    """Return who waits, and in words why that can't be told."""
    if letting_in is None:
        return [], ""
    try:
        return list(letting_in.office.waiting(datetime.now(UTC))), ""
    except NotLetIn as refused:
        return [], WORDS[refused.why]


def _one(rooms: Console, shown: str) -> Waiting | None:
    return next((one for one in _waiting(rooms.letting_in)[0] if one.shown == shown), None)


def _form(
    rooms: Console, who: SignedIn, one: Waiting, form: Mapping[str, Any], trouble: str = ""
) -> Response:
    kept = finding.one(rooms.engine, one.wants) if one.wants else None
    expected = importing.expected(rooms.engine, one.wants) if one.wants else None
    known = placing_of(kept or expected) if kept or expected else Placing(title="")
    return framed(
        "enrolment.html",
        rooms,
        who,
        one=one,
        known=known,
        expected=expected,
        form=form,
        groups=groups_there(rooms),
        trouble=trouble,
        status=409 if trouble else 200,
    )


def _gone() -> Response:
    words = "它已经处理过了，或者登记码过期了。请回到“登记”看看。"
    return page("trouble.html", status=404, title="没有这台在等", words=words)
