"""Files that arrive in pieces, in the shape of the tus protocol, version 1.0.0.

Theory of operation
-------------------
An upload is a promise (SHA-256, length, media type) and the pieces received so far; both are rows,
nothing is kept in a process, so any worker may take the next piece. The row of the upload is the
lock: a piece is added when its offset is the number of bytes received, or not at all. A piece comes
with its own checksum and counts whole, so a connection that breaks costs that piece and no more.

With the last piece the whole must have the promised digest. Then it becomes a material, which is
content-addressed: the same content twice is once. Otherwise the upload is dropped and begins anew.

A terminal has one upload for one content. Asking for it again finds it where it was, which is how
a forwarder that died goes on without having remembered anything.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Engine, ForeignKey, LargeBinary, String, UniqueConstraint, delete, select
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, Session, mapped_column

from intake.receiving.pictures import MOST_POINTS, points
from intake.records.model import Base, Material
from intake.service.problems import Refusal

SIZE_LIMIT: Final = 20 << 20
"""Bytes of the largest file."""
LIFE: Final = timedelta(days=7)
"""How long an upload that gets no more pieces is kept: a terminal may be cut off for days."""
MOST_UNFINISHED: Final = 32
"""Unfinished uploads of one terminal; the one that waited longest makes room for another."""
BEGINNINGS: Final[dict[str, tuple[bytes, ...]]] = {
    "image/jpeg": (b"\xff\xd8\xff",),
    "image/png": (b"\x89PNG\r\n\x1a\n",),
    "application/pdf": (b"%PDF-",),
    "application/json": (b"{", b"["),
}
"""The media types that are taken, and what a file of each begins with."""


class Upload(Base):
    """What was promised, and how much of it is here."""

    __tablename__ = "upload"
    __table_args__ = (UniqueConstraint("terminal", "sha256"),)

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    terminal: Mapped[str] = mapped_column(String(64))
    sha256: Mapped[str] = mapped_column(String(64))
    size: Mapped[int]
    media_type: Mapped[str] = mapped_column(String(100))
    received: Mapped[int]
    touched_at: Mapped[datetime] = mapped_column(index=True)


class UploadPiece(Base):
    """Some bytes of an unfinished upload, from the offset ``start``."""

    __tablename__ = "upload_piece"

    upload_id: Mapped[str] = mapped_column(
        ForeignKey("upload.id", ondelete="CASCADE"), primary_key=True
    )
    start: Mapped[int] = mapped_column(primary_key=True)
    body: Mapped[bytes] = mapped_column(LargeBinary)


@dataclass(frozen=True, kw_only=True, slots=True)
class Promise:
    """What a terminal says it will send: hex SHA-256, bytes, media type."""

    sha256: str
    size: int
    media_type: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Received:
    """How far an upload is; complete when ``offset`` is ``size``."""

    id: str
    offset: int
    size: int


class Uploads:
    """All uploads of all terminals; every method is one transaction."""

    def __init__(self, engine: Engine) -> None:
        """Stand on the database of a store."""
        self._engine = engine
        self._writer = engine.execution_options(writes=True)

    def begin(
        self, promise: Promise, piece: bytes = b"", *, terminal: str, now: datetime
    ) -> Received:
        """Return the terminal's upload of this content, a new one where there is none.

        It is complete at once when the content is here already, whoever sent it. The piece is
        added, as `add` does, if nothing was here before; else it is left aside.

        Raises:
            Refusal: ``MEDIA_TYPE``, ``TOO_LARGE``, or ``INVALID`` when the content has another
                length than promised; for the piece as `add`.
        """
        _require_promise(promise)
        if len(piece) > promise.size:
            raise Refusal("UPLOAD_TOO_LONG", "upload-length")
        try:
            return self._begin(promise, piece, terminal, now)
        except IntegrityError:  # another worker began it at the same moment
            return self._begin(promise, piece, terminal, now)

    def standing(self, upload_id: str, *, terminal: str) -> Received:
        """Say how far an upload is.

        Raises:
            Refusal: ``UPLOAD_GONE`` when this terminal has no such upload.
        """
        with Session(self._engine) as session:
            found = session.get(Upload, upload_id)
            if found is None or found.terminal != terminal:
                raise Refusal("UPLOAD_GONE")
            return _received(found)

    def add(
        self, upload_id: str, offset: int, piece: bytes, *, terminal: str, now: datetime
    ) -> Received:
        """Add a piece; with the last one the file becomes a material.

        Raises:
            Refusal: ``UPLOAD_GONE``; ``UPLOAD_OFFSET`` when the piece does not begin where the
                upload ends; ``UPLOAD_TOO_LONG`` when it goes beyond its length; ``MEDIA_TYPE``
                when the content is of another kind; ``PICTURE_TOO_BIG``; ``DIGEST_MISMATCH`` when
                the whole is not what was promised. After the last three the upload is dropped.
        """
        with self._writing() as session:
            upload = session.get(Upload, upload_id, with_for_update=True)
            if upload is None or upload.terminal != terminal:
                raise Refusal("UPLOAD_GONE")
            if offset != upload.received:
                raise Refusal("UPLOAD_OFFSET", "upload-offset")
            if offset + len(piece) > upload.size:
                raise Refusal("UPLOAD_TOO_LONG", "upload-length")
            fault = _take(session, upload, piece, now)
            if fault is not None:
                session.delete(upload)
            told = _received(upload)
        if fault is not None:  # only now: raised above, it would take back the dropping
            raise Refusal(fault)
        return told

    def _begin(self, promise: Promise, piece: bytes, terminal: str, now: datetime) -> Received:
        fault = None
        with self._writing() as session:
            _tidy(session, terminal, promise.sha256, now)
            kept = session.scalar(select(Material.size).where(Material.sha256 == promise.sha256))
            if kept not in {None, promise.size}:
                raise Refusal("INVALID", "upload-length")
            upload = _found(session, terminal, promise, kept=kept is not None)
            if upload is None:
                upload = _new(promise, terminal)
                session.add(upload)
            upload.touched_at = now
            if kept is not None:
                upload.received = upload.size
                _drop_pieces(session, upload)
            session.flush()
            if piece and not upload.received:
                fault = _take(session, upload, piece, now)
            if fault is not None:
                session.delete(upload)
            told = _received(upload)
        if fault is not None:
            raise Refusal(fault)
        return told

    @contextmanager
    def _writing(self) -> Iterator[Session]:
        with Session(self._writer, expire_on_commit=False) as session, session.begin():
            yield session


def looks_like(media_type: str, head: bytes) -> bool:
    """Say whether a file's first bytes are those of its media type.

    A head that is too short to tell may be of any type that it can still become.
    """
    if media_type == "application/json":
        head = head.lstrip(b" \t\r\n")
    return any(head[: len(begin)] == begin[: len(head)] for begin in BEGINNINGS.get(media_type, ()))


def _require_promise(promise: Promise) -> None:
    if promise.media_type not in BEGINNINGS:
        raise Refusal("MEDIA_TYPE", "upload-metadata.filetype")
    if promise.size > SIZE_LIMIT:
        raise Refusal("TOO_LARGE", "upload-length")


def _found(session: Session, terminal: str, promise: Promise, *, kept: bool) -> Upload | None:
    """Return the upload to go on with; one that cannot keep this promise is dropped."""
    upload = session.scalar(
        select(Upload)
        .where(Upload.terminal == terminal, Upload.sha256 == promise.sha256)
        .with_for_update()
    )
    if upload is None:
        return None
    same = (upload.size, upload.media_type) == (promise.size, promise.media_type)
    if same and (kept or upload.received < upload.size):
        return upload
    session.delete(upload)
    session.flush()
    return None


def _new(promise: Promise, terminal: str) -> Upload:
    return Upload(
        id=secrets.token_hex(16),
        terminal=terminal,
        sha256=promise.sha256,
        size=promise.size,
        media_type=promise.media_type,
        received=0,
    )


def _take(session: Session, upload: Upload, piece: bytes, now: datetime) -> str | None:
    """Keep a piece, and the file when it was the last; return the code of what is wrong."""
    if not piece:
        return None
    if upload.received == 0 and not looks_like(upload.media_type, piece):
        return "MEDIA_TYPE"
    upload.touched_at = now
    start, upload.received = upload.received, upload.received + len(piece)
    if upload.received == upload.size:
        return _finish(session, upload, [*_pieces(session, upload), piece], now)
    session.add(UploadPiece(upload_id=upload.id, start=start, body=piece))
    session.flush()
    return None


def _pieces(session: Session, upload: Upload) -> Sequence[bytes]:
    """Return the bytes that came before, in order."""
    pieces = select(UploadPiece.body).where(UploadPiece.upload_id == upload.id)
    return session.scalars(pieces.order_by(UploadPiece.start)).all()


def _finish(session: Session, upload: Upload, pieces: Sequence[bytes], now: datetime) -> str | None:
    """Make a material of all pieces; return the code of what is wrong with it."""
    body = pieces[0] if len(pieces) == 1 else b"".join(pieces)
    if hashlib.sha256(body).hexdigest() != upload.sha256:
        return "DIGEST_MISMATCH"
    if not looks_like(upload.media_type, body):
        return "MEDIA_TYPE"
    if points(upload.media_type, body) > MOST_POINTS:
        return "PICTURE_TOO_BIG"
    if len(pieces) > 1:
        _drop_pieces(session, upload)
    sqlite = session.get_bind().dialect.name == "sqlite"
    kept = (sqlite_insert if sqlite else postgresql_insert)(Material).values(
        sha256=upload.sha256,
        size=upload.size,
        body=body,
        uploaded_by=upload.terminal,
        received_at=now,
    )
    session.execute(kept.on_conflict_do_nothing(index_elements=[Material.sha256]))
    return None


def _drop_pieces(session: Session, upload: Upload) -> None:
    session.execute(delete(UploadPiece).where(UploadPiece.upload_id == upload.id))


def _tidy(session: Session, terminal: str, sha256: str, now: datetime) -> None:
    """Drop what nobody goes on with, and make room for one more; ``sha256`` itself stays."""
    session.execute(delete(Upload).where(Upload.touched_at < now - LIFE))
    too_many = (
        select(Upload.id)
        .where(Upload.terminal == terminal, Upload.sha256 != sha256, Upload.received < Upload.size)
        .order_by(Upload.touched_at.desc())
        .offset(MOST_UNFINISHED - 1)
    )
    session.execute(delete(Upload).where(Upload.id.in_(too_many.scalar_subquery())))


def _received(upload: Upload) -> Received:
    return Received(id=upload.id, offset=upload.received, size=upload.size)
