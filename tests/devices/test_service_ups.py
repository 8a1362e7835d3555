"""The adapter of a UPS: what it knew of the power does not outlive the line it came by."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from unittest.mock import Mock

import pytest

from drivers.service.adapters.ups import UpsAdapter
from drivers.simulated.ups import SimulatedUps
from tests.devices.cabinet_bench import surroundings


@pytest.fixture
def ups(tmp_path: Path) -> Iterator[SimulatedUps]:
    """Lend a UPS that speaks Megatec."""
    ups = SimulatedUps(surroundings(tmp_path / "ups"))
    yield ups
    ups.close()


def power(adapter: UpsAdapter) -> object:
    """Return what the adapter says of the power."""
    told = adapter.state().status["xUps"]
    assert isinstance(told, dict)
    return told["power"]


def look(adapter: UpsAdapter, times: int = 3) -> list[str]:
    """Let the adapter look; return the events it sent."""
    emit = Mock()
    for _ in range(times):
        adapter.poll(emit)
    return [call.args[1]["power"] for call in emit.call_args_list]


def test_what_was_known_before_the_line_broke_is_forgotten(
    ups: SimulatedUps, tmp_path: Path
) -> None:
    """Mains that were lost before a plug was pulled say nothing of the mains after it."""
    adapter = UpsAdapter(str(tmp_path / "ups"), {})
    adapter.open()
    ups.control({"power": "lost"})
    assert look(adapter) == ["onBattery"]
    adapter.close()
    ups.control({"power": "back"})
    adapter.open()
    assert power(adapter) == "unknown"
    assert look(adapter, 2) == []
    assert power(adapter) == "unknown"
    assert look(adapter, 1) == ["onLine"]
    adapter.close()
