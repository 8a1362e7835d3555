"""What a shell leaves to the next one: what its policy knew, as one line of JSON.

No citizen's data: slot numbers, a visit's id, a local number, times.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import Any

from kiosk.shell.slot import After, Kind, Phase, Slot


class Forgotten(Exception):
    """What was left is not a memory of this version; the next shell begins anew."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Memory:
    """Everything of a policy but its clocks.

    Attributes:
        slots: the session processes.
        last: the highest slot number that was given.
        active: the slot on the screen.
        owed: what the next page must explain.
        deaths: when sessions died, for the ladder; seconds of CLOCK_MONOTONIC.
        stale: what is on the screen was warmed before something changed that it shows.
        returns: when shells went on from such a memory, of the same clock.
    """

    slots: tuple[Slot, ...]
    last: int
    active: int | None
    owed: After | None
    deaths: tuple[float, ...] = ()
    stale: bool = False
    returns: tuple[float, ...] = ()

    def line(self) -> bytes:
        """Return it as one line."""
        return json.dumps(asdict(self)).encode() + b"\n"


def parse(line: bytes) -> Memory:
    """Read what `Memory.line` wrote.

    Raises:
        Forgotten: it is something else.
    """
    try:
        told = json.loads(line)
        return Memory(
            slots=tuple(map(_slot, told.pop("slots"))),
            owed=_after(told.pop("owed")),
            deaths=tuple(told.pop("deaths")),
            returns=tuple(told.pop("returns")),
            **told,
        )
    except (ValueError, TypeError, AttributeError, KeyError) as error:
        raise Forgotten(type(error).__name__) from error


def _slot(told: dict[str, Any]) -> Slot:
    kind, phase = Kind(told.pop("kind")), Phase(told.pop("phase"))
    return Slot(kind=kind, phase=phase, explains=_after(told.pop("explains")), **told)


def _after(told: dict[str, Any] | None) -> After | None:
    return None if told is None else After(**told)
