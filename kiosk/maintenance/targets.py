"""What can be touched in maintenance mode, by name, and on which page.

A target is ``staff:<name>`` or ``staff:<name>:<argument>``.  A target that no action of the view
carries does not exist, but for the cells of the touch grid and the keys of the pads, which the
pages make by themselves.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Final

PREFIX: Final = "staff:"


class Touch(StrEnum):
    """Every touch; ``…`` in its words says what the argument is."""

    OPEN = "open"
    """The emblem of the idle page was held for three seconds; never part of a view."""
    BACK = "back"
    """To the page before; on ``staff_card`` to the citizens' pages."""
    LEAVE = "leave"
    """Leave maintenance."""
    # who are you
    BY_CODE = "by_code"
    """Without a card, by a one-time code of the console."""
    BY_CARD = "by_card"
    DIGIT = "digit"
    """… ``0`` to ``9``, of the PIN or the code."""
    KEY = "key"
    """… a digit or capital letter of a local number."""
    ERASE = "erase"
    """Delete the last digit or letter."""
    # at a glance
    FAULT = "fault"
    """… key of the fault: show what to do."""
    PART = "part"
    """… key of the device or part: show its page."""
    CHECK = "check"
    REPORT = "report"
    OUT = "out"
    OUTBOX = "outbox"
    SYSTEM = "system"
    HELP = "help"
    TRAIN = "train"
    """Begin to train, or end it."""
    PAPER = "paper"
    """… key of the printer: replace its paper."""
    # opening check
    BEGIN = "begin"
    YES = "yes"
    """The question of the page is answered with yes: heard the sound; do shut down."""
    NO = "no"
    AGAIN = "again"
    """The step, the test or the question once more."""
    GO_ON = "go_on"
    """Leave the step that failed as it is, and do the next one."""
    SKIP = "skip"
    CELL = "cell"
    """… number of a cell of the touch grid, row by row from 0."""
    # a device
    TEST = "test"
    TEST_BATTERY = "test_battery"
    """Of the UPS: let the terminal run on it for some seconds."""
    RESET = "reset"
    TRACE = "trace"
    """Begin or end to record what is said on the line, for the vendor."""
    CALIBRATE = "calibrate"
    POINT = "point"
    """… where a finger was felt, in ten thousandths of the screen: ``1500,1200``."""
    PAPER_DONE = "paper_done"
    """The paper is in: count it full and print a line to see."""
    # outbox
    RETRY = "retry"
    """All of them now."""
    EXPORT = "export"
    """Sealed, to the USB stick."""
    # system
    LOUDER = "louder"
    QUIETER = "quieter"
    BRIGHTER = "brighter"
    DARKER = "darker"
    SET_CLOCK = "set_clock"
    """To the page of the clock, and there: to what was set by touch."""
    STEP_CLOCK = "step_clock"
    """By the time servers, at once."""
    EARLIER = "earlier"
    """… a unit of the date and time: year, month, day, hour, minute."""
    LATER = "later"
    RESTART = "restart"
    SHUT_DOWN = "shut_down"
    UPDATE = "update"
    """Look for a signed release on the USB stick."""
    INSTALL = "install"
    """The one that is shown."""
    DIAGNOSTICS = "diagnostics"
    """A bundle without personal data, to the USB stick."""
    RECOVERY_CARD = "recovery_card"
    """Print what to do with a dead terminal."""
    # out of service
    REASON = "reason"
    """… key of the text that citizens read."""
    UNTIL = "until"
    """… key of the time that is told with it."""
    STOP = "stop"
    """Out of service from now on."""
    SERVE = "serve"
    """Back in service."""
    # report
    PRINT = "print"
    """The page's paper, on a slip."""
    PDF = "pdf"
    """The same as PDF, to the USB stick."""
    # a citizen with a slip
    FIND = "find"


_T = Touch
WITH_ARGUMENT: Final = frozenset(
    {_T.DIGIT, _T.KEY, _T.FAULT, _T.PART, _T.PAPER, _T.CELL, _T.REASON, _T.UNTIL, _T.POINT}
    | {_T.EARLIER, _T.LATER}
)
"""Touches that carry an argument."""

_BARS: Final = frozenset({_T.BACK, _T.LEAVE})
PAGES: Final[Mapping[str, frozenset[Touch]]] = MappingProxyType(
    {
        page: own | _BARS
        for page, own in {
            "staff_card": frozenset({_T.BY_CODE, _T.BY_CARD, _T.DIGIT, _T.ERASE, _T.AGAIN}),
            "staff_pin": frozenset({_T.DIGIT, _T.ERASE}),
            "staff_glance": frozenset(
                {_T.FAULT, _T.PART, _T.PAPER, _T.CHECK, _T.REPORT, _T.OUT, _T.OUTBOX, _T.SYSTEM}
                | {_T.HELP}
            ),
            "staff_fault": frozenset(
                {_T.PART, _T.PAPER, _T.OUTBOX, _T.SYSTEM, _T.OUT, _T.CHECK, _T.RESET, _T.AGAIN}
            ),
            "staff_check": frozenset({_T.BEGIN, _T.YES, _T.NO, _T.AGAIN, _T.GO_ON, _T.SKIP}),
            "staff_touch": frozenset({_T.CELL}),
            "staff_device": frozenset(
                {
                    _T.TEST,
                    _T.TEST_BATTERY,
                    _T.RESET,
                    _T.TRACE,
                    _T.CALIBRATE,
                    _T.PAPER,
                    _T.YES,
                    _T.NO,
                }
            ),
            "staff_paper": frozenset({_T.PAPER_DONE, _T.AGAIN}),
            "staff_outbox": frozenset({_T.RETRY, _T.EXPORT}),
            "staff_system": frozenset(
                {_T.LOUDER, _T.QUIETER, _T.BRIGHTER, _T.DARKER, _T.SET_CLOCK, _T.RESTART}
                | {_T.SHUT_DOWN, _T.UPDATE, _T.DIAGNOSTICS, _T.RECOVERY_CARD, _T.TRAIN}
                | {_T.CALIBRATE, _T.YES, _T.NO}
            ),
            "staff_out": frozenset({_T.REASON, _T.UNTIL, _T.STOP, _T.SERVE}),
            "staff_report": frozenset({_T.PRINT, _T.PDF, _T.AGAIN}),
            "staff_help": frozenset({_T.KEY, _T.ERASE, _T.FIND, _T.AGAIN, _T.PRINT}),
            "staff_clock": frozenset(
                {_T.SET_CLOCK, _T.STEP_CLOCK, _T.EARLIER, _T.LATER, _T.YES, _T.NO}
            ),
            "staff_train": frozenset({_T.TRAIN}),
            "staff_calibrate": frozenset({_T.POINT, _T.CELL, _T.YES, _T.NO}),
            "staff_update": frozenset({_T.INSTALL, _T.AGAIN}),
        }.items()
    }
)
"""What each page may offer; what it does offer now stands in its view."""


class BadStaffTarget(ValueError):
    """A text is no touch of maintenance mode."""


def target(touch: Touch, *arguments: str) -> str:
    """Return the target of a touch: ``target(Touch.DIGIT, "5") == "staff:digit:5"``."""
    return PREFIX + ":".join([touch.value, *arguments])


def parse(words: str) -> tuple[Touch, str]:
    """Return the touch of a target and its argument, which is empty where it has none.

    Raises:
        BadStaffTarget: no touch has this form.
    """
    name, colon, argument = words.removeprefix(PREFIX).partition(":")
    if not words.startswith(PREFIX) or name not in set(Touch):
        raise BadStaffTarget(f"no touch of staff: {words!r}")
    touch = Touch(name)
    if bool(colon and argument) != (touch in WITH_ARGUMENT):
        raise BadStaffTarget(f"argument of {words!r}")
    return touch, argument
