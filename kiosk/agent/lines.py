"""The lines to the intakes: one breaker an address, and which place is served where.

A terminal's own jurisdiction has the address of the settings; others may have their own. Places
that share an address share its line: when it is dead for one it is dead for all of them, and
nothing that is for another address waits for it.
"""

from __future__ import annotations

import random
import time
from collections.abc import Mapping
from dataclasses import dataclass, field

from kiosk.agent.breaker import Breaker
from kiosk.agent.delivery import Outcome, Policy


@dataclass(frozen=True, kw_only=True, slots=True)
class Addresses:
    """Where applications go.

    Attributes:
        default: the intake of the terminal's own jurisdiction.
        by_jurisdiction: intakes of other ones, by GB/T 2260 code.
    """

    default: str
    by_jurisdiction: Mapping[str, str] = field(default_factory=dict)

    def of(self, jurisdiction: str) -> str:
        """Return the address for a place; an unknown or empty one is the terminal's own."""
        return self.by_jurisdiction.get(jurisdiction, self.default)

    def all(self) -> tuple[str, ...]:
        """Return every address once."""
        return tuple(dict.fromkeys((self.default, *self.by_jurisdiction.values())))


@dataclass(slots=True)
class _Line:
    breaker: Breaker
    under_way: int = 0


class Lines:
    """The state of every line; used by the agent's loop, `told` by others too."""

    def __init__(self, addresses: Addresses, policy: Policy, lot: random.Random) -> None:
        self._addresses = addresses
        self._lot = lot
        self._lines = {one: _Line(Breaker(policy)) for one in addresses.all()}

    def rest(self, jurisdiction: str, fresh: bool) -> float:
        """Return seconds for which nothing may be sent to a place; on a dead line one at a time."""
        line = self._line(jurisdiction)
        if line.breaker.open and line.under_way:
            return float("inf")
        return line.breaker.pause(time.monotonic(), untried=fresh)

    def begun(self, jurisdiction: str) -> None:
        """Note that an attempt is under way."""
        self._line(jurisdiction).under_way += 1

    def ended(self, jurisdiction: str, outcome: Outcome) -> bool | None:
        """Learn from its end; True: the line is back, False: lost just now, None: as it was."""
        line = self._line(jurisdiction)
        line.under_way = max(0, line.under_way - 1)
        was_open = line.breaker.open
        line.breaker.told(outcome, time.monotonic(), self._lot)
        return None if line.breaker.open == was_open else was_open

    def answer(self, _request: object) -> Mapping[str, object]:
        """Answer staff who ask."""
        return {"lines": self.told()}

    def told(self) -> list[dict[str, object]]:
        """Return what staff see of each line: its address, its places, whether it is dead."""
        places: dict[str, list[str]] = {one: [] for one in self._lines}
        for place, address in sorted(self._addresses.by_jurisdiction.items()):
            places[address].append(place)
        return [
            {
                "address": address,
                "jurisdictions": places[address],
                "default": address == self._addresses.default,
                "open": line.breaker.open,
                "failures": line.breaker.failures,
            }
            for address, line in self._lines.items()
        ]

    def _line(self, jurisdiction: str) -> _Line:
        return self._lines[self._addresses.of(jurisdiction)]
