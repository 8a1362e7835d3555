"""Many terminals from a table: shown first with what is wrong, then taken by one act."""

from __future__ import annotations

from typing import Annotated, Final
from urllib.parse import quote

from fastapi import APIRouter, Depends, Form, Query, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import RedirectResponse, Response
from starlette.datastructures import UploadFile

from fleet.console import import_words
from fleet.console.door import Looking, acting
from fleet.console.framing import framed
from fleet.console.naming import groups_there
from fleet.console.services import Console, Rooms
from fleet.people import Right, SignedIn
from fleet.terminals import importing

LARGEST: Final = 256 * 1024
"""Bytes of a table."""
SHOWN: Final = 100
"""Lines of a preview, and most faults that are told at once."""
BATCHES: Final = 20

router = APIRouter()


@router.get("/imports")
def imports(
    rooms: Rooms, who: Looking, taken: Annotated[str, Query(max_length=32)] = ""
) -> Response:
    """Ask for a table, and show what is awaited still; ``taken`` is who was just imported."""
    return _page(rooms, who, taken=taken)


@router.get("/imports/template.csv")
def template(who: Looking) -> Response:
    """Give a table to begin with, as Excel reads it."""
    del who
    named = {"content-disposition": "attachment; filename*=UTF-8''" + quote("终端导入模板.csv")}
    return Response(importing.TEMPLATE.encode("utf-8-sig"), media_type="text/csv", headers=named)


@router.post("/imports/preview")
async def preview(
    request: Request, rooms: Rooms, who: Annotated[SignedIn, Depends(acting(Right.PLACE))]
) -> Response:
    """Show what a table would do."""
    form = await request.form()
    file = form.get("table")
    data = await file.read(LARGEST + 1) if isinstance(file, UploadFile) else b""
    return await run_in_threadpool(_previewed, rooms, who, data)


@router.post("/imports/take")
def take(
    rooms: Rooms,
    who: Annotated[SignedIn, Depends(acting(Right.PLACE))],
    text: Annotated[str, Form(max_length=LARGEST)] = "",
) -> Response:
    """Expect every terminal of a table that was shown."""
    try:
        batch = importing.take(rooms.engine, text, who.work_no, groups=groups_there(rooms))
    except importing.TableRefused as refused:
        return _page(rooms, who, import_words.REFUSED[refused.why])
    return RedirectResponse(f"/imports?taken={batch}", 303)


@router.post("/imports/{batch}/undo")
def undo(
    batch: str, rooms: Rooms, who: Annotated[SignedIn, Depends(acting(Right.PLACE))]
) -> Response:
    """Expect no more what of an import has not enrolled."""
    importing.take_back(rooms.engine, batch, who.work_no)
    return RedirectResponse("/imports", 303)


def _previewed(rooms: Console, who: SignedIn, data: bytes) -> Response:
    try:
        if len(data) > LARGEST:
            raise importing.TableRefused("too_large")
        text = importing.decoded(data)
        table = importing.read(rooms.engine, text, groups_there(rooms))
    except importing.TableRefused as refused:
        said = f"现在第一行是“{refused.said}”。" if refused.said else ""
        where = f"第 {refused.line} 行：" if refused.line else ""
        return _page(rooms, who, where + import_words.REFUSED[refused.why] + said)
    return framed(
        "import_preview.html",
        rooms,
        who,
        text=text,
        lines=table.lines[:SHOWN],
        count=len(table.lines),
        faults=table.faults[:SHOWN],
        wrong=len(table.faults),
        words=import_words,
    )


def _page(rooms: Console, who: SignedIn, trouble: str = "", taken: str = "") -> Response:
    batches = importing.batches(rooms.engine, BATCHES)
    return framed(
        "imports.html",
        rooms,
        who,
        batches=batches,
        taken=next((one for one in batches if one.batch == taken), None),
        may=who.may(Right.PLACE),
        columns=importing.COLUMNS,
        trouble=trouble,
        status=422 if trouble else 200,
    )
