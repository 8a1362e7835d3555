"""Files come in pieces, survive lost lines and dead workers, and are kept once."""

from __future__ import annotations

import hashlib
import os
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from intake.receiving.uploads import (
    LIFE,
    MOST_UNFINISHED,
    SIZE_LIMIT,
    Promise,
    UploadPiece,
    Uploads,
    looks_like,
)
from intake.records.model import Material
from intake.records.store import Store
from intake.service.problems import Refusal
from tests.intake_databases import postgres_url, store, url

__all__ = ["postgres_url", "store", "url"]

NOW = datetime(2026, 11, 22, 6, 36, tzinfo=UTC)
JPEG = b"\xff\xd8\xff\xe0"


@pytest.fixture
def uploads(store: Store) -> Uploads:
    """The uploads of that store."""
    return Uploads(store.engine)


def promise(body: bytes, media_type: str = "image/jpeg") -> Promise:
    """Return a right promise of a file."""
    sha256 = hashlib.sha256(body).hexdigest()
    return Promise(sha256=sha256, size=len(body), media_type=media_type)


def materials(store: Store) -> dict[str, bytes]:
    """Return all files that are kept."""
    with Session(store.engine) as session:
        rows = session.execute(select(Material.sha256, Material.body)).all()
    return {row.sha256: row.body for row in rows}


def pieces(store: Store) -> int:
    """Return how many pieces are stored."""
    with Session(store.engine) as session:
        return session.scalar(select(func.count()).select_from(UploadPiece)) or 0


def refused(code: str) -> pytest.RaisesExc[Refusal]:
    """Expect a refusal."""
    return pytest.raises(Refusal, match=code)


# --- rows ---------------------------------------------------------------------------------------


def test_a_file_in_three_pieces(store: Store, uploads: Uploads) -> None:
    """The pieces become one material, whichever worker took each, and leave nothing behind."""
    body = JPEG + os.urandom(1000)
    begun = uploads.begin(promise(body), terminal="t", now=NOW)
    assert (begun.offset, begun.size) == (0, 1004)
    for start in (0, 400, 800):
        worker = Uploads(store.engine)
        piece = body[start : start + 400]
        told = worker.add(begun.id, start, piece, terminal="t", now=NOW)
        assert told.offset == worker.standing(begun.id, terminal="t").offset == start + len(piece)
    assert materials(store) == {promise(body).sha256: body}
    assert pieces(store) == 0
    again = uploads.begin(promise(body), terminal="t", now=NOW)
    other = uploads.begin(promise(body), terminal="another", now=NOW)
    assert again.offset == other.offset == 1004


def test_a_beginning_brings_its_first_piece(store: Store, uploads: Uploads) -> None:
    """Whole it is a material at once, a part is gone on from, and a late one changes nothing."""
    body = JPEG + os.urandom(96)
    begun = uploads.begin(promise(body), body[:40], terminal="t", now=NOW)
    assert (begun.offset, pieces(store)) == (40, 1)
    again = uploads.begin(promise(body), body[:60], terminal="t", now=NOW)
    assert (again.id, again.offset) == (begun.id, 40)
    assert uploads.begin(promise(body), body, terminal="another", now=NOW).offset == 100
    assert materials(store) == {promise(body).sha256: body}
    done = uploads.begin(promise(body), body[:60], terminal="t", now=NOW)
    assert (done.offset, pieces(store)) == (100, 0)


@pytest.mark.parametrize(
    ("piece", "code"),
    [
        (JPEG + bytes(96), "DIGEST_MISMATCH"),
        (b"%PDF" + bytes(96), "MEDIA_TYPE"),
        (JPEG + bytes(97), "UPLOAD_TOO_LONG"),
    ],
)
def test_a_wrong_first_piece_leaves_nothing(
    store: Store, uploads: Uploads, piece: bytes, code: str
) -> None:
    """It is refused as a later one would be, and the right content begins anew."""
    body = JPEG + os.urandom(96)
    with refused(code):
        uploads.begin(promise(body), piece, terminal="t", now=NOW)
    assert (pieces(store), materials(store)) == (0, {})
    assert uploads.begin(promise(body), terminal="t", now=NOW).offset == 0


def test_asking_again_finds_it_where_it_was(uploads: Uploads) -> None:
    """A terminal that remembers nothing goes on; another terminal begins for itself."""
    body = JPEG + os.urandom(100)
    begun = uploads.begin(promise(body), terminal="t", now=NOW)
    uploads.add(begun.id, 0, body[:50], terminal="t", now=NOW)
    again = uploads.begin(promise(body), terminal="t", now=NOW)
    assert (again.id, again.offset) == (begun.id, 50)
    assert uploads.begin(promise(body), terminal="another", now=NOW).offset == 0
    with refused("UPLOAD_GONE"):
        uploads.standing(begun.id, terminal="another")
    with refused("UPLOAD_GONE"):
        uploads.add(begun.id, 50, body[50:], terminal="another", now=NOW)


@pytest.mark.parametrize("offset", [0, 49, 51, 99])
def test_a_piece_that_does_not_fit_changes_nothing(
    store: Store, uploads: Uploads, offset: int
) -> None:
    """Overlaps, gaps and surplus bytes are refused; the upload stays where it was."""
    body = JPEG + os.urandom(96)
    begun = uploads.begin(promise(body), terminal="t", now=NOW)
    uploads.add(begun.id, 0, body[:50], terminal="t", now=NOW)
    with refused("UPLOAD_OFFSET"):
        uploads.add(begun.id, offset, body[offset:], terminal="t", now=NOW)
    with refused("UPLOAD_TOO_LONG"):
        uploads.add(begun.id, 50, body[50:] + b"x", terminal="t", now=NOW)
    assert uploads.standing(begun.id, terminal="t").offset == 50
    assert pieces(store) == 1


def test_another_content_than_promised_is_dropped(store: Store, uploads: Uploads) -> None:
    """With a wrong digest the upload is gone, and the right content begins anew."""
    body = JPEG + os.urandom(96)
    begun = uploads.begin(promise(body), terminal="t", now=NOW)
    with refused("DIGEST_MISMATCH"):
        uploads.add(begun.id, 0, body[:-1] + b"?", terminal="t", now=NOW)
    with refused("UPLOAD_GONE"):
        uploads.standing(begun.id, terminal="t")
    assert (pieces(store), materials(store)) == (0, {})
    anew = uploads.begin(promise(body), terminal="t", now=NOW)
    uploads.add(anew.id, anew.offset, body, terminal="t", now=NOW)
    assert materials(store) == {promise(body).sha256: body}


def test_promises_that_are_not_taken(store: Store, uploads: Uploads) -> None:
    """Too long, of another kind, and a length that contradicts what is here."""
    body = JPEG + os.urandom(96)
    with refused("MEDIA_TYPE"):
        uploads.begin(promise(body, "image/svg+xml"), terminal="t", now=NOW)
    with refused("TOO_LARGE"):
        big = Promise(sha256="0" * 64, size=SIZE_LIMIT + 1, media_type="image/jpeg")
        uploads.begin(big, terminal="t", now=NOW)
    begun = uploads.begin(promise(body), terminal="t", now=NOW)
    uploads.add(begun.id, 0, body, terminal="t", now=NOW)
    with refused("INVALID"):
        short = Promise(sha256=promise(body).sha256, size=7, media_type="image/jpeg")
        uploads.begin(short, terminal="t", now=NOW)


def test_the_content_has_to_look_like_its_type(uploads: Uploads) -> None:
    """A page of a browser does not become a picture, even when its first byte comes alone."""
    body = b"<html>" + os.urandom(20)
    begun = uploads.begin(promise(body), terminal="t", now=NOW)
    with refused("MEDIA_TYPE"):
        uploads.add(begun.id, 0, body, terminal="t", now=NOW)
    body = b"\xff<html>" + os.urandom(20)
    begun = uploads.begin(promise(body), terminal="t", now=NOW)
    uploads.add(begun.id, 0, body[:1], terminal="t", now=NOW)
    with refused("MEDIA_TYPE"):
        uploads.add(begun.id, 1, body[1:], terminal="t", now=NOW)


def test_unfinished_uploads_are_bounded_in_number_and_age(store: Store, uploads: Uploads) -> None:
    """The one that waited longest makes room; what nobody goes on with is gone after a week."""
    bodies = [JPEG + bytes([number]) * 8 for number in range(MOST_UNFINISHED + 1)]
    begun = []
    for number, body in enumerate(bodies):
        moment = NOW + timedelta(minutes=number)
        one = uploads.begin(promise(body), terminal="t", now=moment)
        uploads.add(one.id, 0, body[:4], terminal="t", now=moment)
        begun.append(one)
    with refused("UPLOAD_GONE"):
        uploads.standing(begun[0].id, terminal="t")
    assert uploads.standing(begun[1].id, terminal="t").offset == 4
    assert pieces(store) == MOST_UNFINISHED
    later = NOW + LIFE + timedelta(hours=2)
    uploads.begin(promise(JPEG + b"last"), terminal="another", now=later)
    assert pieces(store) == 0


def test_workers_that_race_keep_every_byte_once(store: Store, uploads: Uploads) -> None:
    """Eight senders of one content, in pieces and all at once: one material, no error but ours."""
    body = JPEG + os.urandom(4000)

    def send(_: int) -> None:
        worker = Uploads(store.engine)
        while True:
            told = worker.begin(promise(body), terminal="t", now=NOW)
            if told.offset == told.size:
                return
            with suppress(Refusal):
                piece = body[told.offset : told.offset + 500]
                worker.add(told.id, told.offset, piece, terminal="t", now=NOW)

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(send, range(8)))
    assert materials(store) == {promise(body).sha256: body}
    assert pieces(store) == 0


@given(st.binary(min_size=1, max_size=12), st.integers(1, 12))
def test_a_short_head_never_says_no_to_what_a_long_one_takes(tail: bytes, cut: int) -> None:
    """However a file is cut, its head is not refused before it can be known."""
    for media_type, begin in (("image/png", b"\x89PNG\r\n\x1a\n"), ("application/json", b" {")):
        body = begin + tail
        assert looks_like(media_type, body[:cut])
        assert looks_like(media_type, body)
