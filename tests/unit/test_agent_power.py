"""When a terminal shuts down for want of power."""

from __future__ import annotations

from pathlib import Path

import pytest

from kiosk.agent import events
from kiosk.agent.power import GRACE_S, Outage, Rules, shut_down

RULES = Rules(battery_s=300.0)


def test_mains_never_shut_down() -> None:
    """Neither with mains nor where nobody knows."""
    outage = Outage(RULES)
    for word in ("onLine", "unknown", "", "onLine"):
        assert outage.told(word, 0.0, visits=0) is None
        assert not outage.due(1e9, visits=0)


def test_an_outage_is_told_once_at_each_end() -> None:
    """Lost, and back; a word that is not known between them is neither."""
    outage = Outage(RULES)
    assert outage.told("onBattery", 1.0, visits=0) is events.POWER_LOST
    for word in ("", "unknown", "lowBattery", ""):
        assert outage.told(word, 2.0, visits=0) is None
    assert outage.told("onLine", 3.0, visits=0) is events.POWER_BACK
    assert outage.told("", 3.5, visits=0) is None
    assert outage.told("onBattery", 4.0, visits=0) is events.POWER_LOST


def test_on_battery_it_waits_for_the_last_visit_and_then_some() -> None:
    """The time counts from the end of the last visit."""
    outage = Outage(RULES)
    outage.told("onBattery", 0.0, visits=1)
    assert not outage.due(400.0, visits=1)
    outage.told("onBattery", 400.0, visits=1)
    outage.told("onBattery", 402.0, visits=0)
    assert not outage.due(600.0, visits=0)
    assert outage.due(700.0, visits=0)
    assert not outage.due(702.0, visits=0), "only once an outage"


def test_a_nearly_empty_battery_waits_for_a_visit_but_not_for_ever() -> None:
    """What was handed over gets its answer and its slip."""
    outage = Outage(RULES)
    outage.told("onBattery", 0.0, visits=1)
    outage.told("lowBattery", 10.0, visits=1)
    assert not outage.due(11.0, visits=1)
    assert outage.due(10.0 + GRACE_S, visits=1)
    outage.told("onLine", 100.0, visits=0)
    outage.told("lowBattery", 110.0, visits=0)
    assert outage.due(110.0, visits=0)


def test_a_silent_service_does_not_stretch_the_grace() -> None:
    """The battery goes on emptying while nobody answers for a look."""
    outage = Outage(RULES)
    outage.told("lowBattery", 0.0, visits=1)
    for second in range(2, int(GRACE_S), 2):
        outage.told("" if second % 30 == 0 else "lowBattery", float(second), visits=1)
        assert not outage.due(float(second), visits=1)
    outage.told("", GRACE_S, visits=1)
    assert outage.due(GRACE_S, visits=1)


@pytest.mark.parametrize("command", [[], ["/nowhere/poweroff"], ["false"]])
def test_a_command_that_fails_is_borne(command: list[str]) -> None:
    """There is nobody to tell; the next outage asks again."""
    shut_down(command)


def test_the_command_is_run(tmp_path: Path) -> None:
    """Program and arguments, without a shell."""
    shut_down(["touch", str(tmp_path / "a b")])
    assert (tmp_path / "a b").exists()
