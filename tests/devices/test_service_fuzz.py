"""Messages of any kind in any order: nothing is raised, every command ends once."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drivers.service.envelope import EnvelopeError, parse
from tests.fuzz.fuzz_service import END, SEEDS, command, one_input

names = st.sampled_from(
    [
        "XIdCard.Read",
        "Common.Status",
        "Common.Capabilities",
        "Common.Cancel",
        "Common.SetVersions",
        "Common.SetTransactionState",
        "Common.GetTransactionState",
        "Common.Nothing",
    ]
)
scraps = st.recursive(
    st.none() | st.booleans() | st.integers(-1, 5) | st.sampled_from(["v", "active", "1.0"]),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=4), inner),
    max_leaves=4,
)
payloads = st.dictionaries(
    st.sampled_from(["visit", "requestIds", "commands", "state", "transactionID"]), scraps
) | st.just({"visit": "v"})


@st.composite
def commands(draw: st.DrawFn) -> bytes:
    """Return a command that is nearly right."""
    payload = {str(key): value for key, value in draw(payloads).items()}
    version = draw(st.sampled_from(["1.0", "2.0", "3.0"]))
    return command(draw(names), draw(st.integers(0, 4)), version, **payload)


messages = (
    commands() | st.binary(max_size=20) | scraps.map(lambda value: json.dumps(value).encode())
)
told = st.builds(lambda who, what: who + what, st.sampled_from([b"0", b"1", b"2", b"3"]), messages)
happens = st.sampled_from([b"f", b"c", b"e", b"x", b"t", b"h", b"g", b"l", b"r"])


@given(st.lists(told | happens, max_size=30))
@settings(max_examples=150, deadline=None)
def test_every_command_ends_once(script: list[bytes]) -> None:
    """Three connections of three roles, one device, a clock, a worker that comes and goes."""
    one_input(END.join(script))


@pytest.mark.parametrize("seed", SEEDS, ids=range(len(SEEDS)))
def test_the_seeds_of_the_campaign(seed: bytes) -> None:
    """What the long campaign starts from."""
    one_input(seed)


@given(st.binary(max_size=200) | st.text(max_size=100).map(str.encode))
def test_the_envelope_accepts_or_refuses(data: bytes) -> None:
    """Never anything else, and a refusal can be sent."""
    try:
        parse(data)
        refused = None
    except EnvelopeError as error:
        refused = error.acknowledge()
    assert refused is None or refused.header.status
