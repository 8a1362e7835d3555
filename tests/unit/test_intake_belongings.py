"""What travels with a form fits it: files, materials, promises, roles and signatures."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from intake.belongings import _require_listed, require_belongings
from intake.problems import Refusal
from intake.verification import Terminal
from kiosk.domain.application import (
    Answer,
    Applicant,
    Application,
    Commitment,
    Delivery,
    FiledMaterial,
    SignatureRecord,
    signed_text_digest,
)
from kiosk.domain.catalogue import DeliveryMethod, Item, Situation, SituationOption, Status, Thing
from kiosk.domain.dictionary import Disposition, Material
from kiosk.domain.envelope import Attachment, Envelope
from kiosk.domain.identity import Evidence, SignedEvidence
from tests.intake_desk import IntakeDesk, problem_of

AT = datetime(2026, 11, 22, 6, 36, tzinfo=UTC)
NUMBER = "400701199001010017"
RECORD = Material(
    key="discharge_record",
    name="出院记录",
    disposition=Disposition.CAPTURE,
    pages=2,
    commitment_days=10,
)
CARD = Material(key="bank_card", name="银行卡", disposition=Disposition.CAPTURE)
REIMBURSEMENT = Item(
    code="reimbursement",
    name="生育费用报销",
    departments=("市医保局",),
    materials=(RECORD, CARD),
    status=Status.OPEN,
)
REGISTRATION = Item(code="registration", name="户口", departments=("公安",), status=Status.OPEN)
THING = Thing(
    code="newborn",
    number=9,
    name="新生儿出生",
    audience="个人",
    theme="生育",
    lead="市卫健委",
    items=(REIMBURSEMENT, REGISTRATION),
    applicant={"1": "father", "2": "mother"},
    situations=(
        Situation(
            code="insured",
            question="参保了吗",
            options=(
                SituationOption(value="yes", label="是"),
                SituationOption(value="no", label="否", without=("reimbursement",)),
            ),
        ),
    ),
    delivery=(DeliveryMethod.WINDOW, DeliveryMethod.COURIER),
    signature=True,
)
DECLARATION = "declaration/1/9f86d081884c"
FIELDS = {"newborn.name": Answer(value="李安禾", source="user")}
TERMINAL = Terminal(id="t", provider="international", signing_public=b"", evidence_public=b"")


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[IntakeDesk]:
    """A running intake."""
    with IntakeDesk(state=tmp_path_factory.mktemp("intake")) as running:
        yield running


def file(name: str) -> Attachment:
    """Return the envelope's line of a picture."""
    return Attachment(name=name, sha256="0" * 64, size=1, media_type="image/jpeg")


FILES = ("discharge_record-1.jpg", "bank_card-1.jpg", "signature.png")


def material(key: str, *attachments: str) -> FiledMaterial:
    """Return a photographed material."""
    return FiledMaterial(key=key, name=key, disposition="capture", attachments=attachments)


def application(**changes: Any) -> Application:
    """Return a father's application with both materials and a signature by hand."""
    evidence = Evidence(
        visit="v", terminal="t", id_hash="0", time=AT.isoformat(), method="id_card", nonce="n"
    )
    made = Application(
        submission_id=str(uuid.uuid4()),
        local_no="L1",
        slip_token="0" * 16,
        thing="newborn",
        items=("reimbursement", "registration"),
        jurisdiction="410700",
        catalogue_version="1",
        applicant=Applicant(name="李小雨", id_no=NUMBER),
        fields=FIELDS,
        consents=(),
        evidence=SignedEvidence(evidence=evidence, signature=""),
        terminal="t",
        created_at=AT.isoformat(),
        role="father",
        situations={"insured": "yes"},
        materials=(material("discharge_record", FILES[0]), material("bank_card", FILES[1])),
        delivery=Delivery(together=True, method="window", window="政务服务大厅"),
        signature=SignatureRecord(
            method="handwriting",
            text_digest=signed_text_digest(FIELDS, DECLARATION),
            time=AT.isoformat(),
            attachment="signature.png",
        ),
    )
    return replace(made, **changes)


def fault(names: tuple[str, ...] = FILES, **changes: Any) -> str | None:
    """Return the place where an application does not fit, or None."""
    envelope = Envelope(application=application(**changes), attachments=tuple(map(file, names)))
    items = THING.chosen(envelope.application.items)
    try:
        require_belongings(TERMINAL, envelope, THING, items, AT, declaration=DECLARATION)
    except Refusal as refusal:
        return refusal.field
    return None


def promise(key: str, days: int) -> Commitment:
    """Return a promise to bring a material."""
    return Commitment(material=key, days=days, text_version="v", time=AT.isoformat())


def test_what_fits_is_taken() -> None:
    """All shown; or one promised, and its picture not there."""
    assert fault() is None
    promised = {
        "materials": (material("discharge_record"), material("bank_card", FILES[1])),
        "commitments": (promise("discharge_record", 10),),
    }
    assert fault(FILES[1:], **promised) is None
    assert fault(delivery=SENT) is None


SIGNED = application().signature
assert SIGNED is not None
SENT = Delivery(together=True, method="courier", recipient="李小雨", address="示范路261号")
OTHER_NAME = {"newborn.name": Answer(value="李安和", source="user")}
"""Not what was signed under."""


@pytest.mark.parametrize(
    ("changes", "where"),
    [
        ({"role": "mother"}, "application.role"),
        ({"situations": {"insured": "perhaps"}}, "application.situations"),
        ({"situations": {"insured": "no"}}, "application.items"),
        ({"materials": application().materials * 2}, "application.materials"),
        ({"items": ("registration",)}, "application.materials.discharge_record"),
        ({"names": FILES[1:]}, "attachments"),
        ({"names": (*FILES, "more.jpg")}, "attachments"),
        (
            {
                "materials": (material("bank_card", FILES[0], FILES[1]),),
            },
            "application.materials.bank_card.attachments",
        ),
        (
            {"commitments": (promise("bank_card", 10),)},
            "application.commitments.bank_card",
        ),
        (
            {"commitments": (promise("discharge_record", 11),)},
            "application.commitments.discharge_record",
        ),
        ({"commitments": (promise("discharge_record", 5),) * 2}, "application.commitments"),
        ({"delivery": Delivery(together=True, method="e_licence")}, "application.delivery.method"),
        ({"delivery": replace(SENT, address="")}, "application.delivery.address"),
        ({"delivery": replace(SENT, recipient=" ")}, "application.delivery.address"),
        ({"signature": None, "names": FILES[:2]}, "application.signature"),
        ({"signature": replace(SIGNED, method="thumb")}, "application.signature"),
        ({"signature": replace(SIGNED, text_digest="")}, "application.signature"),
        ({"fields": OTHER_NAME}, "application.signature"),
        (
            {"signature": replace(SIGNED, text_digest=signed_text_digest(FIELDS, "other/1/0"))},
            "application.signature",
        ),
        ({"signature": replace(SIGNED, time="today")}, "application.signature"),
        ({"signature": replace(SIGNED, method="id_card")}, "application.signature"),
    ],
)
def test_what_does_not_fit_is_named(changes: dict[str, Any], where: str) -> None:
    """Each wrong thing is refused at its place."""
    assert fault(**changes) == where


def signed_text(desk: IntakeDesk, application: Application) -> str:
    """Return the digest of what this application's signature stands under."""
    return signed_text_digest(application.fields, desk.catalogue.consents["declaration"].version)


def signed_by_hand(desk: IntakeDesk, body: bytes) -> tuple[Application, Attachment]:
    """Return an application signed with this picture, and the file's line in the envelope."""
    application = desk.application()
    record = SignatureRecord(
        method="handwriting",
        text_digest=signed_text(desk, application),
        time=datetime.now(UTC).isoformat(timespec="seconds"),
        attachment="signature.png",
    )
    sha256 = hashlib.sha256(body).hexdigest()
    line = Attachment(name="signature.png", sha256=sha256, size=len(body), media_type="image/png")
    return replace(application, signature=record), line


def test_materials_come_first(desk: IntakeDesk) -> None:
    """An application waits for its materials; its own bytes do not change."""
    body = b"\x89PNG\r\n\x1a\n" + uuid.uuid4().bytes
    application, line = signed_by_hand(desk, body)
    early = problem_of(desk.submit(application, line))
    assert (early["code"], early["retryable"]) == ("MATERIAL_MISSING", True)
    desk.client().upload(line.sha256, body, line.media_type)
    assert desk.submit(application, line).status_code == 201


def test_files_and_their_names_fit(desk: IntakeDesk) -> None:
    """A file nobody names, a name without a file, and a kind nobody takes are refused."""
    signed, line = signed_by_hand(desk, b"x")
    cases = [
        (desk.application(), [line], "attachments"),
        (signed, [], "attachments"),
        (signed, [line, line], "attachments"),
        (signed, [replace(line, media_type="text/html")], "attachments.media_type"),
    ]
    for application, lines, field in cases:
        document = problem_of(desk.submit(application, *lines))
        assert (document["code"], document["field"]) == ("INVALID", field)


def test_signing_with_the_card_again(desk: IntakeDesk) -> None:
    """A second reading of the applicant's card in the same visit is a signature."""
    application = desk.application()
    now = datetime.now(UTC).isoformat(timespec="seconds")
    visit = application.evidence.evidence.visit
    for own, code in ((visit, 201), ("", 403)):
        record = SignatureRecord(
            method="id_card",
            text_digest=signed_text(desk, application),
            time=now,
            evidence=desk.evidence("chen-xiaoyun", visit=own),
        )
        fresh = replace(application, submission_id=str(uuid.uuid4()), signature=record)
        fresh = replace(fresh, slip_token=uuid.uuid4().hex[:16])
        assert desk.submit(fresh).status_code == code


def test_only_what_the_published_list_has_is_promised(desk: IntakeDesk) -> None:
    """A paper that no line names for the chosen items, or names for fewer days, is refused."""
    listed = desk.catalogue.commitments
    assert listed is not None
    thing = desk.catalogue.thing("newborn")
    items = thing.chosen(("maternity-reimbursement",))
    promise = Commitment(
        material="discharge_record", days=5, text_version="v", time="2026-11-22T09:00:00+08:00"
    )
    _require_listed([promise], items, listed)
    for wrong in (replace(promise, material="bank_card"), replace(promise, days=60)):
        with pytest.raises(Refusal):
            _require_listed([wrong], items, listed)
