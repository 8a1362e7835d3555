"""What goes over the wire: uploads, lines that are cut, files before applications, garbage."""

from __future__ import annotations

import base64
import hashlib
import json
import os
import socket
import threading
import uuid
from collections.abc import Iterator
from contextlib import closing, suppress
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kiosk.domain.application import Application, SignatureRecord, signed_text_digest
from kiosk.domain.envelope import Attachment
from kiosk.gateway import IntakeClient, IntakeGarbled, IntakeUnreachable
from kiosk.gateway.https import HttpsTransport
from tests.intake_desk import IntakeDesk, problem_of
from tests.unit.test_intake_belongings import shown

JPEG = b"\xff\xd8\xff\xe0"
SMALL_TALK = 30_000
"""Bytes of handshakes and headers, generously."""


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[IntakeDesk]:
    """A running intake."""
    with IntakeDesk(state=tmp_path_factory.mktemp("intake")) as running:
        yield running


def metadata(**said: str) -> str:
    """Return an ``Upload-Metadata`` header."""
    return ",".join(f"{k} {base64.b64encode(v.encode()).decode()}" for k, v in said.items())


def begin(desk: IntakeDesk, body: bytes, media_type: str = "image/jpeg") -> str:
    """Begin an upload and return its place."""
    answer = desk.send(
        "POST",
        "/v1/uploads",
        headers={
            "upload-length": str(len(body)),
            "upload-metadata": metadata(
                sha256=hashlib.sha256(body).hexdigest(), filetype=media_type
            ),
        },
    )
    assert (answer.status_code, answer.headers["upload-offset"]) == (201, "0")
    return answer.headers["location"]


def patch_headers(piece: bytes, offset: int) -> dict[str, str]:
    """Return the headers of a right piece."""
    digest = base64.b64encode(hashlib.sha256(piece).digest()).decode()
    return {
        "content-type": "application/offset+octet-stream",
        "upload-offset": str(offset),
        "upload-checksum": f"sha256 {digest}",
    }


def test_the_calls_are_those_of_tus(desk: IntakeDesk) -> None:
    """Create, ask, add, ask: statuses and headers as the protocol has them."""
    body = JPEG + os.urandom(600)
    place = begin(desk, body)
    added = desk.send("PATCH", place, data=body[:200], headers=patch_headers(body[:200], 0))
    assert (added.status_code, added.headers["upload-offset"]) == (204, "200")
    asked = desk.send("HEAD", place)
    assert asked.status_code == 200
    told = {
        name: asked.headers[name] for name in ("upload-offset", "upload-length", "tus-resumable")
    }
    assert told == {"upload-offset": "200", "upload-length": "604", "tus-resumable": "1.0.0"}
    assert asked.headers["cache-control"] == "no-store"
    desk.send("PATCH", place, data=body[200:], headers=patch_headers(body[200:], 200))
    assert desk.send("HEAD", place).headers["upload-offset"] == "604"


def test_a_beginning_with_its_piece(desk: IntakeDesk) -> None:
    """One exchange brings a page; a damaged or unnamed piece is refused and nothing is begun."""
    body = JPEG + os.urandom(600)
    sha256 = hashlib.sha256(body).hexdigest()
    headers = {
        **patch_headers(body, 0),
        "upload-length": str(len(body)),
        "upload-metadata": metadata(sha256=sha256, filetype="image/jpeg"),
    }

    def code(data: bytes, **changes: str) -> object:
        changed = {name.replace("_", "-"): value for name, value in changes.items()}
        answer = desk.send("POST", "/v1/uploads", data=data, headers={**headers, **changed})
        return problem_of(answer)["code"]

    assert code(body[:-1] + b"!") == "CHECKSUM_MISMATCH"
    assert code(body, upload_checksum="") == "INVALID"
    assert code(body, content_type="image/jpeg") == "MEDIA_TYPE"
    answer = desk.send("POST", "/v1/uploads", data=body, headers=headers)
    assert (answer.status_code, answer.headers["upload-offset"]) == (201, "604")
    assert desk.send("HEAD", answer.headers["location"]).headers["upload-offset"] == "604"


def test_pieces_that_are_refused(desk: IntakeDesk) -> None:
    """Each has a status of its own, and the upload stays where it was."""
    body = JPEG + os.urandom(600)
    place = begin(desk, body)
    good = patch_headers(body[:200], 0)

    def code(place: str = place, data: bytes = body[:200], **changes: str) -> str:
        changed = {name.replace("_", "-"): value for name, value in changes.items()}
        answer = desk.send("PATCH", place, data=data, headers={**good, **changed})
        return str(problem_of(answer)["code"])

    assert code(upload_offset="100") == "UPLOAD_OFFSET"
    assert code(data=body[:199] + b"!") == "CHECKSUM_MISMATCH"
    assert code(upload_checksum="md5 AAAA") == "INVALID"
    assert code(upload_checksum="sha256 ?") == "INVALID"
    assert code(upload_offset="-1") == "INVALID"
    assert code(content_type="image/jpeg") == "MEDIA_TYPE"
    assert code(data=b"x" * ((1 << 20) + 1)) == "TOO_LARGE"
    assert code(place=f"/v1/uploads/{'0' * 32}") == "UPLOAD_GONE"
    assert desk.send("HEAD", f"/v1/uploads/{'0' * 32}").status_code == 410
    assert desk.send("HEAD", place).headers["upload-offset"] == "0"


@pytest.mark.parametrize(
    ("length", "said", "code"),
    [
        ("5", {"sha256": "0" * 64, "filetype": "text/html"}, "MEDIA_TYPE"),
        ("5", {"sha256": "0" * 63, "filetype": "image/png"}, "INVALID"),
        ("5", {"filetype": "image/png"}, "INVALID"),
        ("0", {"sha256": "0" * 64, "filetype": "image/png"}, "INVALID"),
        ("many", {"sha256": "0" * 64, "filetype": "image/png"}, "INVALID"),
        ("20971521", {"sha256": "0" * 64, "filetype": "image/png"}, "TOO_LARGE"),
    ],
)
def test_beginnings_that_are_refused(
    desk: IntakeDesk, length: str, said: dict[str, str], code: str
) -> None:
    """What is not promised rightly is not begun."""
    headers = {"upload-length": length, "upload-metadata": metadata(**said)}
    assert problem_of(desk.send("POST", "/v1/uploads", headers=headers))["code"] == code
    headers["upload-metadata"] = "sha256 not base64!"
    assert desk.send("POST", "/v1/uploads", headers=headers).status_code == 422


def test_the_client_sends_only_what_is_missing(desk: IntakeDesk) -> None:
    """Against the real service: half there, then the rest, then nothing."""
    body = JPEG + os.urandom(700_000)
    place = begin(desk, body)
    desk.send("PATCH", place, data=body[:300_000], headers=patch_headers(body[:300_000], 0))
    sha256 = hashlib.sha256(body).hexdigest()
    desk.client().upload(sha256, body, "image/jpeg")
    assert desk.send("HEAD", place).headers["upload-offset"] == str(len(body))
    desk.client().upload(sha256, body, "image/jpeg")


class CuttingWire:
    """Passes bytes on to an intake and cuts the line after ``cut`` of them; counts what went up."""

    def __init__(self, url: str, cut: int) -> None:
        self._goal = ("127.0.0.1", int(url.rpartition(":")[2]))
        self._left = cut
        self._lock = threading.Lock()
        self.up = 0
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"https://127.0.0.1:{self._listener.getsockname()[1]}"
        threading.Thread(target=self._serve, daemon=True).start()

    def close(self) -> None:
        """Take no more connections."""
        self._listener.close()

    def _serve(self) -> None:
        with suppress(OSError):
            while True:
                near, _ = self._listener.accept()
                far = socket.create_connection(self._goal)
                for source, goal, counted in ((near, far, True), (far, near, False)):
                    arguments = (source, goal, counted)
                    threading.Thread(target=self._carry, args=arguments, daemon=True).start()

    def _carry(self, source: socket.socket, goal: socket.socket, counted: bool) -> None:
        with suppress(OSError):
            while data := source.recv(4096):
                if counted and not self._allowed(len(data)):
                    break
                goal.sendall(data)
        for end in (source, goal):
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)

    def _allowed(self, count: int) -> bool:
        with self._lock:
            self._left -= count
            self.up += count if self._left >= 0 else 0
            return self._left >= 0


@pytest.mark.parametrize("cut", [10_000, 70_000, 200_000, 300_000, 402_000])
def test_a_cut_line_costs_one_piece(desk: IntakeDesk, cut: int) -> None:
    """Cut at any byte: the second time no more goes over the line than the intake lacks."""
    body, piece = JPEG + os.urandom(400_000), 65_536
    sha256, place = hashlib.sha256(body).hexdigest(), begin(desk, body)
    wire = CuttingWire(desk.api_url, cut)
    with pytest.raises((IntakeUnreachable, IntakeGarbled)):
        send_over(desk, wire, sha256, body, piece)
    wire.close()
    there = int(desk.send("HEAD", place).headers["upload-offset"])
    assert there >= cut - 2 * piece - SMALL_TALK
    second = CuttingWire(desk.api_url, 10_000_000)
    send_over(desk, second, sha256, body, piece)
    second.close()
    assert second.up <= len(body) - there + SMALL_TALK
    assert desk.send("HEAD", place).headers["upload-offset"] == str(len(body))


def send_over(desk: IntakeDesk, wire: CuttingWire, sha256: str, body: bytes, piece: int) -> None:
    """Upload through a wire, as a process does that knows nothing of an earlier one."""
    keys = desk.keys
    transport = HttpsTransport(
        wire.url, cert=keys / "terminal.crt", key=keys / "terminal.pem", ca=keys / "ca.crt"
    )
    with closing(transport):
        IntakeClient(transport).upload(sha256, body, "image/jpeg", chunk=piece)


def signed_text(desk: IntakeDesk, application: Application) -> str:
    """Return the digest of what this application's signature stands under."""
    declaration = desk.catalogue.consents["declaration"].version
    return signed_text_digest(application.fields, declaration, (), shown(application, ()))


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


@settings(max_examples=60)
@given(
    st.one_of(
        st.binary(max_size=200),
        st.text(max_size=50).map(lambda text: json.dumps({"envelope": text}).encode()),
        st.integers(500, 20_000).map(lambda depth: b"[" * depth),
        st.recursive(
            st.none() | st.booleans() | st.integers() | st.text(max_size=5),
            lambda inner: (
                st.lists(inner, max_size=3)
                | st.dictionaries(
                    st.sampled_from(
                        ["envelope", "signature", "terminal", "visit", "evidence", "items"]
                    ),
                    inner,
                    max_size=5,
                )
            ),
            max_leaves=8,
        ).map(lambda value: json.dumps(value).encode()),
    )
)
def test_garbage_gets_a_problem(desk: IntakeDesk, body: bytes) -> None:
    """Whatever the bytes, the answer is a problem document."""
    for path in (
        *("/v1/applications", "/v1/prefill", "/v1/applications/mine", "/v1/evaluations"),
        "/v1/uploads",
    ):
        answer = desk.send("POST", path, data=body, headers={"content-type": "application/json"})
        assert problem_of(answer)["code"] in {"MALFORMED", "INVALID"}


@settings(max_examples=40)
@given(st.binary(max_size=100) | st.integers(500, 20_000).map(lambda n: b'{"a":' * n))
def test_signed_garbage_gets_a_problem(desk: IntakeDesk, envelope: bytes) -> None:
    """Even rightly signed nonsense is only malformed."""
    assert problem_of(desk.submit_bytes(envelope))["code"] == "MALFORMED"
