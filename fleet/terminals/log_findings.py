"""What can be found in a terminal's log, and whether its alarm may wait.

Who judges a log is `fleet.heads`; alarms, levels and maintenance windows know findings from here.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from fleet.terminals.level import LOG


class Finding(StrEnum):
    """What a head shows."""

    CUT = "cut"
    """The log is shorter than it was."""
    REWRITTEN = "rewritten"
    """A line that was told before is another one now."""
    BEGUN_ANEW = "begun_anew"
    """It begins with another first line, and nobody replaced the terminal."""
    FOREIGN = "foreign"
    """It is not of this terminal's key in force, or not of this terminal."""
    TRIMMED_EARLY = "trimmed_early"
    """Lines that are younger than they must be kept for are gone."""
    GAP = "gap"
    """The agent ran, and signed nothing for longer than it may."""
    SILENT = "silent"
    """The terminal is connected and sends none."""
    CLOCK = "clock"
    """Its clock is wrong."""

    @property
    def fault(self) -> str:
        """What its alarm is called."""
        return f"{LOG}{self.value}"

    @property
    def waits(self) -> bool:
        """Whether its alarm waits for the end of a maintenance window."""
        return _WAITS[self]


BREAKS: Final = frozenset({Finding.CUT, Finding.REWRITTEN, Finding.BEGUN_ANEW})
"""After these the log is another one than before: what follows is held against the new one."""
PASSING: Final = frozenset({Finding.SILENT, Finding.CLOCK})
"""These end by themselves; the others when an officer has said what became of them."""
_WAITS: Final[Mapping[Finding, bool]] = {
    Finding.CUT: False,
    Finding.REWRITTEN: False,
    Finding.BEGUN_ANEW: False,
    Finding.FOREIGN: False,
    Finding.TRIMMED_EARLY: False,
    Finding.GAP: False,  # what was not signed may have been changed
    Finding.SILENT: True,  # it is a gap when it does not end, and that is heard
    Finding.CLOCK: True,  # whoever works there sets it
}
"""Of the faults that terminals tell, their list says it (``kiosk/maintenance/faults.toml``)."""
