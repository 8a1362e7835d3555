"""When to try again, what is final, and what a forwarder may say."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.agent import wire
from kiosk.agent.delivery import Failed, Filed, Outcome, Policy, Turned, judge
from kiosk.outbox import Numbers

TEXT = st.text(max_size=40)
OUTCOMES: st.SearchStrategy[Outcome] = st.one_of(
    st.builds(
        Filed,
        numbers=st.builds(
            Numbers,
            application_no=TEXT,
            items=st.lists(st.fixed_dictionaries({"item": TEXT, "no": TEXT})).map(tuple),
            received_at=TEXT,
            envelope_digest=TEXT,
        ),
    ),
    st.builds(Turned, code=TEXT),
    st.builds(
        Failed,
        reason=TEXT,
        retry_after=st.none() | st.floats(0, 1e6),
        intake_answers=st.booleans(),
    ),
)


@given(st.integers(1, 10_000), st.none() | st.floats(0, 1e9), st.integers())
def test_waits_are_bounded(attempts: int, asked: float | None, seed: int) -> None:
    """A wait is never longer than the ceiling or the honoured wish, never shorter than half."""
    policy = Policy()
    wait = policy.delay(attempts, asked, random.Random(seed))  # noqa: S311 - jitter
    longest = min(policy.ceiling, policy.first * 2.0 ** (attempts - 1) if attempts < 64 else 1e9)
    wish = min(asked or 0.0, policy.longest_asked)
    assert max(longest * (1 - policy.jitter), wish) <= wait <= max(longest, wish)


def test_waits_grow() -> None:
    """Without the lot waits double up to the ceiling."""
    policy = Policy(jitter=0.0)
    lot = random.Random(0)  # noqa: S311 - jitter
    waits = [policy.delay(attempts, None, lot) for attempts in range(1, 12)]
    assert waits == [2, 4, 8, 16, 32, 64, 128, 256, 512, 600, 600]
    assert policy.delay(1, 30.0, lot) == 30.0
    assert policy.delay(1, 1e6, lot) == policy.longest_asked


@pytest.mark.parametrize(
    ("code", "retryable", "final"),
    [
        ("CATALOGUE_CHANGED", False, True),
        ("IDEMPOTENCY_MISMATCH", False, True),
        ("NO_EVIDENCE", False, True),
        ("INVALID", False, True),
        ("MATERIAL_MISSING", True, False),
        ("UNAVAILABLE", True, False),
        ("UNKNOWN_TERMINAL", False, False),
        ("BAD_SIGNATURE", False, False),
        ("NOT_FOUND", False, False),
    ],
)
def test_what_is_final(code: str, retryable: bool, final: bool) -> None:
    """A no about the application is final; one about the set-up is mended and repeated."""
    judged = judge(code, retryable=retryable)
    assert isinstance(judged, Turned) == final
    assert judged == (
        Turned(code=code) if final else Failed(reason=code.lower(), intake_answers=True)
    )


@given(OUTCOMES)
def test_wire_round_trip(outcome: Outcome) -> None:
    """What a forwarder says arrives as it was said."""
    assert wire.decode(wire.encode(outcome)) == outcome


@given(st.binary(max_size=200) | st.text(max_size=50).map(str.encode))
def test_wire_takes_anything(data: bytes) -> None:
    """Whatever a forwarder says is an outcome; nonsense is its failure."""
    assert isinstance(wire.decode(data), Filed | Turned | Failed)


@pytest.mark.parametrize(
    "said",
    [
        b'{"filed": {}}', b'{"filed": null}', b'{"turned": 7}', b"7", b"null", b"[]",
        b'{"failed": "x"}', b'{"failed": "x", "retry_after": true, "intake_answers": true}',
        b'{"filed": {"application_no": "1", "items": 1, "received_at": "", "envelope_digest": ""}}',
        b"[" * 100_000,
    ],
)  # fmt: skip
def test_wire_refuses_half_answers(said: bytes) -> None:
    """An answer with a part missing or of another kind files nothing."""
    assert wire.decode(said) == Failed(reason="forwarder_garbled")
