"""Many terminals from a table: shown first with what is wrong, then taken by one act."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Form, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import RedirectResponse, Response
from starlette.datastructures import UploadFile

from fleet.console.door import Looking, acting
from fleet.console.framing import framed
from fleet.console.services import Console, Rooms
from fleet.people import Right, SignedIn
from fleet.terminals import importing

LARGEST: Final = 256 * 1024
"""Bytes of a table."""
SHOWN: Final = 100
"""Lines of a preview, and most faults that are told at once."""
BATCHES: Final = 20
REFUSED: Final[Mapping[str, str]] = {
    "not_text": "这不是文本表格。请在表格软件里另存为 CSV。",
    "empty": "表里一台终端也没有。第一行写列名，从第二行起一行一台。",
    "no_columns": "第一行要有“编号”“名称”“地方”三列；还可以有地点、场所、组、纬度、经度。",
    "too_long": f"一次最多 {importing.MOST} 台，请分成几个表。",
    "too_large": "文件太大，一次最多 256 KB，请分成几个表。",
    "taken_meanwhile": "表里的编号刚刚被别人用了，没有导入。请再预览一次。",
}
COLUMNS: Final = {column: word for word, column in importing.COLUMNS.items()}
FAULTS: Final = {
    "wrong": "写得不对",
    "missing": "没有填",
    "twice": "表里有两次",
    "in_use": "已经在用",
    "expected": "已经导入过",
}

router = APIRouter()


@router.get("/imports")
def imports(rooms: Rooms, who: Looking) -> Response:
    """Ask for a table, and show what is awaited still."""
    return _page(rooms, who)


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
        importing.take(rooms.engine, text, who.work_no)
    except importing.TableRefused as refused:
        return _page(rooms, who, REFUSED[refused.why])
    return RedirectResponse("/imports", 303)


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
        table = importing.read(rooms.engine, text)
    except importing.TableRefused as refused:
        return _page(rooms, who, REFUSED[refused.why])
    return framed(
        "import_preview.html",
        rooms,
        who,
        text=text,
        lines=table.lines[:SHOWN],
        count=len(table.lines),
        faults=table.faults[:SHOWN],
        wrong=len(table.faults),
        columns=COLUMNS,
        words=FAULTS,
    )


def _page(rooms: Console, who: SignedIn, trouble: str = "") -> Response:
    return framed(
        "imports.html",
        rooms,
        who,
        batches=importing.batches(rooms.engine, BATCHES),
        may=who.may(Right.PLACE),
        columns=importing.COLUMNS,
        trouble=trouble,
        status=422 if trouble else 200,
    )
