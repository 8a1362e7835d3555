"""The clerk takes an application's package for the archive; that it was taken is kept with it."""

from __future__ import annotations

from collections.abc import Iterator
from tempfile import TemporaryFile
from typing import IO, Annotated, Final

from fastapi import APIRouter, Path
from fastapi.responses import StreamingResponse

from intake.archive import package as archive
from intake.archive.keys import Keys, SigningKey, known
from intake.records.model import Application
from intake.service.api import Shared
from intake.service.problems import Refusal
from intake.service.services import Services

KIND = "archive.packed"
"""The kind of the event."""
CLERK = "受理窗口"
"""Who acts on these pages."""

_PIECE: Final = 1 << 20

router = APIRouter()


@router.get("/clerk/applications/{no}/archive")
def packed(
    services: Shared, no: Annotated[str, Path(pattern=r"^[0-9]{10,30}$")]
) -> StreamingResponse:
    """Give the package, made now."""
    found = services.store.by_number(no)
    if found is None:
        raise Refusal("NOT_FOUND")
    own = archive.case(services.store, services.catalogues, _keys(services, found), found)
    package = TemporaryFile(prefix="yiduan-archive-")  # noqa: SIM115 - open until it is sent
    archive.pack(services.store, own, package, services.now())
    services.store.note(found.id, KIND, actor=CLERK, now=services.now())
    services.bell.ring()
    headers = {
        "content-length": str(package.tell()),
        "content-disposition": f'attachment; filename="{archive.name_of(found)}"',
    }
    package.seek(0)
    return StreamingResponse(_pieces(package), media_type="application/zip", headers=headers)


def _pieces(package: IO[bytes]) -> Iterator[bytes]:
    """Yield a file that has no name any more, and close it; so nothing of it stays behind."""
    with package:
        while piece := package.read(_PIECE):
            yield piece


def _keys(services: Services, application: Application) -> Keys:
    """Return every key the terminal has had, and the one of the list, if there is one."""
    enrolled = known(services.store.engine, None, terminal=application.terminal)
    if enrolled.of(application.signature) is not None:
        return enrolled
    try:
        own = services.registry.get(application.terminal)
    except Refusal:
        return enrolled
    listed = SigningKey(terminal=own.id, provider=own.provider, public=own.signing_public)
    return Keys([listed])
