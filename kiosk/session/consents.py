"""What a citizen agreed to in one visit, each with the moment of the touch."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from kiosk.domain.catalogue import Catalogue
from kiosk.domain.consent import Consent
from kiosk.journey.context import Context
from kiosk.journey.effects import Submit


class Consents:
    """The consents of one visit.

    Args:
        catalogue: whose words are agreed to.
        clock: the moment now, with its zone.
    """

    def __init__(self, catalogue: Catalogue, clock: Callable[[], datetime]) -> None:
        self._catalogue = catalogue
        self._clock = clock
        self._given: dict[str, Consent] = {}

    def give(self, purpose: str) -> Consent:
        """Record that a text is agreed to at this moment."""
        given = self._catalogue.consents[purpose].given(self._clock().isoformat())
        self._given[purpose] = given
        return given

    def follow(self, before: Context, after: Context) -> None:
        """Record what one touch agreed to beside the page's own question."""
        if after.reuse and not before.reuse:
            self.give("reuse")
        if set(after.commitments) - set(before.commitments):
            self.give("commitment")

    def agreed(self, effect: Submit) -> tuple[Consent, ...]:
        """Return what a submission stands on; submitting it is the declaration."""
        wanted = {
            "data_fetch": effect.agreed,
            "reuse": effect.reuse,
            "commitment": bool(effect.commitments),
        }
        given = [self._given.get(p) or self.give(p) for p, stands in wanted.items() if stands]
        return (*given, self.give("declaration"))
