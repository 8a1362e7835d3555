"""One submission on its way to the agent, and what may be said when it breaks on the way.

Before the first byte left, nothing is stored; from then on until the agent's word nobody knows;
after that word it is stored, whatever happens to the waiting for a number.
"""

from __future__ import annotations

from kiosk.domain.consent import Consent
from kiosk.domain.receipt import Outcome
from kiosk.journey.effects import Submit
from kiosk.journey.facts import Answer, Trouble
from kiosk.journey.intents import IntentKind as K
from kiosk.session.belongings import Photo
from kiosk.session.control import Control
from kiosk.session.errands import Post, answer
from kiosk.session.filing import Desk


class HandingOver:
    """Hands one submission over; runs on a thread of its own."""

    def __init__(self, visit: str, desk: Desk, control: Control, post: Post) -> None:
        self._visit, self._desk, self._control, self._post = visit, desk, control, post
        self._left = False
        """The first byte left."""
        self._stored = False
        """The agent committed it."""

    def run(self, effect: Submit, consents: tuple[Consent, ...], photo: Photo) -> None:
        """Hand over, then wait for the number."""
        found = self._desk.hand_over(
            self._visit, effect, consents, before=self._leaves, photo=photo
        )
        if isinstance(found, Trouble):
            self._post(answer(K.STORE_TROUBLE, effect.ticket, found))
            return
        self._stored = True
        self._control.submitted(found.local_no)
        self._post(answer(K.STORED, effect.ticket, found))
        self._post(answer(K.ANSWERED, effect.ticket, self._desk.outcome(self._visit)))

    def failed(self, ticket: int) -> None:
        """Say what is true after an error that nobody foresaw."""
        if self._stored:
            self._post(answer(K.ANSWERED, ticket, Answer(outcome=Outcome.STORED)))
            return
        unknown = self._left or self._desk.perhaps_stored
        reason = "unanswered" if unknown else "damaged"
        self._post(answer(K.STORE_TROUBLE, ticket, Trouble(reason=reason)))

    def _leaves(self, local_no: str) -> None:
        self._left = True
        self._control.handing_over(local_no)
