"""The pages of maintenance mode; a page is a state of its course."""

from __future__ import annotations

from enum import StrEnum


class State(StrEnum):
    """Where staff are; the values are the names of the views."""

    CARD = "staff_card"
    PIN = "staff_pin"
    GLANCE = "staff_glance"
    FAULT = "staff_fault"
    CHECK = "staff_check"
    TOUCH = "staff_touch"
    DEVICE = "staff_device"
    PAPER = "staff_paper"
    OUTBOX = "staff_outbox"
    SYSTEM = "staff_system"
    OUT = "staff_out"
    REPORT = "staff_report"
    HELP = "staff_help"
    UPDATE = "staff_update"
    CALIBRATE = "staff_calibrate"
    TRAIN = "staff_train"
    CLOCK = "staff_clock"
    ENDED = "staff_ended"
