"""What the simulated scanners with settings by tag have in common: Newland and Honeywell.

A setting is a tag of six characters and a value; a query has a sign in the place of the value.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import ClassVar, Final, Self

from drivers.scanner.codec import Verdict
from drivers.simulated.device import Surroundings
from drivers.simulated.scanner_module import SimulatedModule

_TAG: Final = 6


class TaggedModule(SimulatedModule):
    """One scanner behind `link`.

    Args:
        link: Symbolic link a driver opens.
        pace_baud: Line speed to imitate, in bits a second; None sends at once.
        suffix: What is sent after a payload while nothing else is set: CR, LF, both or nothing.
        lacks: Settings this engine does not know: whole, or by tag and sub-tag.
        seed: Where its chance begins.
    """

    VALUES: ClassVar[Mapping[str, str]]
    """What it can be set to: a tag, and the form of its value (a regular expression)."""
    ORDERS: ClassVar[frozenset[str]]
    """Whole commands that set nothing."""
    QUERY: ClassVar[str]
    """Stands in the place of a value that is asked for."""
    FACTORY: ClassVar[str]
    """The value of what was never set."""

    def __init__(
        self,
        link: Path,
        pace_baud: int | None = None,
        *,
        suffix: bytes = b"\r",
        lacks: frozenset[str] = frozenset(),
        seed: int = 0,
    ) -> None:
        self._suffix = suffix
        self._lacks = lacks
        self._pending = b""
        super().__init__(link, pace_baud, seed=seed)

    @classmethod
    def simulated(cls, around: Surroundings) -> Self:
        """Build it from its entry of the file of simulated devices; it has no options."""
        return cls(around.link, around.baud, seed=around.seed)

    def _refusal(self, detail: str) -> Verdict:
        """Return the verdict a fault asks for."""
        return Verdict.UNKNOWN_COMMAND if detail == "05" else Verdict.BAD_VALUE

    def _set(self, part: str) -> Verdict:
        """Carry out one part of a command, and judge it."""
        tag, value = part[:_TAG], part[_TAG:]
        if part in self.ORDERS:
            return Verdict.ACCEPTED
        if tag not in self.VALUES or {tag, part} & self._lacks:
            return Verdict.UNKNOWN_COMMAND
        if value == self.QUERY:
            return Verdict.ACCEPTED
        if not re.fullmatch(self.VALUES[tag], value):
            return Verdict.BAD_VALUE
        self._keep(tag, value)
        return Verdict.ACCEPTED

    def _keep(self, tag: str, value: str) -> None:
        """Keep a setting until power-off."""
        self._settings[tag] = value

    def _valued(self, part: str) -> str:
        """Return a part as it is repeated: a query has its value."""
        if not part.endswith(self.QUERY):
            return part
        return part[:_TAG] + self._settings.get(part[:_TAG], self.FACTORY)
