"""Pre-fill over real mutual TLS: whose data is given, from where, and on what evidence."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from kiosk.crypto import provider
from standards import canonical
from tests.intake_desk import ITEM, THING, IntakeDesk, problem_of


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[IntakeDesk]:
    """One running intake for the whole file."""
    with IntakeDesk(state=tmp_path_factory.mktemp("intake")) as running:
        yield running


def prefill_body(desk: IntakeDesk, ref: str, **changes: Any) -> dict[str, Any]:
    """Return a right pre-fill request for a person."""
    signed = desk.evidence(ref)
    consent = desk.catalogue.consents["data_fetch"].given(datetime.now(UTC).isoformat())
    body: dict[str, Any] = {
        "visit": signed.evidence.visit,
        "evidence": asdict(signed.evidence),
        "evidence_signature": signed.signature,
        "id_no": desk.people[ref]["card"]["id_no"],
        "thing": THING,
        "items": [ITEM],
        "consent": {"text_version": consent.text_version, "time": consent.time},
    }
    return body | changes


def test_prefill_gives_the_person_their_data(desk: IntakeDesk) -> None:
    """What the registers know comes back with its source, and the mobile number masked."""
    answer = desk.send("POST", "/v1/prefill", json=prefill_body(desk, "chen-xiaoyun")).json()
    record = desk.people["chen-xiaoyun"]
    assert answer["values"]["insurance.region"]["value"] == "410700"
    assert answer["values"]["insurance.region"]["source"] == "share:医保"
    assert answer["values"]["person.mobile"]["value"] == record["mobile"]
    assert answer["values"]["person.mobile"]["masked"] == f"154****{record['mobile'][-4:]}"
    assert answer["sources"] == {"account": "ok", "share:医保": "ok"}
    assert "person.name" not in answer["values"]


@pytest.mark.parametrize(
    ("ref", "sources"),
    [
        ("uninsured", {"account": "ok", "share:医保": "none"}),
        ("no-mobile", {"account": "none", "share:医保": "ok"}),
    ],
)
def test_partial_answers(desk: IntakeDesk, ref: str, sources: dict[str, str]) -> None:
    """A register that knows nothing says so and takes nothing from the others."""
    answer = desk.send("POST", "/v1/prefill", json=prefill_body(desk, ref)).json()
    assert answer["sources"] == sources


@pytest.mark.parametrize("consent", [None, {"text_version": "data_fetch/0/x", "time": "t"}])
def test_no_consent_no_data(desk: IntakeDesk, consent: object) -> None:
    """Without consent to the present text every register is denied, and nothing is given."""
    body = prefill_body(desk, "chen-xiaoyun", consent=consent)
    answer = desk.send("POST", "/v1/prefill", json=body).json()
    assert answer["values"] == {}
    assert set(answer["sources"].values()) == {"denied"}


def evidence_faults(desk: IntakeDesk) -> dict[str, dict[str, Any]]:
    """Return requests that are right but for their evidence."""
    right = prefill_body(desk, "chen-xiaoyun")
    old = desk.evidence("chen-xiaoyun", age=timedelta(minutes=31))
    early = desk.evidence("chen-xiaoyun", age=timedelta(minutes=-6))
    forged = base64.b64encode(bytes(64)).decode()
    changed = {**right["evidence"], "time": "2026-11-22T06:00:00Z"}
    other = desk.people["rare-name"]["card"]["id_no"]
    key = provider("international")
    stranger = key.load_signing_key(key.new_signing_key())
    signature = base64.b64encode(stranger.sign(canonical.dumps(right["evidence"]))).decode()
    return {
        "another person": {**right, "id_no": other},
        "another visit": {**right, "visit": "v2", "evidence": {**right["evidence"], "visit": "v2"}},
        "visit beside it": {**right, "visit": "v2"},
        "old": right
        | {"visit": old.evidence.visit, "evidence": asdict(old.evidence)}
        | {"evidence_signature": old.signature},
        "from tomorrow": right
        | {"visit": early.evidence.visit, "evidence": asdict(early.evidence)}
        | {"evidence_signature": early.signature},
        "forged": {**right, "evidence_signature": forged},
        "a stranger's key": {**right, "evidence_signature": signature},
        "changed time": {**right, "evidence": changed},
        "no time": {**right, "evidence": {**right["evidence"], "time": "soon"}},
        "naive time": {**right, "evidence": {**right["evidence"], "time": "2026-11-22T06:00:00"}},
        "other terminal": {**right, "evidence": {**right["evidence"], "terminal": "YD-2"}},
        "half a character": {**right, "evidence": {**right["evidence"], "nonce": "\ud800"}},
    }


def test_evidence_must_hold(desk: IntakeDesk) -> None:
    """Every kind of wrong evidence gets the same answer, byte for byte, and no data."""
    answers = set()
    for name, body in evidence_faults(desk).items():
        data = json.dumps(body)
        answer = desk.send(
            "POST", "/v1/prefill", data=data, headers={"content-type": "application/json"}
        )
        document = problem_of(answer)
        if name == "half a character" and document["code"] in {"MALFORMED", "INVALID"}:
            continue
        assert document["code"] == "NO_EVIDENCE", name
        answers.add(answer.text.replace('"visit"', '"evidence"'))
    assert len(answers) == 1


def test_unknown_person_is_nobody(desk: IntakeDesk) -> None:
    """Somebody whom no register knows gets empty answers, not an error."""
    desk.people["nobody"] = {"card": {"id_no": "400799199001010012", "name": "无"}}
    answer = desk.send("POST", "/v1/prefill", json=prefill_body(desk, "nobody")).json()
    assert answer == {"values": {}, "sources": {"account": "none", "share:医保": "none"}}


def test_slow_source_is_given_up(tmp_path_factory: pytest.TempPathFactory) -> None:
    """A register that is late is reported as late; the others' answers come."""
    place = tmp_path_factory.mktemp("slow")
    with IntakeDesk(state=place, options=("--slow-source", "share:医保=30")) as slow:
        answer = slow.send("POST", "/v1/prefill", json=prefill_body(slow, "chen-xiaoyun")).json()
        assert answer["sources"] == {"account": "ok", "share:医保": "timeout"}
        assert set(answer["values"]) == {"person.mobile"}
        assert slow.stop() == 0
