"""What a worker asks of the adapter of its device, and the words they share."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from importlib import import_module
from typing import Protocol, cast, runtime_checkable

from drivers.errors import DeviceError, TransportLost, TransportStalled
from drivers.service.envelope import CompletionCode, Outcome, Payload
from drivers.service.interfaces.common import DeviceWord


class Emit(Protocol):
    """Sends an event; during a command to its caller, between commands to everyone."""

    def __call__(self, name: str, payload: Payload | None = None) -> None:
        """Send the event of that name, then the state if it changed."""

    def state(self) -> None:
        """Send the state if it changed."""


Cancelled = threading.Event
"""Set once the running command should stop; a command that waits sees it within 0.2 s."""


@dataclass(frozen=True, kw_only=True, slots=True)
class State:
    """What the device is like now; ``status`` is the interface part, ``message`` for staff."""

    word: DeviceWord
    status: Payload
    message: str = ""


class Adapter(Protocol):
    """Turns commands of one interface into calls of one device class; one per worker.

    Every method runs on the worker's main thread and may raise `DeviceError`, upon which the
    device is closed and opened again.
    """

    poll_s: float
    """Seconds between two calls of `poll`; may change from call to call."""

    def open(self) -> None:
        """Open the port and find the device working."""

    def close(self) -> None:
        """Close the port; never raises."""

    def run(self, command: str, payload: Payload, emit: Emit, cancelled: Cancelled) -> Outcome:
        """Carry out one command."""

    def failed(self, command: str, error: DeviceError) -> Outcome:
        """Say how a command ended that met this error, or could not begin because of it."""

    def poll(self, emit: Emit) -> None:
        """Look at the device between commands."""

    def state(self) -> State:
        """Return what is known of an open device; asks nothing of it."""

    def lost(self) -> Payload:
        """Return the interface part of the status while there is no device."""

    def model(self) -> Payload:
        """Return the standard's ``deviceInformation`` properties that are known."""


@dataclass(frozen=True, kw_only=True, slots=True)
class WorkerPlan:
    """What a worker is started with; ``adapter`` is "module:Class".

    With ``pictures`` the host hands connections of a pictures socket over to the worker;
    ``restarted`` says that the worker before this one could not get the device back.
    """

    device: str
    adapter: str
    port: str
    options: Mapping[str, str] = field(default_factory=dict)
    pictures: bool = False
    restarted: bool = False


@runtime_checkable
class Resets(Protocol):
    """An adapter whose device can be put back to how it is after power-on."""

    def reset(self) -> None:
        """Open the port, reset the device, close the port; may raise `DeviceError`.

        Called on a closed device that did not come back by opening it; `Adapter.open` follows.
        """


@runtime_checkable
class ServesPictures(Protocol):
    """An adapter that answers connections of a pictures socket, on threads of its own."""

    def serve_pictures(self, arriving: socket.socket) -> None:
        """Take connections from this socket, one descriptor a packet; returns at once."""


BuildAdapter = Callable[[str, Mapping[str, str]], Adapter]


def make_adapter(plan: WorkerPlan) -> Adapter:
    """Import and build the adapter of a plan."""
    module, _, name = plan.adapter.partition(":")
    build = cast("BuildAdapter", getattr(import_module(module), name))
    return build(plan.port, plan.options)


def word_for(error: DeviceError) -> DeviceWord:
    """Return the standard's word for a device that met this error."""
    return DeviceWord.NO_DEVICE if _is_gone(error) else DeviceWord.HARDWARE_ERROR


def no_device_outcome(error: DeviceError) -> Outcome:
    """Return the usual end of a command that met this error."""
    gone = _is_gone(error)
    code = CompletionCode.DEVICE_NOT_READY if gone else CompletionCode.HARDWARE_ERROR
    return Outcome(code=code, description=str(error))


def _is_gone(error: DeviceError) -> bool:
    """Say whether there is no device; one that takes no byte is there, and staff must act."""
    return isinstance(error, TransportLost) and not isinstance(error, TransportStalled)
