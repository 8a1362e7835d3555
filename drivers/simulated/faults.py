"""Faults a simulated device can be told to show, in the order they were asked for.

`fail_next` strikes at the very next answer of the device, whatever it answers.
`fail_during` waits for the device's real work (reading the card, sending the code) and strikes
in its
middle.
Every fault is deterministic: nothing here rolls dice.
"""

from __future__ import annotations

import enum
import threading
from collections.abc import Mapping
from dataclasses import dataclass


class FaultKind(enum.StrEnum):
    """What can be made to go wrong on a line."""

    CHECKSUM = "checksum"
    """The answer's check byte is wrong."""
    TRUNCATED = "truncated"
    """The answer stops half way."""
    FOREIGN = "foreign"
    """A whole, right frame that answers something else."""
    SILENCE = "silence"
    """No answer at all."""
    GARBAGE = "garbage"
    """Noise before the answer."""
    EXTRA_AA = "extra-aa"
    """One preamble byte too many."""
    STATUS = "status"
    """The status in `detail` (hexadecimal) in place of the answer."""
    LIFT = "lift"
    """The card is lifted before the answer."""
    UNPLUG = "unplug"
    """The cable is pulled after `detail` bytes of the answer, half of it when not given."""
    SPLIT = "split"
    """The answer comes byte by byte."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Fault:
    """One fault: its kind and, for some kinds, a detail."""

    kind: FaultKind
    detail: str = ""

    @classmethod
    def parse(cls, text: str) -> Fault:
        """Read `kind` or `kind:detail`, such as `status:41` or `unplug:700`.

        Raises:
            ValueError: There is no such fault, or its detail is missing or not a number.
        """
        name, _, detail = text.partition(":")
        kind = FaultKind(name)
        if kind is FaultKind.STATUS:
            if not 0 <= int(detail, 16) <= 0xFF:
                raise ValueError("a status is one byte in hexadecimal")
        elif detail:
            int(detail)
        return cls(kind=kind, detail=detail)


class FaultPlan:
    """The faults still to come. Safe to fill from one thread and take from another.

    Args:
        supported: The kinds this device can show.
    """

    def __init__(self, supported: frozenset[FaultKind] = frozenset(FaultKind)) -> None:
        self.supported = supported
        self._lock = threading.Lock()
        self._next: list[Fault] = []
        self._during: list[Fault] = []

    def add(self, command: Mapping[str, object]) -> bool:
        """Take the faults of a control command; whether it named any.

        The command is `{"fail_next": "checksum", "times": 2}`, `{"fail_during": "lift"}`, or either
        inside `{"fault": {…}}`; `{"fault": null}` forgets all faults to come.

        Raises:
            ValueError: The fault is unknown; nothing was added.
        """
        if "fault" in command:
            inner = command["fault"]
            if isinstance(inner, Mapping):
                return self.add(inner)
            self.clear()
            return True
        named = [key for key in ("fail_next", "fail_during") if key in command]
        times = command.get("times", 1)
        if not isinstance(times, int) or not 1 <= times <= 1000:
            raise ValueError("times is a number from 1 to 1000")
        faults = {key: [Fault.parse(str(command[key]))] * times for key in named}
        if any(fault.kind not in self.supported for each in faults.values() for fault in each):
            raise ValueError("this device cannot show that fault")
        with self._lock:
            self._next += faults.get("fail_next", [])
            self._during += faults.get("fail_during", [])
        return bool(named)

    def take(self, *, at_work: bool) -> Fault | None:
        """Return and forget the fault of an answer; `at_work` when that is the real work."""
        with self._lock:
            if self._next:
                return self._next.pop(0)
            if at_work and self._during:
                return self._during.pop(0)
            return None

    def clear(self) -> None:
        """Forget every fault to come."""
        with self._lock:
            self._next.clear()
            self._during.clear()

    def waiting(self) -> list[str]:
        """Return the faults to come as texts, for the control page."""
        with self._lock:
            return [_text("fail_next", f) for f in self._next] + [
                _text("fail_during", f) for f in self._during
            ]


def _text(when: str, fault: Fault) -> str:
    return f"{when} {fault.kind}" + (f":{fault.detail}" if fault.detail else "")
