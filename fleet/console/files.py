"""Files that terminals sent with their answers, handed out to who may give commands."""

from __future__ import annotations

from typing import Annotated, Final

from fastapi import APIRouter, Depends
from fastapi.responses import Response

from fleet import journal
from fleet.attachments.keeping import ENDINGS
from fleet.console.door import looking
from fleet.console.rendering import page
from fleet.console.services import Rooms
from fleet.people import Right, SignedIn
from kiosk.status.command import Kind

_POLICY: Final = "default-src 'none'; sandbox"
_TYPES: Final = {Kind.DIAGNOSTICS: "application/zip", Kind.SCREENSHOT: "image/jpeg"}

router = APIRouter()


@router.get("/terminals/{name}/files/{command}")
def file(
    name: str, command: str, rooms: Rooms, who: Annotated[SignedIn, Depends(looking)]
) -> Response:
    """Return what a terminal sent; it is a stranger's file, so nothing in it may run here."""
    if not who.may(Right.COMMAND):
        return page("trouble.html", status=403, title="没有执行", words="您的角色不能取文件。")
    kind = rooms.desk.asked(name, command)
    data = rooms.files.read(name, command, kind) if kind in ENDINGS else None
    if kind is None or data is None:
        return page("trouble.html", status=404, title="没有这个文件", words="可能已经清理了。")
    with rooms.engine.execution_options(writes=True).begin() as connection:
        journal.append(connection, who.work_no, "file_taken", name, detail=kind.value)
    shown = "inline" if kind is Kind.SCREENSHOT else "attachment"
    headers = {
        "content-disposition": f'{shown}; filename="{name}-{command[:8]}.{ENDINGS[kind]}"',
        "content-security-policy": _POLICY,
    }
    return Response(data, media_type=_TYPES[kind], headers=headers)
