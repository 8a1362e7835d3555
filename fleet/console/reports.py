"""Reports: figures of days, pictures, tables, and the same as files."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Query
from fastapi.responses import Response, StreamingResponse

from fleet.console.door import Looking
from fleet.console.framing import framed
from fleet.console.services import Console, Rooms
from fleet.reports import Period, Summary, ranking, sheets
from fleet.reports.charts import bars
from fleet.reports.closing import Sums
from fleet.reports.names import PAGES
from fleet.reports.promised import GOALS
from fleet.reports.summary import numbers, total
from fleet.terminals.days import day_of

LEFT: Final = 8
"""Pages that are told of where visits are left; the rest are few."""

router = APIRouter()


@dataclass(frozen=True, slots=True)
class Asked:
    """Which days, of which place; empty: of all."""

    period: Period
    place: str


def _asked(
    first: Annotated[str, Query(max_length=10)] = "",
    last: Annotated[str, Query(max_length=10)] = "",
    place: Annotated[str, Query(max_length=12, pattern=r"^\d*$")] = "",
) -> Asked:
    return Asked(Period.read(first, last, day_of(datetime.now(UTC))), place)


Wanted = Annotated[Asked, Depends(_asked)]


@router.get("/reports")
def reports(rooms: Rooms, who: Looking, asked: Wanted) -> Response:
    """Show the figures of some days, of all places or of one."""
    period, place = asked.period, asked.place
    days = rooms.reports.closing.of(period, datetime.now(UTC))
    by_day = {day: own.of(place) for day, own in days.items()}
    whole = total(by_day.values())
    names = rooms.reports.names
    return framed(
        "reports.html",
        rooms,
        who,
        period=period,
        place=place,
        places=_places(rooms, days),
        whole=whole,
        visits_of_days=bars(
            "每天的办理次数", [(f"{day:%m-%d}", own.visits) for day, own in by_day.items()]
        ),
        visits_of_hours=bars(
            "每个钟点的办理次数", [(f"{hour}", count) for hour, count in enumerate(whole.hours)]
        ),
        things=sorted(
            ((names.thing(code), own) for code, own in whole.things.items()),
            key=lambda row: -row[1].visits,
        ),
        left=_left(whole),
        terminals=rooms.reports.busiest.of(period, place, datetime.now(UTC)),
        promised=rooms.reports.promised.of(place) if place else (),
        goals=GOALS,
    )


@router.get("/reports/{sheet}.csv")
def sheet(sheet: str, rooms: Rooms, who: Looking, asked: Wanted) -> Response:
    """Return one of the tables as a file."""
    del who
    period = asked.period
    makes = {"days": _days, "things": _things, "places": _of_places, "terminals": _terminals}
    if sheet not in makes:
        return Response(status_code=404)
    name = f"{sheet}-{period.first}-{period.last}.csv"
    return StreamingResponse(
        makes[sheet](rooms, period, asked.place),
        media_type="text/csv; charset=utf-8",
        headers={"content-disposition": f'attachment; filename="{name}"'},
    )


def _places(rooms: Console, days: Mapping[date, Sums]) -> Sequence[tuple[str, str, Summary]]:
    parts: dict[str, list[Summary]] = {}
    for day in days.values():
        for code, own in day.places.items():
            if own.possible_minutes:  # a day on which there was no terminal has a row of nobody
                parts.setdefault(code, []).append(own)
    return [
        (code, rooms.reports.names.place(code), numbers(own)) for code, own in sorted(parts.items())
    ]


def _left(whole: Summary) -> Sequence[tuple[str, int]]:
    counts: Counter[str] = Counter()
    for page, visits in whole.left.items():
        counts[PAGES.get(page, page)] += visits
    return counts.most_common(LEFT)


_COUNTS: Final = ("办理次数", "提交", "放弃", "超时", "出错", "凭条没打出来")


def _counts(own: Any) -> Sequence[int]:
    return (
        *(own.visits, own.submitted, own.abandoned),
        *(own.timed_out, own.crashed, own.slips_missing),
    )


def _days(rooms: Console, period: Period, place: str) -> Iterator[bytes]:
    days = rooms.reports.closing.of(period, datetime.now(UTC))
    rows = ((day, own.of(place)) for day, own in days.items())
    return sheets.lines(
        ("日期", "报到终端", *_COUNTS, "在线分钟", "评价数"),
        (
            (day.isoformat(), own.terminals, *_counts(own), own.seen_minutes, sum(own.ratings))
            for day, own in rows
        ),
    )


def _things(rooms: Console, period: Period, place: str) -> Iterator[bytes]:
    days = rooms.reports.closing.of(period, datetime.now(UTC))
    whole = total(own.of(place) for own in days.values())
    return sheets.lines(
        ("一件事", "选了的次数", "办成提交", "平均分钟"),
        (
            (rooms.reports.names.thing(code), own.visits, own.filed, own.minutes)
            for code, own in sorted(whole.things.items())
        ),
    )


def _of_places(rooms: Console, period: Period, place: str) -> Iterator[bytes]:
    days = rooms.reports.closing.of(period, datetime.now(UTC))
    found = [row for row in _places(rooms, days) if place in ("", row[0])]
    return sheets.lines(
        ("代码", "地区", "终端日", *_COUNTS, "在线分钟"),
        ((code, name, own.terminals, *_counts(own), own.seen_minutes) for code, name, own in found),
    )


def _terminals(rooms: Console, period: Period, place: str) -> Iterator[bytes]:
    return sheets.lines(
        ("编号", "名称", "位置", "地区", *_COUNTS, "在线分钟", "报到天数"),
        (
            (
                *(row.name, row.title, row.site, row.jurisdiction),
                *_counts(row),
                *(row.seen_minutes, row.days),
            )
            for row in ranking.every(rooms.engine, period, place, datetime.now(UTC))
        ),
    )
