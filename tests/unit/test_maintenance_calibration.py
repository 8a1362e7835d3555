"""The course of a touch calibration: four points, a question, and an end whatever happens."""

from __future__ import annotations

from kiosk.journey.view_parts import text
from kiosk.maintenance import effects as e
from kiosk.maintenance.calibrate_moves import CONFIRM_S, POINT_S
from kiosk.maintenance.facts import Did
from kiosk.maintenance.intents import Said
from kiosk.maintenance.states import State
from tests.unit.test_maintenance_course import Stay

POINTS = ("point:1500,1200", "point:8500,1200", "point:8500,8800", "point:1500,8800")


def _tried(*, well: bool = True) -> Stay:
    stay = Stay().signed_in().tap("system", "calibrate", *POINTS)
    return stay.say(Said.TOUCH_TRIED, Did(well=well, told=text("calibration.unfit")))


def test_four_points_are_tried_and_kept_when_somebody_says_so() -> None:
    """What is felt goes to the screen in shares; the page asks, and goes back with the answer."""
    stay = Stay().signed_in().tap("system", "calibrate", *POINTS)
    (wish,) = stay.wanted
    assert isinstance(wish, e.TryTouch)
    assert wish.felt == ((0.15, 0.12), (0.85, 0.12), (0.85, 0.88), (0.15, 0.88))
    stay.say(Said.TOUCH_TRIED, Did(well=True, told=text("calibration.trying")))
    assert stay.view().ways
    stay.tap("cell:4", "yes")
    assert isinstance(stay.wanted[0], e.KeepTouch)
    assert stay.page is State.SYSTEM


def test_nobody_who_confirms_undoes_it() -> None:
    """After fifteen seconds; and the page before says so."""
    stay = _tried()
    for _ in range(CONFIRM_S):
        stay.say(Said.TICK)
    assert stay.wanted == (e.UndoTouch(),)
    assert stay.page is State.SYSTEM
    assert stay.view().outcome.told.key == "calibration.undone"


def test_points_that_do_not_fit_are_touched_again() -> None:
    """From the first one, with a sentence that says why."""
    stay = _tried(well=False)
    assert (stay.page, stay.view().number) == (State.CALIBRATE, 1)
    assert stay.view().notices[0].text.key == "calibration.unfit"


def test_a_glass_that_feels_nothing_leads_back() -> None:
    """Nobody can touch a button there."""
    stay = Stay().signed_in().tap("system", "calibrate", POINTS[0])
    for _ in range(POINT_S):
        stay.say(Said.TICK)
    assert stay.page is State.SYSTEM
