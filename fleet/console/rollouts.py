"""The pages of rollouts: rings as a picture, gates with their figures, and what may be done."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import RedirectResponse, Response
from sqlalchemy import Connection, Engine, select

from fleet.console.door import Looking, Text, acting, of_form
from fleet.console.framing import framed
from fleet.console.gate_words import refused_limit
from fleet.console.rendering import page, trouble
from fleet.console.services import Console, Rooms
from fleet.errors import FleetError
from fleet.people import Right, SignedIn
from fleet.rollouts import facts, ledger, office, placing
from fleet.rollouts.carrier import judged
from fleet.rollouts.course import NEXT, Ask, Event, Ring, Step
from fleet.rollouts.gate import Verdict
from fleet.rollouts.ledger import NoRollout, Row
from fleet.rollouts.limits import BOUNDS, LimitRefused, limits_of
from fleet.rollouts.standing import Standing, Tally
from fleet.store.model import Entry
from kiosk.status.rings import line_of, ring_of

ROLLOUTS: Final = 50
BY_ORDER: Final = "by_order"
"""Why a terminal went back that was told to (`kiosk.release.reasons`): nothing failed there."""
RIGHTS: Final[Mapping[str, Right]] = {
    "approve": Right.APPROVE,
    "pause": Right.RELEASE,
    "resume": Right.RELEASE,
    "abort": Right.RELEASE,
    "skip": Right.RELEASE,
    "back": Right.RELEASE,
}
_EVENTS: Final = {"pause": Event.PAUSE, "resume": Event.RESUME, "abort": Event.STOP}
_DOES: Final[Mapping[str, Callable[[Engine, int, str], Row]]] = {
    "approve": office.approve,
    "pause": office.pause,
    "resume": office.resume,
    "abort": office.abort,
    "skip": lambda engine, number, by: office.ask(engine, number, Ask.SKIP, by),
    "back": lambda engine, number, by: office.ask(engine, number, Ask.BACK, by),
}

router = APIRouter()


@dataclass(frozen=True, kw_only=True, slots=True)
class Shown:
    """A ring as it is shown: how many it has, and once it is open, what its gate says."""

    ring: Ring
    number: int
    terminals: int
    verdict: Verdict | None
    still: int | None = None
    """How many have it in force although it comes back; none: it does not come back."""

    @property
    def tally(self) -> Tally | None:
        """How its terminals fare, or fared when the rollout ended."""
        return self.ring.final or (self.verdict.tally if self.verdict else None)


@router.get("/rollouts")
def rollouts(rooms: Rooms, who: Looking) -> Response:
    """Show all rollouts, and who is in which ring."""
    counts = placing.counts(rooms.engine)
    return framed(
        "rollouts.html",
        rooms,
        who,
        rows=ledger.newest(rooms.engine, ROLLOUTS),
        groups=sorted(counts.items(), key=lambda own: (line_of(own[0]), ring_of(own[0]))),
        places=who.may(Right.PLACE),
    )


async def _told(request: Request) -> Mapping[str, str]:
    """Return what a form says of the gates' limits, each by its name."""
    form = await request.form()
    return {own.name: str(form.get(own.name, ""))[:20] for own in BOUNDS}


@router.post("/rollouts/begin")
def begin(
    rooms: Rooms,
    who: Annotated[SignedIn, Depends(acting(Right.RELEASE))],
    told: Annotated[Mapping[str, str], Depends(_told)],
    release: Text,
    note: Text = "",
) -> Response:
    """Begin the rollout of a signed release, with gates as this person wants them."""
    if rooms.repository is None:
        return trouble("没有执行", "这个管理台没有连着发布库。", 409)
    try:
        limits = limits_of(told)
    except LimitRefused as refused:
        return trouble("没有开始", refused_limit(refused), 422)
    wanted = office.Wanted(release=release, note=note.strip(), by=who.work_no, limits=limits)
    try:
        number = office.begin(rooms.engine, rooms.repository, wanted)
    except FleetError as error:
        return trouble("没有执行", str(error), 409)
    return RedirectResponse(f"/rollouts/{number}", 303)


@router.post("/rollouts/place")
def place(  # noqa: PLR0917 - each is a field of the form
    rooms: Rooms,
    who: Annotated[SignedIn, Depends(acting(Right.PLACE))],
    line: Annotated[str, Form(pattern=r"^[a-z0-9-]{0,24}$")] = "",
    first: Annotated[float, Form(ge=0, le=100)] = 1,
    second: Annotated[float, Form(ge=0, le=100)] = 5,
    third: Annotated[float, Form(ge=0, le=100)] = 25,
    keep: Text = "",
) -> Response:
    """Put a line's terminals into rings by lot."""
    shares = [own / 100 for own in (first, second, third)]
    try:
        placing.by_lot(rooms.engine, line, shares, who.work_no, keep_first=bool(keep))
    except ValueError:
        return trouble("没有执行", "三个比例要从小到大，不超过 100。", 422)
    except FleetError as error:
        return trouble("没有执行", str(error), 409)
    return RedirectResponse("/rollouts", 303)


@router.get("/rollouts/{number}")
def rollout(number: int, rooms: Rooms, who: Looking) -> Response:
    """Show one rollout."""
    try:
        values = _rollout(rooms, number, who)
    except NoRollout as error:
        return trouble("没有这次发布", str(error), 404)
    return framed("rollout.html", rooms, who, here="rollouts", **values)


@router.get("/rollouts/{number}/now")
def rollout_now(number: int, rooms: Rooms, who: Looking) -> Response:
    """Return the part of a rollout's page that changes."""
    try:
        return page("rollout_now.html", **_rollout(rooms, number, who))
    except NoRollout:
        return Response(status_code=404)


@router.get("/rollouts/{number}/card")
def rollout_card(number: int, rooms: Rooms, who: Looking) -> Response:
    """Return the overview's part of a rollout."""
    try:
        values = _rollout(rooms, number, who)
    except NoRollout:
        return Response(status_code=404)
    return page("rollout_card.html", here_is_overview=True, **values)


@router.get("/rollouts/{number}/{act}")
def confirm(number: int, act: str, rooms: Rooms, who: Looking) -> Response:
    """Ask once more."""
    try:
        row = ledger.one(rooms.engine, number)
    except NoRollout as error:
        return trouble("没有这次发布", str(error), 404)
    if act not in acts_of(row, who):
        return trouble("现在不能做", "您的角色不能做，或者情况已经变了。请返回，刷新再看。", 409)
    return framed("rollout_confirm.html", rooms, who, here="rollouts", row=row, act=act)


@router.post("/rollouts/{number}/{act}")
def do(number: int, act: str, rooms: Rooms, who: Annotated[SignedIn, Depends(of_form)]) -> Response:
    """Do something with a rollout, by the right that it takes."""
    if act not in RIGHTS:
        return trouble("没有执行", "没有这个操作。", 404)
    acting(RIGHTS[act])(who)
    try:
        _DOES[act](rooms.engine, number, who.work_no)
    except FleetError as error:
        return trouble("没有执行", str(error), 409)
    return RedirectResponse(f"/rollouts/{number}", 303)


def current(rooms: Console, who: SignedIn) -> Mapping[str, Any] | None:
    """Return what the overview shows of the newest rollout under way; none: there is none."""
    rows = ledger.under_way(rooms.engine)
    return _rollout(rooms, rows[-1].id, who) if rows else None


def asked(rooms: Console) -> Sequence[Row]:
    """Return the rollouts that wait for a second person, the newest first."""
    rows = ledger.newest(rooms.engine, ROLLOUTS)
    return [row for row in rows if row.course.asked is not None]


def acts_of(row: Row, who: SignedIn) -> Sequence[str]:
    """Return what this person may do with a rollout where it stands, in the order of buttons."""
    course = row.course
    possible = {name for name, event in _EVENTS.items() if (course.step, event) in NEXT}
    if course.asked is not None and who.work_no not in {row.by, course.asked.by}:
        possible.add("approve")
    possible |= {own.value for own in (Ask.SKIP, Ask.BACK) if office.may_be_asked(course, own)}
    return [name for name in RIGHTS if name in possible and who.may(RIGHTS[name])]


def _rollout(rooms: Console, number: int, who: SignedIn) -> dict[str, Any]:
    row, now = ledger.one(rooms.engine, number), datetime.now(UTC)
    verdicts = judged(rooms.engine, row, now)
    with rooms.engine.connect() as connection:
        rings = _rings(connection, row, verdicts)
        failed = _failed(connection, row, now)
        told = connection.execute(
            select(Entry)
            .where(Entry.subject == f"{row.release} #{number}")
            .order_by(Entry.sequence.desc())
            .limit(ROLLOUTS)
        ).all()
    return {
        "row": row,
        "rings": rings,
        "still": sum(own.still or 0 for own in rings),
        "failed": failed,
        "entries": told,
        "acts": acts_of(row, who),
        "is_over": row.course.step in {Step.STOPPED, Step.DONE},
    }


def _rings(connection: Connection, row: Row, verdicts: Mapping[int, Verdict]) -> Sequence[Shown]:
    """Return every ring of a rollout as it is shown."""
    return [
        Shown(
            ring=ring,
            number=index,
            terminals=facts.members(connection, ring.group),
            verdict=verdicts.get(index),
            still=facts.still_out(connection, ring.group, row.release) if _is_back(row) else None,
        )
        for index, ring in enumerate(row.course.rings)
    ]


def _failed(connection: Connection, row: Row, now: datetime) -> Sequence[tuple[Any, Standing]]:
    """Return terminals that failed; of a release that comes back not those that obeyed."""
    return [
        own
        for ring in row.course.out
        for own in facts.failed(connection, ring, row.release, row.course.limits, now)
        if not (_is_back(row) and own[0].why == BY_ORDER)
    ]


def _is_back(row: Row) -> bool:
    return row.course.step in {Step.STOPPING, Step.STOPPED}
