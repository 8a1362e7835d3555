"""What adapters share whose device only tells: it takes no command."""

from __future__ import annotations

from drivers.errors import DeviceError
from drivers.service.adapter import Cancelled, Emit, no_device_outcome
from drivers.service.envelope import CompletionCode, Outcome, Payload


class Teller:
    """The half of an adapter that has to do with commands; the other half looks at the device."""

    def run(self, command: str, payload: Payload, emit: Emit, cancelled: Cancelled) -> Outcome:
        """Refuse: it takes no commands."""
        del command, payload, emit, cancelled
        return Outcome(code=CompletionCode.UNSUPPORTED_COMMAND)

    def failed(self, command: str, error: DeviceError) -> Outcome:
        """Report a device that is not there."""
        del command
        return no_device_outcome(error)
