"""Frames of the ID reader: the documented bytes, and what any other bytes lead to."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.id_reader.codec import (
    BAUDRATES,
    MAX_LENGTH,
    PREAMBLE,
    CardBlock,
    Command,
    FrameError,
    FrameFault,
    Handling,
    Reply,
    ReplyReceiver,
    Request,
    RequestReceiver,
    Status,
    check,
    frame,
    join_block,
    printable_sam_id,
    reply,
    request,
    split_block,
)
from tests.devices.pieces import PLACES, cut

AA = "AA AA AA 96 69 "

REQUESTS = {
    Command.RESET: "00 03 10 FF EC",
    Command.SAM_STATUS: "00 03 11 FF ED",
    Command.SAM_ID: "00 03 12 FF EE",
    Command.FIND_CARD: "00 03 20 01 22",
    Command.SELECT_CARD: "00 03 20 02 21",
    Command.READ_TEXT_PHOTO: "00 03 30 01 32",
    Command.READ_NEWEST_ADDRESS: "00 03 30 03 30",
    Command.READ_CARD_SERIAL: "00 03 30 05 36",
    Command.READ_TEXT_PHOTO_FINGERPRINT: "00 03 30 10 23",
}

REPLIES = [
    ("00 04 00 00 90 94", Status.OK, b""),
    ("00 08 00 00 9F 00 00 00 00 97", Status.CARD_FOUND, bytes(4)),
    ("00 0C 00 00 90 00 00 00 00 00 00 00 00 9C", Status.OK, bytes(8)),
    ("00 04 00 00 80 84", Status.NO_CARD, b""),
    ("00 04 00 00 81 85", Status.SELECT_FAILED, b""),
    ("00 04 00 00 41 45", Status.READ_FAILED, b""),
    ("00 04 00 00 60 64", Status.SELF_TEST_FAILED, b""),
    ("00 04 00 00 91 95", Status.NO_CONTENT, b""),
]


@pytest.mark.parametrize(("command", "wire"), REQUESTS.items())
def test_a_request_is_the_documented_bytes(command: Command, wire: str) -> None:
    """Each command is sent as it stands in the table, its check recomputed."""
    expected = bytes.fromhex(AA + wire)
    assert request(command) == expected
    assert check(expected[5:-1]) == expected[-1]


@pytest.mark.parametrize(
    ("speed", "wire"),
    [
        (115200, "00 03 60 00 63"),
        (57600, "00 03 60 01 62"),
        (38400, "00 03 60 02 61"),
        (19200, "00 03 60 03 60"),
        (9600, "00 03 60 04 67"),
    ],
)
def test_a_speed_is_asked_for_by_its_number(speed: int, wire: str) -> None:
    """The five speeds are numbered from the fastest."""
    asked = request(Command.SET_BAUDRATE, bytes([BAUDRATES[speed]]))
    assert asked == bytes.fromhex(AA + wire)


def test_the_largest_radio_frame_is_asked_for_with_a_byte() -> None:
    """0x50 stands for 80 bytes."""
    asked = request(Command.SET_MAX_RF_FRAME, b"\x50")
    assert asked == bytes.fromhex(AA + "00 04 61 FF 50 CA")


def test_every_command_has_its_bytes_here() -> None:
    """No command is sent whose bytes no test holds."""
    assert set(Command) == {*REQUESTS, Command.SET_BAUDRATE, Command.SET_MAX_RF_FRAME}


HANDLING = {
    Handling.DONE: {0x90, 0x91, 0x9F},
    Handling.POLL: {0x80},
    Handling.UNSUPPORTED: {0x40},
    Handling.ASK_AGAIN: {0x10, 0x11, 0x21},
    Handling.OUT_OF_SERVICE: {0x60, 0x66},
    Handling.RE_PLACE: {0x23, 0x24, 0x31, 0x32, 0x33, 0x37, 0x3F, 0x41, 0x47, 0x50, 0x81},
}


def test_every_status_is_named_and_handled() -> None:
    """Each documented code is in one class; all 256 give some status."""
    for handling, codes in HANDLING.items():
        assert {Status(code).handling for code in codes} == {handling}
    assert {int(status) for status in Status} == set().union(*HANDLING.values())
    for code in range(256):
        assert Reply(sw=bytes([0, 0, code])).status in Status


@pytest.mark.parametrize(("wire", "status", "data"), REPLIES)
def test_a_documented_reply_is_understood(wire: str, status: Status, data: bytes) -> None:
    """Each canned answer becomes one reply with its named status; encoding gives it back."""
    raw = bytes.fromhex(AA + wire)
    (event,) = ReplyReceiver().receive(raw)
    assert isinstance(event, Reply)
    assert (event.status, event.data) == (status, data)
    assert reply(status, data) == raw


def test_the_read_block_has_the_documented_size() -> None:
    """Text and photo make a frame of 1295 bytes that begins as documented."""
    raw = reply(Status.OK, join_block(CardBlock(text=bytes(256), photo=bytes(1024))))
    assert len(raw) == 1295
    assert raw.startswith(bytes.fromhex(AA + "05 08 00 00 90 01 00 04 00"))


@pytest.mark.parametrize(
    ("fingerprints", "size", "start"),
    [(bytes(1024), 2321, "09 0A 00 00 90 01 00 04 00 04 00"), (b"", 1297, "05 0A 00 00 90")],
    ids=["two fingers", "none on the card"],
)
def test_a_block_with_fingerprints_has_the_documented_size(
    fingerprints: bytes, size: int, start: str
) -> None:
    """A third length, whether the card has fingerprints or not."""
    block = CardBlock(text=b"t" * 256, photo=b"p" * 1024, fingerprints=fingerprints)
    raw = reply(Status.OK, join_block(block, fingerprints=True))
    assert len(raw) == size
    assert raw.startswith(bytes.fromhex(AA + start))
    (event,) = ReplyReceiver().receive(raw)
    assert isinstance(event, Reply)
    assert split_block(event.data, fingerprints=True) == block
    assert split_block(event.data) is None or not fingerprints


@given(st.binary(min_size=1, max_size=300), st.binary(max_size=300), st.binary(max_size=300))
def test_a_block_is_split_by_its_own_lengths(text: bytes, photo: bytes, fingers: bytes) -> None:
    """Nothing is taken for granted about the sizes of the parts."""
    block = CardBlock(text=text, photo=photo, fingerprints=fingers)
    assert split_block(join_block(block, fingerprints=True), fingerprints=True) == block


def test_the_preamble_inside_a_photo_is_data() -> None:
    """Inside a frame of known length nothing is looked for."""
    block = CardBlock(text=b"t" * 256, photo=PREAMBLE * 200)
    (event,) = ReplyReceiver().receive(reply(Status.OK, join_block(block)))
    assert isinstance(event, Reply)
    assert split_block(event.data) == block


@pytest.mark.parametrize("noise", [b"\xaa", b"\xaa\xaa\xaa\x96", b"\x00\xff\x96\x69", b"\xaa" * 7])
def test_noise_before_a_frame_is_skipped(noise: bytes) -> None:
    """One AA too many, half a preamble or anything else does not hide the frame."""
    assert ReplyReceiver().receive(noise + reply(Status.OK)) == [Reply(sw=b"\0\0\x90")]


@pytest.mark.parametrize("length", [0, 3, MAX_LENGTH + 1, 0xFFFF])
def test_an_impossible_length_is_refused_and_the_next_frame_found(length: int) -> None:
    """A length outside 4..4096 is an error at once, and costs only its own frame."""
    receiver = ReplyReceiver()
    events = receiver.receive(PREAMBLE + length.to_bytes(2, "big") + reply(Status.NO_CARD))
    assert events == [FrameError(fault=FrameFault.LENGTH), Reply(sw=b"\0\0\x80")]


def test_a_wrong_check_is_refused() -> None:
    """One flipped bit drops the frame and names the reason."""
    raw = bytearray(reply(Status.CARD_FOUND, bytes(4)))
    raw[9] ^= 0x01
    assert ReplyReceiver().receive(bytes(raw)) == [FrameError(fault=FrameFault.CHECKSUM)]


def test_silence_inside_a_frame_is_truncation() -> None:
    """What was begun is dropped when the line falls silent, and the next frame is clean."""
    receiver = ReplyReceiver()
    assert receiver.receive(reply(Status.OK, bytes(8))[:-3]) == []
    assert receiver.in_frame
    assert receiver.quiet() == [FrameError(fault=FrameFault.TRUNCATED)]
    assert receiver.receive(reply(Status.OK)) == [Reply(sw=b"\0\0\x90")]


def test_an_unknown_status_counts_as_a_failed_read() -> None:
    """Nobody documented it, so the card is not taken for read."""
    assert Reply(sw=b"\0\0\x77").status is Status.READ_FAILED


def test_success_needs_all_three_status_bytes() -> None:
    """90 after a card status other than zero is no success."""
    assert Reply(sw=b"\x6a\x82\x90").status is Status.READ_FAILED
    assert Reply(sw=b"\x6a\x82\x31").status is Status.CARD_REFUSED_READER


@pytest.mark.parametrize("data", [b"", b"\0", b"\0\0\0\0", b"\1\0\4\0" + bytes(10)])
def test_a_block_whose_lengths_do_not_add_up_is_none(data: bytes) -> None:
    """The block's own length fields are held against its size."""
    assert split_block(data) is None


def test_the_sam_id_is_printed_in_five_groups() -> None:
    """Two bytes, a decimal date and two numbers; anything but 16 bytes is no id."""
    raw = bytes.fromhex("0500 0100 47D73401 D2040000 15CD5B07")
    assert printable_sam_id(raw) == "05.01-20240199-0000001234-0123456789"
    assert printable_sam_id(raw[:-1]) is None


@given(st.binary(max_size=9000), PLACES)
def test_any_bytes_give_replies_or_named_errors_however_cut(data: bytes, places: list[int]) -> None:
    """A receiver never raises, and pieces change nothing."""
    whole, piecewise = ReplyReceiver(), ReplyReceiver()
    expected = whole.receive(data) + whole.quiet()
    events = [event for piece in cut(data, places) for event in piecewise.receive(piece)]
    assert events + piecewise.quiet() == expected
    assert all(isinstance(event, Reply | FrameError) for event in expected)
    assert piecewise.kept == 0


@given(st.binary(max_size=9000), PLACES)
def test_no_more_than_a_frame_is_kept(data: bytes, places: list[int]) -> None:
    """Whatever comes and however long, what waits is smaller than the largest frame."""
    receiver = ReplyReceiver()
    for piece in cut(data, places):
        receiver.receive(piece)
        assert receiver.kept < 2 + MAX_LENGTH


REPLY_FRAMES = st.builds(
    reply, st.integers(0, 255), st.binary(max_size=40), sw12=st.binary(min_size=2, max_size=2)
)


@given(st.lists(REPLY_FRAMES, max_size=6), PLACES)
def test_frames_in_a_row_are_all_found_however_cut(frames: list[bytes], places: list[int]) -> None:
    """Whole frames come out one by one, byte for byte."""
    receiver = ReplyReceiver()
    events = [e for piece in cut(b"".join(frames), places) for e in receiver.receive(piece)]
    assert [reply(e.sw[2], e.data, sw12=e.sw[:2]) for e in events if isinstance(e, Reply)] == frames


@given(st.binary(max_size=300), PLACES)
def test_any_bytes_give_requests_or_named_errors(data: bytes, places: list[int]) -> None:
    """The simulated reader's ear is as patient as the host's."""
    receiver = RequestReceiver()
    for piece in cut(data, places):
        for event in receiver.receive(piece):
            assert isinstance(event, Request | FrameError)


def test_a_request_is_heard_with_its_data() -> None:
    """The two directions share the frame and differ in what stands first."""
    assert RequestReceiver().receive(frame(b"\x61\xff\x50")) == [
        Request(command=b"\x61\xff", data=b"\x50")
    ]
