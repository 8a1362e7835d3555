"""From the card to the paper: person, application, envelope, numbers and the slip's words."""

from __future__ import annotations

import hashlib
import json
import uuid
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.domain.application import (
    Answer,
    Applicant,
    Application,
    Commitment,
    Delivery,
    FiledMaterial,
    SignatureRecord,
    grouped,
    local_no,
    signed_text_digest,
    terminal_short,
)
from kiosk.domain.consent import Consent
from kiosk.domain.envelope import Attachment, Envelope, EnvelopeError
from kiosk.domain.identity import CardContentError, Evidence, Person, SignedEvidence, id_hash
from kiosk.domain.receipt import (
    OUTCOME_WORDS,
    PRINTED_WORDS,
    Outcome,
    Printed,
    Slip,
    SlipItem,
    slip,
)
from kiosk.translation import Translator
from standards.identity_number import check_digit
from standards.sex import Sex

BODY = "40070119840229002"
NUMBER = BODY + check_digit(BODY)
SUBMISSION = "6f1c3c0e-3a86-4d0c-9a1a-2b9a8a6f0d11"
APPLICATION_NO = "41070020261122000017"
ZH = Translator(strict=True)


def card(**changes: object) -> dict[str, object]:
    """A card as the reader gives it."""
    return {
        "kind": "citizen",
        "name": "陈晓芸",
        "sex": "2",
        "nation": "01",
        "birth_date": "1984-02-29",
        "address": "河南省新乡市示例路1号",
        "id_no": NUMBER,
        "issuer": "新乡市公安局",
        "valid_from": "2016-05-01",
        "valid_to": "2036-05-01",
        **changes,
    }


def application() -> Application:
    """A complete application."""
    evidence = Evidence(
        visit="v1",
        terminal="410700-0020",
        id_hash=id_hash("v1", NUMBER),
        time="2026-11-22T14:36:00+08:00",
        method="id_card",
        nonce="00",
    )
    return Application(
        submission_id=SUBMISSION,
        local_no="L0020261122ABCD",
        slip_token="0123456789abcdef",
        thing="medical-expenses",
        items=("remote-care-filing",),
        jurisdiction="410700",
        catalogue_version="0" * 64,
        applicant=Applicant(name="陈晓芸", id_no=NUMBER, mobile="13800000001"),
        fields={"person.name": Answer(value="陈晓芸", source="id_card")},
        consents=(Consent(purpose="data_fetch", text_version="data_fetch/1/x", time="t"),),
        evidence=SignedEvidence(evidence=evidence, signature="AA=="),
        terminal="410700-0020",
        created_at="2026-11-22T14:36:00+08:00",
    )


def told(**changes: object) -> Slip:
    """What a slip of a submitted application tells."""
    own = Slip(
        outcome=Outcome.SUBMITTED,
        service_name="新乡市政务服务",
        thing="就医费用报销",
        items=(SlipItem(name="异地就医备案", department="市医保局", number=f"{APPLICATION_NO}01"),),
        name="陈*芸",
        local_no="L0020261122ABCD",
        token="0123456789abcdef",
        page_url="https://example.invalid/",
        time=datetime(2026, 11, 22, 14, 36, tzinfo=UTC),
        terminal="20号自助机",
        site="政务服务大厅",
        help=({"text": "咨询电话 12345"},),
        check_hours=2,
        accept_days=1,
        catalogue="c47a3cce",
        application_no=APPLICATION_NO,
    )
    return replace(own, **changes)  # type: ignore[arg-type]


def printed(slip_told: Slip) -> list[str]:
    """Every word on a slip, line by line."""
    return [
        " ".join(str(value) for value in line.values()) for line in slip(slip_told, ZH.text).lines
    ]


# --- the person ---------------------------------------------------------------------------------


def test_what_is_signed_is_the_values_and_the_words() -> None:
    """Another value, or other words of the declaration, are another text; a source is none."""
    fields = {"a.b": Answer(value="1", source="user"), "a.c": Answer(value="2", source="user")}
    text = signed_text_digest(fields, "declaration/1/x")
    assert (
        text
        == hashlib.sha256(
            b'{"declaration":"declaration/1/x","fields":{"a.b":"1","a.c":"2"}}'
        ).hexdigest()
    )
    assert text == signed_text_digest(dict(reversed(fields.items())), "declaration/1/x")
    assert text == signed_text_digest(
        fields | {"a.b": Answer(value="1", source="id_card")}, "declaration/1/x"
    )
    assert text != signed_text_digest(fields, "declaration/2/y")
    assert text != signed_text_digest(
        fields | {"a.b": Answer(value="2", source="user")}, "declaration/1/x"
    )


def test_a_card_becomes_a_person_and_known_values() -> None:
    """Codes or names, a long-term card, and no value that may be retyped."""
    person = Person.from_card(card(sex="女", nation="回", valid_to="长期"))
    assert (person.sex, person.nation, person.nation_name) == (Sex.FEMALE, "03", "回")
    assert person.valid_to is None
    known = person.known("2026-11-22T14:36:00+08:00")
    assert known["person.id_no"].value == NUMBER
    assert not any(value.editable for value in known.values())


@pytest.mark.parametrize(
    ("day", "valid"),
    [("2016-04-30", False), ("2016-05-01", True), ("2036-05-01", True), ("2036-05-02", False)],
)
def test_both_ends_of_the_validity_count(day: str, valid: bool) -> None:
    """A card is in force on its first and on its last day."""
    assert Person.from_card(card()).valid_on(date.fromisoformat(day)) is valid


@pytest.mark.parametrize(
    "changes",
    [
        {"id_no": NUMBER[:-1]},
        {"name": ""},
        {"sex": "1"},
        {"birth_date": "1984-03-01"},
        {"nation": "99"},
        {"valid_to": 20360501},
        {"valid_from": "yesterday"},
        {"issuer": None},
    ],
)
def test_a_card_that_contradicts_itself_is_refused(changes: dict[str, object]) -> None:
    """The error is the citizen's to mend (put it down again) and holds nothing of the card."""
    with pytest.raises(CardContentError) as caught:
        Person.from_card(card(**changes))
    assert caught.value.who == "citizen"
    assert "陈" not in str(caught.value)
    assert NUMBER not in str(caught.value)


def test_evidence_is_bound_to_one_visit() -> None:
    """The same number has another hash in another visit."""
    assert id_hash("v1", NUMBER) != id_hash("v2", NUMBER)


# --- application and envelope -----------------------------------------------------------------


def test_an_envelope_survives_the_wire() -> None:
    """Bytes parse back to an equal record with equal bytes."""
    own = Envelope(
        application=application(),
        attachments=(Attachment(name="a", sha256="0" * 64, size=1, media_type="image/jpeg"),),
    )
    assert Envelope.parse(own.canonical()) == own
    assert json.loads(own.canonical())["application"]["channel"] == "自助端"


def test_an_envelope_of_the_first_schema_is_still_read() -> None:
    """What waited sealed on a terminal keeps its bytes; it says nothing of later members."""
    data = Envelope(application=application(), schema=1).canonical()
    told = json.loads(data)
    assert not {"role", "materials", "signature"} & set(told["application"])
    parsed = Envelope.parse(data)
    assert (parsed.schema, parsed.canonical()) == (1, data)
    assert (parsed.application.role, parsed.application.signature) == ("person", None)


def test_all_of_an_application_survives_the_wire() -> None:
    """Materials, promises, delivery and signature come back as they went."""
    own = replace(
        application(),
        role="mother",
        situations={"born_in": "hospital"},
        materials=(
            FiledMaterial(
                key="bank_card",
                name="银行卡",
                disposition="capture",
                attachments=("bank_card-1.jpg",),
            ),
        ),
        commitments=(
            Commitment(material="discharge_record", days=10, text_version="c/1/x", time="t"),
        ),
        delivery=Delivery(together=True, method="window", window="政务服务大厅"),
        signature=SignatureRecord(
            method="id_card", text_digest="0" * 64, time="t", evidence=application().evidence
        ),
    )
    data = Envelope(application=own).canonical()
    assert Envelope.parse(data).application == own


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b'"schema":3', b'"schema":4'),
        (b'"schema":3', b'"schema":1'),
        (b'"schema":3', b'"extra":0,"schema":3'),
        (b'"size":1', b'"size":"1"'),
        (b'"size":1', b'"size": 1'),
        (b'"channel":', b'"chanel":'),
        (b"{", b"["),
    ],
)
def test_other_bytes_are_refused(old: bytes, new: bytes) -> None:
    """Another schema, an unknown member, another type or another spelling is no envelope."""
    data = Envelope(
        application=application(),
        attachments=(Attachment(name="a", sha256="0" * 64, size=1, media_type="image/jpeg"),),
    ).canonical()
    with pytest.raises(EnvelopeError) as caught:
        Envelope.parse(data.replace(old, new, 1))
    assert "陈" not in str(caught.value)


@given(st.binary(max_size=200))
def test_any_bytes_are_an_envelope_or_the_documented_error(data: bytes) -> None:
    """Nothing else escapes the parser."""
    with pytest.raises(EnvelopeError):
        Envelope.parse(data)


def test_equal_applications_have_equal_bytes() -> None:
    """The order in which fields were answered does not show."""
    one, two = Answer(value="1", source="user"), Answer(value="2", source="user")
    own = application()
    assert (
        replace(own, fields={"a": one, "b": two}).canonical()
        == replace(own, fields={"b": two, "a": one}).canonical()
    )


@given(st.uuids(version=4))
def test_local_numbers_are_short_and_readable(submission: uuid.UUID) -> None:
    """L, terminal, day and six characters that are not mistaken for one another."""
    number = local_no("410700-0020", date(2026, 11, 22), str(submission))
    assert number.startswith("L0020261122")
    assert len(number) == 17
    assert not set(number[11:]) & set("ILOU")


def test_numbers_are_shown_in_fours() -> None:
    """Long numbers are grouped as people read them; odd terminal ids still give four."""
    assert grouped("4107002026112200") == "4107 0020 2611 2200"
    assert (terminal_short("xx-desk-01"), terminal_short("t1")) == ("SK01", "00T1")


# --- true words -------------------------------------------------------------------------------


def test_the_true_words_are_exactly_these() -> None:
    """The sentences that screen and paper may say, character by character."""
    values = {"local_no": "L1", "application_no": "N1"}
    assert {o.value: ZH.text(key, **values) for o, key in OUTCOME_WORDS.items()} == {
        "stored": "已保存在本机，联网后自动提交；本机号 L1",
        "submitted": "已提交；申报编号 N1",
        "received": "已收件",
        "accepted": "已受理",
        "refused": "未能提交",
    }
    assert {p.value: ZH.text(key) for p, key in PRINTED_WORDS.items()} == {
        "confirmed": "凭条已打印",
        "denied": "没打出来，请拍下或扫码",
        "unknown": "请看一下出口有没有凭条",
    }


@pytest.mark.parametrize(
    ("reply", "state"),
    [
        (True, Printed.YES),
        (False, Printed.NO),
        ("unknown", Printed.UNKNOWN),
        (None, Printed.UNKNOWN),
        (1, Printed.UNKNOWN),
    ],
)
def test_only_a_confirmed_job_is_printed(reply: object, state: Printed) -> None:
    """Anything but the printer's own yes or no is unknown."""
    assert Printed.of(reply) is state


def test_the_slip_of_a_submission() -> None:
    """Number, sub-number, local number, item, time, place, what comes next, code, phone."""
    lines = printed(told())
    paper = "\n".join(lines)
    assert lines[1] == "已提交；申报编号 4107 0020 2611 2200 0017"
    for words in (
        "异地就医备案 4107 0020 2611 2200 0017 01",
        "本机号 L0020261122ABCD",
        "2026-11-22 14:36",
        "政务服务大厅 20号自助机",
        "材料核对：提交后 2 个工作小时内",
        "部门受理：收件后 1 个工作日内",
        "https://example.invalid/p/L0020261122ABCD.0123456789abcdef",
        "扫码查最新",
        "咨询电话 12345",
    ):
        assert words in paper
    assert lines[-2:] == ["True", "咨询电话 12345"]  # under a rule of its own


def test_the_slip_of_a_stored_submission_claims_no_number() -> None:
    """已保存 says nothing of 已提交, and says what the terminal will do."""
    lines = printed(told(outcome=Outcome.STORED, application_no=""))
    assert lines[1] == "已保存在本机，联网后自动提交；本机号 L0020261122ABCD"
    assert "联网后本机自动提交，提交后给出申报编号" in lines
    assert not any("已提交" in line for line in lines)


def test_the_slip_of_a_refusal_says_why_and_what_now() -> None:
    """A refused filing promises no next step."""
    words = {"reason": "指南已更新", "what_now": "请重新办理"}
    own = told(outcome=Outcome.REFUSED, application_no="", **words)
    paper = "\n".join(printed(own))
    assert "未能提交" in paper
    assert "指南已更新" in paper
    assert "请重新办理" in paper
    assert "材料核对" not in paper


@pytest.mark.parametrize(
    "changes",
    [{"application_no": ""}, {"outcome": Outcome.STORED}, {"outcome": Outcome.REFUSED}],
)
def test_a_slip_cannot_lie_about_the_number(changes: dict[str, object]) -> None:
    """已提交 without a number, or a number without 已提交, is a broken promise."""
    with pytest.raises(ValueError, match="application number"):
        slip(told(**changes), ZH.text)


def test_the_receipt_is_what_the_printer_takes() -> None:
    """Every line is one of the five kinds, and the whole is JSON."""
    receipt = slip(told(), ZH.text).as_json()
    assert json.loads(json.dumps(receipt)) == receipt
    kinds = {tuple(sorted(line)) for line in slip(told(), ZH.text).lines}
    assert kinds == {("big",), ("text",), ("label", "value"), ("qr",), ("rule",)}


def test_the_code_names_no_person() -> None:
    """The code on the slip holds the local number and the token, nothing of the person."""
    codes = [line["qr"] for line in slip(told(), ZH.text).lines if "qr" in line]
    assert len(codes) == 1
    assert Path(str(codes[0])).name == "L0020261122ABCD.0123456789abcdef"
