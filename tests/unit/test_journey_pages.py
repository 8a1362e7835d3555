"""The pages of the form: what is asked, in which order, and the way through."""

from __future__ import annotations

import pytest

from kiosk.journey.machine import Journey
from kiosk.journey.observe import observed
from kiosk.journey.present_page import present
from kiosk.journey.script import Step
from kiosk.journey.states import State
from kiosk.journey.view import FormView
from tests.journeys.reach import offered, reached, touched, values, where, written

MAN = "400701199110030711"


def _fields(journey: Journey) -> list[str]:
    view = present(journey)
    assert isinstance(view, FormView)
    return [row.key for row in view.rows]


def _fathers_page() -> Journey:
    return reached("newborn-father-unknown", State.FORM, after=2).journey


def test_what_follows_from_a_number_is_not_asked() -> None:
    """Of a father nobody knows the number is asked, and not what it says."""
    journey = _fathers_page()
    assert "father.id_no" in _fields(journey)
    assert not {"father.id_type", "father.birth_date", "father.nationality"} & set(_fields(journey))
    written(touched(journey, "focus:father.id_no"), MAN)
    assert values(journey)["father.birth_date"] == "1991-10-03"
    assert values(journey)["father.nationality"] == "156"


def test_with_larger_letters_it_is_one_question_a_page_and_no_more() -> None:
    """The same questions, each alone, in the same order."""
    journey = _fathers_page()
    asked = _fields(journey)
    touched(journey, "size")
    assert _fields(journey) == asked[:1]
    touched(journey, "size")
    assert _fields(journey) == asked


def test_larger_letters_on_a_question_stay_with_it() -> None:
    """Turned on while a place is chosen: afterwards the page is that of the place."""
    journey = reached("newborn-changed-at-review", State.FORM, after=6).journey
    touched(journey, "open:newborn.native_place", "province:11", "size", "place:110000", "next")
    assert where(journey) is State.FORM
    assert _fields(journey) == ["newborn.native_place"]
    assert values(journey)["newborn.native_place"] == "110000"


@pytest.mark.parametrize("page", [State.CONSENT, State.MATERIALS, State.DELIVERY, State.REVIEW])
def test_larger_letters_elsewhere_move_nothing(page: State) -> None:
    """Whoever turns them on and off behind the form or before it is where they were."""
    journey = reached("newborn", page).journey
    before = journey.context
    touched(journey, "size", "size")
    assert where(journey) is page
    assert journey.context == before


def test_what_does_not_follow_is_asked_on_its_page() -> None:
    """An address that names no district leaves the place of vaccination to be chosen."""
    journey = reached("newborn", State.FORM).journey
    written(touched(journey, "focus:mother.residence_address"), "示例村12号")
    touched(journey, "next")
    seen = []
    while where(journey) is State.FORM and "birth.vaccination_unit" not in seen:
        seen += _fields(journey)
        for row in _rows(journey):
            if row.value is None and (row.options or row.suggestions):
                touched(journey, (row.options or row.suggestions)[-1].target)
            if row.key == "newborn.name":
                written(journey, "沐辰")
        touched(journey, "next")
    assert "birth.vaccination_unit" in seen


def _rows(journey: Journey):  # type: ignore[no-untyped-def]  # noqa: ANN202 - rows of a view
    view = present(journey)
    assert isinstance(view, FormView)
    return view.rows


@pytest.mark.parametrize(
    ("key", "ways"),
    [
        ("newborn.native_place", ["province:11", "place:110000", "next"]),
        ("birth.guidance_institution", ["choose:birth.guidance_institution:410703-yz", "next"]),
    ],
)
def test_what_is_picked_elsewhere_can_be_changed_from_the_review(key: str, ways: list[str]) -> None:
    """A place or one of many opens its own page from the page apart, and comes back."""
    journey = reached("newborn", State.REVIEW).journey
    before = values(journey)
    touched(journey, f"change:{key}", f"open:{key}", *ways)
    assert where(journey) is State.FORM
    touched(journey, "next")
    assert where(journey) is State.REVIEW
    after = values(journey)
    assert after[key] != before[key]
    assert {k: v for k, v in after.items() if k != key} == {
        k: v for k, v in before.items() if k != key
    }


def test_a_change_in_the_review_asks_at_once_for_what_no_longer_fits() -> None:
    """Nobody stands before a whole form that cannot be signed, without being told why."""
    journey = reached("newborn", State.REVIEW).journey
    touched(journey, "change:mother.residence_address")
    while "erase" in offered(journey):
        touched(journey, "erase")
    touched(written(journey, "示例村12号"), "next")
    assert _fields(journey) == ["birth.vaccination_unit"]
    assert observed(present(journey))["faults"] == []
    unit = "choose:birth.vaccination_unit:410721-jz"
    touched(journey, "open:birth.vaccination_unit", unit, "next", "next")
    assert where(journey) is State.REVIEW
    assert "next" in offered(journey)


def test_going_back_out_of_such_a_question_does_not_let_it_be_signed() -> None:
    """Back is back; the whole form is signed when nothing is wrong with it, not before."""
    journey = reached("newborn", State.REVIEW).journey
    touched(journey, "change:mother.residence_address")
    while "erase" in offered(journey):
        touched(journey, "erase")
    touched(written(journey, "示例村12号"), "next", "back")
    assert where(journey) is State.REVIEW
    assert "next" not in offered(journey) or where(journey) is State.FORM


def test_back_to_the_consent_and_on_keeps_every_answer_and_its_source() -> None:
    """Asking the registers again takes nothing from the citizen."""
    run = reached("newborn", State.DELIVERY)
    journey = run.journey
    form = journey.context.form
    assert form is not None
    while where(journey) is not State.CONSENT:
        touched(journey, "back")
    before, sources = values(journey), {own.key: own.source for own in form.fields}
    run.play(Step(page=State.CONSENT, tap="agree"))
    assert where(run.journey) is State.FORM
    form = run.journey.context.form
    assert form is not None
    assert values(run.journey) == before
    assert {own.key: own.source for own in form.fields} == sources


def test_another_surname_keeps_the_given_name() -> None:
    """随父姓 after a given name was written, and 随母姓 after that: the surname alone changes."""
    journey = reached("newborn", State.FORM, after=2).journey
    touched(journey, "focus:newborn.name")
    key = "suggest:newborn.name"
    mother, father = "陈", "李"
    for name, ways, wanted in (
        ("沐辰", (f"{key}:1",), f"{father}沐辰"),
        ("", (f"{key}:0", f"{key}:1", f"{key}:0"), f"{mother}沐辰"),
    ):
        written(journey, name) if name else None
        touched(journey, *ways)
        assert values(journey)["newborn.name"] == wanted


def test_larger_letters_scold_nobody_for_questions_not_seen() -> None:
    """Turned off again on a page that was gone on from: what was never asked is not marked."""
    journey = touched(reached("newborn", State.FORM, after=2).journey, "size", "next")
    assert _faults(journey)
    touched(journey, "size")
    assert not _faults(journey)


def _faults(journey: Journey) -> list[str]:
    view = present(journey)
    assert isinstance(view, FormView)
    return [row.key for row in view.rows if row.fault]
