"""Why a release was refused or taken back, in one word: for the centre, which counts by it.

The sentence beside it is for who reads it at the terminal or in the log.
"""

from __future__ import annotations

from enum import StrEnum


class Reason(StrEnum):
    """What ended an update."""

    PACK = "pack_unusable"
    """It does not unpack within the limits, or is made for another group."""
    CHECK = "check_failed"
    CHECK_HANGS = "check_not_done"
    """A check did not end in its time, or took the machine with it."""
    SETTINGS = "settings_refused"
    """A session on trial."""
    CRASHED = "session_crashed"
    HUNG = "session_hung"
    SILENT = "process_silent"
    """A process that serves a socket did not answer for a minute, or at the end of the trial."""
    VISIT = "visit_failed"
    """One by itself, with simulated devices, came to no end; under the release before it did."""
    LOG = "log_unreadable"
    RESTARTED = "restarted"
    """The machine started again and again during the trial."""
    SOFTWARE = "software_unusable"
    """Its package is not what it says, or does not install beside the one in force."""
    HANDS = "software_needs_hands"
    """Its package changes what lies outside its own directory: units, rules, what it needs."""
    NO_SOFTWARE = "software_not_taken"
    """Nobody can change it here: it was not installed by the package, or root trusts nobody yet."""
    ORDER = "by_order"
    """Staff or the centre went back."""
