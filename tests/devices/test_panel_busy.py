"""A board that says it is busy, for a moment or for ever: what is told of doors and lights."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from threading import Event
from unittest.mock import Mock

import pytest

from drivers.errors import DeviceSilent
from drivers.panel import board_profile
from drivers.panel.board import Board
from drivers.service.adapters.panel import PanelAdapter
from drivers.service.envelope import CompletionCode, Outcome
from drivers.simulated.panel import SimulatedBoard
from drivers.transport import Transport
from tests.devices.cabinet_bench import surroundings

CABINET = board_profile.load("cabinet-8")
BUSY = ("status:5", "status:6")
"""Exceptions 5 (acknowledge) and 6 (busy) of the application protocol."""


@pytest.fixture(autouse=True)
def _soon(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave a busy board alone for an instant only."""
    monkeypatch.setattr("drivers.panel.board.BUSY_S", 0.01)


@pytest.fixture
def simulated_board(tmp_path: Path) -> Iterator[SimulatedBoard]:
    """Lend a board."""
    board = SimulatedBoard(surroundings(tmp_path / "panel"))
    yield board
    board.close()


@pytest.mark.parametrize("fault", BUSY)
def test_a_busy_board_is_asked_later(simulated_board: SimulatedBoard, fault: str) -> None:
    """It says neither yes nor no; lamps it did not switch are switched when asked again."""
    lit = tuple(number == 0 for number in range(8))
    with Transport.open(str(simulated_board.port.link)) as transport:
        board = Board(transport, CABINET)
        simulated_board.control({"fail_next": fault, "times": 2})
        assert board.look() is None
        assert not board.switch(lit)
        assert simulated_board.lit()["cardReader"] == []
        assert board.switch(lit)
        assert simulated_board.lit()["cardReader"] == ["green"]


@pytest.fixture
def panel(simulated_board: SimulatedBoard) -> Iterator[PanelAdapter]:
    """Lend the adapter of a board that has told its doors as closed."""
    adapter = PanelAdapter(str(simulated_board.port.link), {})
    adapter.open()
    assert sensors(adapter)["cabinetFrontDoor"] == "closed"
    yield adapter
    adapter.close()


def sensors(panel: PanelAdapter) -> Mapping[str, object]:
    """Return what an adapter says of its sensors."""
    told = panel.state().status["auxiliaries"]
    assert isinstance(told, dict)
    return told


def lights(panel: PanelAdapter) -> Mapping[str, object]:
    """Return what an adapter says of its lights."""
    told = panel.state().status["lights"]
    assert isinstance(told, dict)
    return told


def set_light(panel: PanelAdapter) -> Outcome:
    """Ask for a light."""
    order = {"scanner": {"default": {"flashRate": "continuous"}}}
    return panel.run("Lights.SetLight", order, Mock(), Event())


@pytest.mark.parametrize("fault", BUSY)
def test_a_board_that_is_busy_for_ever(
    panel: PanelAdapter, simulated_board: SimulatedBoard, fault: str
) -> None:
    """Is silent: a door that nobody has seen for three looks is not told as closed."""
    simulated_board.control({"sensor": "cabinetFrontDoor", "word": "open"})
    simulated_board.control({"fail_next": fault, "times": 1000})
    panel.poll(Mock())
    panel.poll(Mock())
    with pytest.raises(DeviceSilent, match="busy"):
        panel.poll(Mock())
    panel.close()
    assert sensors(panel) == {}
    with pytest.raises(DeviceSilent, match="busy"):
        panel.open()
    assert sensors(panel) == {}
    panel.close()
    simulated_board.control({"fault": None})
    panel.open()
    assert sensors(panel)["cabinetFrontDoor"] == "open"


def test_a_board_that_is_busy_for_a_moment(
    panel: PanelAdapter, simulated_board: SimulatedBoard
) -> None:
    """Is waited for, by a light too: it is lit when the command ends; nothing is counted twice."""
    for _ in range(2):
        simulated_board.control({"fail_next": "status:6", "times": 2})
        panel.poll(Mock())
        panel.poll(Mock())
        panel.poll(Mock())
    simulated_board.control({"fail_next": "status:5", "times": 2})
    assert set_light(panel).code is CompletionCode.SUCCESS
    assert simulated_board.lit()["scanner"] == ["green"]
    assert lights(panel)["scanner"] == {"default": {"flashRate": "continuous", "color": "green"}}


@pytest.mark.parametrize("fault", [*BUSY, "silence"])
def test_a_light_that_is_not_switched(
    panel: PanelAdapter,
    simulated_board: SimulatedBoard,
    monkeypatch: pytest.MonkeyPatch,
    fault: str,
) -> None:
    """Is an error of the command, and is not told as lit."""
    with monkeypatch.context() as impatient:
        impatient.setattr("drivers.panel.board.ANSWER_S", 0.1)
        simulated_board.control({"fail_next": fault, "times": 1000})
        with pytest.raises(DeviceSilent) as caught:
            set_light(panel)
    assert panel.failed("Lights.SetLight", caught.value).payload == {"errorCode": "lightError"}
    assert lights(panel)["scanner"] == {"default": {"flashRate": "off", "color": "green"}}
    simulated_board.control({"fault": None})
    panel.poll(Mock())
    assert simulated_board.lit()["scanner"] == []
