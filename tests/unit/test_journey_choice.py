"""The choice of items: nobody is led to a paper that does not exist yet."""

from __future__ import annotations

from itertools import product

import pytest

from kiosk.domain.dictionary import Disposition
from kiosk.journey import offers
from kiosk.journey.machine import Journey
from kiosk.journey.present_choose import home
from kiosk.journey.states import State
from tests.journeys.reach import offered, reached, touched
from tests.journeys.stage import catalogue

THING = catalogue().thing("newborn")


def _choosing() -> Journey:
    return reached("newborn", State.CHOOSE).journey


def _chosen(journey: Journey) -> set[str]:
    return {item.code for item in offers.chosen_items(journey.context)}


@pytest.mark.parametrize(
    "answers", list(product(*[[own.value for own in s.options] for s in THING.situations]))
)
@pytest.mark.parametrize("left_out", [None, *[item.code for item in THING.open_items]])
def test_no_paper_is_asked_that_the_citizen_does_not_have(
    answers: tuple[str, ...], left_out: str | None
) -> None:
    """Whatever is answered and left out, what is to be photographed is in the citizen's hands."""
    journey = _choosing()
    for situation, value in zip(THING.situations, answers, strict=True):
        touched(journey, f"situation:{situation.code}:{value}")
    if left_out and f"item:{left_out}" in offered(journey):
        touched(journey, f"item:{left_out}")
    certificate, registered = answers[1] == "issued", answers[2] == "registered"
    made = {own.key for own in offers.to_bring(journey.context) if own.made_by}
    assert certificate or not made & {"birth_certificate", "birth_certificate_guardianship"}
    assert registered or "newborn_household_register" not in made
    assert ("next" in offered(journey)) is bool(_chosen(journey))


def test_leaving_out_what_makes_a_paper_takes_along_what_needs_it() -> None:
    """No certificate: no household, and without a household no card and no insurance."""
    journey = _choosing()
    for answer in ("marriage:married", "certificate:not-issued", "household:not-registered"):
        touched(journey, f"situation:{answer}")
    every = _chosen(journey)
    touched(journey, "item:birth-certificate")
    assert _chosen(journey) == set()
    touched(journey, "item:birth-certificate", "item:household-registration")
    gone = {"household-registration", "social-security-card", "medical-insurance"}
    assert _chosen(journey) == every - gone
    touched(journey, "item:household-registration")
    assert _chosen(journey) == every


def test_the_lists_of_what_an_answer_lacks_name_products() -> None:
    """A paper that nothing here makes could never be had together with what needs it."""
    papers = {m.key: m for item in THING.items for m in item.materials}
    lacked = {key for s in THING.situations for option in s.options for key in option.lacks}
    assert lacked
    assert all(papers[key].disposition is Disposition.PRODUCED for key in lacked)


def test_a_bundle_is_chosen_like_a_life_event_and_keeps_its_order() -> None:
    """Its things come as they are done, with the reason; each opens by itself."""
    journey = reached("newborn-by-theme", State.HOME).journey
    bundle = catalogue().jurisdiction.bundles[0]
    assert home(journey.context).together is None
    touched(journey, f"theme:{bundle.name}")
    shown = home(journey.context)
    assert shown.together is not None
    assert [own.action.target for own in shown.things] == [
        f"open_thing:{code}" for code in bundle.things
    ]
    assert [own.target for own in shown.themes if own.chosen] == [f"theme:{bundle.name}"]
    touched(journey, f"open_thing:{bundle.things[0]}")
    assert journey.context.thing is not None
    assert journey.context.thing.code == bundle.things[0]
