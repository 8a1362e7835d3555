"""Why an update does not go on; each class says who must act. Citizens notice none of them."""

from __future__ import annotations

from kiosk.release.reasons import Reason


class ReleaseError(Exception):
    """An update stops; what is in force stays in force."""

    code = "release.failed"


class Unreachable(ReleaseError):
    """The server, the stick or the line does not answer in time; tried again, nobody must act."""

    code = "release.unreachable"


class Stale(ReleaseError):
    """What is served has expired: the publisher must renew it, or this clock is years off."""

    code = "release.stale"


class Untrusted(ReleaseError):
    """Not signed by enough keys that count, or older than what was seen: the admin must act."""

    code = "release.untrusted"


class Unusable(ReleaseError):
    """Well signed, and refused by the terminal's own checks; its author must act."""

    code = "release.unusable"

    def __init__(self, words: str, reason: Reason = Reason.PACK) -> None:
        """Take the sentence, and the word for the centre."""
        super().__init__(words)
        self.reason = reason


class NoRoom(ReleaseError):
    """The disk does not take it; staff must act."""

    code = "release.no_room"
