"""What belongs to an application beside its form: situations, role, materials, promises, signature.

Each is held against the catalogue version the citizen saw. A material that is asked for and neither
shown nor promised is no fault here: the window asks for it (补正).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from typing import Final

from intake.receiving.commitments import require_promises
from intake.receiving.uploads import BEGINNINGS, SIZE_LIMIT
from intake.receiving.verification import FILING_LIFE, Terminal, check_evidence, moment
from intake.service.problems import Refusal
from kiosk.domain import situations
from kiosk.domain.application import (
    Application,
    Delivery,
    SignatureRecord,
    signed_text_digest,
    without_objections,
)
from kiosk.domain.catalogue import Catalogue, Item, Thing
from kiosk.domain.envelope import REVIEW_SIGNED, Attachment, Envelope
from kiosk.domain.jurisdiction import DeliveryMethod
from kiosk.domain.materials import ChecklistEntry, merge
from kiosk.domain.reviewed import reviewed
from standards.identity_number import IdentityNumber

_NAME: Final = re.compile(r"[^./\\:~][^/\\:]{0,199}")
"""Names of files lead nowhere: no path, no drive, no hidden file; here they are only shown."""
_DIGEST: Final = re.compile(r"[0-9a-f]{64}")


def require_belongings(
    terminal: Terminal,
    envelope: Envelope,
    thing: Thing,
    items: Sequence[Item],
    at: datetime,
    *,
    catalogue: Catalogue,
) -> None:
    """Refuse what does not fit the thing, the items, or the envelope's list of files.

    Args:
        terminal: who filed.
        envelope: what was filed.
        thing: the thing as the catalogue has it.
        items: its chosen items.
        at: when the application was made.
        catalogue: in which the words stand that the citizen signed under, and the published list
            of what may be promised (容缺目录).

    Raises:
        Refusal: ``INVALID`` with the place, or ``NO_EVIDENCE`` for the second reading of a card.
    """
    application = envelope.application
    _require_choice(application, thing)
    entries = {entry.material.key: entry for entry in merge(items).entries}
    _require_materials(application, entries)
    require_promises(application, entries, items, catalogue)
    _require_files(application, envelope.attachments)
    if application.delivery is not None:
        _require_delivery(application.delivery, thing)
    if application.signature is not None:
        _require_signed_text(
            envelope, application.signature, catalogue.consents["declaration"].version
        )
        _require_signature(terminal, application, application.signature, at)
    elif thing.signature:
        raise Refusal("INVALID", "application.signature")


def _require_choice(application: Application, thing: Thing) -> None:
    """The role follows from the card; the answers exist and take none of the items away."""
    if application.role != thing.role_of(IdentityNumber.parse(application.applicant.id_no).sex):
        raise Refusal("INVALID", "application.role")
    questions = {situation.code: situation for situation in thing.situations}
    for code, value in application.situations.items():
        if code not in questions or questions[code].option(value) is None:
            raise Refusal("INVALID", "application.situations")
    if set(situations.taken_away(thing, application.situations)) & set(application.items):
        raise Refusal("INVALID", "application.items")


def _require_materials(application: Application, entries: dict[str, ChecklistEntry]) -> None:
    """Each material is on the checklist of these items, once, and had as the list says."""
    keys = [material.key for material in application.materials]
    if len(set(keys)) != len(keys):
        raise Refusal("INVALID", "application.materials")
    for material in application.materials:
        entry = entries.get(material.key)
        if entry is None or entry.disposition != material.disposition:
            raise Refusal("INVALID", f"application.materials.{material.key}")
        if len(material.attachments) > entry.material.pages:
            raise Refusal("INVALID", f"application.materials.{material.key}.attachments")


def _require_files(application: Application, attachments: Sequence[Attachment]) -> None:
    """Every named file is in the envelope, and every file of the envelope is named, once."""
    named = [name for material in application.materials for name in material.attachments]
    if application.signature is not None:
        own = application.signature
        named += [name for name in (own.attachment, own.strokes) if name]
    if Counter(named) != Counter(one.name for one in attachments) or len(set(named)) != len(named):
        raise Refusal("INVALID", "attachments")
    for one in attachments:
        if one.media_type not in BEGINNINGS:
            raise Refusal("INVALID", "attachments.media_type")
        if not _NAME.fullmatch(one.name):
            raise Refusal("INVALID", "attachments.name")
        if not (_DIGEST.fullmatch(one.sha256) and 0 < one.size <= SIZE_LIMIT):
            raise Refusal("INVALID", "attachments.sha256")


def _require_delivery(delivery: Delivery, thing: Thing) -> None:
    """A way that the thing offers; what is sent needs somebody and a place to be sent to."""
    if delivery.method not in thing.delivery:
        raise Refusal("INVALID", "application.delivery.method")
    sent = delivery.method == DeliveryMethod.COURIER
    if sent and not (delivery.recipient.strip() and delivery.address.strip()):
        raise Refusal("INVALID", "application.delivery.address")


def _require_signed_text(envelope: Envelope, signature: SignatureRecord, declaration: str) -> None:
    """The signature stands under this application and these words, and under no others.

    Before schema 3 it stood under values and letters alone.
    """
    fields, commitments = envelope.application.fields, envelope.application.commitments
    if envelope.schema < REVIEW_SIGNED:
        digest = signed_text_digest(without_objections(fields), declaration, commitments)
    else:
        shown = reviewed(envelope).told()
        digest = signed_text_digest(fields, declaration, commitments, shown)
    if signature.text_digest != digest:
        raise Refusal("INVALID", "application.signature")


def _require_signature(
    terminal: Terminal, application: Application, signature: SignatureRecord, at: datetime
) -> None:
    """A handwriting has its picture; a card was read again, in the same visit, by its holder."""
    if moment(signature.time) is None:
        raise Refusal("INVALID", "application.signature")
    if signature.method == "handwriting" and signature.attachment:
        return
    if signature.method != "id_card" or signature.evidence is None:
        raise Refusal("INVALID", "application.signature")
    again = signature.evidence.evidence
    if again.visit != application.evidence.evidence.visit:
        raise Refusal("NO_EVIDENCE", "application.signature.evidence")
    id_no = application.applicant.id_no
    own = signature.evidence.signature
    check_evidence(terminal, again, own, id_no=id_no, at=at, life=FILING_LIFE)
