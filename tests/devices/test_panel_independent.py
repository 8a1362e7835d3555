"""Our Modbus against two that are not ours: a master asks our board, a library writes our frames.

Both are for this test alone, which is skipped without them.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from drivers.panel.modbus import (
    Bits,
    Done,
    Receiver,
    Refused,
    Request,
    read_coils,
    read_inputs,
    write_coil,
    write_coils,
)
from drivers.simulated.panel import SimulatedBoard
from tests.devices.cabinet_bench import surroundings

BITS = [True, False, True, True, False, False, True, False, True, True]


@pytest.fixture
def board(tmp_path: Path) -> Iterator[SimulatedBoard]:
    """Lend a simulated board."""
    made = SimulatedBoard(surroundings(tmp_path / "panel"))
    yield made
    made.close()


def test_another_master_reads_our_board(board: SimulatedBoard) -> None:
    """Contacts, coils, one coil, and a refusal, by minimalmodbus."""
    modbus: Any = pytest.importorskip("minimalmodbus", reason="modbus: minimalmodbus is missing")
    master = modbus.Instrument(str(board.port.link), 1)
    master.serial.timeout = 1.0
    board.control({"sensor": "cabinetFrontDoor", "word": "open"})
    assert master.read_bits(0, 8, functioncode=2) == [0, 1, 1, 0, 0, 0, 0, 1]
    master.write_bits(0, [1, 0, 1, 0, 0, 0, 0, 0])
    master.write_bit(1, 1)
    assert master.read_bits(0, 8, functioncode=1) == [1, 1, 1, 0, 0, 0, 0, 0]
    with pytest.raises(modbus.IllegalRequestError):
        master.read_bits(4, 8, functioncode=2)


def frames() -> tuple[Any, Any]:
    """Return pymodbus's messages and its frame for serial lines."""
    messages = pytest.importorskip("pymodbus.pdu.bit_message", reason="modbus: pymodbus is missing")
    framer = pytest.importorskip("pymodbus.framer")
    decoder = pytest.importorskip("pymodbus.pdu").DecodePDU(is_server=False)
    return messages, framer.FramerRTU(decoder)


def test_our_questions_are_those_of_another_library() -> None:
    """Byte for byte, check sums included."""
    messages, framer = frames()
    theirs_and_ours: list[tuple[Any, Request]] = [
        (
            messages.ReadDiscreteInputsRequest(dev_id=17, address=196, count=22),
            read_inputs(17, 196, 22),
        ),
        (messages.ReadCoilsRequest(dev_id=1, address=19, count=19), read_coils(1, 19, 19)),
        (
            messages.WriteSingleCoilRequest(dev_id=1, address=172, bits=[True]),
            write_coil(1, 172, on=True),
        ),
        (
            messages.WriteMultipleCoilsRequest(dev_id=247, address=19, bits=list(BITS)),
            write_coils(247, 19, BITS),
        ),
    ]
    for theirs, ours in theirs_and_ours:
        assert framer.buildFrame(theirs) == ours.frame()


def test_we_understand_the_answers_of_another_library() -> None:
    """Bits, an order done, a refusal."""
    messages, framer = frames()
    refusals = pytest.importorskip("pymodbus.pdu")
    inputs, order = read_inputs(1, 0, 10), write_coils(1, 3, BITS)
    bits = framer.buildFrame(messages.ReadDiscreteInputsResponse(dev_id=1, bits=list(BITS)))
    assert Receiver(inputs).receive(bits) == Bits(bits=tuple(BITS))
    done = framer.buildFrame(messages.WriteMultipleCoilsResponse(dev_id=1, address=3, count=10))
    assert Receiver(order).receive(done) == Done()
    refused = framer.buildFrame(refusals.ExceptionResponse(0x02, exception_code=2, device_id=1))
    assert isinstance(Receiver(inputs).receive(refused), Refused)
