"""Opens one device in a process of its own, asks who is there, and closes it again.

A process of its own, because a driver that hangs or crashes must not take the doctor along.
What is asked is what the driver asks at every start: `Adapter.open`.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from drivers.doctor.findings import conditions
from drivers.errors import DeviceError
from drivers.service.adapter import WorkerPlan, make_adapter, word_for

IDENTIFY_S: Final = 8.0
"""Seconds one device has to say who it is."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Answer:
    """What a device answered.

    Attributes:
        word: the standard's word for its state.
        message: what is wrong, for technicians.
        code: of the `DeviceError`, or ``device.hung`` and ``device.bug``.
        model: what it says of itself.
        conditions: what is not well in its status.
    """

    word: str
    message: str = ""
    code: str = ""
    model: Mapping[str, object] = field(default_factory=dict)
    conditions: Mapping[str, str] = field(default_factory=dict)


def identify(plan: WorkerPlan, timeout_s: float = IDENTIFY_S) -> Answer:
    """Open a device, look, and close it."""
    given = json.dumps(
        {
            "device": plan.device,
            "adapter": plan.adapter,
            "port": plan.port,
            "options": dict(plan.options),
        }
    )
    try:
        done = subprocess.run(
            [sys.executable, "-m", __name__],
            input=given,
            capture_output=True,
            text=True,
            timeout=timeout_s,
            check=False,
        )
        return Answer(**json.loads(done.stdout))
    except subprocess.TimeoutExpired:
        message = f"the driver did not come back within {timeout_s:g} s"
        return Answer(word="hardwareError", message=message, code="device.hung")
    except (ValueError, TypeError):
        return Answer(word="hardwareError", message="the driver crashed", code="device.bug")


def look(plan: WorkerPlan) -> dict[str, object]:
    """Do what `identify` asks, in this process."""
    try:
        adapter = make_adapter(plan)
    except ValueError as error:  # an option that only the driver can judge, such as a profile
        return {"word": "hardwareError", "message": str(error), "code": "device.option"}
    try:
        adapter.open()
        state, model = adapter.state(), adapter.model()
    except DeviceError as error:
        return {"word": word_for(error), "message": str(error), "code": error.code}
    finally:
        adapter.close()
    return {
        "word": state.word,
        "message": state.message,
        "model": dict(model),
        "conditions": conditions(state.status),
    }


def main() -> None:
    """Read a plan from standard input, print what was found."""
    plan = WorkerPlan(**json.loads(sys.stdin.read()))
    print(json.dumps(look(plan)))


if __name__ == "__main__":
    main()
