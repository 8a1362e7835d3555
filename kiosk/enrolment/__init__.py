"""The identity of a terminal: how it gets its certificate, and keeps it.

What may be done here: making the terminal's keys, talking to the centre's desk, and putting a
whole identity in the place of another, or of none. Private keys are made here and never leave.
Nothing here knows of applications or of citizens.

::

    keys/         the identity in force
    keys.next/    the one that is being made; what a death leaves there is gone on with
"""

from kiosk.enrolment.enrol import Step, Wish, enrol
from kiosk.enrolment.errors import (
    DeskGarbled,
    DeskUnreachable,
    EnrolmentError,
    EnrolmentExpired,
    EnrolmentRefused,
    IdentityBusy,
    NotEnrolled,
)
from kiosk.enrolment.placing import Placed, held
from kiosk.enrolment.renewal import Renewed, due, refresh, renew

__all__ = [
    "DeskGarbled",
    "DeskUnreachable",
    "EnrolmentError",
    "EnrolmentExpired",
    "EnrolmentRefused",
    "IdentityBusy",
    "NotEnrolled",
    "Placed",
    "Renewed",
    "Step",
    "Wish",
    "due",
    "enrol",
    "held",
    "refresh",
    "renew",
]
