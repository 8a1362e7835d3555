"""What a forwarder says to the agent: one JSON object over a pipe.

JSON and not pickle, because a forwarder reads what the network sends, and what it says
must not be able to run anything in the agent.
"""

from __future__ import annotations

import json
from collections.abc import Mapping

from kiosk.agent.delivery import Failed, Filed, Outcome, Turned
from kiosk.outbox import Numbers

MAX_WIRE = 1 << 20
"""Largest outcome, bytes."""


def encode(outcome: Outcome) -> bytes:
    """Return the outcome's JSON."""
    match outcome:
        case Filed(numbers=numbers):
            said: dict[str, object] = {
                "filed": {
                    "application_no": numbers.application_no,
                    "items": [dict(item) for item in numbers.items],
                    "received_at": numbers.received_at,
                    "envelope_digest": numbers.envelope_digest,
                }
            }
        case Turned(code=code):
            said = {"turned": code}
        case Failed(reason=reason, retry_after=retry_after, intake_answers=answers):
            said = {"failed": reason, "retry_after": retry_after, "intake_answers": answers}
    return json.dumps(said).encode()


def decode(data: bytes) -> Outcome:
    """Read an outcome; anything that is none is a failure of the forwarder."""
    try:
        said = json.loads(data)
        if "filed" in said:
            return Filed(numbers=_numbers(said["filed"]))
        if "turned" in said:
            return Turned(code=_text(said["turned"]))
        return Failed(
            reason=_text(said["failed"]),
            retry_after=_seconds(said["retry_after"]),
            intake_answers=said["intake_answers"] is True,
        )
    except (ValueError, KeyError, TypeError, RecursionError):
        return Failed(reason="forwarder_garbled")


def _numbers(said: Mapping[str, object]) -> Numbers:
    items = said["items"]
    if not isinstance(items, list):
        raise TypeError("items")
    return Numbers(
        application_no=_text(said["application_no"]),
        items=tuple({"item": _text(item["item"]), "no": _text(item["no"])} for item in items),
        received_at=_text(said["received_at"]),
        envelope_digest=_text(said["envelope_digest"]),
    )


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError("text")
    return value


def _seconds(value: object) -> float | None:
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise TypeError("seconds")
    return float(value)
