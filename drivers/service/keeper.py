"""Keeps one device open, or tries to: the back-off, the ladder, and the first message.

A device in trouble is tried again after 0.5, 1, 2, then every 5 seconds, for as long as it takes: a
plug that is put back is then usable within 10 seconds.  What is done about it at each attempt is
its rung on the ladder of that kind of error:

================  ==========================================================
error             rungs
================  ==========================================================
TransportLost     re-open, for ever: nothing but a plug can help
TransportStalled  re-open twice, then out of order: a reset would not get out
DeviceSilent      re-open twice, reset, a fresh process, then out of order
DeviceGarbled     the same
DeviceFailed      re-open, reset, then out of order
================  ==========================================================

A kind of error that the table does not name has the rungs of the kind it is made from.

Out of order is still tried again, by opening alone, and is told as an error for staff.
The fresh process is the host's to start; it happens once a trouble.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import Final

from drivers.errors import (
    DeviceError,
    DeviceFailed,
    DeviceGarbled,
    DeviceSilent,
    TransportLost,
    TransportStalled,
)
from drivers.service.adapter import Adapter, Emit, Resets, State, word_for
from drivers.service.interfaces.common import DeviceWord

BACK_OFF_S = (0.5, 1.0, 2.0, 5.0)
"""Seconds between attempts to get a device, or a worker, back; the last one repeats."""


class Step(StrEnum):
    """What is done next about a device in trouble (``xTrouble.step`` of the status)."""

    REOPEN = "reopen"
    RESET = "reset"
    RESTART = "restart"
    OUT_OF_ORDER = "outOfOrder"


_STUCK = (Step.REOPEN, Step.REOPEN, Step.RESET, Step.RESTART, Step.OUT_OF_ORDER)
LADDER: Final[Mapping[type[DeviceError], tuple[Step, ...]]] = {
    TransportLost: (Step.REOPEN,),
    TransportStalled: (Step.REOPEN, Step.REOPEN, Step.OUT_OF_ORDER),
    DeviceSilent: _STUCK,
    DeviceGarbled: _STUCK,
    DeviceFailed: (Step.REOPEN, Step.RESET, Step.OUT_OF_ORDER),
}
"""The rungs by kind of error; the last one repeats."""


def rungs_of(kind: type[DeviceError]) -> tuple[Step, ...]:
    """Return what is done about a kind of error: the row of the nearest kind that has one."""
    return next((LADDER[one] for one in kind.__mro__ if one in LADDER), _STUCK)


class DeviceKeeper:
    """Keeps one device open, or tries to.

    Args:
        adapter: of the device.
        restarted: whether this process is itself the fresh process of the ladder.
        clock: seconds of a monotonic clock.
    """

    def __init__(
        self,
        adapter: Adapter,
        clock: Callable[[], float] = time.monotonic,
        *,
        restarted: bool = False,
    ) -> None:
        self._adapter = adapter
        self._clock = clock
        self._restarted = restarted
        self._open = False
        self._attempt = 0
        self._rung = len(_STUCK) - 1 if restarted else 0
        self._retry_at = 0.0
        self._first: DeviceError | None = None
        self._last: DeviceError | None = None

    @property
    def first_error(self) -> DeviceError | None:
        """Return the error that began the present trouble."""
        return self._first

    @property
    def step(self) -> Step:
        """Return what is done next about a closed device."""
        rungs = rungs_of(type(self._last)) if self._last else _STUCK
        step = rungs[min(self._rung, len(rungs) - 1)]
        return Step.OUT_OF_ORDER if step is Step.RESTART and self._restarted else step

    @property
    def wants_restart(self) -> bool:
        """Say whether only a fresh process is left to try."""
        return not self._open and self._first is not None and self.step is Step.RESTART

    def wait_s(self) -> float:
        """Return how long there is nothing to do."""
        if self._open:
            return self._adapter.poll_s
        return max(0.0, self._retry_at - self._clock())

    def try_open(self) -> bool:
        """Open the device unless it is open; say whether it is."""
        if self._open:
            return True
        try:
            self._adapter.open()
        except DeviceError as error:
            self.drop(error)
            return False
        self._opened()
        return True

    def climb(self, emit: Emit) -> bool:
        """Do the next step about a closed device; say whether it is open and answers."""
        step = self.step
        self._rung += 1
        try:
            if step is Step.RESET and isinstance(self._adapter, Resets):
                self._adapter.reset()
            self._adapter.open()
            self._adapter.poll(emit)
        except DeviceError as error:
            self.drop(error)
            return False
        self._opened()
        self.settled()
        return True

    def begin_anew(self, emit: Emit) -> DeviceError | None:
        """Close the device, reset it where it can be, and open it, because a person asked for it.

        Returns:
            What is wrong with it; ``None``: it is open and answers.
        """
        self._adapter.close()
        self._open = False
        try:
            if isinstance(self._adapter, Resets):
                self._adapter.reset()
            self._adapter.open()
            self._adapter.poll(emit)
        except DeviceError as error:
            self.drop(error)
            return error
        self._opened()
        self.settled()
        return None

    def settled(self) -> None:
        """The device did something right: the next trouble starts with the shortest wait."""
        self._attempt = self._rung = 0
        self._restarted = False

    def drop(self, error: DeviceError) -> None:
        """Close the device and plan the next attempt."""
        self._adapter.close()
        self._open = False
        self._first = self._first or error
        self._last = error
        self._retry_at = self._clock() + BACK_OFF_S[min(self._attempt, len(BACK_OFF_S) - 1)]
        self._attempt += 1

    def due(self) -> bool:
        """Say whether a closed device should be tried now."""
        return not self._open and self._clock() >= self._retry_at

    def state(self) -> State:
        """Return the device's state, or that of its absence."""
        if self._open:
            return self._adapter.state()
        if self._first is None:
            return State(word=DeviceWord.STARTING, status=self._adapter.lost())
        return State(
            word=word_for(self._first),
            status=self._adapter.lost(),
            message=str(self._first),
        )

    def close(self) -> None:
        """Close the device for good."""
        self._adapter.close()
        self._open = False

    def _opened(self) -> None:
        self._open = True
        self._first = None
