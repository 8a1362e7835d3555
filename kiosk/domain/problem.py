"""What can go wrong, told by who must act.

::

    Problem
    ├── CitizenMustAct      the person at the terminal can mend it now
    ├── StaffMustAct        somebody with a key or a badge must come
    ├── RetryLater          nobody need act; the same will work in a while
    └── DeveloperMustAct    configuration or code is wrong; a release mends it

A problem is raised when a promise is broken; an expected outcome (a printer without paper, a
refused filing) is a returned value. ``code`` is a key of the translation table, so a screen
can say it; ``detail`` is for the log and never holds a citizen's value.
"""

from __future__ import annotations

from typing import ClassVar


class Problem(Exception):
    """Something a person must know about; use one of the four kinds."""

    who: ClassVar[str]
    code: str = "problem.unknown"

    def __init__(self, code: str = "", detail: str = "") -> None:
        self.code = code or type(self).code
        self.detail = detail
        super().__init__(f"{self.code}: {detail}" if detail else self.code)


class CitizenMustAct(Problem):
    """The citizen can mend it: put the card back, choose another date."""

    who = "citizen"


class StaffMustAct(Problem):
    """Staff must come: paper, a jammed cutter, a card that is not theirs to read."""

    who = "staff"


class RetryLater(Problem):
    """It mends itself: the network, a busy intake."""

    who = "nobody"


class DeveloperMustAct(Problem):
    """The configuration or the code is wrong."""

    who = "developer"
