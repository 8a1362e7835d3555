"""Honeywell: documented commands, replies told from codes by their form, reports of text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.scanner.codec import (
    MAX_PAYLOAD,
    CommandReply,
    Damage,
    Framing,
    Garbled,
    Payload,
    Receiver,
    Request,
    Verdict,
)
from drivers.scanner.honeywell import HoneywellCodec, command_reply
from drivers.scanner.symbology import ToldBy
from tests.devices.pieces import PLACES, cut

CODEC = HoneywellCodec()
OK = Verdict.ACCEPTED
SETTINGS = ["TRGMOD0", "VSUFCR", "PREBK2995C81"]
REPORT = (
    b"Product Name: Voyager 1602g\r\nBoot Revision: : 8992\r\nSoftware Part Number: CW000082BBA\r\n"
    b"Software Revision: 16345 \r\nSerial Number: 0000000001\r\nREVINF\x06."
)
"""In the lines that a real one sends (python_hon_usbhid), with another serial number."""


def ear(framing: Framing = Framing.SUFFIX, told_by: ToldBy = ToldBy.NOTHING) -> Receiver:
    """Return a receiver of the family."""
    return CODEC.receiver(framing, told_by)


def asked(request: Request | None, framing: Framing = Framing.SUFFIX) -> Receiver:
    """Return a receiver that waits for the answer to a request."""
    receiver = ear(framing)
    receiver.expect(request)
    return receiver


def test_the_commands_are_the_documented_bytes() -> None:
    """SYN T CR, SYN U CR and SYN M CR, as in the guides."""
    assert [one.data for one in CODEC.start()] == [bytes.fromhex("16 54 0D")]
    stop, query, settings = CODEC.stop(), CODEC.check("TRGMOD0"), CODEC.configure(SETTINGS)
    assert stop is not None
    assert stop.data == bytes.fromhex("16 55 0D")
    assert [one.data for one in CODEC.identify()] == [b"\x16M\rREVINF."]
    assert query is not None
    assert query.data == b"\x16M\rTRGMOD?."
    assert settings is not None
    assert settings.data == b"\x16M\rTRGMOD0;VSUFCR;PREBK2995C81!"


@pytest.mark.parametrize("wrong", ["TRGMOD0.", "TRGMOD0!", "TRG", "defalt", "TRGMOD0;DEFALT", ""])
def test_a_setting_cannot_carry_its_own_storage_sign(wrong: str) -> None:
    """Nothing that a profile can say is kept for good."""
    assert CODEC.fault_of(wrong)


@pytest.mark.parametrize(
    ("byte", "verdict"),
    [(6, Verdict.ACCEPTED), (0x15, Verdict.BAD_VALUE), (5, Verdict.UNKNOWN_COMMAND)],
)
def test_a_reply_repeats_the_command_with_a_verdict(byte: int, verdict: Verdict) -> None:
    """One byte before the end; the setting that was not taken is named."""
    receiver = asked(CODEC.configure(["TRGMOD0"]))
    refused = () if verdict is OK else ("TRGMOD0",)
    reply = CommandReply(name="settings", verdict=verdict, refused=refused, data=b"0")
    assert receiver.receive(b"TRGMOD0" + bytes([byte]) + b"!") == [reply]


def test_a_reply_to_several_settings_names_those_refused() -> None:
    """A verdict before each semicolon and before the end."""
    receiver = asked(CODEC.configure(SETTINGS))
    reply = b"TRGMOD0\x06;VSUFCR\x06;PREBK2995C81\x05!"
    assert command_reply(b"TRGMOD0;VSUFCR;PREBK2995C81!", OK, OK, Verdict.UNKNOWN_COMMAND) == reply
    assert receiver.receive(reply) == [
        CommandReply(
            name="settings",
            verdict=Verdict.UNKNOWN_COMMAND,
            refused=("PREBK2995C81",),
            data=b"0",
        )
    ]


def test_a_query_is_answered_with_the_value() -> None:
    """The value stands where the question mark was."""
    receiver = asked(CODEC.check("TRGMOD0"))
    assert receiver.receive(b"TRGMOD3\x06.") == [CommandReply(name="TRGMOD", verdict=OK, data=b"3")]


def test_a_reply_before_a_code_is_told_from_it() -> None:
    """They may come in one piece."""
    receiver = asked(CODEC.configure(["TRGMOD0"]))
    assert receiver.receive(b"TRGMOD0\x06!code\r") == [
        CommandReply(name="settings", verdict=OK, data=b"0"),
        Payload(data=b"code"),
    ]


def test_what_only_looks_like_a_reply_is_a_code() -> None:
    """Without a verdict, or with something else in it, it is data."""
    receiver = asked(CODEC.configure(["TRGMOD0"]))
    assert receiver.receive(b"TRGMOD0!\rTRGMOD\rTRGMOD0\x06\rtrgmod0\x06!\r") == [
        Payload(data=b"TRGMOD0!"),
        Payload(data=b"TRGMOD"),
        Payload(data=b"TRGMOD0\x06"),
        Payload(data=b"trgmod0\x06!"),
    ]


def test_a_reply_nobody_asked_for_has_its_own_name() -> None:
    """It is no code, and it confirms nothing."""
    receiver = asked(CODEC.configure(SETTINGS))
    assert receiver.receive(b"BEPLVL3\x06!TRGMOD0\x06.") == [
        CommandReply(name="BEPLVL", verdict=OK, data=b"3"),
        CommandReply(name="TRGMOD", verdict=OK, data=b"0"),
    ]


def test_a_code_that_imitates_a_reply_silences_itself_only() -> None:
    """It is taken for one, also when none is waited for; the next code is read."""
    events = ear().receive(b"TRGMOD0\x06!\rmine\r")
    assert [one for one in events if isinstance(one, Payload)] == [Payload(data=b"mine")]


def test_a_suffix_that_was_added_to_another_is_taken_off_with_it() -> None:
    """Some engines replace CR, some may put ours behind it."""
    receiver = CODEC.receiver(Framing.SUFFIX_ONLY, ToldBy.NOTHING, b"\x04\r")
    assert receiver.receive(b"a\r\nb\x04\rc\r\x04\r") == [
        Payload(data=b"a\r\nb"),
        Payload(data=b"c"),
    ]


def test_half_a_reply_is_no_code() -> None:
    """What silence cut off after a verdict is damage; before one nobody can tell."""
    receiver = asked(CODEC.configure(SETTINGS))
    assert receiver.receive(b"TRGMOD0\x06;VSU") == []
    assert receiver.idle() == [Garbled(damage=Damage.CUT_SHORT)]


def test_a_report_ends_with_its_own_name() -> None:
    """Product, revision and serial number are kept."""
    receiver = asked(CODEC.identify()[0])
    assert receiver.receive(REPORT[:100]) == []
    assert receiver.receive(REPORT[100:]) == [
        CommandReply(name="REVINF", verdict=OK, data=b"Voyager 1602g 16345 0000000001")
    ]


def test_a_report_without_an_end_is_ended_by_silence() -> None:
    """Older engines send the text alone."""
    receiver = asked(CODEC.identify()[0])
    assert receiver.receive(b"Product Name: IS4125\r\n") == []
    assert receiver.idle() == [CommandReply(name="REVINF", verdict=Verdict.UNCLEAR, data=b"IS4125")]


def test_a_code_inside_a_report_is_nobodys_identity() -> None:
    """What is none of the known lines, or not short and printable, is dropped."""
    receiver = asked(CODEC.identify()[0])
    raw = b"secret of a citizen\rSerial Number: \x1b[2J\r\n" + REPORT
    (reply,) = receiver.receive(raw)
    assert isinstance(reply, CommandReply)
    assert reply.data == b"Voyager 1602g 16345 0000000001"


def test_the_code_id_before_a_code_says_its_kind() -> None:
    """One letter of Honeywell's table; what is no letter is no mark."""
    receiver = ear(told_by=ToldBy.CODE_ID)
    assert receiver.receive(b"scode\r1plain\rj123\r?x\r") == [
        Payload(data=b"code", symbology="qrCode", mark="s"),
        Payload(data=b"1plain"),
        Payload(data=b"123", symbology="code128", mark="j"),
        Payload(data=b"?x"),
    ]


BYTES = st.binary(max_size=200) | st.sampled_from(
    [
        *(b"a" * 5000, b"TRGMOD0\x06!", b"TRGMOD0\x06;VSUFCR\x15;PREBK2995C81\x06!", b"TRGMOD3"),
        *(
            b"TRGMOD?\x06.",
            b"\r",
            b"\n",
            b"]Q1",
            b"REVINF\x06.",
            b"TRGMOD1\x15.",
            b"TRGMOD0\x06;VS",
        ),
    ]
)
ASKED = [None, CODEC.configure(SETTINGS), CODEC.check("TRGMOD0"), CODEC.identify()[0]]


@given(
    st.lists(BYTES, max_size=6).map(b"".join),
    PLACES,
    st.sampled_from(Framing),
    st.sampled_from(ASKED),
)
def test_any_bytes_give_the_same_events_however_cut(
    data: bytes, places: list[int], framing: Framing, request: Request | None
) -> None:
    """The receiver never raises, never keeps more than the cap, and pieces change nothing."""
    whole, piecewise = asked(request, framing), asked(request, framing)
    expected = whole.receive(data) + whole.idle()
    events = [event for piece in cut(data, places) for event in piecewise.receive(piece)]
    assert events + piecewise.idle() == expected
    for event in expected:
        assert not isinstance(event, Payload) or 0 < len(event.data) <= MAX_PAYLOAD
