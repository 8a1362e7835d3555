"""How an answer is held against the rule it should keep."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from dataclasses import asdict
from typing import Final

from kiosk.domain.envelope import Signature
from kiosk.gateway import Reply, answers
from kiosk.gateway.errors import IntakeUnreachable
from kiosk.gateway.status import success
from kiosk.intake_check.finding import Failed, Verdict

STATUSES: Final[Mapping[str, int]] = {
    "BAD_SIGNATURE": 403,
    "CATALOGUE_CHANGED": 409,
    "CHECKSUM_MISMATCH": 460,
    "DIGEST_MISMATCH": 422,
    "IDEMPOTENCY_MISMATCH": 409,
    "INVALID": 422,
    "LICENCE_CODE_UNKNOWN": 422,
    "MALFORMED": 400,
    "MATERIAL_MISSING": 409,
    "MEDIA_TYPE": 415,
    "NOT_ARRIVED": 404,
    "NOT_FOUND": 404,
    "NO_EVIDENCE": 403,
    "TERMINAL_REVOKED": 403,
    "TOO_LARGE": 413,
    "UNKNOWN_TERMINAL": 403,
    "UPLOAD_OFFSET": 409,
}
"""The status that goes with each code that is provoked here; `docs/integrator.md` has all."""


def refused(reply: Reply, *wanted: str) -> None:
    """Hold an answer against the refusal that should have come: any of these codes.

    Raises:
        Failed: it was done all the same, another code came, or another status with it.
        IntakeUnreachable: a server's fault came instead.
        IntakeGarbled: what came is no problem document.
    """
    named = " / ".join(wanted)
    if reply.status < 300:
        raise Failed("done_all_the_same", wanted=named, status=reply.status)
    if reply.status >= 500:
        success(reply)
    own = answers.problem(reply)
    if own.code not in wanted:
        raise Failed("another_code", wanted=named, got=own.code)
    if reply.status != STATUSES[own.code]:
        raise Failed(
            "another_status",
            Verdict.ATTENTION,
            wanted=STATUSES[own.code],
            got=reply.status,
            code=own.code,
        )


def filing(envelope: bytes, signature: Signature) -> dict[str, object]:
    """Return the body of a filing."""
    return {"envelope": base64.b64encode(envelope).decode(), "signature": asdict(signature)}


def status_of(error: IntakeUnreachable) -> int | None:
    """Return the status of an answer that says "not now"; None where there was no answer."""
    head, _, number = error.reason.rpartition("_")
    return int(number) if head == "status" and number.isdigit() else None
