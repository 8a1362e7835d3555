"""The envelope takes what the standard allows and refuses all else by name."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.service.envelope import (
    MAX_MESSAGE,
    UNNAMED,
    CompletionCode,
    EnvelopeError,
    Header,
    Message,
    MessageType,
    Refusal,
    build,
    parse,
)

json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner),
    max_leaves=8,
)
words = st.sampled_from(
    ["command", "event", "completion", "unsolicited", "acknowledge", "invalidMessage", "success"]
)
header_like = st.fixed_dictionaries(
    {},
    optional={
        "name": st.sampled_from(["Common.Status", "X.Y", "Common", "", ".", "a.b\n"]) | json_values,
        "type": words | json_values,
        "version": st.sampled_from(["2.0", "1.10", "0.1", "2", "2.00", "2.0\n"]) | json_values,
        "requestId": st.integers(-2, 2**60) | json_values,
        "timeout": st.integers(-2, 2**60) | json_values,
        "status": words | json_values,
        "completionCode": words | json_values,
        "errorDescription": json_values,
    },
)


def command(**header: object) -> dict[str, Any]:
    """Return a good command with some header properties replaced."""
    good: dict[str, object] = {
        "name": "Common.Status",
        "type": "command",
        "version": "2.0",
        "requestId": 7,
    }
    return {"header": {**good, **header}}


def outcome_of(data: str | bytes) -> Message | EnvelopeError:
    """Return what `parse` makes of some data: a message, or the one documented error."""
    try:
        return parse(data)
    except EnvelopeError as error:
        return error


def refusal_of(document: object) -> EnvelopeError:
    """Return the refusal of a document."""
    with pytest.raises(EnvelopeError) as caught:
        parse(json.dumps(document))
    return caught.value


@given(st.binary(max_size=64) | st.text(max_size=64))
def test_any_bytes_are_taken_or_refused(data: bytes | str) -> None:
    """Noise never raises anything but the one documented error."""
    outcome = outcome_of(data)
    assert isinstance(outcome, Message) or build(outcome.acknowledge())


@given(st.fixed_dictionaries({}, optional={"header": header_like, "payload": json_values}))
def test_any_object_is_taken_or_refused(document: dict[str, object]) -> None:
    """Near misses of a message are taken or refused, and what is taken survives a round trip."""
    outcome = outcome_of(json.dumps(document))
    if isinstance(outcome, EnvelopeError):
        refused = parse(build(outcome.acknowledge())).header
        assert (refused.status, refused.name) == (outcome.refusal, outcome.name)
    else:
        again = parse(build(outcome))
        assert again.header == outcome.header
        assert json.dumps(again.payload) == json.dumps(outcome.payload)


@given(st.dictionaries(st.text(max_size=6), json_values, max_size=4), st.integers(1, 2**53 - 1))
def test_round_trip(payload: dict[str, object], request_id: int) -> None:
    """What is built is what is read, whatever characters it holds."""
    header = Header(
        name="Common.Status",
        type=MessageType.COMPLETION,
        version="3.0",
        request_id=request_id,
        completion_code=CompletionCode.SUCCESS,
    )
    message = Message(header=header, payload=payload)
    assert parse(build(message)) == message


@pytest.mark.parametrize("request_id", [0, -1, "7", 7.5, True, None, 2**53])
def test_request_ids_that_are_not_positive_integers(request_id: object) -> None:
    """A command's id is an integer above 0, or the refusal names the id."""
    assert refusal_of(command(requestId=request_id)).refusal is Refusal.INVALID_REQUEST_ID


@pytest.mark.parametrize(
    "document",
    [
        [],
        "text",
        None,
        {},
        {"header": None},
        {"header": []},
        command(name="Status"),
        command(name="Common.Status\n"),
        command(type="order"),
        command(version="2"),
        command(version="0.1"),
        command(timeout=-1),
        command(timeout="1000"),
        command(timeout=True),
        {**command(), "payload": []},
        {**command(), "payload": "text"},
    ],
)
def test_what_is_not_a_message(document: object) -> None:
    """Anything of another form is an invalid message."""
    assert refusal_of(document).refusal is Refusal.INVALID_MESSAGE


def test_a_refusal_quotes_what_was_read() -> None:
    """The sender can match a refusal to its message as far as that was legible."""
    error = refusal_of({**command(), "payload": []})
    assert (error.name, error.request_id) == ("Common.Status", 7)
    assert refusal_of({}).name == UNNAMED


@pytest.mark.parametrize("text", ['{"header": NaN}', "{", "\ud800", '{"a":' * 100_000])
def test_what_is_not_json(text: str) -> None:
    """NaN, half a text, lone surrogates and bottomless nesting are refused, not raised."""
    with pytest.raises(EnvelopeError) as caught:
        parse(text)
    assert caught.value.refusal is Refusal.INVALID_MESSAGE


def test_two_mebibytes_are_the_limit() -> None:
    """One byte more is refused by name before it is even read."""
    empty = json.dumps({**command(), "payload": {"data": ""}})
    fill = "a" * (MAX_MESSAGE - len(empty))
    assert parse(empty.replace('""', f'"{fill}"')).payload["data"] == fill
    with pytest.raises(EnvelopeError):
        parse(empty.replace('""', f'"{fill}a"'))
    with pytest.raises(ValueError, match="longer than"):
        build(Message(header=parse(empty).header, payload={"data": fill + "a" * 99}))


def test_zero_timeout_is_none() -> None:
    """A timeout of 0 means no limit, as when it is absent."""
    assert parse(json.dumps(command(timeout=0))).header.timeout is None
    assert parse(json.dumps(command(timeout=250))).header.timeout == 250


def test_null_is_absent() -> None:
    """A property of null is a property that is not there."""
    document = command(timeout=None, status=None, completionCode=None, errorDescription=None)
    assert parse(json.dumps(document)) == parse(json.dumps(command()))


def test_an_event_without_id_is_unsolicited() -> None:
    """Some hosts type an unsolicited event ``event``; it has no id, and that is what counts."""
    message = parse(json.dumps(command(type="event", requestId=None)))
    assert message.header.request_id is None


def test_an_unknown_completion_code_is_an_internal_error() -> None:
    """A newer service's word never reads as success."""
    message = parse(json.dumps(command(type="completion", completionCode="brandNew")))
    assert message.header.completion_code is CompletionCode.INTERNAL_ERROR
