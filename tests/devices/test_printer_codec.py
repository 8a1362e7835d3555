"""The printer's replies, byte by byte."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.printer.codec import (
    ECHOES,
    AutomaticStatus,
    BufferCleared,
    BufferStatus,
    Echo,
    Event,
    Held,
    Named,
    ProcessDone,
    ReplyReader,
    StatusAnswer,
    ask_echo,
    ask_process_id,
)
from drivers.printer.profiles import load

CUSTOM = load("custom-vkp80").status


def test_process_id_request_is_the_documented_block() -> None:
    """GS ( H function 48 carries the id after length 6."""
    assert ask_process_id("0001").hex() == "1d2848060030303030" + "3031"


@pytest.mark.parametrize("wrong", ["", "1", "00001", "00\n1"])
def test_a_process_id_is_four_printable_characters(wrong: str) -> None:
    """Anything else would end the reply early or never."""
    with pytest.raises(ValueError, match="process id"):
        ask_process_id(wrong)


def test_an_echo_is_a_byte_that_no_other_reply_has() -> None:
    """ESC ACK with bit 7 set; a byte that could be a status is not asked for."""
    assert ask_echo(0x81).hex() == "1b0681"
    with pytest.raises(ValueError, match="echoed"):
        ask_echo(0x12)


def test_replies_of_all_kinds_on_one_line() -> None:
    """The bit patterns tell mixed replies apart."""
    stream = bytes.fromhex("12 00 3722 30303137 00 10000000 1e 372500 03 85 5f534d00 12")
    assert ReplyReader().receive(stream) == [
        StatusAnswer(values=b"\x12"),
        BufferStatus(value=0x00),
        ProcessDone(process_id="0017"),
        AutomaticStatus(values=bytes.fromhex("10000000")),
        StatusAnswer(values=b"\x1e"),
        BufferCleared(),
        BufferStatus(value=0x03),
        Echo(value=0x85),
        Named(text="SM"),
        StatusAnswer(values=b"\x12"),
    ]


def test_a_name_has_an_end() -> None:
    """One that goes on for ever is dropped."""
    reader = ReplyReader()
    assert reader.receive(b"_" + b"x" * 500) == []
    assert reader.receive(b"\x12") == [StatusAnswer(values=b"\x12")]
    assert reader.ignored >= 500


def test_the_full_status_of_custom_is_known_by_its_head() -> None:
    """Its bytes may be anything, even what would be other replies; others keep their meaning."""
    stream = bytes.fromhex("12 100f 21 02 00 12 10000000 100f 00ff1000")
    assert ReplyReader(CUSTOM).receive(stream) == [
        StatusAnswer(values=b"\x12"),
        StatusAnswer(values=bytes.fromhex("21020012"), head=b"\x10\x0f"),
        AutomaticStatus(values=bytes.fromhex("10000000")),
        StatusAnswer(values=bytes.fromhex("00ff1000"), head=b"\x10\x0f"),
    ]


def test_a_byte_without_fixed_bits_is_an_answer_only_when_awaited() -> None:
    """Hwasung's status may be any byte."""
    reader = ReplyReader()
    reader.expect_raw(1)
    assert reader.receive(b"\x00\x12") == [
        StatusAnswer(values=b"\x00"),
        StatusAnswer(values=b"\x12"),
    ]
    reader.expect_raw(2)
    reader.expect_raw(0)
    assert reader.receive(b"\x03") == [BufferStatus(value=3)]


def test_a_torn_block_does_not_swallow_the_next_reply() -> None:
    """Half a process id, then a status: the status counts, the half is counted as lost."""
    reader = ReplyReader()
    assert reader.receive(bytes.fromhex("3722 3030 12")) == [StatusAnswer(values=b"\x12")]
    assert reader.ignored == 4
    assert reader.receive(bytes.fromhex("1000 12")) == [StatusAnswer(values=b"\x12")]


def test_flow_control_is_heard_between_replies() -> None:
    """XOFF and XON, wherever they stand, but not inside the full status of Custom."""
    assert ReplyReader(CUSTOM).receive(bytes.fromhex("12 13 11 12 100f 13111313")) == [
        StatusAnswer(values=b"\x12"),
        Held(held=True),
        Held(held=False),
        StatusAnswer(values=b"\x12"),
        StatusAnswer(values=b"\x13\x11\x13\x13", head=b"\x10\x0f"),
    ]


@pytest.mark.parametrize("noise", [0xFF, 0x92, 0xF3, 0x33])
def test_noise_is_no_answer(noise: int) -> None:
    """Such bytes belong to no reply, least of all to "all is well"."""
    reader = ReplyReader()
    assert reader.receive(bytes((noise,))) == []
    assert reader.ignored == 1


REPLY = st.one_of(
    st.integers(0, 15)
    .map(lambda bits: (bits << 2 & 0x0C) | (bits << 3 & 0x60) | 0x12)
    .map(lambda value: (bytes((value,)), StatusAnswer(values=bytes((value,))))),
    st.sampled_from([0, 3, 0x0C, 0x0F]).map(
        lambda value: (bytes((value,)), BufferStatus(value=value))
    ),
    st.tuples(*[st.sampled_from([0, 3, 0x0C, 0x68])] * 3).map(
        lambda three: (b"\x18" + bytes(three), AutomaticStatus(values=b"\x18" + bytes(three)))
    ),
    st.text(st.characters(min_codepoint=0x20, max_codepoint=0x7E), min_size=4, max_size=4).map(
        lambda name: (b"\x37\x22" + name.encode() + b"\x00", ProcessDone(process_id=name))
    ),
    st.just((b"\x37\x25\x00", BufferCleared())),
    st.sampled_from(ECHOES).map(lambda value: (bytes((value,)), Echo(value=value))),
    st.binary(min_size=4, max_size=4).map(
        lambda four: (b"\x10\x0f" + four, StatusAnswer(values=four, head=b"\x10\x0f"))
    ),
)


@given(st.lists(REPLY, max_size=12), st.data())
def test_replies_come_out_as_they_were_sent_however_the_line_cuts_them(
    replies: list[tuple[bytes, Event]], data: st.DataObject
) -> None:
    """Every mixture of replies, in any pieces, is the events that were sent, in order."""
    stream, reader, events = b"".join(raw for raw, _ in replies), ReplyReader(CUSTOM), []
    while stream:
        size = data.draw(st.integers(1, len(stream)))
        events += reader.receive(stream[:size])
        stream = stream[size:]
    assert events == [event for _, event in replies]
    assert reader.ignored == 0


@given(st.lists(st.binary(max_size=12), max_size=12), st.booleans())
def test_any_bytes_in_any_pieces_give_the_same_events(pieces: list[bytes], custom: bool) -> None:
    """No input raises, and how the line cuts it does not matter."""
    questions = CUSTOM if custom else ()
    whole, cut = ReplyReader(questions), ReplyReader(questions)
    events = whole.receive(b"".join(pieces))
    assert [event for piece in pieces for event in cut.receive(piece)] == events
    assert cut.ignored == whole.ignored


@given(st.text(st.characters(min_codepoint=0x20, max_codepoint=0x7E), min_size=4, max_size=4))
def test_every_process_id_comes_back(process_id: str) -> None:
    """An id of any allowed characters survives the reply."""
    reply = b"\x37\x22" + ask_process_id(process_id)[-4:] + b"\x00"
    assert ReplyReader().receive(reply) == [ProcessDone(process_id=process_id)]
