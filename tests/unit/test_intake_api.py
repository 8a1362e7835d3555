"""The terminal API over real mutual TLS: who may ask, and what is filed once for ever."""

from __future__ import annotations

import base64
import hashlib
import json
import re
import socket
import sqlite3
import ssl
import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import requests

from kiosk.domain.application import (
    Answer,
    Application,
    Commitment,
    Delivery,
    FiledMaterial,
    SignatureRecord,
    signed_text_digest,
)
from kiosk.domain.envelope import Envelope
from kiosk.domain.reviewed import reviewed
from kiosk.gateway import Accepted
from tests.intake_desk import DIVISION, ITEM, TERMINAL, IntakeDesk, problem_of
from tests.waiting import PATIENCE_S


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[IntakeDesk]:
    """One running intake for the whole file; every test files its own submissions."""
    with IntakeDesk(state=tmp_path_factory.mktemp("intake")) as running:
        yield running


def test_no_certificate_no_connection(desk: IntakeDesk) -> None:
    """Without a client certificate the TLS handshake itself fails."""
    ca = str(desk.keys / "ca.crt")
    with pytest.raises(requests.exceptions.ConnectionError):
        requests.get(
            f"{desk.api_url}/v1/catalogue?division={DIVISION}", verify=ca, timeout=PATIENCE_S
        )


def test_plain_http_gets_nothing(desk: IntakeDesk) -> None:
    """A client without TLS gets no HTTP answer from the API port."""
    host, _, port = desk.api_url.removeprefix("https://").partition(":")
    with socket.create_connection((host, int(port)), timeout=PATIENCE_S) as line:
        line.sendall(b"GET /v1/catalogue HTTP/1.1\r\nHost: x\r\n\r\n")
        assert not line.recv(100).startswith(b"HTTP")


def test_old_tls_is_refused(desk: IntakeDesk) -> None:
    """TLS below 1.2 is not spoken."""
    context = ssl.create_default_context(cafile=str(desk.keys / "ca.crt"))
    context.maximum_version = ssl.TLSVersion.TLSv1_2
    host, _, port = desk.api_url.removeprefix("https://").partition(":")
    context.load_cert_chain(desk.keys / "terminal.crt", desk.keys / "terminal.pem")
    with (
        socket.create_connection((host, int(port)), timeout=PATIENCE_S) as line,
        context.wrap_socket(line, server_hostname=host) as tls,
    ):
        assert tls.version() == "TLSv1.2"


def test_unknown_terminal(desk: IntakeDesk) -> None:
    """A good certificate of a terminal that is not enrolled opens nothing."""
    cert, key = desk.other_terminal("YD-FOREIGN")
    answer = desk.send("GET", f"/v1/catalogue?division={DIVISION}", cert=(str(cert), str(key)))
    assert problem_of(answer)["code"] == "UNKNOWN_TERMINAL"


def test_catalogue_version_and_etag(desk: IntakeDesk) -> None:
    """The version is the digest of the same files the terminal loads; unchanged costs nothing."""
    answer = desk.send("GET", f"/v1/catalogue?division={DIVISION}")
    assert answer.json() == {
        "version": desk.catalogue.version,
        "accepted": [desk.catalogue.version],
    }
    again = desk.send(
        "GET",
        f"/v1/catalogue?division={DIVISION}",
        headers={"if-none-match": answer.headers["etag"]},
    )
    assert (again.status_code, again.content) == (304, b"")
    unknown = desk.send("GET", "/v1/catalogue?division=999999")
    assert problem_of(unknown)["field"] == "division"


# --- filing -------------------------------------------------------------------------------------


def test_filing_gives_numbers(desk: IntakeDesk) -> None:
    """A right application is filed at once, with one number an item."""
    application = desk.application()
    answer = desk.submit(application)
    assert answer.status_code == 201
    told = answer.json()
    today = (datetime.now(UTC) + timedelta(hours=8)).strftime("%y%m%d")
    assert told["application_no"].startswith(f"41070020{today}")
    assert told["items"] == [{"item": ITEM, "no": told["application_no"] + "01"}]
    envelope = Envelope(application=application).canonical()
    assert told["envelope_digest"] == hashlib.sha256(envelope).hexdigest()
    assert told["received_at"].endswith("+08:00")


def test_repeating_is_harmless(desk: IntakeDesk) -> None:
    """The same bytes get the same answer, as often as they come, and in eight threads at once."""
    application = desk.application()
    with ThreadPoolExecutor(8) as threads:
        answers = list(threads.map(lambda _: desk.submit(application), range(8)))
    assert sorted(answer.status_code for answer in answers) == [200] * 7 + [201]
    assert len({answer.text for answer in answers}) == 1


def test_other_body_same_id(desk: IntakeDesk) -> None:
    """The same submission id with another body is refused; the first is not touched."""
    application = desk.application()
    first = desk.submit(application).json()
    changed = replace(
        application,
        fields={**application.fields, "filing.destination": Answer(value="320100", source="user")},
    )
    assert problem_of(desk.submit(changed))["code"] == "IDEMPOTENCY_MISMATCH"
    assert desk.submit(application).json() == first


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"signature": base64.b64encode(bytes(64)).decode()}, "BAD_SIGNATURE"),
        ({"signature": "not base64!"}, "MALFORMED"),
        ({"algorithm": "none"}, "BAD_SIGNATURE"),
        ({"terminal": "YD-2"}, "UNKNOWN_TERMINAL"),
    ],
)
def test_signature_must_hold(desk: IntakeDesk, changes: dict[str, str], code: str) -> None:
    """An envelope that the terminal's key has not signed is not read."""
    envelope = Envelope(application=desk.application()).canonical()
    assert problem_of(desk.submit_bytes(envelope, **changes))["code"] == code


def test_flipped_bit(desk: IntakeDesk) -> None:
    """A signature over other bytes does not hold."""
    envelope = Envelope(application=desk.application()).canonical()
    signature = desk.sign(envelope).signature
    other = envelope.replace(b"330100", b"320100")
    answer = desk.submit_bytes(other, signature=signature)
    assert problem_of(answer)["code"] == "BAD_SIGNATURE"


@pytest.mark.parametrize(("minutes", "status"), [(31, 201), (119, 201), (121, 403)])
def test_a_slow_citizen_is_taken(desk: IntakeDesk, minutes: int, status: int) -> None:
    """Filling in takes long; a reading speaks two hours for an application of its visit."""
    slow = desk.application(evidence=desk.evidence("chen-xiaoyun", age=timedelta(minutes=minutes)))
    assert desk.submit(slow).status_code == status


def refused_applications(desk: IntakeDesk) -> dict[str, tuple[Application, str, str]]:
    """Return applications with one thing wrong: name → (application, code, field)."""
    right = desk.application()
    fields = right.fields
    no_mobile = {key: value for key, value in fields.items() if key != "person.mobile"}
    other = desk.people["rare-name"]["card"]
    made_at = datetime.fromisoformat(right.created_at) + timedelta(minutes=121)

    def with_field(key: str, value: str) -> dict[str, Answer]:
        return {**fields, key: Answer(value=value, source="user")}

    cases: dict[str, tuple[dict[str, Any], str, str]] = {
        "not the person of the card": (
            {"applicant": replace(right.applicant, id_no=other["id_no"])},
            *("NO_EVIDENCE", "evidence"),
        ),
        "evidence too old when made": (
            {"created_at": made_at.isoformat()},
            *("NO_EVIDENCE", "evidence"),
        ),
        "foreign evidence": ({"evidence": desk.evidence("rare-name")}, "NO_EVIDENCE", "evidence"),
        "unknown catalogue": (
            {"catalogue_version": "0" * 64},
            *("CATALOGUE_CHANGED", "application.catalogue_version"),
        ),
        "unknown thing": ({"thing": "x"}, "INVALID", "application.thing"),
        "no item": ({"items": ()}, "INVALID", "application.items"),
        "planned item": ({"items": ("family-account",)}, "INVALID", "application.items"),
        "item twice": ({"items": (ITEM, ITEM)}, "INVALID", "application.items"),
        "missing field": ({"fields": no_mobile}, "INVALID", "application.fields.person.mobile"),
        "unknown field": ({"fields": with_field("x.y", "1")}, "INVALID", "application.fields.x.y"),
        "wrong choice": (
            {"fields": with_field("filing.kind", "7")},
            *("INVALID", "application.fields.filing.kind"),
        ),
        "wrong check digit": (
            {"applicant": replace(right.applicant, id_no="400712199005175580")},
            *("INVALID", "application.applicant.id_no"),
        ),
        "somebody else's name": (
            {"applicant": replace(right.applicant, name=other["name"])},
            *("INVALID", "application.fields.person.name"),
        ),
        "naive time": ({"created_at": "2026-11-22T06:00:00"}, "INVALID", "application.created_at"),
        "short token": ({"slip_token": "00"}, "INVALID", "application.slip_token"),
        "unknown place": ({"jurisdiction": "999999"}, "INVALID", "division"),
        "a role the card does not give": ({"role": "mother"}, "INVALID", "application.role"),
        "an answer nobody asked for": (
            {"situations": {"x": "1"}},
            *("INVALID", "application.situations"),
        ),
        "a material of no item": (
            {"materials": (FiledMaterial(key="x", name="x", disposition="capture"),)},
            *("INVALID", "application.materials.x"),
        ),
        "a material had another way": (
            {"materials": (FiledMaterial(key="id_card", name="x", disposition="capture"),)},
            *("INVALID", "application.materials.id_card"),
        ),
        "a promise nobody allows": (
            {
                "commitments": (
                    Commitment(
                        material="id_card", days=5, text_version="v", time=made_at.isoformat()
                    ),
                )
            },
            *("COMMITMENT_NOT_LISTED", "application.commitments.id_card"),
        ),
        "a delivery nobody offers": (
            {"delivery": Delivery(together=True, method="courier")},
            *("INVALID", "application.delivery.method"),
        ),
        "signed with somebody's card": (
            {
                "signature": SignatureRecord(
                    method="id_card",
                    text_digest=signed_text_digest(
                        right.fields,
                        desk.catalogue.consents["declaration"].version,
                        reviewed=reviewed(Envelope(application=right)).told(),
                    ),
                    time=made_at.isoformat(),
                    evidence=desk.evidence("rare-name", visit=right.evidence.evidence.visit),
                )
            },
            *("NO_EVIDENCE", "evidence"),
        ),
        "another terminal": ({"terminal": "YD-2"}, "UNKNOWN_TERMINAL", "application.terminal"),
        "control characters": (
            {"fields": with_field("person.name", "陈\x1b@晓芸")},
            "MALFORMED",
            "envelope",
        ),
        "zero byte": ({"local_no": "L0\x00"}, "MALFORMED", "envelope"),
    }
    return {
        name: (replace(right, submission_id=str(uuid.uuid4()), **changes), code, field)
        for name, (changes, code, field) in cases.items()
    }


def test_refused_applications(desk: IntakeDesk) -> None:
    """Each wrong application is refused with its reason and place, and leaves nothing behind."""
    before = desk.page("GET", "/clerk/counts").json()
    for name, (application, code, field) in refused_applications(desk).items():
        document = problem_of(desk.submit(application))
        assert (document["code"], document["field"]) == (code, field), name
    assert desk.page("GET", "/clerk/counts").json() == before


def test_filed_stays_filed_when_evidence_ages(desk: IntakeDesk) -> None:
    """An application that waited on the terminal is judged at the moment it was made."""
    made = datetime.now(UTC) - timedelta(days=3)
    application = desk.application(
        evidence=desk.evidence("chen-xiaoyun", age=timedelta(days=3, minutes=5)),
        created_at=made.isoformat(timespec="seconds"),
    )
    assert desk.submit(application).status_code == 201


def test_too_large(desk: IntakeDesk) -> None:
    """Bodies over their limit are refused before they are read to the end."""
    answer = desk.send("POST", "/v1/applications", data=b" " * (1 << 20) + b"{}")
    assert problem_of(answer)["code"] == "TOO_LARGE"


def test_unknown_addresses_and_methods(desk: IntakeDesk) -> None:
    """Wrong addresses and methods are problems too."""
    assert problem_of(desk.send("GET", "/v2"))["code"] == "NOT_FOUND"
    assert problem_of(desk.send("DELETE", "/v1/prefill"))["code"] == "METHOD_NOT_ALLOWED"


def test_the_description_of_the_api_names_every_call(desk: IntakeDesk) -> None:
    """The published OpenAPI document is whole: all calls, and every reference leads somewhere."""
    document = desk.page("GET", "/openapi.json").json()
    assert {
        "/v1/uploads": {"post"},
        "/v1/uploads/{upload_id}": {"head", "patch"},
        "/v1/applications/mine": {"post"},
        "/v1/evaluations": {"post"},
    }.items() <= {path: set(calls) for path, calls in document["paths"].items()}.items()
    schemas = set(document["components"]["schemas"])
    assert set(re.findall(r"#/components/schemas/(\w+)", json.dumps(document))) <= schemas


# --- progress -----------------------------------------------------------------------------------


def test_progress(desk: IntakeDesk) -> None:
    """The slip's code tells the state of each item."""
    application = desk.application()
    number = desk.submit(application).json()["application_no"]
    slip = f"{application.local_no}.{application.slip_token}"
    told = desk.send("GET", f"/v1/progress/{slip}").json()
    assert told["application_no"] == number
    assert told["thing_name"] == "就医费用报销"
    assert [(item["state"], item["state_text"]) for item in told["items"]] == [
        ("submitted", "已提交")
    ]


def test_wrong_slip_tells_nothing(desk: IntakeDesk) -> None:
    """A wrong token, a wrong number and nonsense get one and the same answer."""
    application = desk.application()
    desk.submit(application)
    right = f"{application.local_no}.{application.slip_token}"
    wrong = [
        f"{application.local_no}.{'0' * 16}",
        f"L9999261122ZZZZ.{application.slip_token}",
        f"{application.local_no}.",
        application.local_no,
        f"{right}.",
        "..",
        "%00.%00",
    ]
    answers = {desk.send("GET", f"/v1/progress/{slip}").text for slip in wrong[:5]}
    assert len(answers) == 1
    assert json.loads(answers.pop())["code"] == "NOT_ARRIVED"
    pages = {desk.page("GET", f"/p/{slip}").text for slip in wrong}
    assert len({page for page in pages if "还没有查到" in page}) == 1


def test_busy_database_is_still_running(desk: IntakeDesk) -> None:
    """While another writer holds the database the answer is 202 and a time to come back."""
    application = desk.application()
    with closing(sqlite3.connect(desk.state / "intake.db", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        answer = desk.submit(application)
        assert (answer.status_code, answer.headers["retry-after"]) == (202, "2")
        envelope = Envelope(application=application).canonical()
        other.execute("ROLLBACK")
    assert isinstance(desk.client().submit(envelope, desk.sign(envelope)), Accepted)


def test_log_holds_no_values(desk: IntakeDesk) -> None:
    """After everything above, the log names no person, number or slip."""
    log = (desk.state / "intake.log").read_text()
    for person in desk.people.values():
        assert person["card"]["name"] not in log
        assert person["card"]["id_no"] not in log
    assert "/v1/" not in log
    assert TERMINAL not in log
