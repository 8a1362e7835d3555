"""From signed bytes to a filing: everything that is checked before the database is asked.

The order matters.  The signature comes first, so that nobody else learns anything.  Then the store
is asked for the submission id, because what was filed once stays filed when catalogues and evidence
have grown old.  Only a new filing is held against catalogue, form and evidence, and the evidence
against the moment the application was made: it may have waited on the terminal for days.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any, Final

from intake.people.enterprises import NoSignIns, SignIns, require_enterprise
from intake.receiving.belongings import require_belongings
from intake.receiving.card import require_card
from intake.receiving.catalogues import Catalogues
from intake.receiving.checks import CheckResult
from intake.receiving.verification import (
    FILING_LIFE,
    Terminal,
    check_envelope,
    check_evidence,
    moment,
)
from intake.service.problems import Refusal
from kiosk.domain.application import Application
from kiosk.domain.catalogue import Catalogue, Item, Mode, Thing
from kiosk.domain.choice import choose
from kiosk.domain.envelope import Attachment, Envelope, EnvelopeError, Signature
from kiosk.domain.faults import faults
from kiosk.domain.form import Form, merge
from kiosk.domain.known import Known
from kiosk.domain.situations import NOTHING
from standards.errors import IdentityNumberError
from standards.identity_number import IdentityNumber

_SHOWN: Final = (
    *("applicant", "role", "situations", "fields", "consents", "evidence"),
    *("materials", "commitments", "delivery", "signature", "enterprise"),
)
"""Members of an application that the clerk's page shows."""

_UNPRINTABLE: Final = re.compile(rb"(?<!\\)(?:\\\\)*\\[^\"\\]|\x7f|\xc2[\x80-\x9f]")
"""A control character in canonical JSON: below U+0020 it is written as an escape, and nothing else
is but quotation mark and backslash; U+007F to U+009F are written as they are."""
NAME_LIMIT: Final = 100
"""Characters of a name that the database keeps."""
NO_SIGN_INS: Final = NoSignIns()


@dataclass(frozen=True, kw_only=True, slots=True)
class ItemLine:
    """An item to be filed, with the names it has in its catalogue version.

    ``decided``: it is a check that a register has answered, nobody has to act on it.
    """

    code: str
    name: str
    department: str
    decided: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Filing:
    """A checked application, ready for one transaction.

    ``details`` is what the clerk's page shows; ``envelope`` the bytes exactly as signed.
    """

    submission_id: str
    body_digest: str
    local_no: str
    slip_token: str
    thing: str
    thing_name: str
    items: tuple[ItemLine, ...]
    jurisdiction: str
    catalogue_version: str
    terminal: str
    applicant_name: str
    applicant_id_no: str
    details: dict[str, Any]
    attachments: tuple[Attachment, ...]
    envelope: bytes
    signature: dict[str, Any]
    created_at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class Signed:
    """An envelope whose signature holds; nothing else of it is checked yet."""

    terminal: Terminal
    envelope: Envelope
    data: bytes
    signature: Signature

    @property
    def digest(self) -> str:
        """SHA-256 of the signed bytes: what "the same body" means."""
        return hashlib.sha256(self.data).hexdigest()


def opened(terminal: Terminal, data: bytes, signature: Signature) -> Signed:
    """Check the signature, then read the envelope.

    Raises:
        Refusal: ``BAD_SIGNATURE``, ``MALFORMED``, or ``UNKNOWN_TERMINAL`` when the application
            names another terminal than the one that signed.
    """
    check_envelope(terminal, data, algorithm=signature.algorithm, signature=signature.signature)
    try:
        envelope = Envelope.parse(data)
    except (EnvelopeError, RecursionError) as error:
        raise Refusal("MALFORMED", "envelope") from error
    if _UNPRINTABLE.search(data):
        raise Refusal("MALFORMED", "envelope")
    if envelope.application.terminal != terminal.id:
        raise Refusal("UNKNOWN_TERMINAL", "application.terminal")
    return Signed(terminal=terminal, envelope=envelope, data=data, signature=signature)


def checked(signed: Signed, catalogues: Catalogues, sign_ins: SignIns = NO_SIGN_INS) -> Filing:
    """Hold a new application against catalogue, form rules, evidence, and sign-ins of enterprises.

    Raises:
        Refusal: ``CATALOGUE_CHANGED``, ``INVALID`` with the field, or ``NO_EVIDENCE``.
    """
    application = signed.envelope.application
    created_at = moment(application.created_at)
    if created_at is None:
        raise Refusal("INVALID", "application.created_at")
    _require_shapes(application)
    catalogue = catalogues.of_version(application.jurisdiction, application.catalogue_version)
    thing, items = _chosen(application, catalogue)
    form = _checked_form(application, items, created_at)
    require_belongings(
        signed.terminal,
        signed.envelope,
        thing,
        items,
        created_at,
        catalogue=catalogue,
    )
    check_evidence(
        signed.terminal,
        application.evidence.evidence,
        application.evidence.signature,
        id_no=application.applicant.id_no,
        at=created_at,
        life=FILING_LIFE,
    )
    require_enterprise(application, thing, form, created_at, sign_ins)
    require_card(form, application.role, application.applicant, created_at.date())
    return _filing(signed, thing.name, items, created_at)


def _chosen(application: Application, catalogue: Catalogue) -> tuple[Thing, tuple[Item, ...]]:
    """Return what is applied for, without what the answers spare.

    Every item can be filed here, is there once, and may be filed together with the others: what
    :mod:`kiosk.domain.choice` would not let a citizen choose is refused.
    """
    try:
        thing = catalogue.thing(application.thing)
    except KeyError:
        raise Refusal("INVALID", "application.thing") from None
    if thing.code not in catalogue.jurisdiction.things:  # to be read about, not to be filed here
        raise Refusal("INVALID", "application.thing")
    items = thing.chosen(application.items)
    if not items or len(items) != len(application.items):
        raise Refusal("INVALID", "application.items")
    told = {key: answer.value for key, answer in application.fields.items()}
    left_out = frozenset(item.code for item in thing.open_items) - set(application.items)
    for known in (NOTHING, told):
        settled = choose(thing, application.situations, left_out, known=known).items
        if len(settled) == len(items):
            return thing, settled
    raise Refusal("INVALID", "application.items")


def _require_shapes(application: Application) -> None:
    """Refuse identifiers that are not of the agreed form."""
    try:
        IdentityNumber.parse(application.applicant.id_no)
    except IdentityNumberError:
        raise Refusal("INVALID", "application.applicant.id_no") from None
    shapes = {
        "submission_id": (36, "0123456789abcdef-"),
        "slip_token": (16, "0123456789abcdef"),
    }
    for name, (length, alphabet) in shapes.items():
        value = getattr(application, name)
        if len(value) != length or not set(value) <= set(alphabet):
            raise Refusal("INVALID", f"application.{name}")
    if not (application.local_no.isalnum() and len(application.local_no) <= 32):
        raise Refusal("INVALID", "application.local_no")
    if len(application.applicant.name) > NAME_LIMIT:
        raise Refusal("INVALID", "application.applicant.name")


def _checked_form(application: Application, items: tuple[Item, ...], created_at: datetime) -> Form:
    """Refuse a form with a fault, by the same rules the terminal showed the citizen; return it."""
    known = {
        key: Known(value=answer.value, source=answer.source)
        for key, answer in application.fields.items()
    }
    form: Form = merge(_without_unknown(items, known), known)
    extra = set(known) - {own.key for own in form.fields}
    if extra:
        raise Refusal("INVALID", f"application.fields.{min(extra)}")
    for key, answer in application.fields.items():
        if answer.disputed and not form.field(key).may_stand_against(answer.disputed):
            raise Refusal("INVALID", f"application.fields.{key}.disputed")
    found = faults(form, created_at.date())
    if found:
        raise Refusal("INVALID", f"application.fields.{found[0].key}")
    return form


def _without_unknown(items: tuple[Item, ...], known: Mapping[str, Known]) -> tuple[Item, ...]:
    """Return the items without what only checks ask and no register told: nobody types it."""
    typed = {own.key for item in items if item.mode is not Mode.CHECK for own in item.fields}
    return tuple(
        replace(
            item,
            fields=tuple(own for own in item.fields if own.key in typed or own.key in known),
        )
        for item in items
    )


def with_checks(filing: Filing, found: Mapping[str, CheckResult]) -> Filing:
    """Return a filing with how its checks came out; those that are ok need nobody any more."""
    if not found:
        return filing
    ok = {code for code, own in found.items() if own.state == "ok"}
    told = {code: asdict(own) for code, own in found.items()}
    return replace(
        filing,
        items=tuple(replace(line, decided=line.code in ok) for line in filing.items),
        details=filing.details | {"checks": told},
    )


def _filing(
    signed: Signed, thing_name: str, items: tuple[Item, ...], created_at: datetime
) -> Filing:
    """Gather what the database keeps."""
    application = signed.envelope.application
    details = json.loads(signed.data)["application"]  # canonical: what the record says, and quicker
    return Filing(
        submission_id=application.submission_id,
        body_digest=signed.digest,
        local_no=application.local_no,
        slip_token=application.slip_token,
        thing=application.thing,
        thing_name=thing_name,
        items=tuple(
            ItemLine(code=item.code, name=item.name, department=item.department) for item in items
        ),
        jurisdiction=application.jurisdiction,
        catalogue_version=application.catalogue_version,
        terminal=application.terminal,
        applicant_name=application.applicant.name,
        applicant_id_no=application.applicant.id_no,
        details={key: details[key] for key in _SHOWN if key in details},
        attachments=signed.envelope.attachments,
        envelope=signed.data,
        signature=asdict(signed.signature),
        created_at=created_at,
    )
