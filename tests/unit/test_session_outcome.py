"""What is counted of a visit: its thing, whether it was filed, and where it was left."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

from kiosk.catalogue.files import load
from kiosk.journey.context import Context, Site
from kiosk.journey.states import State
from kiosk.session.outcome import Outcome

CONFIG = Path(__file__).parents[2] / "config"
SITE = Site(service="新乡市政务服务", place="3 号机", help_phone="12345")


def _context() -> Context:
    return Context(site=SITE, catalogue=load(CONFIG, "410700"), today=date(2026, 11, 28))


def test_a_visit_that_was_left() -> None:
    """The page under the warning is where it was left; the time runs from the first touch."""
    outcome, start = Outcome(), _context()
    chosen = replace(start, thing=start.catalogue.things[0])
    outcome.follow(State.ATTRACT, start, 10.0)
    outcome.follow(State.HOME, start, 100.0)
    for page in (State.GUIDE, State.FORM, State.WARNING, State.ENDED):
        outcome.follow(page, chosen, 110.0)
    assert outcome.fields(160.4) == {
        "thing": chosen.thing.code if chosen.thing else "",
        "filed": 0,
        "page": "form",
        "seconds": 60,
    }


def test_somebody_who_looked_around() -> None:
    """No thing, and nobody's number."""
    outcome = Outcome()
    outcome.follow(State.HOME, _context(), 1.0)
    fields = outcome.fields(4.0)
    assert fields == {"thing": "none", "filed": 0, "page": "home", "seconds": 3}
