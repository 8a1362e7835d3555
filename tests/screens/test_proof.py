"""Pages are proved before a release begins: what is well passes, what is not is told by thing."""

from __future__ import annotations

from dataclasses import replace

from kiosk.domain.catalogue import Catalogue, Status
from screens.gallery import Easel
from screens.proof import Proof
from tests.journeys.stage import catalogue

THING = "social-card-services"


def alone(place: Catalogue, code: str) -> Catalogue:
    """Return a place that offers one thing."""
    return replace(place, things=tuple(own for own in place.things if own.code == code))


def test_a_thing_that_is_only_told_of_is_proved_by_its_guide(easel: Easel) -> None:
    """Both ways up, both sizes, painted."""
    proof = Proof(place=alone(catalogue(), THING), easel=easel)
    proof.run()
    assert proof.faults == []
    assert proof.pages > 8


def test_a_visit_that_leads_nowhere_is_told() -> None:
    """A thing whose items cannot be begun, found before any citizen finds it."""
    place = alone(catalogue(), "public-rental")
    (thing,) = place.things
    opened = tuple(replace(item, status=Status.OPEN, fields=()) for item in thing.items[:1])
    broken = replace(thing, items=opened, pages=(), situations=())
    whole = Proof(place=replace(place, things=(replace(broken, name="好" * 400),)))
    whole.run()
    assert any("好" in fault for fault in whole.faults)
    assert all("好" in fault or "个人" in fault for fault in whole.faults)  # the list, for its tile


def test_the_list_of_things_is_proved_as_well() -> None:
    """A theme that does not fit is on no page of the thing itself."""
    place = catalogue()
    first, second = alone(place, THING).things[0], alone(place, "public-rental").things[0]
    things = (replace(first, theme="长" * 5000), replace(second, items=()))
    proof = Proof(place=replace(place, things=things))
    proof.run()
    assert any("个人" in fault for fault in proof.faults)
