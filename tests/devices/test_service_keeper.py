"""One device kept open, or tried again: the back-off, the ladder, the words."""

from __future__ import annotations

import pytest

from drivers.errors import (
    DeviceError,
    DeviceFailed,
    DeviceGarbled,
    DeviceSilent,
    TransportLost,
    TransportStalled,
)
from drivers.service.adapter import State, no_device_outcome, word_for
from drivers.service.envelope import Payload
from drivers.service.interfaces.common import DeviceWord
from drivers.service.keeper import BACK_OFF_S, LADDER, DeviceKeeper, Step, rungs_of
from tests.devices.echo_adapter import EchoAdapter


class Flaky(EchoAdapter):
    """Opens only when told to."""

    fails: DeviceError | None = None
    heals = False

    def open(self) -> None:
        """Fail with the present error."""
        if self.fails is not None:
            raise self.fails

    def reset(self) -> None:
        """Heal when told to."""
        if self.heals:
            self.fails = None


def test_the_back_off_and_the_first_message() -> None:
    """Waits grow to a ceiling, the first trouble is the one that is told, success forgets both."""
    now = 0.0
    adapter = Flaky("", {})
    keeper = DeviceKeeper(adapter, clock=lambda: now)
    assert keeper.state() == State(word=DeviceWord.STARTING, status=adapter.lost())
    adapter.fails = TransportLost("the first")
    waits = []
    for _ in range(len(BACK_OFF_S) + 2):
        assert not keeper.try_open()
        waits.append(keeper.wait_s())
        now += keeper.wait_s()
        assert keeper.due()
        adapter.fails = DeviceFailed("a later one")
    assert waits == [*BACK_OFF_S, BACK_OFF_S[-1], BACK_OFF_S[-1]]
    assert (keeper.state().word, keeper.state().message) == (DeviceWord.NO_DEVICE, "the first")
    adapter.fails = None
    assert keeper.try_open()
    keeper.settled()
    assert keeper.state().word is DeviceWord.ONLINE
    keeper.drop(DeviceFailed("new"))
    assert (keeper.wait_s(), keeper.state().message) == (BACK_OFF_S[0], "new")


class Quiet:
    """Takes events of no command."""

    def __call__(self, name: str, payload: Payload | None = None) -> None:
        """Take one."""

    def state(self) -> None:
        """Take nothing."""


@pytest.mark.parametrize(
    ("error", "restarted", "steps"),
    [
        (TransportLost, False, "reopen reopen reopen reopen reopen reopen"),
        (TransportStalled, False, "reopen reopen outOfOrder outOfOrder outOfOrder outOfOrder"),
        (DeviceSilent, False, "reopen reopen reset restart outOfOrder outOfOrder"),
        (DeviceSilent, True, "outOfOrder outOfOrder outOfOrder outOfOrder outOfOrder outOfOrder"),
        (DeviceGarbled, False, "reopen reopen reset restart outOfOrder outOfOrder"),
        (DeviceFailed, False, "reopen reset outOfOrder outOfOrder outOfOrder outOfOrder"),
    ],
)
def test_the_ladder(error: type[DeviceError], *, restarted: bool, steps: str) -> None:
    """What is done next about each kind of trouble; it ends, and one good answer ends it."""
    adapter = Flaky("", {})
    keeper = DeviceKeeper(adapter, restarted=restarted)
    adapter.fails = error("the first")
    assert not keeper.try_open()
    done = []
    for _ in range(6):
        done.append(keeper.step)
        assert not keeper.climb(Quiet())
        adapter.fails = error("a later one")
    assert " ".join(done) == steps
    assert str(keeper.first_error) == "the first"
    adapter.fails = None
    assert keeper.climb(Quiet())
    keeper.drop(DeviceSilent("anew"))
    assert (keeper.step, keeper.wants_restart) == (Step.REOPEN, False)


def test_a_reset_that_helps() -> None:
    """A device is reset once two plain openings did not help, and is then open."""
    adapter = Flaky("", {})
    keeper = DeviceKeeper(adapter)
    adapter.fails = DeviceSilent("no answer")
    adapter.heals = True
    assert not keeper.try_open()
    assert [keeper.climb(Quiet()) for _ in range(3)] == [False, False, True]
    assert keeper.state().word is DeviceWord.ONLINE


class AdapterUnplugged(TransportLost):
    """A kind of its own, made by one driver."""


def test_a_kind_the_table_does_not_name_has_the_rungs_of_its_parent() -> None:
    """A driver may refine an error; what is done about it stays what the docs say."""
    assert rungs_of(AdapterUnplugged) == LADDER[TransportLost]
    assert rungs_of(DeviceError) == LADDER[DeviceSilent]
    assert set(DeviceError.__subclasses__()) <= set(LADDER)


@pytest.mark.parametrize(
    ("error", "word", "code"),
    [
        (TransportLost, "noDevice", "deviceNotReady"),
        (AdapterUnplugged, "noDevice", "deviceNotReady"),
        (TransportStalled, "hardwareError", "hardwareError"),
        (DeviceSilent, "hardwareError", "hardwareError"),
        (DeviceGarbled, "hardwareError", "hardwareError"),
        (DeviceFailed, "hardwareError", "hardwareError"),
    ],
)
def test_the_word_of_a_trouble(error: type[DeviceError], word: str, code: str) -> None:
    """Nobody looks for a cable that is plugged in: what takes no byte is there."""
    assert word_for(error("said")) == word
    assert no_device_outcome(error("said")).code == code
