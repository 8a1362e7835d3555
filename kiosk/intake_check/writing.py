"""What writes: one probe, files for it, and what an intake has to refuse."""

from __future__ import annotations

import base64
import hashlib
import secrets
import uuid
from dataclasses import replace
from typing import Final

from kiosk.domain.envelope import Envelope
from kiosk.gateway import Accepted, Refused, Reply, Running
from kiosk.gateway.errors import IntakeRefused, IntakeUnreachable
from kiosk.gateway.status import success
from kiosk.intake_check import probe
from kiosk.intake_check.asking import filing, refused, status_of
from kiosk.intake_check.finding import Failed, Skipped, Verdict
from kiosk.intake_check.reading import filed_before
from kiosk.intake_check.stand import Page, Stand

_TUS: Final = {"tus-resumable": "1.0.0"}
_SIZE_LIMIT: Final = 20 << 20
"""Bytes of the largest file."""
_ATTEMPTS: Final = 5
"""How often a filing that is still running is asked for."""


def media_type(stand: Stand) -> None:
    """A kind of file that nobody agreed on is refused."""
    refused(_begin(stand, probe.page(), media_type="text/html"), "MEDIA_TYPE")


def oversize_file(stand: Stand) -> None:
    """A file that says it is larger than any may be is refused before it comes."""
    refused(_begin(stand, probe.page(), size=_SIZE_LIMIT + 1), "TOO_LARGE")


def resumable(stand: Stand) -> None:
    """An upload goes on where the line broke, and what is there is not sent again."""
    page = probe.page()
    half = page.attachment.size // 2
    place = _place(_begin(stand, page))
    success(_piece(stand, place, 0, page.body[:half]), 204)
    at = _offset(success(stand.line.request("HEAD", place, headers=_TUS)))
    if at != half:
        raise Failed("forgot_bytes", sent=half, told=at)
    if _offset(success(_begin(stand, page))) != half:
        raise Failed("began_anew", sent=half)
    success(_piece(stand, place, half, page.body[half:]), 204)
    if _offset(success(_begin(stand, page))) != page.attachment.size:
        raise Failed("sent_again")


def damaged_piece(stand: Stand) -> None:
    """A piece that was damaged on its way does not count."""
    page = probe.page()
    place = _place(_begin(stand, page))
    refused(_piece(stand, place, 0, page.body, sums=page.body[1:]), "CHECKSUM_MISMATCH")


def wrong_offset(stand: Stand) -> None:
    """A piece that does not follow what is there is refused: no hole, nothing twice."""
    page = probe.page()
    place = _place(_begin(stand, page))
    refused(_piece(stand, place, 1, page.body[1:]), "UPLOAD_OFFSET")


def other_content(stand: Stand) -> None:
    """Bytes that have another digest than was promised are no material."""
    page = probe.page()
    place = _place(_begin(stand, page))
    other = page.body[:-1] + bytes([page.body[-1] ^ 1])
    refused(_piece(stand, place, 0, other), "DIGEST_MISMATCH")


def bad_signature(stand: Stand) -> None:
    """An envelope that was changed after it was signed is not filed."""
    data = _ready(stand).canonical()
    signature = stand.sign(data + b" ")
    refused(_post(stand, filing(data, signature)), "BAD_SIGNATURE")


def foreign_terminal(stand: Stand) -> None:
    """A terminal files in its own name only."""
    data = _ready(stand).canonical()
    signature = replace(stand.sign(data), terminal="NO-SUCH-TERMINAL")
    refused(_post(stand, filing(data, signature)), "UNKNOWN_TERMINAL")


def malformed(stand: Stand) -> None:
    """Signed bytes that are no envelope are not filed."""
    data = b'{"application": {}}'
    refused(_post(stand, filing(data, stand.sign(data))), "MALFORMED")


def old_catalogue(stand: Stand) -> None:
    """What was filled in by a catalogue that is not in force any more is not filed."""
    own = _ready(stand)
    changed = replace(own.application, catalogue_version="0" * 64)
    refused(_send(stand, replace(own, application=changed)), "CATALOGUE_CHANGED")


def material_missing(stand: Stand) -> None:
    """An application waits for its files: none is filed that names one which is not there."""
    refused(_send(stand, probe.envelope(stand, probe.page())), "MATERIAL_MISSING")


def filed(stand: Stand) -> None:
    """An application is filed and gets its numbers; who lost the answer may ask again."""
    own = _ready(stand)
    data = own.canonical()
    told = _submitted(stand, data)
    slip = f"{own.application.local_no}.{own.application.slip_token}"
    stand.files.update(slip=slip, envelope=own, accepted=told)


def same_answer(stand: Stand) -> None:
    """The same bytes get the same numbers for ever."""
    own, before = _filed(stand)
    if _submitted(stand, own.canonical()) != before:
        raise Failed("other_numbers")


def other_body(stand: Stand) -> None:
    """Another application under an id that is taken is not filed."""
    own, _ = _filed(stand)
    changed = replace(own.application, slip_token=secrets.token_hex(8))
    again = probe.signed_by_hand(stand, replace(own, application=changed))
    refused(_send(stand, again), "IDEMPOTENCY_MISMATCH")


def arrived(stand: Stand) -> None:
    """What was answered with a number is really there, under this number, with its items."""
    slip = filed_before(stand)
    own, before = _filed(stand)
    try:
        told = stand.client.progress(slip)
    except IntakeRefused as error:
        if error.problem.code == "NOT_ARRIVED":
            raise Failed("not_stored", number=before.application_no) from error
        raise
    if told.application_no != before.application_no:
        raise Failed("other_number_later", first=before.application_no, then=told.application_no)
    if len(told.items) != len(own.application.items):
        raise Failed("items_lost", sent=len(own.application.items), told=len(told.items))


def listed(stand: Stand) -> None:
    """A person finds what they have filed."""
    _, before = _filed(stand)
    told = stand.client.mine(stand.evidence(), stand.id_no, jurisdiction=stand.place)
    if before.application_no not in {one.application_no for one in told}:
        raise Failed("not_listed", number=before.application_no)


def evaluation(stand: Stand) -> None:
    """Nobody evaluates what was never filed."""
    given = {
        "visit": stand.visit,
        "key": str(uuid.uuid4()),
        "slip": f"L0000000000AAAAAA.{secrets.token_hex(8)}",
        "satisfaction": 5,
        "options": [],
        "pf": 5,
    }
    refused(stand.line.request("POST", "/v1/evaluations", given), "NOT_ARRIVED")


def grades(stand: Stand) -> None:
    """There are five grades."""
    given = {
        "visit": stand.visit,
        "key": str(uuid.uuid4()),
        "slip": f"L0000000000AAAAAA.{secrets.token_hex(8)}",
        "satisfaction": 6,
        "options": [],
        "pf": 5,
    }
    refused(stand.line.request("POST", "/v1/evaluations", given), "INVALID")


def _ready(stand: Stand) -> Envelope:
    """Return a probe whose one file is there."""
    page = probe.page()
    made = probe.envelope(stand, page)
    stand.client.upload(page.attachment.sha256, page.body, page.attachment.media_type)
    return made


def _filed(stand: Stand) -> tuple[Envelope, Accepted]:
    own, told = stand.files.get("envelope"), stand.files.get("accepted")
    if not isinstance(own, Envelope) or not isinstance(told, Accepted):
        raise Skipped("no_probe")
    return own, told


def _submitted(stand: Stand, data: bytes) -> Accepted:
    """File bytes; after an answer that was lost once more, which tells whether they were filed."""
    try:
        return _accepted(stand, data)
    except IntakeUnreachable as error:
        if status_of(error) is not None:
            raise
        lost = error
    reply = _post(stand, filing(data, stand.sign(data)))
    if reply.status == 200:
        raise Failed("acted_without_answer", reason=lost.reason) from lost
    raise lost


def _accepted(stand: Stand, data: bytes) -> Accepted:
    for _ in range(_ATTEMPTS):
        match stand.client.submit(data, stand.sign(data)):
            case Accepted() as told:
                return told
            case Refused(problem=own):
                raise Failed("refused", code=own.code, field=own.field or "-")
            case Running(retry_after=seconds):
                _wait(seconds)
    raise Failed("running_for_ever", Verdict.BROKEN, count=_ATTEMPTS)


def _wait(seconds: float) -> None:
    from time import sleep  # noqa: PLC0415 - the one place that waits

    sleep(min(seconds, 10.0))


def _send(stand: Stand, own: Envelope) -> Reply:
    data = own.canonical()
    return _post(stand, filing(data, stand.sign(data)))


def _post(stand: Stand, body: dict[str, object]) -> Reply:
    return stand.line.request("POST", "/v1/applications", body)


def _begin(stand: Stand, page: Page, *, media_type: str = "", size: int = 0) -> Reply:
    told = {
        "sha256": page.attachment.sha256,
        "filetype": media_type or page.attachment.media_type,
    }
    pairs = (f"{key} {base64.b64encode(own.encode()).decode()}" for key, own in told.items())
    sent = {
        **_TUS,
        "upload-length": str(size or page.attachment.size),
        "upload-metadata": ",".join(pairs),
    }
    return stand.line.request("POST", "/v1/uploads", b"", headers=sent)


def _piece(
    stand: Stand, place: str, offset: int, piece: bytes, *, sums: bytes | None = None
) -> Reply:
    digest = hashlib.sha256(piece if sums is None else sums).digest()
    sent = {
        **_TUS,
        "content-type": "application/offset+octet-stream",
        "upload-offset": str(offset),
        "upload-checksum": f"sha256 {base64.b64encode(digest).decode()}",
    }
    return stand.line.request("PATCH", place, piece, headers=sent)


def _place(reply: Reply) -> str:
    place = success(reply).headers.get("location", "")
    if not place.startswith("/v1/uploads/"):
        raise Failed("no_location", told=place or "-")
    return place


def _offset(reply: Reply) -> int:
    told = reply.headers.get("upload-offset", "")
    if not told.isdigit():
        raise Failed("no_offset")
    return int(told)
