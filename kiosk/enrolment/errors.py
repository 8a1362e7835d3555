"""The exception family of this room; each says who must act.

::

    EnrolmentError
    ├── DeskUnreachable    no answer: tried again, nobody has to act yet
    ├── DeskGarbled        an answer that can't be believed: the centre, or whoever is in between
    ├── EnrolmentExpired   the code was not approved in time: begin anew
    ├── EnrolmentRefused   the centre said no: staff ask there
    ├── IdentityBusy       another process makes one here: wait for it, or end it
    └── NotEnrolled        there is no identity to renew, or another one is in the way
"""

from __future__ import annotations


class EnrolmentError(Exception):
    """The terminal has no new identity; the one it had, if any, is as it was."""


class DeskUnreachable(EnrolmentError):
    """The desk did not answer; the reason is one word of `kiosk.gateway.why`.

    Attributes:
        after: seconds after which the desk wants to be asked again; 0 when it says nothing.
    """

    def __init__(self, reason: str, *, after: float = 0.0) -> None:
        super().__init__(reason)
        self.after = after


class DeskGarbled(EnrolmentError):
    """What came is not the desk's answer, or not for this terminal."""


class EnrolmentExpired(EnrolmentError):
    """The code is too old, or was used; the next attempt has a new one."""


class EnrolmentRefused(EnrolmentError):
    """The centre turned the terminal away; the message is its problem code."""


class IdentityBusy(EnrolmentError):
    """Another process is getting or renewing the identity of this terminal."""


class NotEnrolled(EnrolmentError):
    """What is in the keys directory does not allow it; the message says what to do."""
