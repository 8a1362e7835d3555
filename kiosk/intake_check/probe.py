"""One application that looks like any other and is nobody's: what `--file-a-probe` files."""

from __future__ import annotations

import hashlib
import secrets
import struct
import uuid
import zlib
from dataclasses import replace
from datetime import UTC, datetime
from typing import Final

from kiosk.domain.application import (
    Answer,
    Applicant,
    Application,
    SignatureRecord,
    local_no,
    signed_text_digest,
)
from kiosk.domain.catalogue import Item, Thing
from kiosk.domain.dictionary import Field
from kiosk.domain.envelope import Attachment, Envelope
from kiosk.domain.examples import example
from kiosk.domain.reviewed import reviewed
from kiosk.intake_check.finding import Skipped
from kiosk.intake_check.stand import Page, Stand
from standards.identity_number import IdentityNumber

NAME: Final = "联调测试"
"""The applicant of every probe, so that a clerk knows it at a glance."""
MOBILE: Final = "15400000001"
"""In a range that is assigned to nobody."""


def envelope(stand: Stand, page: Page) -> Envelope:
    """Return a probe, signed by the picture of a signature.

    Raises:
        Skipped: the thing cannot be filed at this place, or needs an enterprise.
    """
    thing = _thing(stand)
    role = thing.role_of(IdentityNumber.parse(stand.id_no).sex)
    now = datetime.now(UTC)
    submission_id = str(uuid.uuid4())
    consent = stand.catalogue.consents["data_fetch"]
    own = Application(
        submission_id=submission_id,
        local_no=local_no(stand.terminal, now.date(), submission_id),
        slip_token=secrets.token_hex(8),
        thing=thing.code,
        items=stand.items,
        jurisdiction=stand.place,
        catalogue_version=stand.catalogue.version,
        applicant=Applicant(name=NAME, id_no=stand.id_no, mobile=MOBILE),
        fields=_answers(stand, thing.chosen(stand.items), now, role),
        consents=(consent.given(now.isoformat()),),
        evidence=stand.evidence(),
        terminal=stand.terminal,
        created_at=now.isoformat(timespec="seconds"),
        role=role,
    )
    return signed_by_hand(stand, Envelope(application=own, attachments=(page.attachment,)))


def signed_by_hand(stand: Stand, unsigned: Envelope) -> Envelope:
    """Return an envelope whose first file is the picture of a signature under all of it."""
    own = unsigned.application
    digest = signed_text_digest(
        own.fields,
        stand.catalogue.consents["declaration"].version,
        own.commitments,
        reviewed(unsigned).told(),
    )
    record = SignatureRecord(
        method="handwriting",
        text_digest=digest,
        time=own.created_at,
        attachment=unsigned.attachments[0].name,
    )
    return replace(unsigned, application=replace(own, signature=record))


def page() -> Page:
    """Return a picture of one point that has never been uploaded."""
    body = b"".join(
        (
            b"\x89PNG\r\n\x1a\n",
            _chunk(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0)),
            _chunk(b"tEXt", b"Comment\0kiosk intake-check " + secrets.token_hex(16).encode()),
            _chunk(b"IDAT", zlib.compress(b"\0\xff")),
            _chunk(b"IEND", b""),
        )
    )
    told = Attachment(
        name="signature-picture",
        sha256=hashlib.sha256(body).hexdigest(),
        size=len(body),
        media_type="image/png",
    )
    return Page(attachment=told, body=body)


def _chunk(kind: bytes, data: bytes) -> bytes:
    """Return a chunk of a PNG (ISO/IEC 15948, 5.3)."""
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def _thing(stand: Stand) -> Thing:
    try:
        thing = stand.catalogue.thing(stand.thing)
    except KeyError:
        raise Skipped("no_thing", thing=stand.thing) from None
    if thing.audience == "企业" or len(thing.chosen(stand.items)) != len(stand.items):
        raise Skipped("no_thing", thing=stand.thing)
    return thing


def _answers(stand: Stand, items: tuple[Item, ...], now: datetime, role: str) -> dict[str, Answer]:
    """Return a form that is filled with examples, and by the card where it tells of a person."""
    told = {spec.key: spec for item in items for spec in item.fields}
    filled = {key: _answer(stand, spec, now, role) for key, spec in told.items()}
    return {key: answer for key, answer in filled.items() if answer.value}


def _answer(stand: Stand, spec: Field, now: datetime, role: str) -> Answer:
    number = IdentityNumber.parse(stand.id_no)
    card = {
        "name": NAME,
        "id_no": stand.id_no,
        "sex": number.sex.value,
        "birth_date": number.birth_date.isoformat(),
    }
    owner, _, attribute = spec.key.rpartition(".")
    if owner == role and attribute in card and "id_card" in spec.sources:
        return Answer(value=card[attribute], source="id_card")
    return Answer(value=example(spec, now.date()), source="user")
