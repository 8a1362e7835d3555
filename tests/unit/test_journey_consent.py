"""What is agreed to: everything that is looked up stands there, nothing else is asked."""

from __future__ import annotations

import pytest

from kiosk.domain.dictionary import Disposition
from kiosk.journey import offers
from kiosk.journey.present_page import present
from kiosk.journey.states import State
from kiosk.journey.view import ConsentView
from kiosk.translation import Translator
from tests.journeys.reach import reached


@pytest.mark.parametrize("script", ["newborn", "restaurant"])
def test_every_register_that_replaces_a_paper_is_told_before(script: str) -> None:
    """The guide says "with your consent it is looked up": the consent names it."""
    journey = reached(script, State.CONSENT).journey
    view = present(journey)
    assert isinstance(view, ConsentView)
    words = Translator("zh")
    told = "\n".join(words.text(line.name.key, **dict(line.name.values)) for line in view.fetches)
    looked_up = [
        own.material.name
        for own in offers.checklist(journey.context).exempt
        if own.disposition in {Disposition.SHARE, Disposition.E_LICENCE}
    ]
    assert looked_up
    assert all(name in told for name in looked_up)
