"""The gateway meets an intake that misbehaves: a record, or one of three errors."""

from __future__ import annotations

import hashlib
import json
import socket
import ssl
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.domain.envelope import Envelope
from kiosk.gateway import (
    Accepted,
    IntakeClient,
    IntakeGarbled,
    IntakeRefused,
    IntakeUnreachable,
    Reply,
    Running,
)
from kiosk.gateway.https import HttpsTransport
from kiosk.gateway.transport import Json
from tests.intake_desk import DIVISION, ITEM, IntakeDesk
from tests.waiting import PATIENCE_S


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[IntakeDesk]:
    """A running intake."""
    with IntakeDesk(state=tmp_path_factory.mktemp("intake")) as running:
        yield running


class Canned:
    """A transport with one answer."""

    def __init__(self, reply: Reply) -> None:
        self.reply = reply

    def request(
        self,
        method: str,
        path: str,
        body: Json | bytes | None = None,
        *,
        headers: Mapping[str, str] | None = None,
    ) -> Reply:
        """Give the answer."""
        return self.reply


def asked(status: int, body: object = b"", **headers: str) -> object:
    """Ask for a catalogue version and return what came or the error."""
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    reply = Reply(
        status=status, body=data, headers={k.replace("_", "-"): v for k, v in headers.items()}
    )
    try:
        return IntakeClient(Canned(reply)).catalogue_version(DIVISION)
    except (IntakeUnreachable, IntakeGarbled, IntakeRefused) as error:
        return error


PROBLEM = {
    "code": "X",
    "title_zh": "标题",
    "detail_zh": "",
    "field": None,
    "retryable": False,
    "help": "",
}


@pytest.mark.parametrize(
    ("status", "body", "kind"),
    [
        (200, b"", IntakeGarbled),
        (200, b"<html>", IntakeGarbled),
        (200, b"\xff", IntakeGarbled),
        (200, b"[" * 100_000, IntakeGarbled),
        (200, [], IntakeGarbled),
        (200, {"version": 1, "accepted": []}, IntakeGarbled),
        (200, {"version": "v", "accepted": "v"}, IntakeGarbled),
        (200, {"version": "v" * 1000, "accepted": []}, IntakeGarbled),
        (204, b"", IntakeGarbled),
        (301, b"", IntakeGarbled),
        (404, b"not found", IntakeGarbled),
        (409, {**PROBLEM, "retryable": "no"}, IntakeGarbled),
        (409, {**PROBLEM, "code": "不"}, IntakeGarbled),
        (409, PROBLEM, IntakeRefused),
        (429, b"", IntakeUnreachable),
        (500, b"Traceback", IntakeUnreachable),
        (503, PROBLEM, IntakeUnreachable),
    ],
)
def test_every_answer_is_one_of_three_errors(status: int, body: object, kind: type) -> None:
    """Whatever the intake answers, a caller meets a record or one of three errors."""
    assert type(asked(status, body)) is kind


@given(st.integers(100, 599), st.binary(max_size=80))
def test_random_answers(status: int, body: bytes) -> None:
    """Random bytes under any status never escape as anything else."""
    assert isinstance(asked(status, body), IntakeUnreachable | IntakeGarbled | IntakeRefused)


def test_retry_after() -> None:
    """Seconds and dates are read; a date counts from the server's clock, not ours."""
    waits = {
        "7": 7.0,
        "soon": None,
        "": None,
        "Sun, 22 Nov 2026 06:00:30 GMT": 30.0,
        "Sun, 22 Nov 2026 05:00:00 GMT": 0.0,
    }
    for text, wait in waits.items():
        error = asked(503, b"", retry_after=text, date="Sun, 22 Nov 2026 06:00:00 GMT")
        assert isinstance(error, IntakeUnreachable)
        assert error.retry_after == wait, text


def test_texts_are_made_printable() -> None:
    """Control and direction characters in an answer do not reach screen or paper."""
    error = asked(409, {**PROBLEM, "title_zh": "标\x1b题\u202e", "help": "\x00"})
    assert isinstance(error, IntakeRefused)
    assert error.problem.title == "标题"


def test_numbers_of_another_filing(desk: IntakeDesk) -> None:
    """Numbers for other items, or for other bytes, are not taken."""
    envelope = Envelope(application=desk.application()).canonical()
    good = {
        "application_no": "41070020261122000001",
        "envelope_digest": hashlib.sha256(envelope).hexdigest(),
        "items": [{"item": ITEM, "no": "4107002026112200000101"}],
        "received_at": "2026-11-22T14:36:00+08:00",
    }
    signature = desk.sign(envelope)

    def submit(answer: object, status: int = 201) -> object:
        reply = Reply(status=status, body=json.dumps(answer).encode())
        return IntakeClient(Canned(reply)).submit(envelope, signature)

    assert isinstance(submit(good), Accepted)
    assert submit({}, 202) == Running(retry_after=2.0)
    for wrong in (
        {**good, "envelope_digest": "0" * 64},
        {**good, "items": [{"item": "other", "no": "4107002026112200000101"}]},
        {**good, "items": []},
        {**good, "application_no": "1; DROP"},
    ):
        with pytest.raises(IntakeGarbled):
            submit(wrong)


@contextmanager
def speaking(desk: IntakeDesk, script: Callable[[ssl.SSLSocket], None]) -> Iterator[str]:
    """Serve one scripted TLS connection after another; gives the address."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(desk.keys / "intake.crt", desk.keys / "intake.pem")
    listener = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        while True:
            try:
                line, _ = listener.accept()
            except OSError:
                return
            try:
                with context.wrap_socket(line, server_side=True) as tls:
                    tls.recv(4096)
                    script(tls)
            except OSError:
                continue

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    with closing(listener):
        yield f"https://127.0.0.1:{listener.getsockname()[1]}"
        listener.shutdown(socket.SHUT_RDWR)
    thread.join(PATIENCE_S)


def over_the_wire(desk: IntakeDesk, url: str, limit: float = 2.0) -> Exception:
    """Ask over real TLS and return the error."""
    keys = desk.keys
    transport = HttpsTransport(
        url,
        cert=keys / "terminal.crt",
        key=keys / "terminal.pem",
        ca=keys / "ca.crt",
        time_limit=limit,
    )
    with pytest.raises((IntakeUnreachable, IntakeGarbled)) as error:
        IntakeClient(transport).catalogue_version(DIVISION)
    return error.value


def say(data: bytes) -> Callable[[ssl.SSLSocket], None]:
    """Return a script that says some bytes and hangs up."""
    return lambda line: line.sendall(data)


@pytest.mark.parametrize(
    ("script", "kind"),
    [
        (say(b""), IntakeUnreachable),
        (say(b"SSH-2.0\r\n\r\n"), IntakeUnreachable),
        (say(b"HTTP/1.1 200 OK\r\nContent-Length: 900\r\n\r\n{"), IntakeGarbled),
        (say(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"), IntakeGarbled),
        (say(b"HTTP/1.1 302 Found\r\nLocation: https://127.0.0.1:1/\r\n\r\n"), IntakeGarbled),
        (say(b"HTTP/1.1 200 OK\r\n\r\n" + b" " * ((1 << 20) + 10)), IntakeGarbled),
        (say(b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\nxx"), IntakeGarbled),
    ],
)
def test_broken_wire(desk: IntakeDesk, script: Callable[[ssl.SSLSocket], None], kind: type) -> None:
    """Broken, endless and foreign answers over real TLS are errors of ours."""
    with speaking(desk, script) as url:
        assert type(over_the_wire(desk, url)) is kind


def test_dripping_answer_meets_the_deadline(desk: IntakeDesk) -> None:
    """A peer that sends a byte now and then does not hold a terminal beyond its limit."""
    enough = threading.Event()

    def drip(line: ssl.SSLSocket) -> None:
        line.sendall(b"HTTP/1.1 200 OK\r\n")
        while not enough.wait(0.05):
            line.sendall(b"X-A: b\r\n")

    with speaking(desk, drip) as url:
        error = over_the_wire(desk, url, limit=0.5)
        enough.set()
    assert isinstance(error, IntakeUnreachable)
    assert error.reason == "too_slow"


def test_foreign_authority_is_not_trusted(desk: IntakeDesk, tmp_path: Path) -> None:
    """An intake whose certificate another authority signed is not spoken to."""
    with IntakeDesk(state=tmp_path) as foreign:
        error = over_the_wire(desk, foreign.api_url)
    assert isinstance(error, IntakeUnreachable)
    assert error.reason == "not_trusted"


def test_environment_is_ignored(desk: IntakeDesk, monkeypatch: pytest.MonkeyPatch) -> None:
    """Proxies and authorities of the environment change nothing."""
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:1")
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", "/nonexistent")
    assert desk.client().catalogue_version(DIVISION).accepted


def test_https_only(desk: IntakeDesk) -> None:
    """An address without TLS is a mistake of the configuration."""
    keys = desk.keys
    with pytest.raises(ValueError, match="https"):
        HttpsTransport(
            "http://127.0.0.1:1",
            cert=keys / "terminal.crt",
            key=keys / "terminal.pem",
            ca=keys / "ca.crt",
        )
