"""The adapter of a UPS: what it knew of the power does not outlive the line it came by."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from unittest.mock import Mock

import pytest

from drivers.errors import DeviceSilent
from drivers.service.adapters.ups import UpsAdapter
from drivers.service.envelope import CompletionCode, Outcome
from drivers.simulated import ups as simulated_ups
from drivers.simulated.ups import SimulatedUps
from drivers.ups import device
from tests.devices.cabinet_bench import surroundings
from tests.devices.service_schema import check
from tests.waiting import until


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


def own(adapter: UpsAdapter) -> dict[str, object]:
    """Return what the adapter says in words of our own."""
    told = adapter.state().status["xUps"]
    assert isinstance(told, dict)
    check("XUps.status", told)
    return told


def tried(adapter: UpsAdapter, cancelled: threading.Event | None = None) -> Outcome:
    """Have the battery tried."""
    return adapter.run("XUps.Test", {}, Mock(), cancelled or threading.Event())


@pytest.fixture
def adapter(
    ups: SimulatedUps, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[UpsAdapter]:
    """Lend its adapter, which knows that there are mains."""
    monkeypatch.setattr(device, "TEST_LOOK_S", 0.01)
    monkeypatch.setattr(device, "BEGIN_S", 0.3)
    made = UpsAdapter(str(tmp_path / "ups"), {})
    made.open()
    look(made)
    yield made
    made.close()


def test_staff_can_have_the_battery_tried(ups: SimulatedUps, adapter: UpsAdapter) -> None:
    """A good one passes, an old one gets low; the power that was known stays known."""
    assert own(adapter)["selfTest"] is True
    done = tried(adapter)
    assert (done.code, done.payload) == (CompletionCode.SUCCESS, {"result": "passed"})
    check("XUps.Test.completion", done.payload)
    ups.control({"charge": 60})
    ups.control({"drain": 15})
    assert tried(adapter).payload == {"result": "weak"}
    ups.control({"drain": 0})
    assert power(adapter) == "onLine"


@pytest.mark.parametrize("begins", [{"power": "lost"}, {"charge": 10}])
def test_a_battery_that_is_needed_or_low_is_not_tried(
    ups: SimulatedUps, adapter: UpsAdapter, begins: dict[str, object]
) -> None:
    """It would cut the terminal off."""
    ups.control(begins)
    look(adapter)
    assert tried(adapter).payload == {"errorCode": "notNow"}
    assert ups.state()["testing"] is False


def test_a_test_ends_with_whoever_wanted_it(ups: SimulatedUps, adapter: UpsAdapter) -> None:
    """Given up: the load is back on mains.  Mains that go meanwhile are no test any more."""
    given_up = threading.Event()
    given_up.set()
    assert tried(adapter, given_up).code is CompletionCode.CANCELED
    until(lambda: ups.state()["testing"] is False)
    ups.control({"power": "lost"})
    assert tried(adapter).payload == {"result": "interrupted"}


@pytest.mark.parametrize(("ails", "end"), [({"charge": 10}, "weak"), ({"broken": True}, "failed")])
def test_a_battery_that_does_not_hold_is_put_back_on_mains(
    ups: SimulatedUps, adapter: UpsAdapter, ails: dict[str, object], end: str
) -> None:
    """The test is ended at once, not left to run until the battery is empty."""
    ups.control(ails)
    assert tried(adapter).payload == {"result": end}
    until(lambda: ups.state()["testing"] is False)


def test_a_test_that_never_ends_did_not_pass(
    ups: SimulatedUps, adapter: UpsAdapter, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The UPS never said that the battery held: it has a word of its own, and is ended."""
    monkeypatch.setattr(simulated_ups, "TEST_LOOKS", 10**6)
    monkeypatch.setattr(device, "TEST_S", 0.3)
    done = tried(adapter)
    assert done.payload == {"result": "unfinished"}
    check("XUps.Test.completion", done.payload)
    until(lambda: ups.state()["testing"] is False)


def test_a_test_that_nobody_hears_of_any_more_is_ended(
    ups: SimulatedUps, adapter: UpsAdapter, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A line that falls silent meanwhile may still carry the order to stop."""
    monkeypatch.setattr(simulated_ups, "TEST_LOOKS", 10**6)
    monkeypatch.setattr(device, "ANSWER_S", 0.1)
    ups.control({"fail_next": "silence", "times": 9})
    with pytest.raises(DeviceSilent):
        tried(adapter)
    until(lambda: ups.state()["testing"] is False)


def test_a_ups_that_knows_no_test_says_so(
    ups: SimulatedUps, adapter: UpsAdapter, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It sends the order back, or nothing; behind NUT there is none to ask."""
    monkeypatch.setattr(SimulatedUps, "_megatec", _echoes_tests(SimulatedUps._megatec))
    assert tried(adapter).payload == {"errorCode": "notOffered"}
    assert ups.state()["testing"] is False
    assert device.NutUps(Mock(), Mock()).test(threading.Event()) is device.TestEnd.NOT_OFFERED


def _echoes_tests(real: Callable[..., str]) -> Callable[..., str]:
    """Return answers of a UPS that does not know ``T``."""

    def answer(self: SimulatedUps, question: str, glitch: bool) -> str:
        return question if question in {"T", "CT"} else real(self, question, glitch)

    return answer
