"""An intake in memory that keeps the API's promises and loses messages to order."""

from __future__ import annotations

import base64
import hashlib
import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from kiosk.gateway import IntakeUnreachable, Reply
from kiosk.gateway.transport import Json

Headers = Mapping[str, str] | None


class Fault(StrEnum):
    """What happens to one message of the conversation."""

    NONE = "none"
    BEFORE = "cut before the intake acted"
    AFTER = "cut after the intake acted"
    TWICE = "arrives twice"
    LATE = "cut, and arrives later"
    BUSY = "503"
    BROKEN = "500 after it acted"
    GARBLED = "garbled after it acted"
    RUNNING = "202"


@dataclass(slots=True)
class IntakeModel:
    """Unique ids, content-addressed materials; a `kiosk.gateway.transport.Transport`.

    Attributes:
        faults: what happens to the next messages; nothing when empty.
        filed: submission id → envelope.
        acted: how often each id was inserted; more than once is never.
        late: messages still under way in the network.
    """

    faults: list[Fault] = field(default_factory=list)
    filed: dict[str, bytes] = field(default_factory=dict)
    acted: Counter[str] = field(default_factory=Counter)
    materials: dict[str, bytes] = field(default_factory=dict)
    parts: dict[str, bytearray] = field(default_factory=dict)
    lengths: dict[str, int] = field(default_factory=dict)
    late: list[tuple[str, str, bytes, Headers]] = field(default_factory=list)

    def request(
        self, method: str, path: str, body: Json | bytes | None = None, *, headers: Headers = None
    ) -> Reply:
        """Let one message through, or not."""
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        fault = self.faults.pop(0) if self.faults else Fault.NONE
        match fault:
            case Fault.BEFORE:
                raise IntakeUnreachable("no_connection")
            case Fault.LATE:
                self.late.append((method, path, data, headers))
                raise IntakeUnreachable("too_slow")
            case Fault.BUSY:
                return Reply(status=503, headers={"retry-after": "1"})
            case Fault.RUNNING if path == "/v1/applications":
                return Reply(status=202, headers={"retry-after": "1"})
        reply = self._act(method, path, data, headers)
        match fault:
            case Fault.AFTER:
                raise IntakeUnreachable("no_connection")
            case Fault.TWICE:
                self._act(method, path, data, headers)
            case Fault.BROKEN:
                return Reply(status=500)
            case Fault.GARBLED:
                return Reply(status=reply.status, body=b"{", headers={})
        return reply

    def arrive(self) -> None:
        """Let a message that was thought lost arrive now."""
        if self.late:
            self._act(*self.late.pop(0))

    def _act(self, method: str, path: str, body: bytes, headers: Headers) -> Reply:
        told = headers or {}
        if path == "/v1/applications":
            return self._file(json.loads(body))
        if method == "POST":
            pairs = dict(one.split(" ") for one in told["upload-metadata"].split(","))
            digest = base64.b64decode(pairs["sha256"]).decode()
            self.lengths[digest] = int(told["upload-length"])
            if not self.parts.get(digest):
                self._keep(digest, body)
            return self._told(201, digest)
        digest = path.rpartition("/")[2]
        if digest not in self.parts:
            return Reply(status=404)
        if method == "PATCH":
            if int(told["upload-offset"]) != len(self.parts[digest]):
                return problem(409, "UPLOAD_OFFSET", retryable=True)
            self._keep(digest, body)
            return self._told(204, digest)
        return self._told(200, digest)

    def _keep(self, digest: str, piece: bytes) -> None:
        kept = self.parts.setdefault(digest, bytearray())
        kept += piece
        if hashlib.sha256(kept).hexdigest() == digest:
            self.materials[digest] = bytes(kept)

    def _told(self, status: int, digest: str) -> Reply:
        offset = len(self.parts.setdefault(digest, bytearray()))
        return Reply(
            status=status,
            headers={
                "location": f"/v1/uploads/{digest}",
                "upload-offset": str(offset),
                "upload-length": str(self.lengths[digest]),
            },
        )

    def _file(self, asked: Mapping[str, str]) -> Reply:
        data = base64.b64decode(asked["envelope"])
        envelope = json.loads(data)
        if any(one["sha256"] not in self.materials for one in envelope["attachments"]):
            return problem(409, "MATERIAL_MISSING", retryable=True)
        name = envelope["application"]["submission_id"]
        if name not in self.filed:
            self.filed[name] = data
            self.acted[name] += 1
        if self.filed[name] != data:
            return problem(409, "IDEMPOTENCY_MISMATCH")
        number = f"N{hashlib.sha256(name.encode()).hexdigest()[:12].upper()}"
        answer = {
            "application_no": number,
            "items": [
                {"item": item, "no": f"{number}-{place}"}
                for place, item in enumerate(envelope["application"]["items"], 1)
            ],
            "received_at": "2026-11-22T09:00:00+08:00",
            "envelope_digest": hashlib.sha256(data).hexdigest(),
        }
        return Reply(status=201, body=json.dumps(answer).encode())


def problem(status: int, code: str, *, retryable: bool = False) -> Reply:
    """Return a problem document."""
    texts = {"title_zh": "标题", "detail_zh": "", "help": ""}
    return Reply(
        status=status,
        body=json.dumps({"code": code, "retryable": retryable, **texts}).encode(),
        headers={"content-type": "application/problem+json"},
    )
