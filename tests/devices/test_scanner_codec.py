"""The scanner's line: documented commands and replies, and payloads of any bytes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.scanner.codec import (
    MAX_PAYLOAD,
    Command,
    CommandReply,
    Framing,
    Overflow,
    Payload,
    Receiver,
    Verdict,
    command,
    command_reply,
)
from tests.devices.pieces import PLACES, cut


def test_the_trigger_is_the_documented_bytes() -> None:
    """Start, stop and the query are sent as they stand in the manual, until power-off."""
    start = "7E 01 30 30 30 30 23 53 43 4E 54 52 47 31 3B 03"
    assert command(Command.START) == bytes.fromhex(start)
    assert command(Command.STOP) == bytes.fromhex(start.replace("31 3B", "30 3B"))
    assert command(Command.SYSTEM_INFO) == b"~\x010000#QRYSYS;\x03"


@pytest.mark.parametrize(
    ("byte", "verdict"),
    [
        ("06", Verdict.ACCEPTED),
        ("15", Verdict.BAD_VALUE),
        ("05", Verdict.UNKNOWN_COMMAND),
        ("", Verdict.UNCLEAR),
    ],
)
def test_a_reply_tells_its_verdict(byte: str, verdict: Verdict) -> None:
    """The byte before the end says whether the command was taken."""
    raw = bytes.fromhex(f"02 01 30 30 30 30 23 53 43 4E 54 52 47 31 {byte} 3B 03")
    assert Receiver().receive(raw) == [CommandReply(command="SCNTRG1", verdict=verdict)]


def test_a_reply_carries_what_was_asked_for() -> None:
    """The answer to a query stands between the command and the verdict."""
    raw = command_reply(b"@QRYSYS", Verdict.ACCEPTED, b"EM20 1.0\r\n2024")
    assert Receiver().receive(raw) == [
        CommandReply(command="QRYSYS", verdict=Verdict.ACCEPTED, data=b"EM20 1.0\r\n2024")
    ]


@pytest.mark.parametrize("suffix", [b"\r", b"\n", b"\r\n"])
def test_a_suffix_ends_a_payload(suffix: bytes) -> None:
    """CR, LF and both are one end; empty lines are nothing."""
    events = Receiver().receive(suffix + b"one" + suffix + suffix + b"two" + suffix)
    assert events == [Payload(data=b"one"), Payload(data=b"two")]


def test_silence_ends_a_payload_without_suffix() -> None:
    """What came before the gap is the payload, all of it."""
    receiver = Receiver()
    assert receiver.receive(b"no suffix") == []
    assert receiver.in_record
    assert receiver.idle() == [Payload(data=b"no suffix")]
    assert not receiver.in_record


def test_a_code_of_several_lines_stays_whole_when_only_silence_ends_it() -> None:
    """Line ends inside are data, one at the end is the suffix."""
    receiver = Receiver(Framing.GAP)
    assert receiver.receive(b"BEGIN\r\nEND\r\n") == []
    assert receiver.idle() == [Payload(data=b"BEGIN\r\nEND")]


@pytest.mark.parametrize("byte", [0x00, 0x01, 0x02, 0x03, 0x1B, 0x7F, 0xFF])
def test_control_bytes_are_passed_through(byte: int) -> None:
    """Nothing is judged here: the session decides what a code may hold."""
    payload = bytes([byte]) + b"x" + bytes([byte])
    assert Receiver().receive(payload + b"\r") == [Payload(data=payload)]


def test_a_reply_before_a_payload_is_told_from_it() -> None:
    """Reply and code share the line and may come in one piece."""
    raw = command_reply(b"#SCNTRG1", Verdict.ACCEPTED) + b"code\r"
    assert Receiver().receive(raw) == [
        CommandReply(command="SCNTRG1", verdict=Verdict.ACCEPTED),
        Payload(data=b"code"),
    ]


def test_half_a_reply_prefix_is_a_payload_after_silence() -> None:
    """What could have become a reply and did not is data."""
    receiver = Receiver()
    assert receiver.receive(b"\x02\x0100") == []
    assert receiver.idle() == [Payload(data=b"\x02\x0100")]


def test_the_longest_record_is_taken_and_one_byte_more_is_not() -> None:
    """The cap is exact; what overflowed is dropped to its end, the next code is clean."""
    longest = b"a" * MAX_PAYLOAD
    assert Receiver().receive(longest + b"\r") == [Payload(data=longest)]
    receiver = Receiver()
    assert receiver.receive(longest + b"ab\rnext\r") == [Overflow(), Payload(data=b"next")]


def test_silence_ends_what_overflowed() -> None:
    """The tail of a record too long is no payload."""
    receiver = Receiver()
    assert receiver.receive(b"a" * (MAX_PAYLOAD + 10)) == [Overflow()]
    assert receiver.idle() == []
    assert receiver.receive(b"next\r") == [Payload(data=b"next")]


BYTES = st.binary(max_size=300) | st.sampled_from(
    [b"a" * 5000, b"\x02\x010000", b"\x02\x010000#SCNTRG1\x06;\x03", b"\r", b"\x02\x010000" * 900]
)


@given(st.lists(BYTES, max_size=5).map(b"".join), PLACES, st.sampled_from(Framing))
def test_any_bytes_give_the_same_events_however_cut(
    data: bytes, places: list[int], framing: Framing
) -> None:
    """The receiver never raises, never keeps more than the cap, and pieces change nothing."""
    whole, piecewise = Receiver(framing), Receiver(framing)
    expected = whole.receive(data) + whole.idle()
    events = [event for piece in cut(data, places) for event in piecewise.receive(piece)]
    assert events + piecewise.idle() == expected
    for event in expected:
        assert not isinstance(event, Payload) or 0 < len(event.data) <= MAX_PAYLOAD


PAYLOADS = st.binary(min_size=1, max_size=200).filter(
    lambda data: not {10, 13} & set(data) and not data.startswith(b"\x02")
)


@given(st.lists(PAYLOADS, max_size=5), PLACES)
def test_payloads_in_a_row_are_all_found(payloads: list[bytes], places: list[int]) -> None:
    """Byte for byte, in order."""
    receiver = Receiver()
    line = b"".join(payload + b"\r\n" for payload in payloads)
    events = [event for piece in cut(line, places) for event in receiver.receive(piece)]
    assert events == [Payload(data=payload) for payload in payloads]
