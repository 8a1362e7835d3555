"""Signed applications by the hundred, as terminals send them: a newborn's, seven items.

One visit is played from its script; each application made of it has identifiers of its own and a
signature of its own, and is otherwise the same.
"""

from __future__ import annotations

import base64
import json
import uuid
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

from sqlalchemy import Engine, insert

from intake.records.model import Material
from kiosk.domain.envelope import Envelope
from kiosk.journey.script import load
from tests.unit import test_filing_walks as walks

TERMINAL = walks.TERMINAL


@cache
def envelope() -> Envelope:
    """Return the envelope of the visit."""
    (effect,) = walks.played(load(walks.ROOT / "tests" / "journeys" / "newborn.yaml"))
    return Envelope.parse(walks.envelope_of(effect))


def bodies(count: int) -> list[bytes]:
    """Return that many requests to file, each another application."""
    return [_body(_another(envelope())) for _ in range(count)]


def _another(made: Envelope) -> bytes:
    """Return the canonical bytes of the same application under identifiers of its own."""
    own = replace(
        made.application, submission_id=str(uuid.uuid4()), slip_token=uuid.uuid4().hex[:16]
    )
    return replace(made, application=own).canonical()


def _body(data: bytes) -> bytes:
    signature = {
        "terminal": TERMINAL,
        "key_id": walks.SIGNING.key_id,
        "algorithm": walks.PROVIDER.signature_algorithm,
        "signature": base64.b64encode(walks.SIGNING.sign(data)).decode(),
    }
    told = {"envelope": base64.b64encode(data).decode(), "signature": signature}
    return json.dumps(told).encode()


def register(terminals: Path) -> None:
    """Put the terminal that signs them on the intake's list."""
    listed = json.loads(terminals.read_bytes())
    listed[TERMINAL] = {
        "provider": walks.PROVIDER.name,
        "signing_algorithm": walks.PROVIDER.signature_algorithm,
        "signing_key_id": walks.SIGNING.key_id,
        "signing_public": base64.b64encode(walks.REGISTERED.signing_public).decode(),
        "evidence_public": base64.b64encode(walks.REGISTERED.evidence_public).decode(),
    }
    terminals.write_text(json.dumps(listed))


def hand_in_materials(engine: Engine, made: Sequence[Envelope] = ()) -> None:
    """Have the files of the envelopes arrived; what is in them matters to nobody here."""
    files = {one.sha256: one for own in (made or [envelope()]) for one in own.attachments}
    with engine.execution_options(writes=True).begin() as connection:
        for one in files.values():
            connection.execute(
                insert(Material).values(
                    sha256=one.sha256,
                    size=one.size,
                    body=bytes(one.size),
                    uploaded_by=TERMINAL,
                    received_at=datetime.now(UTC),
                )
            )
