"""What terminals will show under a release: pictures on its page, and asking for more."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends
from fastapi.responses import FileResponse, RedirectResponse, Response
from sqlalchemy import Engine, func, select

from fleet.console.door import Looking, Text, acting
from fleet.console.painter import Job
from fleet.console.parts import part_of
from fleet.console.rendering import page
from fleet.console.services import Console, Rooms
from fleet.people import Right, SignedIn
from fleet.release import picture_words, pictures
from fleet.release.holding import Part
from fleet.release.painting import Target
from fleet.release.pictures import Kept
from fleet.store.model import Terminal

SMALL: Final = 270
"""Dots of the longer side of a small picture."""
_POLICY: Final = "default-src 'none'; sandbox"

router = APIRouter()


@dataclass(frozen=True, kw_only=True, slots=True)
class Sort:
    """Terminals of one kind of site in one place: they show the same.

    Attributes:
        site: kind of site.
        jurisdiction: code of the place.
        terminals: how many the office has of them in the group.
    """

    site: str
    jurisdiction: str
    terminals: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Shown:
    """What a page has of the pictures of a part of a release.

    Attributes:
        kept: pictures, by terminal.
        jobs: what is being painted, waits or failed.
        barred: folders of pictures that the console is not allowed to read.
    """

    kept: tuple[Kept, ...]
    jobs: tuple[Job, ...]
    barred: tuple[Path, ...] = ()

    @property
    def coming(self) -> bool:
        """Whether more pictures come by themselves."""
        return any(job.step != "failed" for job in self.jobs)


def shown(rooms: Console, part: Part) -> Shown:
    """Return the pictures of a part of a release, and what is being painted."""
    jobs = rooms.painter.jobs(part.digest)
    if rooms.repository is None:
        return Shown(kept=(), jobs=jobs)
    kept = pictures.kept(rooms.repository, part.digest)
    return Shown(kept=kept, jobs=jobs, barred=pictures.unreadable(rooms.repository, part.digest))


def sorts(engine: Engine, group: str) -> Sequence[Sort]:
    """Return the kinds of terminals of a group, the most frequent first."""
    number = func.count()
    wanted = (
        select(Terminal.kind, Terminal.jurisdiction, number)
        .where(Terminal.group == group)
        .group_by(Terminal.kind, Terminal.jurisdiction)
        .order_by(number.desc(), Terminal.kind, Terminal.jurisdiction)
    )
    with engine.connect() as connection:
        rows = connection.execute(wanted).all()
    return tuple(Sort(site=kind, jurisdiction=code, terminals=n) for kind, code, n in rows)


@router.get("/releases/{name}/pictures/{group}")
def now(name: str, group: str, rooms: Rooms, who: Looking) -> Response:
    """Return the part of a release's page that shows what a group's terminals will show."""
    del who
    part = part_of(rooms, name, group)
    if part is None:
        return Response(status_code=404)
    return page("pictures.html", **values(rooms, name, part))


def values(rooms: Console, name: str, part: Part) -> dict[str, Any]:
    """Return what the template of that part wants."""
    return {
        "name": name,
        "group": part.group,
        "shown": shown(rooms, part),
        "words": picture_words,
        "small": SMALL,
    }


@router.get("/releases/{name}/pictures/{group}/{terminal}/{side}/{key}")
def picture(  # noqa: PLR0917 - each is a part of the address
    name: str,
    group: str,
    terminal: str,
    side: str,
    key: str,
    rooms: Rooms,
    who: Looking,
    small: bool = False,
) -> Response:
    """Return a picture; only what the table of its preview names is looked for."""
    del who
    part = part_of(rooms, name, group)
    there = () if part is None else shown(rooms, part).kept
    kept = next((own for own in there if own.folder.name == terminal), None)
    path = None if kept is None else kept.picture(side, key, small=small)
    if path is None or not path.is_file():
        return page(
            "trouble.html", status=404, title="没有这张图", words="可能已经重画了，请刷新。"
        )
    return FileResponse(path, headers={"content-security-policy": _POLICY}, media_type="image/png")


@router.post("/releases/{name}/pictures/{group}")
def ask(  # noqa: PLR0917 - some are parts of the address, some fields of the form
    name: str,
    group: str,
    rooms: Rooms,
    who: Annotated[SignedIn, Depends(acting(Right.RELEASE))],
    sort: Text = "",
    landscape: Text = "",
) -> Response:
    """Let the pictures of one kind of terminal be painted."""
    del who
    part = part_of(rooms, name, group)
    if part is None or rooms.repository is None:
        return page("trouble.html", status=404, title="没有画", words="没有这个配置。")
    site, _, code = sort.partition(" ")
    known = {(own.site, own.jurisdiction) for own in sorts(rooms.engine, group)} | {("", "")}
    if (site, code) not in known:
        return page("trouble.html", status=422, title="没有画", words="请从列表里选一种终端。")
    target = Target(site=site, jurisdiction=code, landscape=landscape == "yes")
    if not rooms.painter.ask(rooms.repository, part, target):
        words = "等着画的太多了，请过几分钟再来。"
        return page("trouble.html", status=503, title="没有画", words=words)
    return RedirectResponse(f"/releases/{name}", 303)
