"""Our extensions for upkeep, given by maintenance alone: XTrace and XDevice.

XTrace tells what was said on a device's line, for its vendor (`drivers.line_trace`).  XDevice has a
device begin anew, as the host does by itself when it is in trouble: closed, put back to how it is
after power-on where it can be, and opened.
"""

from __future__ import annotations

from typing import Final

from drivers.service.grace import STOP_S
from drivers.service.interfaces.spec import CommandSpec, InterfaceSpec

START: Final = "XTrace.Start"
STOP: Final = "XTrace.Stop"
READ: Final = "XTrace.Read"
"""What is kept so far; the trace goes on."""

RESET: Final = "XDevice.Reset"

_DEVICE: Final = InterfaceSpec(
    name="XDevice",
    commands=(
        CommandSpec(
            name=RESET,
            answer_version="1.0",
            versions=("1.0",),
            stop_grace_s=STOP_S,
            in_service=False,
        ),
    ),
)
_TRACE: Final = InterfaceSpec(
    name="XTrace",
    commands=tuple(
        CommandSpec(name=name, answer_version="1.0", versions=("1.0",), in_service=False)
        for name in (START, STOP, READ)
    ),
)

UPKEEP: Final = (_DEVICE,)
"""Of every device."""
TRACED: Final = (_DEVICE, _TRACE)
"""Of a device that is talked to over a line of ours."""
