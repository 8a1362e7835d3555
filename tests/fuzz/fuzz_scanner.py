"""The ears of all scanners: bytes of a stranger's code, or of noise, in pieces.

The first byte chooses family, framing and mark, the second where the bytes are cut.
"""

from __future__ import annotations

from drivers.scanner.codec import (
    MAX_PAYLOAD,
    Codec,
    CommandReply,
    Event,
    Framing,
    Garbled,
    Overflow,
    Payload,
    Receiver,
)
from drivers.scanner.honeywell import HoneywellCodec
from drivers.scanner.keyboard import KeyboardCodec, strokes
from drivers.scanner.newland import NewlandCodec
from drivers.scanner.pos_report import PosReportCodec, reports
from drivers.scanner.symbology import ToldBy
from drivers.scanner.zebra import MORE, SCANNER, Opcode, Packet, ZebraCodec, encode

CODECS: tuple[tuple[Codec, str], ...] = (
    (NewlandCodec(), "SCNMOD0"),
    (HoneywellCodec(), "TRGMOD0"),
    (ZebraCodec(), "8A=08"),
    (KeyboardCodec(), ""),
    (PosReportCodec(), ""),
)
FRAMINGS = tuple(Framing)
SUFFIXES = (b"", b"\x04\r")
MARKS = (ToldBy.NOTHING, ToldBy.AIM, ToldBy.CODE_ID)

_CODE = Packet(opcode=Opcode.DECODE_DATA, source=SCANNER, status=MORE, data=b"\x1ccode")

SEEDS = [
    b"\x00\x05]Q1https://example.invalid/p/L1\r\x02\x010000#SCNMOD0\x06;TSUENA1\x15;\x03",
    b"\x01\x05TRGMOD0\x06;VSUFCR\x05!]C0123\r\nProduct Name: x\r\nREVINF\x06.",
    b"\x02\x05" + encode(_CODE) + encode(Packet(opcode=Opcode.ACK, source=SCANNER)),
    b"\x03\x05" + strokes(b"Code 1"),
    b"\x04\x05" + reports(b"x" * 70),
]


def one_input(data: bytes) -> None:
    """Hear the bytes whole and in two pieces: the same named events, in bounded memory."""
    if len(data) < 2:
        return
    choice, place, line = data[0], data[1], data[2:]
    whole, halves = _ear(choice), _ear(choice)
    at = place * len(line) // 255
    expected = [*whole.receive(line), *whole.idle()]
    heard = [*halves.receive(line[:at]), *halves.receive(line[at:]), *halves.idle()]
    if heard != expected or halves.answers() != whole.answers():
        raise AssertionError("pieces change what is heard")
    for event in expected:
        _judge(event)


def _ear(choice: int) -> Receiver:
    codec, setting = CODECS[choice % len(CODECS)]
    choice //= len(CODECS)
    suffix = SUFFIXES[choice // 18 % 2]
    receiver = codec.receiver(FRAMINGS[choice % 3], MARKS[choice // 3 % 3], suffix)
    receiver.expect(codec.configure([setting] if setting else []))
    if choice // 9 % 2 and codec.identify():
        receiver.expect(codec.identify()[0])
    return receiver


def _judge(event: Event) -> None:
    match event:
        case Payload(data=data):
            good = 0 < len(data) <= MAX_PAYLOAD and event.mark.isascii()
        case CommandReply(name=name):
            good = name.isascii() and len(name) <= 16
        case Garbled() | Overflow():
            good = True
    if not good:
        raise AssertionError(f"not as documented: {type(event).__name__}")
