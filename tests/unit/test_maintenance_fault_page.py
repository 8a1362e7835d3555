"""The page of a fault is never dead: what came of trying again is said, and when it is over."""

from __future__ import annotations

import time
from types import SimpleNamespace
from typing import Any, cast

import pytest

from kiosk.journey.view_parts import text
from kiosk.maintenance import effects as e
from kiosk.maintenance.course import IllegalIntent
from kiosk.maintenance.facts import Did, Examined, Looked, Statuses
from kiosk.maintenance.intents import Said
from kiosk.session.maintenance.errands import Errands
from kiosk.session.maintenance.terminal_errands import TerminalErrands
from tests.unit.test_maintenance_course import ONLINE, Stay
from tests.waiting import until

GONE = {"common": {"device": "noDevice"}}
TRIED = Did(well=False, told=text("upkeep.fault.tried", time="10:41"))


def _reads() -> Stay:
    """Return a clerk who reads what to do about a reader that is not connected."""
    stay = Stay().signed_in().say(Said.STATUSES, Statuses(devices={"id_reader": GONE}))
    return stay.tap("fault:id_reader.gone")


def test_what_came_of_trying_again_is_said_with_its_time() -> None:
    """While it is looked at, too; then it can be tried once more."""
    stay = _reads().tap("again")
    assert stay.wanted == (e.Recheck(ticket=stay.course.context.awaited, doctor=False),)
    view = stay.view()
    assert [own.text.key for own in view.notices] == ["upkeep.fault.tries"]
    assert "staff:again" not in [own.target for own in view.ways]
    with pytest.raises(IllegalIntent):
        stay.tap("again")
    stay.say(Said.DID, TRIED)
    assert [own.text for own in stay.view().notices] == [TRIED.told]
    assert stay.tap("again").wanted == (
        e.Recheck(ticket=stay.course.context.awaited, doctor=False),
    )


def test_a_device_that_began_anew_is_told_on_the_page_where_that_was_asked() -> None:
    """What went well is said as much as what did not."""
    stay = _reads().tap("reset").say(Said.DID, Did(well=True, told=text("upkeep.reset.well")))
    assert [(own.kind, own.text.key) for own in stay.view().notices] == [
        ("done", "upkeep.reset.well")
    ]


def test_a_fault_that_is_over_is_green_and_leads_on() -> None:
    """No empty list of steps, no word of a try that did not help."""
    stay = _reads().tap("again").say(Said.STATUSES, Statuses(devices={"id_reader": ONLINE}))
    stay.say(Said.DID, TRIED)
    view = stay.view()
    assert (view.tone, view.steps, view.notices) == ("fine", (), ())
    assert [own.target for own in view.ways] == ["staff:back"]
    stay.tap("back")
    assert stay.view().page == "staff_glance"


@pytest.mark.parametrize("doctor", [False, True])
def test_everything_is_looked_at_before_it_is_said(*, doctor: bool) -> None:
    """The sentence comes last: what is still so then is so; it has the hall's time."""
    heard: list[tuple[Said, Any]] = []
    agent = SimpleNamespace(examine=lambda: Examined(findings=()), look=Looked)
    bench = SimpleNamespace(look=lambda: Statuses(devices={}))
    parts = SimpleNamespace(agent=agent, bench=bench)

    def say(kind: Said, fact: Any = None, **_more: Any) -> None:
        heard.append((kind, fact))

    errands = Errands.__new__(Errands)
    errands.parts, errands.say = cast("Any", parts), cast("Any", say)
    TerminalErrands(errands, cast("Any", None), lambda *_: None).recheck(
        e.Recheck(ticket=3, doctor=doctor)
    )
    until(lambda: Said.DID in [kind for kind, _ in heard])
    middle = [Said.EXAMINED, Said.LOOKED] if doctor else []
    assert [kind for kind, _ in heard] == [Said.STATUSES, *middle, Said.DID]
    told = heard[-1][1].told
    assert told.key == "upkeep.fault.tried"
    assert time.strptime(dict(told.values)["time"], "%H:%M")
