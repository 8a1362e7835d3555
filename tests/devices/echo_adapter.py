"""A device that echoes, for tests of the worker and the service: good, slow, hung or missing.

The port is a directory.  A file in it changes the device: ``missing`` (cannot be opened),
``broken`` (fails while polled), ``silent`` (cannot be opened: no answer; a reset is counted in
``resets``), ``dies`` (its process ends),
``stuck`` (the next poll never returns).  The option ``hurry`` makes the waits between attempts to
get it back so many seconds, in the process of the worker.
"""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Mapping
from pathlib import Path

from drivers.errors import DeviceError, DeviceFailed, DeviceSilent, TransportLost
from drivers.service import keeper
from drivers.service.adapter import Cancelled, Emit, State, no_device_outcome
from drivers.service.envelope import CompletionCode, Outcome, Payload
from drivers.service.interfaces.common import DeviceWord
from drivers.service.interfaces.offer import ServiceSpec
from drivers.service.interfaces.spec import CommandSpec, InterfaceSpec

ECHO = ServiceSpec(
    service="Echo",
    device="echo",
    interfaces=(
        InterfaceSpec(
            name="XEcho",
            commands=tuple(
                CommandSpec(name=f"XEcho.{word}")
                for word in ("Say", "Wait", "Hang", "Bug", "Break")
            ),
            events={"XEcho.HeardEvent": "1.0"},
        ),
    ),
    unknown={"xEcho": {"said": "unknown"}},
    adapter="tests.devices.echo_adapter:EchoAdapter",
)


class EchoAdapter:
    """Does what its commands say."""

    def __init__(self, port: str, options: Mapping[str, str]) -> None:
        self.poll_s = float(options.get("poll_s", "0.02"))
        self._port = Path(port)
        self._said = "nothing"
        if "hurry" in options:
            keeper.BACK_OFF_S = (float(options["hurry"]),) * 4

    def open(self) -> None:
        """Open unless the port is missing."""
        if (self._port / "missing").exists():
            raise TransportLost(f"{self._port}: missing {time.monotonic_ns()}")
        if (self._port / "dies").exists():
            os._exit(3)
        if (self._port / "silent").exists():
            raise DeviceSilent(f"no answer {time.monotonic_ns()}")

    def reset(self) -> None:
        """Count."""
        with (self._port / "resets").open("a") as counted:
            counted.write(".")

    def close(self) -> None:
        """Do nothing."""

    def run(self, command: str, payload: Payload, emit: Emit, cancelled: Cancelled) -> Outcome:
        """Say, wait, hang, crash or break."""
        emit("XEcho.HeardEvent")
        match command:
            case "XEcho.Say":
                self._said = str(payload.get("text"))
                return Outcome(payload=payload)
            case "XEcho.Wait":
                cancelled.wait()
                return Outcome(code=CompletionCode.CANCELED)
            case "XEcho.Hang":
                threading.Event().wait()
            case "XEcho.Break":
                raise DeviceFailed("broken on command")
        raise ValueError(f"a bug that quotes {payload}")

    def failed(self, command: str, error: DeviceError) -> Outcome:
        """Give the usual answer."""
        del command
        return no_device_outcome(error)

    def poll(self, emit: Emit) -> None:
        """Fail when told to."""
        del emit
        if (self._port / "stuck").exists():
            (self._port / "stuck").unlink()
            threading.Event().wait()
        if (self._port / "broken").exists():
            raise DeviceFailed("broken while idle")

    def state(self) -> State:
        """Tell what was said last."""
        return State(word=DeviceWord.ONLINE, status={"xEcho": {"said": self._said}})

    def lost(self) -> Payload:
        """Tell nothing."""
        return {"xEcho": {"said": "unknown"}}

    def model(self) -> Payload:
        """Return a name."""
        return {"modelName": "echo"}
