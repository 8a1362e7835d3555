"""The printer's replies, byte by byte."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.printer import codec
from drivers.printer.codec import (
    AutomaticStatus,
    BufferCleared,
    BufferStatus,
    PrinterStatus,
    ProcessDone,
    RealTimeStatus,
    ReplyReader,
    ask_process_id,
    ask_status,
    read_automatic_status,
    read_status,
)

HEALTHY = {1: 0x12, 2: 0x12, 3: 0x12, 4: 0x12}


@pytest.mark.parametrize(("kind", "expected"), [(1, "100401"), (2, "100402"), (4, "100404")])
def test_status_questions_are_dle_eot(kind: int, expected: str) -> None:
    """A status question is three bytes."""
    assert ask_status(kind).hex() == expected


def test_process_id_request_is_the_documented_block() -> None:
    """GS ( H function 48 carries the id after length 6."""
    assert ask_process_id("0001").hex() == "1d2848060030303030" + "3031"


@pytest.mark.parametrize("wrong", ["", "1", "00001", "00\n1"])
def test_a_process_id_is_four_printable_characters(wrong: str) -> None:
    """Anything else would end the reply early or never."""
    with pytest.raises(ValueError, match="process id"):
        ask_process_id(wrong)


def test_only_four_status_questions_exist() -> None:
    """Other numbers mean other things on other models."""
    with pytest.raises(ValueError, match="status question"):
        ask_status(5)


def test_a_healthy_printer() -> None:
    """All four answers 12: full, closed, ok."""
    assert read_status(HEALTHY) == PrinterStatus(
        paper="full", cover="closed", cutter="ok", error="none", line="online"
    )


@pytest.mark.parametrize(
    ("kind", "value", "field", "word"),
    [
        (1, 0x16, "line", "online"),  # drawer pin high is not our business
        (1, 0x1A, "line", "offline"),
        (2, 0x16, "cover", "open"),
        (2, 0x32, "paper", "out"),
        (2, 0x52, "error", "recoverable"),
        (3, 0x1A, "cutter", "fault"),
        (3, 0x32, "error", "unrecoverable"),
        (3, 0x52, "error", "recoverable"),
        (3, 0x16, "error", "recoverable"),
        (4, 0x1E, "paper", "low"),
        (4, 0x1A, "paper", "low"),
        (4, 0x72, "paper", "out"),
        (4, 0x7E, "paper", "out"),
        (4, 0x32, "paper", "out"),
    ],
)
def test_each_status_bit(kind: int, value: int, field: str, word: str) -> None:
    """One answer differs from healthy, one word changes."""
    assert getattr(read_status(HEALTHY | {kind: value}), field) == word


@pytest.mark.parametrize("noise", [None, 0x00, 0xFF, 0x13, 0x92, 0x02])
def test_noise_is_unknown_and_never_all_is_well(noise: int | None) -> None:
    """A byte without its fixed bits says nothing about the paper."""
    status = read_status(HEALTHY | {4: noise})
    assert status.paper == "unknown"
    assert read_status({}).answered is False


def test_presenter_sensor_in_bit_six() -> None:
    """On a model whose bit 6 is the presenter, only bit 5 means paper out."""
    assert read_status(HEALTHY | {4: 0x52}, end_mask=0x20).paper == "full"
    assert read_status(HEALTHY | {4: 0x32}, end_mask=0x20).paper == "out"


@pytest.mark.parametrize(
    ("answers", "trouble"),
    [
        ({}, None),
        ({1: 0x1A, 2: 0x36, 4: 0x72}, "coverOpen"),
        ({1: 0x1A, 2: 0x32, 4: 0x72}, "paperOut"),
        ({1: 0x1A, 2: 0x52, 3: 0x1A}, "cutterError"),
        ({1: 0x1A, 2: 0x52, 3: 0x32}, "printerError"),
        ({1: 0x1A}, "offline"),
        ({4: 0x1E}, None),
    ],
)
def test_the_first_trouble_is_what_staff_can_see(
    answers: dict[int, int], trouble: str | None
) -> None:
    """An open cover explains missing paper; low paper is no trouble."""
    assert read_status(HEALTHY | answers).trouble == trouble


def test_replies_of_all_kinds_on_one_line() -> None:
    """The bit patterns tell mixed replies apart."""
    stream = bytes.fromhex("12 00 3722 30303137 00 10000000 1e 372500 03")
    assert ReplyReader().receive(stream) == [
        RealTimeStatus(value=0x12),
        BufferStatus(value=0x00),
        ProcessDone(process_id="0017"),
        AutomaticStatus(values=bytes.fromhex("10000000")),
        RealTimeStatus(value=0x1E),
        BufferCleared(),
        BufferStatus(value=0x03),
    ]


def test_a_torn_block_does_not_swallow_the_next_reply() -> None:
    """Half a process id, then a status: the status counts, the half is counted as lost."""
    reader = ReplyReader()
    assert reader.receive(bytes.fromhex("3722 3030 12")) == [RealTimeStatus(value=0x12)]
    assert reader.ignored == 4
    assert reader.receive(bytes.fromhex("1000 12")) == [RealTimeStatus(value=0x12)]


def test_flow_control_and_noise_are_counted() -> None:
    """XON, XOFF and high bytes belong to no reply."""
    reader = ReplyReader()
    assert reader.receive(b"\x11\x13\xff\x92") == []
    assert reader.ignored == 4


@pytest.mark.parametrize(
    ("values", "field", "word"),
    [
        ("10000000", "paper", "full"),
        ("14000000", "line", "online"),
        ("18000000", "line", "offline"),
        ("30000000", "cover", "open"),
        ("10080000", "cutter", "fault"),
        ("10200000", "error", "unrecoverable"),
        ("10000300", "paper", "low"),
        ("10000f00", "paper", "out"),
    ],
)
def test_automatic_status_bytes(values: str, field: str, word: str) -> None:
    """The four-byte form has its bits elsewhere."""
    assert getattr(read_automatic_status(bytes.fromhex(values)), field) == word


@given(st.lists(st.binary(max_size=12), max_size=12))
def test_any_bytes_in_any_pieces_give_the_same_events(pieces: list[bytes]) -> None:
    """No input raises, and how the line cuts it does not matter."""
    whole, cut = ReplyReader(), ReplyReader()
    events = whole.receive(b"".join(pieces))
    assert [event for piece in pieces for event in cut.receive(piece)] == events
    assert cut.ignored == whole.ignored


@given(st.dictionaries(st.sampled_from(codec.STATUS_KINDS), st.integers(0, 255) | st.none()))
def test_any_answers_give_a_status_of_known_words(answers: dict[int, int | None]) -> None:
    """The union is closed whatever the printer says."""
    status = read_status(answers)
    assert status.paper in {"full", "low", "out", "unknown"}
    assert status.trouble in {
        None, "coverOpen", "paperOut", "cutterError", "printerError", "offline"
    }  # fmt: skip


@given(st.text(st.characters(min_codepoint=0x20, max_codepoint=0x7E), min_size=4, max_size=4))
def test_every_process_id_comes_back(process_id: str) -> None:
    """An id of any allowed characters survives the reply."""
    reply = b"\x37\x22" + process_id.encode() + b"\0"
    assert ReplyReader().receive(reply) == [ProcessDone(process_id=process_id)]
