"""What must not be filed: each has its code and sentence, is counted, and leaves nothing behind."""

from __future__ import annotations

import base64
import gzip
import hashlib
import json
import os
import struct
import subprocess
import sys
import uuid
import zlib
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import requests
from sqlalchemy import create_engine

from intake.receiving.counting import Refusals
from intake.receiving.pictures import MOST_POINTS, points
from intake.service.pace import Pace
from kiosk.domain.application import Answer, FiledMaterial
from kiosk.domain.envelope import Attachment, Envelope
from kiosk.gateway import IntakeUnreachable
from tests.intake_databases import postgres_url, url
from tests.intake_desk import ENVIRONMENT, REPOSITORY, TERMINAL, IntakeDesk, problem_of
from tests.waiting import until

__all__ = ["postgres_url", "url"]

PIECE = "application/offset+octet-stream"
SECOND = "YD-TEST-0002"


def png(width: int, height: int) -> bytes:
    """Return the beginning of a picture that claims this size."""
    header = struct.pack(">4sIIBBBBB", b"IHDR", width, height, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + header + bytes(4)


def jpeg(width: int, height: int) -> bytes:
    """Return the beginning of a photograph that claims this size, after a comment."""
    frame = struct.pack(">BBHBHHB", 0xFF, 0xC2, 11, 8, height, width, 1) + bytes(3)
    return b"\xff\xd8\xff\xfe\x00\x05abc" + frame


def begun(desk: IntakeDesk, body: bytes, media_type: str, length: int = 0) -> requests.Response:
    """Begin an upload; it claims the length of the body unless said."""
    told = {"sha256": hashlib.sha256(body).hexdigest(), "filetype": media_type}
    pairs = (f"{key} {base64.b64encode(value.encode()).decode()}" for key, value in told.items())
    headers = {
        "upload-length": str(length or len(body)),
        "upload-metadata": ",".join(pairs),
    }
    return desk.send("POST", "/v1/uploads", headers=headers)


def sent(desk: IntakeDesk, body: bytes, media_type: str, length: int = 0) -> requests.Response:
    """Begin an upload and send all of it in one piece."""
    digest = base64.b64encode(hashlib.sha256(body).digest()).decode()
    return desk.send(
        "PATCH",
        begun(desk, body, media_type, length).headers["location"],
        data=body,
        headers={
            "content-type": PIECE,
            "upload-offset": "0",
            "upload-checksum": f"sha256 {digest}",
        },
    )


def filing_body(desk: IntakeDesk, **changes: str) -> dict[str, Any]:
    """Return a right request to file."""
    envelope = Envelope(application=desk.application()).canonical()
    signature = desk.sign(envelope, **changes)
    told = {name: getattr(signature, name) for name in ("key_id", "algorithm", "signature")}
    return {
        "envelope": base64.b64encode(envelope).decode(),
        "signature": {**told, "terminal": signature.terminal},
    }


def filed(desk: IntakeDesk, **options: Any) -> requests.Response:
    """Send a request to file."""
    return desk.send("POST", "/v1/applications", **options)


def with_name(name: str) -> Callable[[IntakeDesk], requests.Response]:
    """File with a picture of this name."""

    def send(desk: IntakeDesk) -> requests.Response:
        page = Attachment(name=name, sha256="0" * 64, size=9, media_type="image/jpeg")
        own = FiledMaterial(key="id_card", name="x", disposition="e_licence", attachments=(name,))
        catalogue = desk.catalogue.thing("medical-expenses")
        keys = {paper.key: paper for item in catalogue.open_items for paper in item.materials}
        paper = next(key for key, one in keys.items() if one.pages)
        own = replace(own, key=paper, disposition=keys[paper].disposition.value)
        return desk.submit(desk.application(materials=(own,)), page)

    return send


def second_terminal(desk: IntakeDesk) -> tuple[str, str]:
    """Enrol a second terminal with keys of its own; return certificate and key."""
    listed = desk.state / "intake" / "terminals.json"
    known = json.loads(listed.read_bytes())
    key = base64.b64encode(bytes(31) + b"\x01").decode()
    known[SECOND] = known[TERMINAL] | {"signing_public": key}
    listed.write_text(json.dumps(known))
    certificate, private = desk.other_terminal(SECOND)
    return str(certificate), str(private)


def replayed(desk: IntakeDesk, **changes: str) -> requests.Response:
    """Send what the first terminal has signed over the second one's certificate."""
    return filed(desk, json=filing_body(desk, **changes), cert=second_terminal(desk))


def other_body(desk: IntakeDesk) -> requests.Response:
    """File, and file something else under the same id."""
    first = desk.application()
    assert desk.submit(first).status_code == 201
    changed = {**first.fields, "filing.destination": Answer(value="320100", source="user")}
    return desk.submit(replace(first, fields=changed))


def revoked(desk: IntakeDesk) -> requests.Response:
    """File from a terminal that was struck off while the intake ran; then take it back."""
    listed = desk.state / "intake" / "terminals.json"
    known = json.loads(listed.read_bytes())
    listed.write_text(json.dumps(known | {TERMINAL: known[TERMINAL] | {"revoked": "2026-11-28"}}))
    answer = desk.submit(desk.application())
    listed.write_text(json.dumps(known))
    return answer


CASES: dict[str, tuple[Callable[[IntakeDesk], requests.Response], str]] = {
    "not the schema": (lambda desk: filed(desk, json={"envelope": 1}), "INVALID"),
    "an unknown member": (lambda desk: filed(desk, json=filing_body(desk) | {"x": 1}), "INVALID"),
    "no JSON": (
        lambda desk: filed(desk, data=b"{", headers={"content-type": "application/json"}),
        "MALFORMED",
    ),
    "another media type": (
        lambda desk: filed(
            desk, data=json.dumps(filing_body(desk)), headers={"content-type": "text/xml"}
        ),
        "MEDIA_TYPE",
    ),
    "a compressed body": (
        lambda desk: filed(
            desk,
            data=gzip.compress(bytes(50_000_000), 1),
            headers={"content-encoding": "gzip", "content-type": "application/json"},
        ),
        "MEDIA_TYPE",
    ),
    "an envelope that is a compressed bomb": (
        lambda desk: desk.submit_bytes(zlib.compress(bytes(50_000_000), 9)),
        "MALFORMED",
    ),
    "a signature over nothing": (
        lambda desk: filed(
            desk, json=filing_body(desk, signature=base64.b64encode(bytes(64)).decode())
        ),
        "BAD_SIGNATURE",
    ),
    "a revoked terminal": (revoked, "TERMINAL_REVOKED"),
    "a replay from another terminal": (replayed, "UNKNOWN_TERMINAL"),
    "a replay that names the other terminal": (
        lambda desk: replayed(desk, terminal=SECOND),
        "BAD_SIGNATURE",
    ),
    "the same id with another body": (other_body, "IDEMPOTENCY_MISMATCH"),
    "longer than declared": (
        lambda desk: sent(desk, jpeg(10, 10) + uuid.uuid4().bytes, "image/jpeg", length=20),
        "UPLOAD_TOO_LONG",
    ),
    "a huge picture": (
        lambda desk: sent(desk, png(60_000, 60_000), "image/png"),
        "PICTURE_TOO_BIG",
    ),
    "a huge photograph": (
        lambda desk: sent(desk, jpeg(65_000, 65_000), "image/jpeg"),
        "PICTURE_TOO_BIG",
    ),
    "a page of another kind": (
        lambda desk: begun(desk, b"<html>", "text/html"),
        "MEDIA_TYPE",
    ),
    "a page under a wrong kind": (
        lambda desk: sent(desk, b"<html>", "application/pdf"),
        "MEDIA_TYPE",
    ),
    "a name that climbs": (with_name("../../etc/passwd"), "INVALID"),
    "a name with a drive": (with_name("C:\\x.jpg"), "INVALID"),
    "a hidden name": (with_name(".ssh"), "INVALID"),
    "an endless name": (with_name("x" * 201), "INVALID"),
    "an upload that climbs": (
        lambda desk: desk.send("GET", "/v1/uploads/%2e%2e%2f%2e%2e%2fetc%2fpasswd"),
        "NOT_FOUND",
    ),
}


def test_what_must_not_be_filed(url: str, tmp_path: Path) -> None:
    """Every case is refused with its code, counted under it, and never stored."""
    with IntakeDesk(state=tmp_path, database=url) as desk:
        good = desk.submit(desk.application())
        assert good.status_code == 201
        for name, (send, code) in CASES.items():
            document = problem_of(send(desk))
            assert document["code"] == code, (name, document)
            assert document["detail_zh"].endswith("。"), name
        wanted = Counter(code for _, code in CASES.values())
        until(lambda: sum(tallied(url)) == len(CASES))
        assert refusals(url) == wanted
        # Two are filed: the good one, and the one whose id was then used again.
        assert desk.page("GET", "/clerk/counts").json()["submitted"] == 2
        tricks = (
            "/static/../model.py",
            "/static/%2e%2e/model.py",
            "/static/..%2f..%2fproblems.toml",
        )
        assert {desk.page("GET", path).status_code for path in tricks} == {404}


def tallied(url: str) -> list[int]:
    """Return the counts that have been written."""
    engine = create_engine(url)
    try:
        return [one.count for one in Refusals(engine).all()]
    finally:
        engine.dispose()


def refusals(url: str) -> dict[str, int]:
    """Return how often each code was given, as the command tells it."""
    command = [sys.executable, "-m", "intake", "counts", "--db", url, "--json"]
    told = subprocess.run(command, check=True, capture_output=True, cwd=REPOSITORY, env=ENVIRONMENT)
    counted: dict[str, int] = {}
    for row in json.loads(told.stdout)["refused"]:
        counted[row["code"]] = counted.get(row["code"], 0) + row["count"]
    return counted


def test_a_terminal_that_asks_too_much_waits(tmp_path: Path) -> None:
    """Beyond its pace it gets 429 and a time, which its own client hands on to the agent."""
    options = ("--terminal-rate", "0.01", "--terminal-burst", "4")
    with IntakeDesk(state=tmp_path, options=options) as desk:
        answers = [desk.send("GET", "/v1/catalogue?division=410700") for _ in range(5)]
        assert [one.status_code for one in answers] == [200] * 4 + [429]
        assert problem_of(answers[-1])["code"] == "TOO_MANY"
        assert 0 < int(answers[-1].headers["retry-after"]) <= 100
        envelope = Envelope(application=desk.application()).canonical()
        with pytest.raises(IntakeUnreachable) as told:
            desk.client().submit(envelope, desk.sign(envelope))
        assert 0 < (told.value.retry_after or 0) <= 100
        big = desk.send("POST", "/v1/applications", data=bytes(900_000))
        assert problem_of(big)["code"] == "TOO_MANY"  # it is heard even by who is still sending


def test_the_pace_is_one_for_all_workers() -> None:
    """A bucket fills with time, for every terminal its own, whichever worker is asked."""
    now = 100.0
    pace = Pace(rate=2.0, burst=3, clock=lambda: now)
    assert [pace.wait_for("a") for _ in range(2)] == [0, 0]
    other = os.fork()
    if not other:  # another worker
        os._exit(pace.wait_for("a"))
    assert os.waitpid(other, 0)[1] == 0
    assert pace.wait_for("a") == 1
    assert pace.wait_for("b") == 0
    now += 0.5
    assert [pace.wait_for("a"), pace.wait_for("a")] == [0, 1]
    now += 3600
    assert [pace.wait_for("a") for _ in range(4)] == [0, 0, 0, 1]


def test_points_are_read_from_headers() -> None:
    """Sizes of right headers are found; what is no header tells none."""
    assert points("image/png", png(300, 200)) == 60_000
    assert points("image/jpeg", jpeg(300, 200)) == 60_000
    assert points("image/jpeg", jpeg(4960, 7016)) < MOST_POINTS
    for cut in range(len(jpeg(9, 9)) - 4):
        assert points("image/jpeg", jpeg(9, 9)[:cut]) == 0
    assert points("image/jpeg", b"\xff\xd8\xff\xe0\x00\x00" * 50) == 0
    assert points("application/pdf", png(9, 9)) == 0
