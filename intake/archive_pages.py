"""The clerk takes an application's package for the archive; that it was taken is kept with it."""

from __future__ import annotations

from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Annotated

from fastapi import APIRouter
from fastapi import Path as Place
from fastapi.responses import FileResponse
from starlette.background import BackgroundTask

from intake import archive
from intake.api import Shared
from intake.archive_keys import Keys, SigningKey, known
from intake.model import Application
from intake.problems import Refusal
from intake.services import Services

KIND = "archive.packed"
"""The kind of the event."""
CLERK = "受理窗口"
"""Who acts on these pages."""

router = APIRouter()


@router.get("/clerk/applications/{no}/archive")
def packed(services: Shared, no: Annotated[str, Place(pattern=r"^[0-9]{10,30}$")]) -> FileResponse:
    """Give the package, made now."""
    found = services.store.by_number(no)
    if found is None:
        raise Refusal("NOT_FOUND")
    own = archive.case(services.store, services.catalogues, _keys(services, found), found)
    with NamedTemporaryFile(prefix="yiduan-archive-", delete=False) as target:
        path = Path(target.name)
        try:
            archive.pack(services.store, own, target, services.now())
        except BaseException:
            path.unlink()
            raise
    services.store.note(found.id, KIND, actor=CLERK, now=services.now())
    services.bell.ring()
    return FileResponse(
        path,
        media_type="application/zip",
        filename=archive.name_of(found),
        background=BackgroundTask(path.unlink),
    )


def _keys(services: Services, application: Application) -> Keys:
    """Return every key the terminal has had, and the one of the list, if there is one."""
    enrolled = known(services.store.engine, None)
    if enrolled.of(application.signature) is not None:
        return enrolled
    try:
        own = services.registry.get(application.terminal)
    except Refusal:
        return enrolled
    listed = SigningKey(terminal=own.id, provider=own.provider, public=own.signing_public)
    return Keys([listed])
