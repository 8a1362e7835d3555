"""What a kind of site changes for a citizen: the greeting, what is first, what is withheld."""

from __future__ import annotations

from dataclasses import replace

from kiosk.domain.guide import ELSEWHERE, record
from kiosk.journey import facts as f
from kiosk.journey.intents import Intent, IntentKind, touch
from kiosk.journey.machine import Journey
from kiosk.journey.observe import observed
from kiosk.journey.present_page import present
from kiosk.journey.view import AttractView, plain
from kiosk.session.equipment import withholding
from tests.journeys.stage import catalogue, context

READY = f.Devices(id_reader=f.Condition.READY, scanner=f.Condition.READY, printer=f.Condition.READY)


def journey(**site: object) -> Journey:
    """A visit at a site, with everything in order."""
    own = context()
    made = Journey(replace(own, site=replace(own.site, **site)))
    made.apply(Intent(kind=IntentKind.DEVICES, fact=READY))
    made.apply(Intent(kind=IntentKind.INTAKE, fact=f.Intake.UP))
    return made


def attract(**site: object) -> AttractView:
    """The page that nobody is at."""
    view = present(journey(**site))
    assert isinstance(view, AttractView)
    return view


def test_the_greeting_is_the_sites_own() -> None:
    """Without one the usual words stand."""
    assert attract(greeting="顺路就把事办了").title == plain("顺路就把事办了")
    assert attract().title.key == "attract.title"


def test_what_a_site_is_for_is_named_first() -> None:
    """Among what can be filed: what cannot is never named before it."""
    usual = attract().things
    things = [own for own in catalogue().things if own.open]
    wanted = things[-1]
    assert attract(first=(wanted.code,)).things[0] == wanted.name
    assert set(attract(first=(wanted.code,)).things) == set(usual)


def test_what_is_withheld_is_told_of_and_not_filed() -> None:
    """Its guide is read; nothing leads on from there, and the other things are as they were."""
    withheld = next(own for own in catalogue().things if own.open)
    place = withholding(catalogue(), {withheld.code})
    assert [own.open for own in place.things if own.code == withheld.code] == [False]
    assert [own for own in place.things if own.code != withheld.code] == [
        own for own in catalogue().things if own.code != withheld.code
    ]
    assert place.version == catalogue().version
    made = journey()
    made = Journey(replace(made.context, catalogue=place))
    made.apply(touch("begin"))
    made.apply(touch(f"open_thing:{withheld.code}"))
    targets = observed(present(made))["targets"]
    assert isinstance(targets, list)
    assert "start" not in targets
    assert "limit.withheld" in str(present(made))
    where = next(own for own in record(place, withheld.code).heads if own.key == "where")
    assert where.lines == (ELSEWHERE,)


def test_a_thing_that_nobody_takes_is_not_told_as_withheld() -> None:
    """The place itself does not take it: another hall would be a wasted way."""
    planned = next(own for own in catalogue().things if not own.open)
    assert withholding(catalogue(), {planned.code}) == catalogue()


def test_home_names_no_button_that_is_only_in_the_guide() -> None:
    """Without the intake both say what they do about it."""
    made = journey()
    made.apply(touch("begin"))
    made.apply(Intent(kind=IntentKind.INTAKE, fact=f.Intake.DOWN))
    assert "home.intake_down" in str(present(made))
    made.apply(touch(f"open_thing:{next(own.code for own in catalogue().things if own.open)}"))
    assert "limit.intake_down_hint" in str(present(made))
