"""What is filed beside the form: materials with their pictures, promises, signature, delivery.

Names of files are those the intake shows: ``discharge_record-1.jpg``, ``signature.png``.
"""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from PIL import Image, ImageDraw

from kiosk.domain import materials
from kiosk.domain.application import (
    Commitment,
    Delivery,
    FiledMaterial,
    SignatureRecord,
    answers,
    signed_text_digest,
)
from kiosk.domain.catalogue import Catalogue
from kiosk.domain.commitment_letter import Letter, letter
from kiosk.domain.envelope import Attachment
from kiosk.domain.reviewed import Reviewed
from kiosk.journey.effects import Signed, Submit
from kiosk.journey.facts import Stroke

Photo = Callable[[str], bytes]
"""Returns the JPEG of a picture by its id."""

SIGNATURE_SIZE = (900, 360)
"""Pixels of a signature's picture."""
PEN = 9
"""Width of its lines, pixels."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Files:
    """The files of a submission, in the order of the envelope."""

    attachments: tuple[Attachment, ...] = ()
    bodies: tuple[bytes, ...] = ()

    def with_file(self, name: str, body: bytes, media_type: str) -> Files:
        """Return the files with one more."""
        told = Attachment(
            name=name,
            sha256=hashlib.sha256(body).hexdigest(),
            size=len(body),
            media_type=media_type,
        )
        return Files(attachments=(*self.attachments, told), bodies=(*self.bodies, body))


@dataclass(frozen=True, kw_only=True, slots=True)
class Belongings:
    """Everything beside the form."""

    files: Files
    materials: tuple[FiledMaterial, ...]
    commitments: tuple[Commitment, ...]
    delivery: Delivery | None
    signature: SignatureRecord | None


def gathered(
    effect: Submit,
    catalogue: Catalogue,
    photo: Photo,
    at: datetime,
    promised_at: str = "",
) -> Belongings:
    """Return what belongs to a submission.

    Args:
        effect: what the citizen submits.
        catalogue: whose words were agreed to.
        photo: gives the bytes of the pictures that were kept.
        at: the moment of the signature, with its zone.
        promised_at: the moment of the promises, RFC 3339; empty: the same.

    Raises:
        LookupError: a picture that was kept is gone.
    """
    files, filed = _materials(effect, photo)
    own = Belongings(
        files=files,
        materials=filed,
        commitments=_commitments(effect, catalogue, promised_at or at.isoformat()),
        delivery=_delivery(effect, catalogue),
        signature=None,
    )
    if effect.signed is None:
        return own
    digest = _signed_text(effect, own, catalogue.consents["declaration"].version)
    files, record = _signature(effect.signed, digest, files, at)
    return replace(own, files=files, signature=record)


def _materials(effect: Submit, photo: Photo) -> tuple[Files, tuple[FiledMaterial, ...]]:
    files, filed = Files(), []
    for entry in materials.merge(effect.items).entries:
        names = []
        for number, taken in enumerate(effect.captures.get(entry.material.key, ()), start=1):
            names.append(f"{entry.material.key}-{number}.jpg")
            files = files.with_file(names[-1], photo(taken.picture), "image/jpeg")
        filed.append(
            FiledMaterial(
                key=entry.material.key,
                name=entry.material.name,
                disposition=entry.disposition.value,
                attachments=tuple(names),
            )
        )
    return files, tuple(filed)


def _commitments(effect: Submit, catalogue: Catalogue, at: str) -> tuple[Commitment, ...]:
    """Return the promises, each due as its letter told on the day it was read."""
    return tuple(
        _promise(_letter(effect, catalogue, key), catalogue, at) for key in effect.commitments
    )


def _letter(effect: Submit, catalogue: Catalogue, key: str) -> Letter:
    """Return the letter that was agreed to; without one nothing may be filed."""
    told = letter(catalogue.commitments, key, effect.items)
    if told is None:
        raise AssertionError("a promise about a paper that may not be missing")
    return told


def _promise(own: Letter, catalogue: Catalogue, at: str) -> Commitment:
    due = own.due(datetime.fromisoformat(at), catalogue.workdays)
    return Commitment(
        material=own.material,
        days=own.days,
        text_version=catalogue.consents["commitment"].version,
        time=at,
        kind=own.kind.value,
        listed=own.listed,
        words=own.digest,
        due=due.isoformat() if due else "",
    )


def _delivery(effect: Submit, catalogue: Catalogue) -> Delivery | None:
    if effect.delivery is None:
        return None
    values = effect.form.values()
    courier = effect.delivery.method == "courier"
    windows = catalogue.jurisdiction.windows
    window = windows[0].name if effect.delivery.method == "window" and windows else ""
    return Delivery(
        together=effect.delivery.together,
        method=effect.delivery.method,
        window=window,
        recipient=effect.card.person.name if courier else "",
        address=values.get("delivery.address", "") if courier else "",
        phone=values.get(f"{effect.role}.mobile", "") if courier else "",
    )


# ---- the signature


def _signed_text(effect: Submit, own: Belongings, declaration: str) -> str:
    """Return the digest of everything that the review showed."""
    shown = Reviewed(
        thing=effect.thing.code,
        items=tuple(item.code for item in effect.items),
        role=effect.role,
        situations=effect.situations,
        materials=own.materials,
        attachments=own.files.attachments,
        delivery=own.delivery,
        enterprise=effect.enterprise,
    )
    return signed_text_digest(answers(effect.form), declaration, own.commitments, shown.told())


def _signature(
    signed: Signed, digest: str, files: Files, at: datetime
) -> tuple[Files, SignatureRecord]:
    if signed.card is not None:
        record = SignatureRecord(
            method="id_card",
            text_digest=digest,
            time=at.isoformat(),
            evidence=signed.card.evidence,
        )
        return files, record
    files = files.with_file("signature.png", drawn(signed.strokes), "image/png")
    files = files.with_file("signature.json", _told(signed.strokes), "application/json")
    record = SignatureRecord(
        method="handwriting",
        text_digest=digest,
        time=at.isoformat(),
        attachment="signature.png",
        strokes="signature.json",
    )
    return files, record


def drawn(strokes: tuple[Stroke, ...]) -> bytes:
    """Return the strokes as a PNG, black on white."""
    wide, high = SIGNATURE_SIZE
    image = Image.new("L", SIGNATURE_SIZE, 255)
    draw = ImageDraw.Draw(image)
    for stroke in strokes:
        points = [(x * wide, y * high) for x, y, _ in stroke.points]
        if len(points) > 1:
            draw.line(points, fill=0, width=PEN, joint="curve")
        for x, y in (points[0], points[-1]):
            draw.ellipse((x - PEN / 2, y - PEN / 2, x + PEN / 2, y + PEN / 2), fill=0)
    out = io.BytesIO()
    image.save(out, "PNG")
    return out.getvalue()


def _told(strokes: tuple[Stroke, ...]) -> bytes:
    """Return the strokes as they were written: x, y from 0 to 1, seconds."""
    lines = [[[round(v, 4) for v in point] for point in own.points] for own in strokes]
    return json.dumps({"strokes": lines}, separators=(",", ":")).encode()
