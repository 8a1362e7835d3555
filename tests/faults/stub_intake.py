"""An intake that misbehaves to order: a real HTTPS server that asks for a certificate."""

from __future__ import annotations

import base64
import hashlib
import json
import socket
import ssl
import threading
from collections import Counter, deque
from email.message import Message
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from kiosk.crypto import PROVIDERS
from tests.waiting import PATIENCE_S

Answer = tuple[int, dict[str, str], bytes]


class StubIntake:
    """Files for real, answers as told.

    Attributes:
        script: what happens to the next filings, one word each; then ``ok``.
        filed: submission id → the envelope's bytes; a submission is filed once.
        numbers: submission id → its number.
        materials: digest → bytes.
        uploads: digest → bytes that arrived so far.
        lengths: digest → bytes that were promised.
        pieces: offset and length of every piece that was kept, in order.
        line: what happens to the next pieces, one word each; then ``ok``.
        calls: how often each method and path came; uploads by method alone.
        gate: filings and pieces wait here when told to be ``slow``.
        keeps: whether a connection is kept for the next request.
    """

    def __init__(self, state: Path, port: int = 0) -> None:
        self.script: deque[str] = deque()
        self.filed: dict[str, bytes] = {}
        self.numbers: dict[str, str] = {}
        self.materials: dict[str, bytes] = {}
        self.uploads: dict[str, bytearray] = {}
        self.lengths: dict[str, int] = {}
        self.pieces: list[tuple[int, int]] = []
        self.line: deque[str] = deque()
        self.calls: Counter[str] = Counter()
        self.tokens: list[str] = []
        self.gate = threading.Event()
        self.keeps = False
        self.bad_signatures = 0
        self._terminals = json.loads((state / "intake" / "terminals.json").read_bytes())
        self._lock = threading.Lock()
        self._server = _server(state / "keys", port)
        self._server.intake = self  # type: ignore[attr-defined]
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()

    @property
    def port(self) -> int:
        """Where it listens."""
        return self._server.server_port

    @property
    def url(self) -> str:
        """Base address."""
        return f"https://127.0.0.1:{self.port}"

    def close(self) -> None:
        """Stop listening."""
        self.gate.set()
        self._server.shutdown()
        self._server.server_close()

    def begin_upload(self, headers: Message, piece: bytes) -> Answer | None:
        """Begin an upload or find it; its place is its digest. A first piece is one of the line."""
        said = dict(pair.split(" ") for pair in headers["upload-metadata"].split(","))
        digest, length = base64.b64decode(said["sha256"]).decode(), int(headers["upload-length"])
        self.lengths[digest] = length
        body = self.materials.get(digest) or self.uploads.setdefault(digest, bytearray())
        if piece and not body:
            headers["upload-offset"] = "0"
            answer = self.add_piece(digest, headers, piece)
            if answer is None or answer[0] != 204:
                return answer
            return 201, {"location": f"/v1/uploads/{digest}", **answer[1]}, b""
        return 201, {"location": f"/v1/uploads/{digest}", **_offsets(len(body), length)}, b""

    def add_piece(self, digest: str, headers: Message, body: bytes) -> Answer | None:
        """Keep a piece as the line's script says; None drops the connection."""
        word = self.line.popleft() if self.line else "ok"
        if word == "drop_before":
            return None
        if word == "slow":
            self.gate.wait(PATIENCE_S)
        if word in LYING:
            return 204, LYING[word], b""
        kept = self.uploads.get(digest)
        if kept is None:
            return problem(410, "UPLOAD_GONE", retryable=True)
        if int(headers["upload-offset"]) != len(kept):
            return problem(409, "UPLOAD_OFFSET", retryable=True)
        if word == "damage":
            return problem(460, "CHECKSUM_MISMATCH", retryable=True)
        self.pieces.append((len(kept), len(body)))
        kept += body
        if len(kept) == self.lengths[digest] and hashlib.sha256(kept).hexdigest() == digest:
            self.materials[digest] = bytes(kept)
        return None if word == "drop_after" else (204, _offsets(len(kept), 0), b"")

    def file(self, body: bytes) -> Answer | None:
        """File an application as the script says; None drops the connection."""
        with self._lock:
            word = self.script.popleft() if self.script else "ok"
        if word in BEFORE:
            return BEFORE[word]
        if word == "slow":
            self.gate.wait(PATIENCE_S)
        asked = json.loads(body)
        envelope = base64.b64decode(asked["envelope"])
        if not self._signed(envelope, asked["signature"]):
            self.bad_signatures += 1
            return problem(403, "BAD_SIGNATURE")
        parsed = json.loads(envelope)
        if any(one["sha256"] not in self.materials for one in parsed["attachments"]):
            return problem(409, "MATERIAL_MISSING", retryable=True)
        answer = self._commit(parsed["application"], envelope)
        return self._answered(word, answer)

    def _commit(self, application: dict[str, object], envelope: bytes) -> dict[str, object]:
        name = str(application["submission_id"])
        with self._lock:
            if self.filed.setdefault(name, envelope) != envelope:
                raise AssertionError("the same id came with other bytes")
            number = self.numbers.setdefault(name, f"41070020261122{len(self.numbers) + 1:06}")
        items = application["items"]
        assert isinstance(items, list)
        return {
            "application_no": number,
            "items": [{"item": item, "no": f"{number}-{n}"} for n, item in enumerate(items, 1)],
            "received_at": "2026-11-22T09:00:00+08:00",
            "envelope_digest": hashlib.sha256(envelope).hexdigest(),
        }

    def _answered(self, word: str, answer: dict[str, object]) -> Answer | None:
        if word == "commit_then_drop":
            return None
        if word == "commit_then_500":
            return 500, {}, b"oops"
        if word == "foreign":
            answer = {**answer, "application_no": "41079999", "envelope_digest": "0" * 64}
        if word == "foreign_items":
            answer = {**answer, "items": [{"item": "another", "no": "41079999"}]}
        return 201, {}, json.dumps(answer).encode()

    def _signed(self, envelope: bytes, signature: dict[str, str]) -> bool:
        terminal = self._terminals[signature["terminal"]]
        provider = PROVIDERS[terminal["provider"]]
        return signature["algorithm"] == provider.signature_algorithm and provider.verify(
            base64.b64decode(terminal["signing_public"]),
            envelope,
            base64.b64decode(signature["signature"]),
        )


def _offsets(offset: int, length: int) -> dict[str, str]:
    return {"upload-offset": str(offset), "upload-length": str(length)}


LYING: dict[str, dict[str, str]] = {
    "beyond": {"upload-offset": "99999999"},
    "shrinking": {"upload-offset": "0"},
    "nonsense": {"upload-offset": "-1"},
    "silent": {},
}
"""Answers to a piece that cannot be true."""


def problem(status: int, code: str, *, retryable: bool = False) -> Answer:
    """Return a problem document."""
    texts = {"title_zh": "标题", "detail_zh": "说明", "help": "帮助", "field": None}
    body = {"code": code, "retryable": retryable, **texts}
    return status, {"content-type": "application/problem+json"}, json.dumps(body).encode()


RELAYED = {"/v1/prefill", "/v1/applications/mine", "/v1/evaluations"}
"""Calls of a session; each is answered with its own body."""

BEFORE: dict[str, Answer | None] = {
    "drop": None,
    "500": (500, {}, b"oops"),
    "503": (503, {"retry-after": "0"}, b""),
    "garbage": (201, {}, b"\xff<html>not the intake</html>"),
    "empty": (201, {}, b""),
    "portal": (200, {"content-type": "text/html"}, b"<html>please sign in</html>"),
    "redirect": (302, {"location": "https://example.org/"}, b""),
    "running": (202, {"retry-after": "1"}, b'{"retry_after": 1}'),
    "huge": (201, {}, b" " * (2 << 20)),
    "refuse": problem(409, "CATALOGUE_CHANGED"),
    "unknown_terminal": problem(403, "UNKNOWN_TERMINAL"),
}
"""Answers that are given without filing anything."""


def _server(keys: Path, port: int) -> ThreadingHTTPServer:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(keys / "intake.crt", keys / "intake.pem")
    context.load_verify_locations(keys / "ca.crt")
    context.verify_mode = ssl.CERT_REQUIRED
    server = _Quiet(("127.0.0.1", port), _Handler)
    server.context = context
    return server


class _Quiet(ThreadingHTTPServer):
    daemon_threads = True
    allow_reuse_address = True
    context: ssl.SSLContext

    def handle_error(self, *_: object) -> None:
        """Dropped connections are part of the play."""

    def finish_request(self, request: object, client_address: object) -> None:
        """Do the handshake in the connection's own thread; send at once, as the intake does."""
        assert isinstance(request, socket.socket)
        request.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        with self.context.wrap_socket(request, server_side=True) as secured:
            super().finish_request(secured, client_address)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wbufsize = 65_536  # headers and body leave together, as from a real server

    @property
    def intake(self) -> StubIntake:
        """The stub behind this server."""
        return self.server.intake  # type: ignore[attr-defined, no-any-return]

    def do_PATCH(self) -> None:
        """Keep a piece of a material."""
        self.intake.calls["PATCH"] += 1
        digest = self.path.rpartition("/")[2]
        self._send(self.intake.add_piece(digest, self.headers, self._body()))

    def do_HEAD(self) -> None:
        """Say how much of a material is here."""
        self.intake.calls["HEAD"] += 1
        digest = self.path.rpartition("/")[2]
        kept = self.intake.uploads.get(digest)
        length = self.intake.lengths.get(digest, 0)
        self._send((410, {}, b"") if kept is None else (200, _offsets(len(kept), length), b""))

    def do_POST(self) -> None:
        """File an application, begin an upload, or answer a relay's call."""
        self.intake.calls[f"POST {self.path}"] += 1
        if self.path == "/v1/uploads":
            self._send(self.intake.begin_upload(self.headers, self._body()))
        elif self.path in RELAYED:
            self.intake.tokens.append(self.headers["x-visit-token"])
            self._send((200, {"set-cookie": "no"}, self._body()))
        else:
            self._send(self.intake.file(self._body()))

    def do_GET(self) -> None:
        """Answer a relay's calls."""
        self.intake.calls[f"GET {self.path}"] += 1
        word = self.intake.script.popleft() if self.intake.script else "ok"
        self._send(BEFORE.get(word, (200, {"etag": '"1"'}, b'{"version": "1"}')))

    def log_message(self, *_: object) -> None:
        """Say nothing."""

    def _body(self) -> bytes:
        return self.rfile.read(int(self.headers.get("content-length", "0")))

    def _send(self, answer: Answer | None) -> None:
        self.close_connection = answer is None or not self.intake.keeps
        if answer is None:
            return
        status, headers, body = answer
        if self.close_connection:
            headers = {**headers, "connection": "close"}
        self.send_response(status)
        for name, value in {**headers, "content-length": str(len(body))}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)
