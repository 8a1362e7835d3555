"""A complete newborn application as the intake keeps it: seven items, pictures, a signature.

It goes straight to the store, for the pages behind it; a terminal's way has its own tests.
The pictures are drawn here, the people are synthetic.
"""

from __future__ import annotations

import hashlib
import io
import random
import uuid
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from PIL import Image, ImageDraw

from intake.receiving.filing import Filing, ItemLine
from intake.receiving.uploads import BEGINNINGS, Promise, Uploads
from intake.records.model import Application
from intake.records.store import Store
from kiosk.catalogue import files as catalogue_files
from kiosk.domain.catalogue import Catalogue
from kiosk.domain.envelope import Attachment
from kiosk.domain.materials import merge

CONFIG = Path(__file__).resolve().parent.parent / "config"
MOTHER = {"name": "陈晓芸", "id_no": "40071219900517558X"}
VALUES = {
    "newborn.name": ("李安禾", "user"),
    "newborn.sex": ("1", "share:卫健"),
    "newborn.birth_datetime": ("2026-11-14T06:20", "share:卫健"),
    "newborn.gestational_weeks": ("39", "share:卫健"),
    "newborn.birth_weight_g": ("3350", "share:卫健"),
    "newborn.birth_length_cm": ("50", "share:卫健"),
    "newborn.ethnicity": ("01", "user"),
    "newborn.native_place": ("410700", "user"),
    "birth.place_region": ("410700", "share:卫健"),
    "birth.institution": ("新乡市示范妇幼保健院", "share:卫健"),
    "birth.settle_with": ("mother", "user"),
    "mother.name": (MOTHER["name"], "id_card"),
    "mother.id_type": ("111", "id_card"),
    "mother.id_no": (MOTHER["id_no"], "id_card"),
    "mother.birth_date": ("1990-05-17", "id_card"),
    "mother.ethnicity": ("01", "id_card"),
    "mother.mobile": ("15460368710", "account"),
    "mother.household_address": ("河南省新乡市红旗区示范路261号", "id_card"),
    "mother.residence_address": ("河南省新乡市牧野区试行巷27号2单元301室", "user"),
    "mother.marriage_cert_no": ("J400700-2014-754562", "e_licence:结婚证"),
    "father.name": ("李建国", "share:父亲授权"),
    "father.id_no": ("400702198803120014", "share:父亲授权"),
    "father.mobile": ("15460368799", "share:父亲授权"),
    "insurance.region": ("410700", "share:医保"),
    "medical.admission_period": ("2026-11-12/2026-11-16", "share:医保"),
    "medical.cost_total": ("612350", "share:医保"),
    "payee.bank_name": ("102", "user"),
    "payee.account_no": ("6212261702001234567", "capture:bank_card"),
    "payee.account_name": (MOTHER["name"], "derived:mother.name"),
    "ssc.bank": ("102", "user"),
    "delivery.address": ("河南省新乡市牧野区试行巷27号2单元301室", "profile"),
}


def catalogue() -> Catalogue:
    """Return the catalogue the intake is started with in tests."""
    return catalogue_files.load(CONFIG, "410700")


def page_picture(number: int) -> bytes:
    """Return a drawn paper page, JPEG."""
    image = Image.new("RGB", (1240, 1754), "#fdfcf8")
    draw = ImageDraw.Draw(image)
    rows = random.Random(number)  # noqa: S311 - a picture, no secret
    draw.rectangle((80, 80, 1160, 1674), outline="#b9b2a3", width=3)
    draw.rectangle((380, 130, 860, 170), fill="#2c3640")
    for line in range(34):
        width = rows.randint(300, 940)
        draw.rectangle((150, 260 + 40 * line, 150 + width, 272 + 40 * line), fill="#59636d")
    draw.ellipse((860, 1400, 1060, 1600), outline="#b5341c", width=10)
    return _saved(image, "JPEG")


def card_picture() -> bytes:
    """Return a drawn bank card, JPEG."""
    image = Image.new("RGB", (1000, 630), "#17566b")
    draw = ImageDraw.Draw(image)
    draw.rounded_rectangle((90, 210, 220, 310), 16, fill="#d8b25a")
    for group in range(5):
        draw.rectangle((90 + 170 * group, 400, 220 + 170 * group, 432), fill="#e2ecef")
    return _saved(image, "JPEG")


def signature_picture() -> bytes:
    """Return a drawn signature, PNG."""
    image = Image.new("RGB", (900, 360), "white")
    draw = ImageDraw.Draw(image)
    strokes = (
        ((120, 90), (150, 60), (180, 100), (140, 180), (120, 280)),
        ((200, 80), (300, 70), (250, 160), (330, 250), (210, 270)),
        ((390, 90), (420, 260), (450, 120), (520, 130), (500, 260), (430, 250)),
        ((580, 70), (740, 90), (640, 160), (780, 190), (600, 290), (800, 280)),
    )
    for stroke in strokes:
        draw.line(stroke, fill="#17212b", width=9, joint="curve")
    return _saved(image, "PNG")


def filing(items: tuple[str, ...] = (), **changes: object) -> tuple[Filing, list[bytes]]:
    """Return an application of all items (or of these) with fresh identifiers, and its files."""
    own = catalogue()
    thing = own.thing("newborn")
    chosen = thing.chosen(items) if items else thing.open_items
    now = datetime.now(UTC).isoformat(timespec="seconds")
    files = {
        "discharge_record-1.jpg": page_picture(1),
        "discharge_record-2.jpg": page_picture(2),
        "bank_card-1.jpg": card_picture(),
        "signature.png": signature_picture(),
        "signature.json": b"[]",
    }
    asked = [entry for entry in merge(chosen).entries if entry.asked]
    materials = [
        {
            "key": entry.material.key,
            "name": entry.material.name,
            "disposition": entry.disposition.value,
            "attachments": [name for name in files if name.startswith(entry.material.key + "-")],
        }
        for entry in merge(chosen).entries
    ]
    consent = {"purpose": "data_fetch", "time": now}
    details = {
        "applicant": {"name": MOTHER["name"], "id_no": MOTHER["id_no"], "mobile": "15460368710"},
        "role": "mother",
        "situations": {
            "marriage": "married",
            "certificate": "not-issued",
            "household": "not-registered",
        },
        "fields": {key: {"value": value, "source": src} for key, (value, src) in VALUES.items()},
        "consents": [consent | {"text_version": own.consents["data_fetch"].version}],
        "evidence": {"evidence": {"time": now}},
        "materials": materials,
        "commitments": [],
        "delivery": {
            "together": True,
            "method": "courier",
            "window": "",
            "recipient": MOTHER["name"],
            "address": "河南省新乡市牧野区试行巷27号2单元301室",
            "phone": "15460368710",
        },
        "signature": {
            "method": "handwriting",
            "text_digest": hashlib.sha256(b"declaration").hexdigest(),
            "time": now,
            "attachment": "signature.png",
            "strokes": "signature.json",
            "evidence": None,
        },
    }
    if not asked:
        files = {name: body for name, body in files.items() if name.startswith("signature")}
    made = Filing(
        submission_id=str(uuid.uuid4()),
        body_digest=uuid.uuid4().hex * 2,
        local_no=f"L0001261127{uuid.uuid4().hex[:6].upper()}",
        slip_token=uuid.uuid4().hex[:16],
        thing="newborn",
        thing_name=thing.name,
        items=tuple(
            ItemLine(code=item.code, name=item.name, department=item.department) for item in chosen
        ),
        jurisdiction="410700",
        catalogue_version=own.version,
        terminal="YD-TEST-0001",
        applicant_name=MOTHER["name"],
        applicant_id_no=MOTHER["id_no"],
        details=details,
        attachments=tuple(
            Attachment(
                name=name,
                sha256=hashlib.sha256(body).hexdigest(),
                size=len(body),
                media_type=_media_type(name),
            )
            for name, body in files.items()
        ),
        envelope=b"{}",
        signature={},
        created_at=datetime.now(UTC),
    )
    return replace(made, **changes), list(files.values())  # type: ignore[arg-type]


def keep(store: Store, files: list[bytes]) -> None:
    """Send the files of a filing to the store, as a terminal does."""
    uploads = Uploads(store.engine)
    for body in files:
        digest = hashlib.sha256(body).hexdigest()
        kind = next(kind for kind, heads in BEGINNINGS.items() if body.startswith(heads))
        promise = Promise(sha256=digest, size=len(body), media_type=kind)
        now = datetime.now(UTC)
        begun = uploads.begin(promise, terminal="YD-TEST-0001", now=now)
        if begun.offset < begun.size:
            uploads.add(begun.id, 0, body, terminal="YD-TEST-0001", now=now)


def taken_in(store: Store, made: Filing, now: datetime) -> Application:
    """File something, and return it as the clerk's page reads it."""
    found = store.by_number(store.file(made, now).application_no)
    assert found is not None
    return found


def _media_type(name: str) -> str:
    kinds = {"jpg": "image/jpeg", "png": "image/png", "json": "application/json"}
    return kinds[name.rpartition(".")[2]]


def _saved(image: Image.Image, kind: str) -> bytes:
    target = io.BytesIO()
    image.save(target, kind, quality=70)
    return target.getvalue()
