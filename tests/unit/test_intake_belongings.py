"""What travels with a form fits it: files, materials, promises, roles and signatures."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from intake.receiving.belongings import require_belongings
from intake.receiving.verification import Terminal
from intake.service.problems import Refusal
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
from kiosk.domain.calendar import Workdays
from kiosk.domain.catalogue import Catalogue, Item, Situation, SituationOption, Status, Thing
from kiosk.domain.commitment_letter import letter
from kiosk.domain.commitments import CommitmentEntry, CommitmentKind, Commitments, CommitmentWords
from kiosk.domain.consent import ConsentText
from kiosk.domain.dictionary import Disposition, Material
from kiosk.domain.envelope import SCHEMA, Attachment, Envelope
from kiosk.domain.identity import Evidence, SignedEvidence
from kiosk.domain.jurisdiction import DeliveryMethod, Jurisdiction
from kiosk.domain.reviewed import reviewed
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
WORDS = ConsentText(purpose="declaration", edition=1, title="", text=())
DECLARATION = WORDS.version
PROMISE = ConsentText(purpose="commitment", edition=1, title="", text=())
LETTER = CommitmentWords(conditions="齐全", duties="属实", consequence="撤销", later_check="抽查")
LISTED = Commitments(
    title="目录",
    excluded=("公共安全",),
    kinds=dict.fromkeys(CommitmentKind, LETTER),
    entries=(
        CommitmentEntry(
            material="discharge_record",
            kind=CommitmentKind.FOLLOWS,
            days=10,
            items=("reimbursement",),
        ),
    ),
    version="list1",
    never={"公共安全": ()},
)
SPARED = replace(LISTED, entries=(replace(LISTED.entries[0], kind=CommitmentKind.SPARED, days=0),))
UNSAFE = replace(LISTED, never={"公共安全": ("reimbursement",)})
CATALOGUE = Catalogue(
    version="1",
    jurisdiction=Jurisdiction(
        code="410700", name="", service_name="", things=(), check_hours=1, accept_days=1
    ),
    things=(THING,),
    dictionary={},
    consents={"declaration": WORDS, "commitment": PROMISE},
    commitments=LISTED,
    workdays=Workdays(),
)
FIELDS = {"newborn.name": Answer(value="李安禾", source="user")}
TERMINAL = Terminal(id="t", provider="international", signing_public=b"", evidence_public=b"")


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[IntakeDesk]:
    """A running intake."""
    with IntakeDesk(state=tmp_path_factory.mktemp("intake")) as running:
        yield running


def file(name: str) -> Attachment:
    """Return the envelope's line of a picture; another name, another picture."""
    sha256 = hashlib.sha256(name.encode()).hexdigest()
    return Attachment(name=name, sha256=sha256, size=1, media_type="image/jpeg")


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
            text_digest="",
            time=AT.isoformat(),
            attachment="signature.png",
        ),
    )
    return replace(made, **changes)


def shown(application: Application, files: tuple[Attachment, ...]) -> dict[str, object]:
    """Return what the citizen reviewed beside the values."""
    return reviewed(Envelope(application=application, attachments=files)).told()


def signing(
    application: Application,
    files: tuple[Attachment, ...] = (),
    *,
    declaration: str = DECLARATION,
    commitments: tuple[Commitment, ...] | None = None,
) -> Application:
    """Return an application whose signature stands under it as it is."""
    own = application.signature
    promises = application.commitments if commitments is None else commitments
    told = shown(application, files)
    digest = signed_text_digest(application.fields, declaration, promises, told)
    return replace(application, signature=replace(own, text_digest=digest) if own else None)


def fault(
    names: tuple[str, ...] = FILES, catalogue: Catalogue = CATALOGUE, **changes: Any
) -> str | None:
    """Return the place where an application does not fit, or None."""
    files, schema = tuple(map(file, names)), changes.pop("schema", SCHEMA)
    made = application(**changes)
    if "signature" not in changes:
        made = signing(made, files)
    envelope = Envelope(application=made, attachments=files, schema=schema)
    items = THING.chosen(envelope.application.items)
    try:
        require_belongings(TERMINAL, envelope, THING, items, AT, catalogue=catalogue)
    except Refusal as refusal:
        return refusal.field
    return None


def promise(key: str, days: int) -> Commitment:
    """Return a promise to bring a material."""
    return Commitment(material=key, days=days, text_version="v", time=AT.isoformat())


def test_what_fits_is_taken() -> None:
    """All shown; or one promised, and its picture not there."""
    assert fault() is None
    promised: dict[str, Any] = {
        "materials": (material("discharge_record"), material("bank_card", FILES[1])),
        "commitments": (promise("discharge_record", 10),),
    }
    assert fault(FILES[1:], CATALOGUE, **promised) is None
    assert fault(delivery=SENT) is None


SIGNED = signing(application(), tuple(map(file, FILES))).signature
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
            "application.commitments.discharge_record.days",
        ),
        ({"commitments": (promise("discharge_record", 5),) * 2}, "application.commitments"),
        ({"delivery": Delivery(together=True, method="e_licence")}, "application.delivery.method"),
        ({"delivery": replace(SENT, address="")}, "application.delivery.address"),
        ({"delivery": replace(SENT, recipient=" ")}, "application.delivery.address"),
        ({"signature": None, "names": FILES[:2]}, "application.signature"),
        ({"signature": replace(SIGNED, method="thumb")}, "application.signature"),
        ({"signature": replace(SIGNED, text_digest="")}, "application.signature"),
        ({"fields": OTHER_NAME, "signature": SIGNED}, "application.signature"),
        (
            {"signature": signing(application(), declaration="other/1/0").signature},
            "application.signature",
        ),
        ({"signature": replace(SIGNED, time="today")}, "application.signature"),
        ({"signature": replace(SIGNED, method="id_card")}, "application.signature"),
    ],
)
def test_what_does_not_fit_is_named(changes: dict[str, Any], where: str) -> None:
    """Each wrong thing is refused at its place."""
    assert fault(**changes) == where


def vouched(under: Commitments = LISTED, **changes: Any) -> tuple[Commitment, ...]:
    """Return a promise as a terminal makes it from this list."""
    told = letter(under, "discharge_record", (REIMBURSEMENT,))
    assert told
    due = told.due(AT, CATALOGUE.workdays)
    made = Commitment(
        material="discharge_record",
        days=told.days,
        text_version=PROMISE.version,
        time=AT.isoformat(),
        kind=told.kind.value,
        listed=told.listed,
        words=told.digest,
        due=due.isoformat() if due else "",
    )
    return (replace(made, **changes),)


def promising(
    commitments: tuple[Commitment, ...],
    listed: Commitments | None = LISTED,
    signed: tuple[Commitment, ...] | None = None,
) -> str | None:
    """Return the place where an application with these promises does not fit, or None."""
    changes: dict[str, Any] = {
        "materials": (material("discharge_record"), material("bank_card", FILES[1])),
        "commitments": commitments,
    }
    made = signing(application(**changes), tuple(map(file, FILES[1:])), commitments=signed)
    catalogue = replace(CATALOGUE, commitments=listed)
    return fault(FILES[1:], catalogue, **changes, signature=made.signature)


def test_a_promise_is_taken_as_it_is_listed() -> None:
    """One that brings the paper names the day; one of another kind names none."""
    assert vouched()[0].due == "2026-12-04"
    assert promising(vouched()) is None
    assert vouched(SPARED)[0].due == ""
    assert promising(vouched(SPARED), SPARED) is None


@pytest.mark.parametrize(
    ("changes", "listed", "where"),
    [
        ({"kind": "免交"}, LISTED, ".kind"),
        ({"kind": "以后再说"}, LISTED, ".kind"),
        ({"days": 9}, LISTED, ".days"),
        ({"listed": "list0"}, LISTED, ".listed"),
        ({"words": "0" * 64}, LISTED, ".words"),
        ({"due": "2026-12-05"}, LISTED, ".due"),
        ({"due": ""}, LISTED, ".due"),
        ({"text_version": "commitment/0/x"}, LISTED, ".text_version"),
        ({"time": "2026-11-20T06:36:00+00:00"}, LISTED, ".time"),
        ({"time": "2026-11-22T06:37:00+00:00"}, LISTED, ".time"),
        ({"material": "bank_card"}, LISTED, None),
        ({}, UNSAFE, ".area"),
        ({}, replace(LISTED, entries=()), ""),
        ({}, None, ""),
        ({}, SPARED, ".kind"),
        ({"kind": "", "listed": "", "words": "", "due": ""}, SPARED, ".days"),
    ],
)
def test_a_promise_that_is_not_listed_is_refused(
    changes: dict[str, Any], listed: Commitments | None, where: str | None
) -> None:
    """Its kind, days, list, words, day and time are those of the list, in no excluded area."""
    place = "application.commitments."
    wanted = f"{place}bank_card" if where is None else f"{place}discharge_record{where}"
    assert promising(vouched(**changes), listed) == wanted


def test_the_signature_covers_the_letters() -> None:
    """What was signed without the letter, or under another, is refused."""
    assert promising(vouched(), signed=()) == "application.signature"
    assert promising(vouched(), signed=vouched(text_version="v")) == "application.signature"
    other = vouched(due="2026-12-31")
    assert promising(vouched(), signed=other) == "application.signature"


def test_an_unlisted_promise_is_answered_with_its_code(desk: IntakeDesk) -> None:
    """The answer names the code and the place; nothing is filed."""
    application = desk.application()
    promise = replace(vouched()[0], time=application.created_at)
    document = problem_of(desk.submit(replace(application, commitments=(promise,))))
    assert document["code"] == "COMMITMENT_NOT_LISTED"
    assert document["field"] == "application.commitments.discharge_record"
