"""Keeps one device open, or tries to: the back-off and the first message."""

from __future__ import annotations

import time
from collections.abc import Callable

from drivers.errors import DeviceError
from drivers.service.adapter import Adapter, State, word_for
from drivers.service.interfaces.common import DeviceWord

BACK_OFF_S = (0.5, 1.0, 2.0, 5.0, 10.0)
"""Seconds between attempts to get a device, or a worker, back; the last one repeats."""


class DeviceKeeper:
    """Keeps one device open, or tries to; owns the back-off and the first message."""

    def __init__(self, adapter: Adapter, clock: Callable[[], float] = time.monotonic) -> None:
        self._adapter = adapter
        self._clock = clock
        self._open = False
        self._attempt = 0
        self._retry_at = 0.0
        self._first: DeviceError | None = None

    @property
    def first_error(self) -> DeviceError | None:
        """Return the error that began the present trouble."""
        return self._first

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
        self._open = True
        self._first = None
        return True

    def settled(self) -> None:
        """The device did something right: the next trouble starts with the shortest wait."""
        self._attempt = 0

    def drop(self, error: DeviceError) -> None:
        """Close the device and plan the next attempt."""
        self._adapter.close()
        self._open = False
        self._first = self._first or error
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
