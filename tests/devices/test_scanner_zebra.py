"""Zebra SSI: packets with a checksum, acknowledged, repeated, in several pieces."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.scanner.codec import (
    MAX_PAYLOAD,
    CommandReply,
    Damage,
    Event,
    Framing,
    Garbled,
    Overflow,
    Payload,
    Receiver,
    Request,
    Verdict,
)
from drivers.scanner.symbology import ToldBy
from drivers.scanner.zebra import AGAIN, MORE, SCANNER, Opcode, Packet, ZebraCodec, encode
from tests.devices.pieces import PLACES, cut

CODEC = ZebraCodec()
ACK = bytes.fromhex("04 D0 04 00 FF 28")
RESEND = bytes.fromhex("05 D1 04 00 01 FF 25")


def ear() -> Receiver:
    """Return a receiver of the family."""
    return CODEC.receiver(Framing.SUFFIX, ToldBy.PACKET)


def packet(opcode: int, data: bytes = b"", status: int = 0) -> bytes:
    """Return the bytes of a packet of the scanner."""
    return encode(Packet(opcode=opcode, source=SCANNER, status=status, data=data))


def code(data: bytes, status: int = 0, kind: int = 0x1C) -> bytes:
    """Return a packet with a code of that type."""
    return packet(Opcode.DECODE_DATA, bytes([kind]) + data, status)


def said(request: Request | None) -> str:
    """Return the bytes of a request in hexadecimal."""
    assert request is not None
    return request.data.hex(" ").upper()


def test_the_commands_are_the_documented_bytes() -> None:
    """As in the programmer's guide and two public drivers."""
    flush, start = CODEC.start()
    assert said(flush) == "04 D2 04 00 FF 26"
    assert said(start) == "04 E4 04 00 FF 14"
    assert said(CODEC.stop()) == "04 E5 04 00 FF 13"
    assert said(CODEC.identify()[0]) == "04 A3 04 00 FF 55"
    assert said(CODEC.configure(["8A=08"])) == "07 C6 04 00 FF 8A 08 FD 9E"


def test_parameters_go_together_and_never_for_good() -> None:
    """No beep, then number and value; status bit 3 would make them permanent."""
    assert said(CODEC.configure(["8A=08", "F0:00=01"])).startswith("0A C6 04 00 FF 8A 08 F0 00 01")
    assert CODEC.check("8A=08") is None
    for wrong in ("8A", "8a=08", "8A=8", "F3:00=01", "8A=08;", ""):
        assert CODEC.fault_of(wrong)


def test_a_code_comes_in_a_packet_and_is_acknowledged_once() -> None:
    """With its kind; line ends and control bytes are data."""
    receiver = ear()
    assert receiver.receive(code(b"a\r\n\x00\x1b\xff")) == [
        Payload(data=b"a\r\n\x00\x1b\xff", symbology="qrCode", mark="1C")
    ]
    assert receiver.answers() == ACK
    assert receiver.answers() == b""


def test_a_code_of_several_packets_is_one() -> None:
    """Each is acknowledged; the kind is that of the first."""
    receiver = ear()
    assert receiver.receive(code(b"one ", MORE) + code(b"two ", MORE)) == []
    assert receiver.in_record
    assert receiver.receive(code(b"three")) == [
        Payload(data=b"one two three", symbology="qrCode", mark="1C")
    ]
    assert receiver.answers() == ACK * 3
    assert not receiver.in_record


def test_a_code_that_never_ends_costs_no_memory() -> None:
    """More packets than a code can fill are one overflow."""
    receiver = ear()
    events: list[Event] = []
    for _ in range(40):
        events += receiver.receive(code(b"x" * 240, MORE))
    assert events + receiver.receive(code(b"end")) == [Overflow()]
    assert receiver.receive(code(b"next"))[0] == Payload(
        data=b"next", symbology="qrCode", mark="1C"
    )


def test_a_damaged_packet_is_asked_for_again() -> None:
    """And heard when it comes; sent again without need it is one we have."""
    receiver = ear()
    whole = code(b"code")
    damaged = whole[:-1] + bytes([whole[-1] ^ 1])
    assert receiver.receive(damaged) == [Garbled(damage=Damage.CHECKSUM)]
    receiver.idle()
    assert RESEND in receiver.answers()
    again = code(b"code", AGAIN)
    assert receiver.receive(again) == [Payload(data=b"code", symbology="qrCode", mark="1C")]
    assert receiver.receive(again) == []
    assert receiver.answers() == ACK * 2


def test_a_packet_from_before_we_listened_is_acknowledged_and_dropped() -> None:
    """A scanner nobody acknowledged tries again later, perhaps before the next citizen."""
    receiver = ear()
    assert receiver.receive(code(b"of the one before", AGAIN)) == []
    assert receiver.answers() == ACK


@pytest.mark.parametrize(
    ("raw", "verdict"),
    [
        (packet(Opcode.ACK), Verdict.ACCEPTED),
        (packet(Opcode.NAK, b"\x01"), Verdict.UNCLEAR),
        (packet(Opcode.NAK, b"\x02"), Verdict.REFUSED),
        (packet(Opcode.NAK, b"\x06"), Verdict.REFUSED),
        (packet(Opcode.NAK), Verdict.REFUSED),
    ],
)
def test_an_answer_belongs_to_the_request_that_is_out(raw: bytes, verdict: Verdict) -> None:
    """ACK and NAK do not say to what."""
    receiver = ear()
    request = CODEC.configure(["8A=08"])
    receiver.expect(request)
    refused = () if verdict is Verdict.ACCEPTED else ("8A=08",)
    assert receiver.receive(raw) == [
        CommandReply(name="PARAM_SEND", verdict=verdict, refused=refused)
    ]
    receiver.expect(None)
    assert receiver.receive(raw) == [CommandReply(name="", verdict=verdict)]


def test_the_revision_is_text() -> None:
    """Whatever it holds is made printable."""
    assert ear().receive(packet(Opcode.REPLY_REVISION, b"PAABLS00\x1b[2J \xff")) == [
        CommandReply(name="REVISION", verdict=Verdict.ACCEPTED, data=b"PAABLS00 [2J")
    ]


def test_what_is_not_known_is_named() -> None:
    """A whole packet of another kind; bytes that are no packet, once a run."""
    receiver = ear()
    assert receiver.receive(packet(0xB1, b"image")) == [Garbled(damage=Damage.FOREIGN)]
    assert receiver.receive(b"\x00\x01\x02" * 50 + code(b"x"))[0] == Garbled(damage=Damage.FOREIGN)
    assert receiver.receive(packet(Opcode.EVENT, b"\x01")) == []


def test_half_a_packet_is_asked_for_again() -> None:
    """What silence cut off is damage, also between two packets of a code."""
    receiver = ear()
    assert receiver.receive(code(b"code")[:5]) == []
    assert receiver.idle() == [Garbled(damage=Damage.CUT_SHORT)]
    assert receiver.answers() == RESEND
    receiver.receive(code(b"first", MORE))
    assert receiver.idle() == [Garbled(damage=Damage.CUT_SHORT)]
    assert receiver.idle() == []


def test_a_packet_behind_noise_is_found_at_the_latest_in_silence() -> None:
    """Noise that begins like a long packet does not swallow the one behind it."""
    receiver = ear()
    events = receiver.receive(b"\xff\xf3\x00" + code(b"code"))
    assert Payload(data=b"code", symbology="qrCode", mark="1C") in events + receiver.idle()


@pytest.mark.parametrize("data", [bytes(range(256)) * 12, packet(Opcode.ACK) + code(b"x")])
def test_a_code_that_imitates_packets_is_data(data: bytes) -> None:
    """A payload is inside a packet: it can steer nothing."""
    pieces = [data[at : at + 240] for at in range(0, len(data), 240)]
    raw = b"".join(code(one, MORE) for one in pieces[:-1]) + code(pieces[-1])
    assert ear().receive(raw) == [Payload(data=data, symbology="qrCode", mark="1C")]


BYTES = st.binary(max_size=120) | st.sampled_from(
    [
        *(code(b"code"), code(b"part", MORE), code(b"code", AGAIN), code(b"code")[:-1] + b"\x00"),
        *(packet(Opcode.ACK), packet(Opcode.NAK, b"\x01"), packet(0xB1), code(b"")),
        *(b"\xff", b"\x04\xf3\x00", packet(Opcode.DECODE_DATA), code(b"x" * 240, MORE) * 20),
    ]
)


@given(st.lists(BYTES, max_size=8).map(b"".join), PLACES)
def test_any_bytes_give_the_same_events_however_cut(data: bytes, places: list[int]) -> None:
    """The receiver never raises, never keeps more than the cap, and pieces change nothing."""
    whole, piecewise = ear(), ear()
    expected = whole.receive(data) + whole.idle()
    events = [event for piece in cut(data, places) for event in piecewise.receive(piece)]
    assert events + piecewise.idle() == expected
    assert whole.answers() == piecewise.answers()
    for event in expected:
        assert not isinstance(event, Payload) or 0 < len(event.data) <= MAX_PAYLOAD
