"""What a worker does for upkeep, whatever its device is: keeps a trace, begins anew."""

from __future__ import annotations

from datetime import UTC, datetime

from drivers.errors import DeviceError
from drivers.line_trace import Frame, LineTrace
from drivers.service.adapter import no_device_outcome
from drivers.service.envelope import CompletionCode, Outcome
from drivers.service.interfaces.upkeep import READ, START, STOP


def traced(command: str, trace: LineTrace) -> Outcome | None:
    """Carry out a command of XTrace; ``None``: it is none."""
    match command:
        case name if name == START:
            trace.start()
        case name if name == STOP:
            trace.stop()
        case name if name == READ:
            if not trace.on:
                return Outcome(code=CompletionCode.SEQUENCE_ERROR, description="not started")
            frames, dropped = trace.told()
            told = [_frame(one) for one in frames]
            return Outcome(payload={"frames": told, "dropped": dropped})
        case _:
            return None
    return Outcome()


def begun_anew(error: DeviceError | None) -> Outcome:
    """Return how XDevice.Reset ended: well, or with what is wrong with the device."""
    return Outcome() if error is None else no_device_outcome(error)


def _frame(one: Frame) -> dict[str, object]:
    at = datetime.fromtimestamp(one.at, UTC).isoformat(timespec="milliseconds")
    return {"at": at, "to": one.to, "size": one.size, "hex": one.data.hex()}
