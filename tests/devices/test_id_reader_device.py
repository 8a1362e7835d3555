"""The ID reader over a real pseudo-terminal: what it reads, and what every trouble becomes."""

from __future__ import annotations

import dataclasses
import datetime as dt
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from drivers.errors import DeviceFailed, DeviceSilent, TransportLost
from drivers.id_reader.device import IdReader, Latched, ReaderOptions
from drivers.id_reader.outcomes import CardProblem, CardReading, Progress, ReadFailure
from drivers.simulated.reader import PHOTO_TAG, SimulatedReader
from drivers.transport import Transport
from tests.devices.people import CARD, OTHER_KINDS
from tests.waiting import until

POLL_S = 0.02
FAST = ReaderOptions(poll_s=POLL_S)
"""Polls faster than hardware would like."""


@pytest.fixture
def simulated(tmp_path: Path) -> Iterator[SimulatedReader]:
    """A reader with nothing on it."""
    reader = SimulatedReader(tmp_path / "id-reader")
    yield reader
    reader.close()


@pytest.fixture
def transport(simulated: SimulatedReader) -> Iterator[Transport]:
    """The open line to that reader."""
    with Transport.open(str(simulated.port.link)) as line:
        yield line


@pytest.fixture
def device(transport: Transport) -> IdReader:
    """The driver of that reader, polling faster than hardware would like."""
    return IdReader(transport, FAST)


def soon(seconds: float = 5.0) -> float:
    """Return the instant `seconds` from now."""
    return time.monotonic() + seconds


def test_the_reader_tells_its_serial(device: IdReader) -> None:
    """Self-test and id are asked, the id is printed in its usual form."""
    assert device.identify().sam_id == "05.01-20240199-0000000001-0000000002"


def test_a_card_is_read(simulated: SimulatedReader, device: IdReader) -> None:
    """Text and photo come back whole, and the caller hears when the card was found."""
    simulated.put(CARD)
    told: list[Progress] = []
    reading = device.read(soon(), on_progress=told.append)
    assert isinstance(reading, CardReading)
    assert reading.card == CARD
    assert reading.photo.startswith(PHOTO_TAG)
    assert len(reading.photo) == 1024
    assert told == [Progress.CARD_FOUND]


def test_an_expired_card_is_read_too(simulated: SimulatedReader, device: IdReader) -> None:
    """Whether a card is still good is judged above this layer."""
    simulated.put(dataclasses.replace(CARD, valid_to=dt.date(2021, 1, 1)))
    assert isinstance(device.read(soon()), CardReading)


def test_no_card_ends_at_the_deadline(device: IdReader) -> None:
    """Nothing was put down: the read ends in time and says so."""
    assert device.read(soon(0.2)) == ReadFailure(problem=CardProblem.NO_CARD)


def test_a_card_put_down_while_waiting_is_read(
    simulated: SimulatedReader, device: IdReader
) -> None:
    """The wait ends when the card comes."""
    timer = threading.Timer(0.1, simulated.put, [CARD])
    timer.start()
    assert isinstance(device.read(soon()), CardReading)


def test_a_cancel_ends_the_wait(device: IdReader) -> None:
    """The caller does not wait for the deadline."""
    cancelled = threading.Event()
    threading.Timer(0.1, cancelled.set).start()
    failure = device.read(soon(30), cancelled=cancelled)
    assert failure == ReadFailure(problem=CardProblem.CANCELLED)


def test_a_card_lifted_too_early_is_said_to_be_removed(
    simulated: SimulatedReader, device: IdReader
) -> None:
    """The read fails and the card is gone: the citizen must put it down again."""
    simulated.put(CARD)
    simulated.faults.add({"fail_during": "lift"})
    failure = device.read(soon())
    assert isinstance(failure, ReadFailure)
    assert failure.problem is CardProblem.CARD_REMOVED


@pytest.mark.parametrize(
    "fault", ["checksum", "truncated", "foreign", "garbage", "extra-aa", "split", "status:10"]
)
def test_one_broken_answer_is_asked_again(
    simulated: SimulatedReader, device: IdReader, fault: str
) -> None:
    """Line noise costs time, never the visit."""
    simulated.put(CARD)
    simulated.faults.add({"fail_during": fault})
    reading = device.read(soon())
    assert isinstance(reading, CardReading)
    assert reading.card == CARD


def test_one_silence_is_asked_again(simulated: SimulatedReader, device: IdReader) -> None:
    """An answer that never came is asked for once more."""
    simulated.put(CARD)
    simulated.faults.add({"fail_next": "silence"})
    assert isinstance(device.read(soon()), CardReading)


@pytest.mark.parametrize("fault", ["checksum", "foreign"])
def test_garble_again_and_again_is_a_failed_reader(
    simulated: SimulatedReader, device: IdReader, fault: str
) -> None:
    """Two broken answers in a row are the reader's fault, and the first words are kept."""
    simulated.put(CARD)
    simulated.faults.add({"fail_next": fault, "times": 4})
    failure = device.read(soon())
    assert isinstance(failure, ReadFailure)
    assert failure.problem is CardProblem.READER_FAILED
    assert "FIND_CARD" in failure.detail


@pytest.mark.parametrize("status", ["41", "31", "32", "24", "77"])
def test_a_card_that_fails_once_is_tried_again_where_it_lies(
    simulated: SimulatedReader, device: IdReader, status: str
) -> None:
    """A latched reader says "no card" after a failed read; the card is selected once more."""
    simulated.put(CARD)
    simulated.faults.add({"fail_during": f"status:{status}"})
    assert isinstance(device.read(soon()), CardReading)


@pytest.mark.parametrize(
    ("status", "problem"),
    [
        ("41", CardProblem.CARD_UNREADABLE),
        ("31", CardProblem.AUTHENTICATION_FAILED),
        ("33", CardProblem.AUTHENTICATION_FAILED),
        ("40", CardProblem.CARD_UNSUPPORTED),
        ("66", CardProblem.READER_FAILED),
        ("21", CardProblem.READER_FAILED),
    ],
)
def test_a_lasting_failure_has_its_name(
    simulated: SimulatedReader, device: IdReader, status: str, problem: CardProblem
) -> None:
    """Each status of the reader ends as one of the closed set of problems."""
    simulated.put(CARD)
    simulated.faults.add({"fail_during": f"status:{status}", "times": 4})
    failure = device.read(soon())
    assert isinstance(failure, ReadFailure)
    assert failure.problem is problem


def test_another_kind_of_card_is_not_supported(
    simulated: SimulatedReader, device: IdReader
) -> None:
    """A permit is told apart from a card that cannot be read."""
    simulated.put(OTHER_KINDS[-1])
    failure = device.read(soon())
    assert isinstance(failure, ReadFailure)
    assert failure.problem is CardProblem.CARD_UNSUPPORTED


def test_presence_is_known_until_the_card_is_lifted(
    simulated: SimulatedReader, device: IdReader
) -> None:
    """The latch does not hide the card: the newest-address command tells."""
    simulated.put(CARD)
    device.read(soon())
    assert device.card_present()
    simulated.lift()
    assert not device.card_present()


def test_the_card_of_the_one_before_is_not_read_again(
    simulated: SimulatedReader, device: IdReader
) -> None:
    """A card left lying is not the next citizen's: it must be lifted and put down again."""
    simulated.put(CARD)
    device.read(soon())
    told: list[Progress] = []
    assert device.read(soon(0.2), on_progress=told.append) == ReadFailure(
        problem=CardProblem.NO_CARD
    )
    assert told == [Progress.LIFT_FIRST]
    simulated.lift()
    simulated.put(CARD)
    assert isinstance(device.read(soon()), CardReading)


def test_the_card_of_the_one_before_is_told_to_be_gone(
    simulated: SimulatedReader, device: IdReader
) -> None:
    """Who took it away hears so at once, not only when the next card is put down."""
    simulated.put(CARD)
    device.read(soon())
    told: list[Progress] = []

    def lift(progress: Progress) -> None:
        told.append(progress)
        simulated.lift()

    device.read(soon(0.5), on_progress=lift)
    assert told == [Progress.LIFT_FIRST, Progress.LIFTED]


def test_a_card_left_lying_can_be_read_where_that_is_allowed(
    simulated: SimulatedReader, transport: Transport
) -> None:
    """A reader at a staffed desk may read it where it lies."""
    device = IdReader(transport, dataclasses.replace(FAST, latched=Latched.READ))
    simulated.put(CARD)
    assert isinstance(device.read(soon()), CardReading)
    assert isinstance(device.read(soon()), CardReading)


def test_a_reader_without_latch_reads_again(tmp_path: Path) -> None:
    """Some readers find the same card every time."""
    simulated = SimulatedReader(tmp_path / "r", latch=False)
    with Transport.open(str(simulated.port.link)) as line:
        device = IdReader(line, FAST)
        simulated.put(CARD)
        assert isinstance(device.read(soon()), CardReading)
        assert isinstance(device.read(soon()), CardReading)
    simulated.close()


@pytest.mark.parametrize("count", [0, 1, 5, 6, 700, 1294])
def test_the_plug_pulled_at_any_byte_is_a_lost_transport(
    simulated: SimulatedReader, device: IdReader, count: int
) -> None:
    """Whatever had come is dropped; the port must be opened again."""
    simulated.put(CARD)
    simulated.faults.add({"fail_during": f"unplug:{count}"})
    with pytest.raises(TransportLost):
        device.read(soon())


def test_the_plug_put_in_again_works_at_once(simulated: SimulatedReader, device: IdReader) -> None:
    """A new line behind the same link, the card still on it."""
    simulated.put(CARD)
    simulated.port.unplug()
    with pytest.raises(TransportLost):
        device.read(soon())
    with pytest.raises(TransportLost):
        Transport.open(str(simulated.port.link))
    simulated.port.replug()
    with Transport.open(str(simulated.port.link)) as line:
        assert isinstance(IdReader(line, FAST).read(soon()), CardReading)


@pytest.mark.parametrize("status", ["60", "66"])
def test_a_reader_that_says_it_is_broken_is_not_identified(
    simulated: SimulatedReader, device: IdReader, status: str
) -> None:
    """Failed self-test and missing authorisation are for staff, once a reset did not help."""
    simulated.faults.add({"fail_next": f"status:{status}", "times": 3})
    with pytest.raises(DeviceFailed):
        device.identify()


def test_a_reset_is_tried_before_a_reader_counts_as_broken(
    simulated: SimulatedReader, device: IdReader
) -> None:
    """A failed self-test that a reset mends costs nobody a walk."""
    simulated.faults.add({"fail_next": "status:60"})
    assert device.identify().sam_id


def test_a_reader_that_is_still_starting_is_waited_for(
    simulated: SimulatedReader, device: IdReader
) -> None:
    """Three tries of two questions: a module needs seconds after power-on."""
    simulated.faults.add({"fail_next": "silence", "times": 3})
    assert device.identify().sam_id


def test_a_reader_that_never_answers_is_silent(
    simulated: SimulatedReader, device: IdReader, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After its tries the reader counts as silent, which is another thing than a lost port."""
    monkeypatch.setattr("drivers.id_reader.device.WAKE_TRIES", 1)
    simulated.faults.add({"fail_next": "silence", "times": 2})
    with pytest.raises(DeviceSilent):
        device.identify()


def test_one_line_has_one_owner(simulated: SimulatedReader, transport: Transport) -> None:
    """A second process that opens the port is refused instead of stealing bytes."""
    with pytest.raises(TransportLost):
        Transport.open(str(simulated.port.link))


def test_a_wire_paced_read_takes_its_time(tmp_path: Path) -> None:
    """1295 bytes at 115200 baud take at least 112 ms, and lifting the card meanwhile is noticed."""
    simulated = SimulatedReader(tmp_path / "r", 115200)
    simulated.put(CARD)
    with Transport.open(str(simulated.port.link)) as line:
        device = IdReader(line, FAST)
        started = time.monotonic()
        assert isinstance(device.read(soon()), CardReading)
        assert time.monotonic() - started >= 0.112
        simulated.lift()
        simulated.put(CARD)
        told: list[Progress] = []

        def lift_once_found() -> None:
            until(lambda: told)
            simulated.lift()

        threading.Thread(target=lift_once_found, daemon=True).start()
        failure = device.read(soon(), on_progress=told.append)
        assert isinstance(failure, ReadFailure)
        assert failure.problem is CardProblem.CARD_REMOVED
    simulated.close()
