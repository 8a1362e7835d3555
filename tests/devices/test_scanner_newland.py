"""Newland: documented commands and replies, and payloads of any bytes."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from drivers.scanner.codec import (
    MAX_PAYLOAD,
    CommandReply,
    Damage,
    Framing,
    Garbled,
    Overflow,
    Payload,
    Receiver,
    Request,
    Verdict,
)
from drivers.scanner.newland import NewlandCodec, command_reply
from drivers.scanner.symbology import ToldBy
from tests.devices.pieces import PLACES, cut

CODEC = NewlandCodec()
OK = Verdict.ACCEPTED


def ear(
    framing: Framing = Framing.SUFFIX, told_by: ToldBy = ToldBy.NOTHING, suffix: bytes = b""
) -> Receiver:
    """Return a receiver of the family."""
    return CODEC.receiver(framing, told_by, suffix)


def only(request: Request | None) -> bytes:
    """Return the bytes of a request that is there."""
    assert request is not None
    return request.data


def test_the_trigger_is_the_documented_bytes() -> None:
    """Start, stop and the query are sent as they stand in the manual, until power-off."""
    start = "7E 01 30 30 30 30 23 53 43 4E 54 52 47 31 3B 03"
    assert [one.data for one in CODEC.start()] == [bytes.fromhex(start)]
    assert only(CODEC.stop()) == bytes.fromhex(start.replace("31 3B", "30 3B"))
    assert [one.data for one in CODEC.identify()] == [b"~\x010000#QRYSYS;\x03", b"?"]


def test_settings_go_to_memory_in_one_exchange() -> None:
    """`#` lasts until power-off; `@`, which wears the flash, cannot be said."""
    assert only(CODEC.configure(["SCNMOD0", "TSUSET0D"])) == b"~\x010000#SCNMOD0;TSUSET0D;\x03"
    assert only(CODEC.check("SCNMOD0")) == b"~\x010000#SCNMOD*;\x03"
    assert CODEC.configure([]) is None
    for wrong in ("@SCNMOD0", "SCNMOD0;@FACDEF", "scnmod0", "SCN", "SCNMOD0\x03", "FACDEF;"):
        assert CODEC.fault_of(wrong)
    assert CODEC.fault_of("SCNMOD0") is None


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
    assert ear().receive(raw) == [CommandReply(name="SCNTRG1", verdict=verdict)]


def test_a_reply_to_several_settings_names_those_refused() -> None:
    """Each setting has a verdict of its own."""
    receiver = ear()
    receiver.expect(CODEC.configure(["SCNMOD0", "AIDENA1", "TSUSET0D"]))
    raw = command_reply(b"#SCNMOD0;AIDENA1;TSUSET0D", OK, Verdict.UNKNOWN_COMMAND, OK)
    assert receiver.receive(raw) == [
        CommandReply(
            name="settings", verdict=Verdict.UNKNOWN_COMMAND, refused=("AIDENA1",), data=b"0"
        )
    ]


def test_a_late_answer_confirms_nothing_else() -> None:
    """One part is no answer to three settings, whatever it says."""
    receiver = ear()
    receiver.expect(CODEC.configure(["SCNMOD0", "AIDENA1", "TSUSET0D"]))
    assert receiver.receive(command_reply(b"#SCNMOD0", OK)) == [
        CommandReply(name="SCNMOD", verdict=OK, data=b"0")
    ]


def test_a_reply_carries_what_was_asked_for() -> None:
    """The answer to a query stands between the command and the verdict."""
    raw = command_reply(b"@QRYSYS", OK, data=b"EM20 1.0\r\n2024")
    assert ear().receive(raw) == [CommandReply(name="QRYSYS", verdict=OK, data=b"EM20 1.0\r\n2024")]
    assert ear().receive(command_reply(b"#SCNMOD0", OK)) == [
        CommandReply(name="SCNMOD", verdict=OK, data=b"0")
    ]


def test_a_reply_nobody_asked_for_has_its_own_name() -> None:
    """What it is called is kept, if that is letters and digits."""
    assert ear().receive(command_reply(b"@QRYPDN", OK)) == [CommandReply(name="QRYPDN", verdict=OK)]
    (strange,) = ear().receive(b"\x02\x010000#\x1b[2J\xff\x06;\x03")
    assert isinstance(strange, CommandReply)
    assert strange.name.isalnum()


def test_the_old_question_has_an_answer_only_when_asked() -> None:
    """`!` is a payload like any other, except after `?`."""
    assert ear().receive(b"!\r") == [Payload(data=b"!")]
    receiver = ear()
    receiver.expect(CODEC.identify()[1])
    assert receiver.receive(b"!") == [CommandReply(name="?", verdict=OK)]


@pytest.mark.parametrize("suffix", [b"\r", b"\n", b"\r\n"])
def test_a_suffix_ends_a_payload(suffix: bytes) -> None:
    """CR, LF and both are one end; empty lines are nothing."""
    events = ear().receive(suffix + b"one" + suffix + suffix + b"two" + suffix)
    assert events == [Payload(data=b"one"), Payload(data=b"two")]


def test_silence_ends_a_payload_without_suffix() -> None:
    """What came before the gap is the payload, all of it."""
    receiver = ear()
    assert receiver.receive(b"no suffix") == []
    assert receiver.in_record
    assert receiver.idle() == [Payload(data=b"no suffix")]
    assert not receiver.in_record


def test_a_code_of_several_lines_stays_whole_when_only_silence_ends_it() -> None:
    """Line ends inside are data, one at the end is the suffix."""
    receiver = ear(Framing.GAP)
    assert receiver.receive(b"BEGIN\r\nEND\r\n") == []
    assert receiver.idle() == [Payload(data=b"BEGIN\r\nEND")]


@pytest.mark.parametrize("byte", [0x00, 0x01, 0x02, 0x03, 0x1B, 0x7F, 0xFF])
def test_control_bytes_are_passed_through(byte: int) -> None:
    """Nothing is judged here: the session decides what a code may hold."""
    payload = bytes([byte]) + b"x" + bytes([byte])
    assert ear().receive(payload + b"\r") == [Payload(data=payload)]


def test_a_reply_before_a_payload_is_told_from_it() -> None:
    """Reply and code share the line and may come in one piece."""
    raw = command_reply(b"#SCNTRG1", OK) + b"code\r"
    assert ear().receive(raw) == [
        CommandReply(name="SCNTRG1", verdict=OK),
        Payload(data=b"code"),
    ]


def test_half_a_reply_prefix_is_a_payload_after_silence() -> None:
    """What could have become a reply and did not is data."""
    receiver = ear()
    assert receiver.receive(b"\x02\x0100") == []
    assert receiver.idle() == [Payload(data=b"\x02\x0100")]


def test_half_a_reply_is_no_payload() -> None:
    """A reply that silence cut off is told as damage, not given as a code."""
    receiver = ear()
    assert receiver.receive(b"\x02\x010000#SCNTRG1") == []
    assert receiver.idle() == [Garbled(damage=Damage.CUT_SHORT)]


def test_with_a_confirmed_suffix_half_a_code_is_no_code() -> None:
    """What has no suffix was cut short; the next code is whole."""
    receiver = ear(Framing.SUFFIX_ONLY)
    assert receiver.receive(b"half a co") == []
    assert receiver.idle() == [Garbled(damage=Damage.CUT_SHORT)]
    assert receiver.receive(b"whole\r") == [Payload(data=b"whole")]


def test_a_suffix_of_our_own_leaves_line_ends_to_the_code() -> None:
    """Nothing else ends it; half of it is data; silence still cuts short, or ends, as framed."""
    receiver = ear(Framing.SUFFIX_ONLY, suffix=b"\x04\r")
    assert receiver.receive(b"BEGIN\r\nEND\x04\n\x04\rnext\x04") == [
        Payload(data=b"BEGIN\r\nEND\x04\n")
    ]
    assert receiver.receive(b"\r") == [Payload(data=b"next")]
    longest = b"a" * MAX_PAYLOAD
    assert receiver.receive(longest + b"\x04\r") == [Payload(data=longest)]
    assert receiver.receive(longest + b"a\x04\rnext\x04\r") == [Overflow(), Payload(data=b"next")]
    gap = ear(Framing.GAP, suffix=b"\x04\r")
    assert gap.receive(b"code\x04\r") == []
    assert gap.idle() == [Payload(data=b"code")]


def test_the_mark_before_a_code_says_its_kind() -> None:
    """The AIM identifier is taken off; without one the kind is unknown; noise before it is told."""
    receiver = ear(told_by=ToldBy.AIM)
    assert receiver.receive(b"]Q1code\rplain\r]C0]Q1x\r]Q1\r") == [
        Payload(data=b"code", symbology="qrCode", mark="]Q1"),
        Payload(data=b"plain"),
        Payload(data=b"]Q1x", symbology="code128", mark="]C0"),
    ]
    for spoilt in (b"\x00\xff\x7f]Q1code\r", b"half a reply\x06]Q1code\r"):
        assert receiver.receive(spoilt) == [Garbled(damage=Damage.FOREIGN)]


def test_the_longest_record_is_taken_and_one_byte_more_is_not() -> None:
    """The cap is exact; what overflowed is dropped to its end, the next code is clean."""
    longest = b"a" * MAX_PAYLOAD
    assert ear().receive(longest + b"\r") == [Payload(data=longest)]
    receiver = ear()
    assert receiver.receive(longest + b"ab\rnext\r") == [Overflow(), Payload(data=b"next")]


def test_silence_ends_what_overflowed() -> None:
    """The tail of a record too long is no payload."""
    receiver = ear()
    assert receiver.receive(b"a" * (MAX_PAYLOAD + 10)) == [Overflow()]
    assert receiver.idle() == []
    assert receiver.receive(b"next\r") == [Payload(data=b"next")]


BYTES = st.binary(max_size=300) | st.sampled_from(
    [
        b"a" * 5000,
        b"\x02\x010000",
        b"\x02\x010000#SCNTRG1\x06;\x03",
        b"\r",
        b"\x04",
        b"\x04\r",
        b"\x02\x010000" * 900,
    ]
)


@example(b"\x02\x010000" * 700 + b";\x03", [4097], Framing.SUFFIX, ToldBy.NOTHING, b"")
@given(
    st.lists(BYTES, max_size=5).map(b"".join),
    PLACES,
    st.sampled_from(Framing),
    st.sampled_from([ToldBy.NOTHING, ToldBy.AIM, ToldBy.CODE_ID]),
    st.sampled_from([b"", b"\x04\r"]),
)
def test_any_bytes_give_the_same_events_however_cut(
    data: bytes, places: list[int], framing: Framing, told_by: ToldBy, suffix: bytes
) -> None:
    """The receiver never raises, never keeps more than the cap, and pieces change nothing."""
    whole, piecewise = ear(framing, told_by, suffix), ear(framing, told_by, suffix)
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
    receiver = ear()
    line = b"".join(payload + b"\r\n" for payload in payloads)
    events = [event for piece in cut(line, places) for event in receiver.receive(piece)]
    assert events == [Payload(data=payload) for payload in payloads]
