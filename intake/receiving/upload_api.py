"""The calls of an upload, in the shape of tus 1.0.0.

Core, creation, creation-with-upload, checksum and expiration.

Differences from a full tus server: `Upload-Metadata` must name ``sha256`` (the whole file's digest
in hex) and ``filetype``; every piece has an `Upload-Checksum`; a piece has at most 1 MiB; there is
no `OPTIONS` and no `DELETE`, since what is not finished goes by itself.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import re
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Header, Path, Request, Response
from fastapi.concurrency import run_in_threadpool

from intake.receiving.uploads import Promise, Received, Uploads
from intake.service.callers import Caller, Shared
from intake.service.problems import Problem, Refusal

PIECE_TYPE: Final = "application/offset+octet-stream"
_TUS: Final = {"tus-resumable": "1.0.0"}
_SHA256: Final = re.compile(r"[0-9a-f]{64}")
_BYTES: Final = {PIECE_TYPE: {"schema": {"type": "string", "format": "binary"}}}
_BODY: Final = {"requestBody": {"required": True, "content": _BYTES}}
_FIRST: Final = {"requestBody": {"required": False, "content": _BYTES}}
_GONE: Final[dict[int | str, dict[str, object]]] = {
    410: {"model": Problem, "description": "No such upload: begin anew"}
}
_PIECE: Final[dict[int | str, dict[str, object]]] = {
    **_GONE,
    415: {"model": Problem, "description": "Another kind of file"},
    460: {"model": Problem, "description": "The piece is damaged: send it again"},
}
_BEGINNING: Final[dict[int | str, dict[str, object]]] = {
    415: _PIECE[415],
    460: _PIECE[460],
}

router = APIRouter(prefix="/v1/uploads", tags=["材料"])


def uploads_of(request: Request) -> Uploads:
    """Return the uploads of the application that got the request."""
    uploads = request.app.state.uploads
    assert isinstance(uploads, Uploads)  # noqa: S101 - set in api_app, narrows the type
    return uploads


Desk = Annotated[Uploads, Depends(uploads_of)]
Length = Annotated[int, Header(alias="upload-length", ge=1)]
Offset = Annotated[int, Header(alias="upload-offset", ge=0)]
Metadata = Annotated[str, Header(alias="upload-metadata", max_length=500)]
Checksum = Annotated[str, Header(alias="upload-checksum", max_length=100)]
UploadId = Annotated[str, Path(pattern=r"^[0-9a-f]{32}$")]


@router.post(
    "",
    status_code=201,
    response_class=Response,
    responses=_BEGINNING,
    openapi_extra=_FIRST,
)
async def begin(
    *,
    services: Shared,
    uploads: Desk,
    caller: Caller,
    size: Length,
    metadata: Metadata,
    checksum: Checksum = "",
    request: Request,
) -> Response:
    """Begin an upload, or find it where it was; what is here already is complete at once.

    The first piece may come along (tus, creation-with-upload). It is kept if nothing was here
    before; ``Upload-Offset`` tells.
    """
    said = _metadata(metadata)
    sha256, media_type = said.get("sha256", ""), said.get("filetype", "")
    if not _SHA256.fullmatch(sha256):
        raise Refusal("INVALID", "upload-metadata.sha256")
    piece = await request.body()
    if piece:
        _require_kind(request)
        _require_checksum(checksum, piece)
    promise = Promise(sha256=sha256, size=size, media_type=media_type)
    standing = await run_in_threadpool(
        uploads.begin, promise, piece, terminal=caller.id, now=services.now()
    )
    return Response(
        status_code=201, headers={**_told(standing), "location": f"/v1/uploads/{standing.id}"}
    )


@router.head("/{upload_id}", response_class=Response, responses=_GONE)
def standing(uploads: Desk, caller: Caller, upload_id: UploadId) -> Response:
    """Say how many bytes are here, in ``Upload-Offset``."""
    return Response(headers=_told(uploads.standing(upload_id, terminal=caller.id)))


@router.patch(
    "/{upload_id}",
    status_code=204,
    response_class=Response,
    responses=_PIECE,
    openapi_extra=_BODY,
)
async def add(
    *,
    services: Shared,
    uploads: Desk,
    caller: Caller,
    upload_id: UploadId,
    offset: Offset,
    checksum: Checksum,
    request: Request,
) -> Response:
    """Add a piece at ``Upload-Offset``; it counts whole or not at all."""
    _require_kind(request)
    piece = await request.body()
    _require_checksum(checksum, piece)
    standing = await run_in_threadpool(
        uploads.add, upload_id, offset, piece, terminal=caller.id, now=services.now()
    )
    return Response(status_code=204, headers=_told(standing))


def _require_kind(request: Request) -> None:
    """Refuse a piece that is not announced as one.

    Raises:
        Refusal: ``MEDIA_TYPE``.
    """
    if request.headers.get("content-type") != PIECE_TYPE:
        raise Refusal("MEDIA_TYPE", "content-type")


def _told(standing: Received) -> dict[str, str]:
    """Return the headers that say how far an upload is."""
    return {
        **_TUS,
        "upload-offset": str(standing.offset),
        "upload-length": str(standing.size),
        "cache-control": "no-store",
    }


def _metadata(text: str) -> dict[str, str]:
    """Read ``key base64,key base64`` (tus, creation extension).

    Raises:
        Refusal: ``INVALID``.
    """
    said: dict[str, str] = {}
    try:
        for pair in text.split(","):
            key, _, value = pair.strip().partition(" ")
            said[key] = base64.b64decode(value.strip(), validate=True).decode()
    except (binascii.Error, ValueError) as error:
        raise Refusal("INVALID", "upload-metadata") from error
    return said


def _require_checksum(told: str, piece: bytes) -> None:
    """Refuse a piece that was damaged on its way.

    Raises:
        Refusal: ``INVALID`` for another algorithm than sha256, ``CHECKSUM_MISMATCH``.
    """
    algorithm, _, encoded = told.partition(" ")
    try:
        digest = base64.b64decode(encoded, validate=True)
    except (binascii.Error, ValueError) as error:
        raise Refusal("INVALID", "upload-checksum") from error
    if algorithm != "sha256":
        raise Refusal("INVALID", "upload-checksum")
    if not hmac.compare_digest(digest, hashlib.sha256(piece).digest()):
        raise Refusal("CHECKSUM_MISMATCH", "upload-checksum")
