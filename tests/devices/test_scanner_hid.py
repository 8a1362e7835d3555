"""HID modules: key events and reports become bytes; the device over real file descriptors."""

from __future__ import annotations

import os
import socket
import struct
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from evdev import ecodes
from hypothesis import given
from hypothesis import strategies as st

from drivers.errors import TransportLost
from drivers.scanner.codec import MAX_PAYLOAD, Damage, Framing, Garbled, Overflow, Payload, Receiver
from drivers.scanner.device import Scan, ScanFailure, Scanner, ScanProblem
from drivers.scanner.keyboard import EV_KEY, EV_SYN, EVENT, KeyboardCodec, event, strokes
from drivers.scanner.line import InputLine
from drivers.scanner.opening import KEYBOARD, POS, open_line, scanner_on
from drivers.scanner.pos_report import PosReportCodec, reports
from drivers.scanner.profiles import PLAIN
from drivers.scanner.symbology import ToldBy
from tests.devices.pieces import PLACES, cut

PRINTABLE = bytes(range(0x20, 0x7F))


def soon(seconds: float = 5.0) -> float:
    """Return the instant `seconds` from now."""
    return time.monotonic() + seconds


def typist() -> Receiver:
    """Return an ear for key events."""
    return KeyboardCodec().receiver(Framing.SUFFIX, ToldBy.NOTHING)


def clerk() -> Receiver:
    """Return an ear for reports."""
    return PosReportCodec().receiver(Framing.SUFFIX, ToldBy.AIM)


def keys(*names: str) -> bytes:
    """Return the events of keys struck one after the other, by the kernel's names."""
    codes = [ecodes.ecodes[name] for name in names]
    return b"".join(event(EV_KEY, code, value) for code in codes for value in (1, 0))


def test_an_event_is_the_kernels_structure() -> None:
    """24 bytes of a 64-bit kernel, in its own order."""
    assert EVENT.size == struct.calcsize("llHHi")
    assert event(EV_KEY, 28, 1) == struct.pack("llHHi", 0, 0, 1, 28, 1)


def test_keys_are_those_of_a_us_keyboard() -> None:
    """Names and codes are the kernel's (evdev), letters and signs those printed on the keys."""
    typed = keys("KEY_A", "KEY_1", "KEY_MINUS", "KEY_KP7", "KEY_SLASH", "KEY_SPACE", "KEY_GRAVE")
    shift = ecodes.ecodes["KEY_RIGHTSHIFT"]
    upper = event(EV_KEY, shift, 1) + typed + event(EV_KEY, shift, 0)
    end = keys("KEY_ENTER")
    assert typist().receive(typed + end) == [Payload(data=b"a1-7/ `")]
    assert typist().receive(upper + end) == [Payload(data=b"A!_7? ~")]
    assert typist().receive(keys("KEY_B", "KEY_KPENTER", "KEY_ENTER")) == [Payload(data=b"b")]


def test_every_printable_ascii_character_can_be_typed() -> None:
    """And comes out as it went in."""
    assert typist().receive(strokes(PRINTABLE)) == [Payload(data=PRINTABLE)]


@pytest.mark.parametrize("name", ["KEY_LEFTCTRL", "KEY_LEFTALT", "KEY_RIGHTALT", "KEY_LEFTMETA"])
def test_a_key_with_a_modifier_is_no_character(name: str) -> None:
    """A module that types Chinese by alt codes is not understood, and says so."""
    held = event(EV_KEY, ecodes.ecodes[name], 1)
    let_go = event(EV_KEY, ecodes.ecodes[name], 0)
    receiver = typist()
    assert receiver.receive(held + keys("KEY_C") + let_go + keys("KEY_A", "KEY_ENTER")) == [
        Garbled(damage=Damage.NOT_ASCII)
    ]
    assert receiver.receive(strokes(b"next")) == [Payload(data=b"next")]


def test_keys_without_a_character() -> None:
    """A function key spoils the code; lock keys, which modules strike around it, do not."""
    assert typist().receive(keys("KEY_A", "KEY_F1", "KEY_ENTER")) == [
        Garbled(damage=Damage.NOT_ASCII)
    ]
    assert typist().receive(keys("KEY_CAPSLOCK", "KEY_A", "KEY_NUMLOCK", "KEY_ENTER")) == [
        Payload(data=b"a")
    ]


def test_events_the_kernel_dropped_spoil_the_code() -> None:
    """Some keys are missing: it is no code."""
    receiver = typist()
    lost = event(EV_SYN, ecodes.ecodes["SYN_DROPPED"], 0)
    assert receiver.receive(strokes(b"ab")[:-48] + lost + strokes(b"cd")) == [
        Garbled(damage=Damage.LOST)
    ]


def test_typing_without_an_end() -> None:
    """Silence cuts a code short; an endless one costs no memory."""
    receiver = typist()
    receiver.receive(strokes(b"half")[:-48])
    assert receiver.in_record
    assert receiver.idle() == [Garbled(damage=Damage.CUT_SHORT)]
    assert receiver.receive(strokes(b"a" * (MAX_PAYLOAD + 1))) == [Overflow()]
    longest = b"a" * MAX_PAYLOAD
    assert receiver.receive(strokes(longest)) == [Payload(data=longest)]


def test_a_report_as_it_was_captured() -> None:
    """Report id, length, AIM identifier, data, and whether more follows (LSR118 manual p. 68)."""
    first = (
        bytes([2, 56])
        + b"]Q0"
        + b"M1GATHERGOOD/MICHAEL YABCDEF LHRDURAK 3542 052Y003D23  ".ljust(56)
        + b"s\x00\x01"
    )
    second = bytes([2, 4]) + b"]Q0" + b"SI5D".ljust(56, b"\0") + b"s\x00\x00"
    assert (len(first), len(second)) == (64, 64)
    (code,) = clerk().receive(first + second)
    assert isinstance(code, Payload)
    assert code.data == first[5:61] + b"SI5D"
    assert (code.symbology, code.mark) == ("qrCode", "]Q0")


@pytest.mark.parametrize("length", [1, 55, 56, 57, 112, 113, 2953, MAX_PAYLOAD])
def test_a_code_of_any_length_is_read_from_reports(length: int) -> None:
    """Byte for byte, zeros too."""
    data = (bytes(range(256)) * 17)[256 : 256 + length - 1] + b"."
    assert clerk().receive(reports(data)) == [Payload(data=data, symbology="qrCode", mark="]Q1")]


def test_some_models_have_a_byte_more_before_the_identifier() -> None:
    """As another implementation reads them (webhid-barcode-scanner)."""
    report = bytes([2, 4, 0]) + b"]C0code".ljust(60, b"\0") + b"\0"
    assert clerk().receive(report) == [Payload(data=b"code", symbology="code128", mark="]C0")]


def test_the_plain_layout_has_only_a_length() -> None:
    """63 bytes a report; the one that is not full is the last, or silence is the end."""
    receiver = clerk()
    plain = [bytes([63]) + b"a" * 63, bytes([5]) + b"end\r\n".ljust(63, b"\0")]
    assert receiver.receive(b"".join(plain)) == [Payload(data=b"a" * 63 + b"end")]
    assert receiver.receive(plain[0]) == []
    assert receiver.idle() == [Payload(data=b"a" * 63)]


def test_reports_that_make_no_sense() -> None:
    """A length there is no room for, a code without its end, a code without an end at all."""
    receiver = clerk()
    assert receiver.receive(b"\xff" * 64 + reports(b"good")) == [
        Garbled(damage=Damage.FOREIGN),
        Payload(data=b"good", symbology="qrCode", mark="]Q1"),
    ]
    receiver.receive(reports(b"x" * 100)[:64])
    assert receiver.idle() == [Garbled(damage=Damage.CUT_SHORT)]
    endless = reports(b"x" * 57)[:64] * 80
    assert receiver.receive(endless + reports(b"y")) == [Overflow()]


@given(st.binary(max_size=700), PLACES, st.booleans(), st.booleans())
def test_any_bytes_give_the_same_events_however_cut(
    data: bytes, places: list[int], typed: bool, begins_well: bool
) -> None:
    """Neither ear raises, and pieces change nothing."""
    make = typist if typed else clerk
    if begins_well:
        data = (strokes(b"ab")[:120] if typed else reports(b"x" * 70)) + data
    whole, piecewise = make(), make()
    expected = whole.receive(data) + whole.idle()
    events = [one for piece in cut(data, places) for one in piecewise.receive(piece)]
    assert events + piecewise.idle() == expected


class Ends:
    """Our end of a file descriptor pair, and the module's."""

    def __init__(self) -> None:
        self.module, ours = socket.socketpair(socket.AF_UNIX, socket.SOCK_STREAM)
        self.line = InputLine(os.dup(ours.fileno()), "a pair")
        ours.close()


@pytest.fixture
def ends() -> Iterator[Ends]:
    """A line over a descriptor pair."""
    pair = Ends()
    yield pair
    pair.line.close()
    pair.module.close()


@pytest.mark.parametrize(
    ("port", "sent", "scan"),
    [
        (KEYBOARD, strokes(b"L0003261122"), Scan(payload=b"L0003261122")),
        (
            POS,
            reports("新乡".encode()),
            Scan(payload="新乡".encode(), symbology="qrCode", mark="]Q1"),
        ),
    ],
)
def test_a_code_is_read_and_what_came_before_is_not(
    ends: Ends, port: str, sent: bytes, scan: Scan
) -> None:
    """The same device as on a serial line: armed, deaf, and told once."""
    scanner = scanner_on(ends.line, port, PLAIN)
    ends.module.sendall(strokes(b"before") if port == KEYBOARD else reports(b"before"))
    assert scanner.identify().info == ""
    scanner.arm()
    assert scanner.read(soon(0.1)) == ScanFailure(problem=ScanProblem.NO_CODE)
    ends.module.sendall(sent + sent)
    assert scanner.read(soon()) == scan
    assert scanner.read(soon(0.2)) == ScanFailure(problem=ScanProblem.NO_CODE)
    scanner.disarm()
    ends.module.sendall(sent)
    scanner.arm()
    assert scanner.read(soon(0.1)) == ScanFailure(problem=ScanProblem.NO_CODE)


@pytest.mark.parametrize("port", [KEYBOARD, POS])
def test_a_plug_pulled_inside_a_code_is_a_lost_transport(ends: Ends, port: str) -> None:
    """At whatever byte: half a code is no code."""
    scanner = scanner_on(ends.line, port, PLAIN)
    scanner.arm()
    ends.module.sendall((strokes(b"code") if port == KEYBOARD else reports(b"x" * 60))[:70])
    ends.module.close()
    with pytest.raises(TransportLost):
        scanner.read(soon())


def test_a_flood_of_keys_is_bounded(ends: Ends) -> None:
    """More than a code can hold is refused, and the next code is clean."""
    scanner = Scanner(ends.line, codec=KeyboardCodec())
    scanner.arm()
    flood = threading.Thread(target=ends.module.sendall, args=(strokes(b"a" * 5000),))
    flood.start()
    assert scanner.read(soon()) == ScanFailure(problem=ScanProblem.TOO_LONG)
    flood.join()
    ends.module.sendall(strokes(b"next"))
    assert scanner.read(soon()) == Scan(payload=b"next")


def test_a_keyboard_that_cannot_be_held_alone_is_refused(tmp_path: Path) -> None:
    """Without the grab a code would type into the screen; what is no input device has no grab."""
    pipe = tmp_path / "event"
    os.mkfifo(pipe)
    for path in (pipe, tmp_path / "nowhere"):
        with pytest.raises(TransportLost, match="cannot be held alone"):
            open_line(f"{KEYBOARD}{path}")


def test_a_report_device_is_had_by_one_of_us_only(tmp_path: Path) -> None:
    """A second opener is refused; a device that is not there too."""
    pipe = tmp_path / "hidraw"
    os.mkfifo(pipe)
    writer = os.open(pipe, os.O_RDWR | os.O_NONBLOCK)
    line = open_line(f"{POS}{pipe}")
    with pytest.raises(TransportLost, match="cannot be held alone"):
        open_line(f"{POS}{pipe}")
    os.write(writer, reports(b"code"))
    assert len(line.read(soon())) == 64
    line.close()
    again = open_line(f"{POS}{pipe}")
    again.close()
    os.close(writer)
    with pytest.raises(TransportLost, match="nowhere"):
        open_line(f"{POS}{tmp_path}/nowhere")


def test_nothing_is_said_to_an_input_device(ends: Ends) -> None:
    """There is no command for it, and a try is a loss of the line, not silence."""
    ends.line.write(b"")
    with pytest.raises(TransportLost):
        ends.line.write(b"\x16T\r")
