"""The hand of a citizen in a soak: quick, and no more patient than people are when something broke.

A well visit is held to its script with `PATIENCE_S` for every page. Once something was struck, a
citizen touches 重试 where it is offered and 提交 again where the page says that it did not go, and
gives the script up when their visit is over or when a settled page has stayed the same for
`STILL_S`: what they leave by is the soak's business.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

from kiosk.desk.stack import Stack
from kiosk.play.player import Player, Unplayable
from kiosk.play.rehearsal_link import Seen

PATIENCE_S = 19.0
"""Seconds a citizen waits for a page; longer than any hold of a visit, shorter than its idle."""
STILL_S = 8.0
"""Seconds in which a page that offers no way on is given up, after something was struck."""
OVER_S = 1.0
"""Seconds in which a page that says the visit is over is believed."""
OVER = frozenset({"attract", "trouble"})
AT_WORK = frozenset({"fetching", "submitting", "capture"})
"""Pages that stand still because the terminal works; the patience bounds them."""
AGAIN_S = 2.0
"""Seconds between two touches of the same button."""
NOT_GONE = "review.trouble."
"""Begins what a page says that could not hand an application over."""
TOLD = frozenset({"submitted", "stored", "refused"})
PRINTED = frozenset({"printed", "failed", "unknown"})
T = TypeVar("T")


class Hand(Player):
    """A player whom something may have happened to.

    Attributes:
        struck: whether something was broken in this visit, or was still broken when it began.
        retried: how often 重试, or 提交 again, was touched in this visit.
    """

    def __init__(self, stack: Stack) -> None:
        super().__init__(stack, hurry=True, patience=PATIENCE_S)
        self.struck = False
        self.retried = 0
        self._since = self._again = 0.0
        self._page: object = None

    def begin(self, *, struck: bool) -> None:
        """Begin a visit."""
        self.struck, self.retried, self._page = struck, 0, None

    def hear(self) -> None:
        """Wait until the receipt says what became of application and slip, whatever that is.

        Raises:
            Unplayable: there is no receipt, or it says nothing.
        """
        self._wait(
            lambda seen: seen if _told(seen) else None,
            lambda seen: (
                f"a receipt expected that tells, {seen.page if seen else 'nothing'} is seen"
            ),
        )

    def _wait(
        self, wanted: Callable[[Seen], T | None], otherwise: Callable[[Seen | None], str]
    ) -> T:
        def found(seen: Seen) -> T | None:
            there = wanted(seen)
            if there is None and self.struck:
                self._bear(seen, otherwise)
            return there

        self._page = None
        return super()._wait(found, otherwise)

    def _bear(self, seen: Seen, otherwise: Callable[[Seen | None], str]) -> None:
        """Look at a page that is not the wanted one.

        Raises:
            Unplayable: it was looked at long enough.
        """
        now = time.monotonic()
        page = (seen.page, seen.settled, dict(seen.facts))
        if page != self._page:
            self._page, self._since = page, now
        limit = OVER_S if seen.page in OVER else STILL_S
        if seen.settled and seen.page not in AT_WORK and now - self._since > limit:
            raise Unplayable(otherwise(seen))
        again = _again(seen)
        if again in seen.targets and seen.settled and now - self._again > AGAIN_S:
            self._again = now
            self.retried += 1
            self.screen.tap(*seen.targets[again].middle)


def _again(seen: Seen) -> str:
    """Return what a page offers to try once more by."""
    notices = seen.facts.get("notices")
    failed = isinstance(notices, list) and any(one.startswith(NOT_GONE) for one in notices)
    return "submit" if failed else "retry"


def _told(seen: Seen) -> bool:
    facts = seen.facts
    return facts.get("outcome") in TOLD and facts.get("printing") in PRINTED
