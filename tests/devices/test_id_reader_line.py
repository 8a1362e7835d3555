"""Every way a conversation with a reader can break, at every byte, in no time."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.errors import DeviceError, DeviceFailed, DeviceGarbled, DeviceSilent, TransportLost
from drivers.id_reader.codec import Command, Reply, ReplyReceiver, Request, Status, frame, reply
from drivers.id_reader.device import IdReader, Latched, ReaderOptions
from drivers.id_reader.exchange import Exchange, may_answer
from drivers.id_reader.outcomes import CardProblem, CardReading, ReadFailure
from tests.devices.id_line import ScriptedLine, answers, by_table
from tests.devices.people import CARD

AT_ONCE = ReaderOptions(poll_s=0)


def conversation(line: ScriptedLine) -> CardReading | ReadFailure:
    """Do what a visit does: open, read, see whether the card was lifted."""
    reader = IdReader(line, AT_ONCE, clock=line.clock)
    reader.identify()
    reading = reader.read(line.now + 1)
    assert reader.card_present()
    return reading


def test_the_line_cut_at_every_byte_is_a_lost_transport() -> None:
    """After any number of bytes, of questions and answers alike: one error, never half a person."""
    table = by_table(answers(newest_address="河南省新乡市平原路2号"))
    whole = ScriptedLine(table)
    reading = conversation(whole)
    assert isinstance(reading, CardReading)
    assert (reading.card, reading.newest_address) == (CARD, "河南省新乡市平原路2号")
    assert whole.spent > 1450
    for count in range(whole.spent):
        with pytest.raises(TransportLost):
            conversation(ScriptedLine(table, cut_after=count))


@given(st.integers(1, 40))
def test_pieces_of_any_size_make_the_same_person(piece: int) -> None:
    """How the bytes arrive makes no difference."""
    reading = conversation(ScriptedLine(by_table(answers()), piece=piece))
    assert isinstance(reading, CardReading)
    assert reading.card == CARD


@pytest.mark.parametrize("command", [*Command])
def test_an_answer_to_another_command_is_not_taken(command: Command) -> None:
    """A late success of any other command is told from this one's by its form, if they differ."""
    forms = {
        Command.SAM_ID: [bytes(16)],
        Command.FIND_CARD: [bytes(4)],
        Command.SELECT_CARD: [bytes(8), b""],
        Command.READ_TEXT_PHOTO: [b"\0\1\0\1" + b"tp"],
        Command.READ_TEXT_PHOTO_FINGERPRINT: [b"\0\1\0\1\0\1" + b"tpf"],
        Command.READ_NEWEST_ADDRESS: [bytes(70)],
        Command.READ_CARD_SERIAL: [bytes(28)],
    }
    own = forms.get(command, [b""])
    good = Status.CARD_FOUND if command is Command.FIND_CARD else Status.OK
    for other in Command:
        for data in forms.get(other, [b""]):
            status = Status.CARD_FOUND if other is Command.FIND_CARD else Status.OK
            (event,) = _heard(reply(status, data))
            assert may_answer(command, event) == (data in own and status is good), other


def _heard(raw: bytes) -> list[Reply]:
    return [event for event in ReplyReceiver().receive(raw) if isinstance(event, Reply)]


def test_a_silent_reader_is_asked_twice_and_no_more() -> None:
    """The time of two answers and the silence between them, then the one error."""
    asked: list[bytes] = []

    def nothing(request: Request) -> bytes:
        asked.append(request.command)
        return b""

    line = ScriptedLine(nothing)
    with pytest.raises(DeviceSilent):
        Exchange(line, line.clock).ask(Command.FIND_CARD)
    assert len(asked) == 2
    assert line.now < 1.5


@pytest.mark.parametrize("status", list(Status))
def test_every_status_of_a_read_ends_as_one_named_outcome(status: Status) -> None:
    """Nothing a reader can say makes a read hang or raise."""
    table = answers() | {Command.READ_TEXT_PHOTO.value: reply(status)}
    line = ScriptedLine(by_table(table))
    outcome = IdReader(line, AT_ONCE, clock=line.clock).read(line.now + 1)
    assert isinstance(outcome, ReadFailure)
    assert outcome.problem in _WORDS.get(status, {CardProblem.CARD_UNREADABLE})
    assert CARD.name not in outcome.detail


_AUTHENTICATION = {CardProblem.AUTHENTICATION_FAILED}
_READER = {CardProblem.READER_FAILED}
_WORDS = {
    **dict.fromkeys((Status(code) for code in (0x31, 0x32, 0x33, 0x37, 0x47)), _AUTHENTICATION),
    **dict.fromkeys((Status(code) for code in (0x10, 0x11, 0x21, 0x60, 0x66)), _READER),
    **dict.fromkeys((Status.OK, Status.NO_CONTENT, Status.CARD_FOUND), _READER),
    Status.WRONG_CARD_TYPE: {CardProblem.CARD_UNSUPPORTED},
}


@pytest.mark.parametrize("status", [0x41, 0x10, 0x21, None])
def test_a_newest_address_that_cannot_be_read_costs_only_itself(status: int | None) -> None:
    """The person is there; that nobody could ask for the address is told."""
    silent = b"" if status is None else reply(status)
    line = ScriptedLine(by_table(answers() | {Command.READ_NEWEST_ADDRESS.value: silent}))
    outcome = IdReader(line, AT_ONCE, clock=line.clock).read(line.now + 9)
    assert isinstance(outcome, CardReading)
    assert outcome.newest_address is None


@pytest.mark.parametrize(
    ("answer", "by_default", "where_it_proves_nothing"),
    [
        (reply(Status.OK, bytes(70)), True, True),
        (reply(Status.NO_CONTENT), True, False),
        (reply(Status.READ_FAILED), False, False),
        (b"", False, False),
    ],
    ids=["address", "no content", "failed", "silent"],
)
def test_presence_is_what_the_newest_address_tells(
    answer: bytes, by_default: bool, where_it_proves_nothing: bool
) -> None:
    """That "no content" proves a card is an assumption, so it can be turned off."""
    table = answers() | {
        Command.READ_NEWEST_ADDRESS.value: answer,
        Command.FIND_CARD.value: reply(Status.NO_CARD),
    }
    for proves, expected in ((True, by_default), (False, where_it_proves_nothing)):
        line = ScriptedLine(by_table(table))
        options = ReaderOptions(no_content_is_present=proves)
        assert IdReader(line, options, clock=line.clock).card_present() is expected
        assert line.now < 3


def test_a_reader_that_dies_while_a_card_is_watched_is_noticed_in_time() -> None:
    """Silence about the card is no proof that it is gone: the reader itself is asked."""
    line = ScriptedLine(lambda _: b"")
    with pytest.raises(DeviceSilent):
        IdReader(line, clock=line.clock).card_present()
    assert line.now < 2.6


def test_a_latched_card_is_read_after_a_reset_where_that_is_allowed() -> None:
    """Find, reset, find again: the card is as if it had just been put down."""
    table, reset = answers(), []

    def answer(request: Request) -> bytes:
        reset.append(request.command == Command.RESET.value)
        if request.command == Command.FIND_CARD.value and not any(reset):
            return reply(Status.NO_CARD)
        return table[request.command]

    line = ScriptedLine(answer)
    options = ReaderOptions(poll_s=0, latched=Latched.RESET)
    assert isinstance(IdReader(line, options, clock=line.clock).read(1), CardReading)
    assert sum(reset) == 1


def test_a_reset_that_finds_nothing_is_done_once() -> None:
    """An empty reader is not reset again and again while it waits."""
    table = answers() | {
        Command.FIND_CARD.value: reply(Status.NO_CARD),
        Command.READ_NEWEST_ADDRESS.value: reply(Status.READ_FAILED),
        Command.SELECT_CARD.value: reply(Status.SELECT_FAILED),
    }
    asked: list[bytes] = []

    def answer(request: Request) -> bytes:
        asked.append(request.command)
        return table[request.command]

    line = ScriptedLine(answer)
    options = ReaderOptions(poll_s=0, latched=Latched.RESET)
    outcome = IdReader(line, options, clock=line.clock).read(0.2)
    assert outcome == ReadFailure(problem=CardProblem.NO_CARD)
    assert asked.count(Command.RESET.value) == 1


def test_a_card_that_is_not_found_may_still_be_selected_by_hand() -> None:
    """One attempt where it is allowed; citizens' readers wait for a card that is put down."""
    table = answers() | {
        Command.FIND_CARD.value: reply(Status.NO_CARD),
        Command.READ_NEWEST_ADDRESS.value: reply(Status.READ_FAILED),
    }
    for latched, kind in ((Latched.READ, CardReading), (Latched.LIFT, ReadFailure)):
        line = ScriptedLine(by_table(table))
        options = ReaderOptions(poll_s=0, latched=latched)
        assert isinstance(IdReader(line, options, clock=line.clock).read(0.1), kind)


def test_a_reader_that_refuses_its_setting_is_failed() -> None:
    """A wrong option is told when the reader is opened, not when a citizen stands there."""
    line = ScriptedLine(by_table(answers()))
    with pytest.raises(DeviceFailed, match="SET_MAX_RF_FRAME"):
        IdReader(line, ReaderOptions(max_rf_frame=80), clock=line.clock).identify()


@given(st.lists(st.binary(max_size=60) | st.sampled_from(list(answers().values())), max_size=30))
def test_whatever_is_answered_ends_in_a_named_outcome(told: list[bytes]) -> None:
    """Any bytes, framed or not, in any order."""
    left = iter([*told, *(frame(piece) for piece in told)])
    line = ScriptedLine(lambda _: next(left, b""))
    reader = IdReader(line, AT_ONCE, clock=line.clock)
    with contextlib.suppress(DeviceSilent, DeviceGarbled, DeviceFailed):
        reader.identify()
    assert isinstance(reader.read(line.now + 0.5), CardReading | ReadFailure)
    with contextlib.suppress(DeviceError):
        reader.card_present()
