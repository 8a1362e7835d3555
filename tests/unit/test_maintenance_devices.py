"""Tests of keypad, face camera and UPS as staff meet them: what is asked, offered and told."""

from __future__ import annotations

from typing import Any

import pytest

from kiosk.journey.view_parts import plain, text
from kiosk.maintenance import effects as e
from kiosk.maintenance.course import IllegalIntent
from kiosk.maintenance.facts import Did, History, SignedIn, Statuses, Trouble
from kiosk.maintenance.intents import Said
from kiosk.maintenance.staff import RIGHTS, Right, Role
from tests.unit.test_maintenance_course import ONLINE, WELL, Stay

MAINS = {"power": "onLine", "health": "ok", "charge": 80, "minutesLeft": 21, "selfTest": True}


def _at(part: str, **ups: Any) -> Stay:
    own = {**MAINS, **ups}
    devices = {
        "keypad": ONLINE,
        "face_camera": ONLINE,
        "ups": {**ONLINE, "xUps": {key: value for key, value in own.items() if value is not None}},
    }
    stay = Stay().signed_in().say(Said.STATUSES, Statuses(devices=devices))
    return stay.tap(f"part:{part}")


@pytest.mark.parametrize("part", ["keypad", "face_camera", "ups"])
def test_each_can_be_tested(part: str) -> None:
    """By the button that every device has."""
    stay = _at(part)
    assert "staff:test" in [own.target for own in stay.view().ways]
    stay.tap("test")
    assert stay.wanted == (e.Test(ticket=stay.course.context.awaited, part=part),)
    stay.say(Said.DID, WELL)
    assert stay.view().outcome.told == WELL.told


def test_the_page_of_the_ups_tells_the_battery_and_the_last_outage() -> None:
    """What it knows; an outage is one of the log's week."""
    stay = _at("ups")
    facts = {own.key: own.value for own in stay.view().facts}
    assert facts == {
        "power": text("upkeep.ups.power.onLine"),
        "charge": plain("80%"),
        "lasts": text("upkeep.ups.minutes", n=21),
    }
    cut = Trouble(at="11-27 14:02", event="power_lost", reason="")
    stay.say(Said.HISTORY, History(part="ups", troubles=(cut,)))
    assert stay.view().facts[-1].value == plain("11-27 14:02")
    stay.say(Said.HISTORY, History(part="ups"))
    assert stay.view().facts[-1].value == text("upkeep.ups.no_cut")
    bare = _at("ups", charge=None, minutesLeft=None).view()
    assert [own.key for own in bare.facts] == ["power"]


def test_what_a_test_found_goes_when_the_power_does() -> None:
    """No "mains are well" beside an outage, no "outage" beside mains; a self-test's end stays."""
    stay = _at("ups").tap("test").say(Said.DID, WELL)
    out = {"ups": {**ONLINE, "xUps": {**MAINS, "power": "onBattery"}}}
    back = {"ups": {**ONLINE, "xUps": MAINS}}
    stay.say(Said.HISTORY, History(part="ups")).say(Said.STATUSES, Statuses(devices=back))
    assert (stay.view().outcome.told, stay.wanted) == (WELL.told, ())
    stay.say(Said.STATUSES, Statuses(devices=out))
    assert (stay.view().outcome, stay.wanted) == (None, (e.AskHistory(part="ups"),))
    assert stay.view().facts[-1].value == text("upkeep.ups.cut_now")
    lost = Did(well=False, told=text("upkeep.ups.battery"))
    stay.tap("test").say(Said.DID, lost).say(Said.STATUSES, Statuses(devices=back))
    assert (stay.view().outcome, stay.wanted) == (None, (e.AskHistory(part="ups"),))
    stay.say(Said.STATUSES, Statuses(devices=out))
    passed = Did(well=True, told=text("upkeep.ups.passed"))
    stay.tap("test").say(Said.DID, passed).say(Said.STATUSES, Statuses(devices=back))
    assert stay.view().outcome.told == passed.told


def test_the_battery_is_tried_only_when_it_was_meant() -> None:
    """What may happen is told before; no is no."""
    stay = _at("ups").tap("test_battery")
    assert stay.wanted == ()
    view = stay.view()
    assert view.doing == text("upkeep.ups.ask")
    assert [own.label.key for own in view.ways] == ["staff.way.test_battery", "staff.way.keep"]
    stay.tap("no")
    assert (stay.wanted, stay.view().doing) == ((), None)
    stay.tap("test_battery", "yes")
    assert stay.wanted == (e.Test(ticket=stay.course.context.awaited, part="ups", battery=True),)


@pytest.mark.parametrize("ups", [{"selfTest": None}, {"power": "onBattery"}, {"power": "unknown"}])
def test_a_battery_that_is_needed_is_not_tried(ups: dict[str, Any]) -> None:
    """Nor one whose UPS knows no test."""
    stay = _at("ups", **ups)
    assert "staff:test_battery" not in [own.target for own in stay.view().ways]
    with pytest.raises(IllegalIntent):
        stay.tap("test_battery")


def test_who_may_not_shut_down_may_not_try_the_battery() -> None:
    """It can end the same way."""
    stay = _at("ups")
    rights = RIGHTS[Role.CLERK] - {Right.POWER}
    own = SignedIn(work_no="0317", role=Role.CLERK, rights=rights)
    object.__setattr__(stay.course.context, "person", own)
    assert "staff:test_battery" not in [own.target for own in stay.view().ways]
    with pytest.raises(IllegalIntent):
        stay.tap("test_battery")
