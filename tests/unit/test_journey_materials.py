"""The one set of materials: pictures, promises, the number on a card."""

from __future__ import annotations

import pytest

from kiosk.journey import offers
from kiosk.journey.facts import CardRead, Devices, Sight, Taken, Trouble
from kiosk.journey.facts import Condition as Device
from kiosk.journey.intents import Intent, touch
from kiosk.journey.intents import IntentKind as K
from kiosk.journey.machine import Journey
from kiosk.journey.observe import observed
from kiosk.journey.present_page import present
from kiosk.journey.states import State
from tests.journeys.reach import offered, reached, touched, values, where, written

CARD, OTHER = "9156000000000000001", "9156000000000000019"
GOOD = Sight(found=True, complete=True, sharp=True, glare_free=True, lit=True)


def _list() -> Journey:
    return reached("newborn", State.MATERIALS).journey


def _answer(journey: Journey, kind: K, fact: Taken | CardRead | Sight | Trouble) -> Journey:
    journey.apply(Intent(kind=kind, ticket=journey.context.awaited, fact=fact))
    return journey


def _taken(journey: Journey, picture: str, *faults: str) -> Journey:
    touched(journey, "shoot")
    got = Taken(picture=picture, sha256="0" * 64, size=1, width=1, height=1, faults=faults)
    return _answer(journey, K.TAKEN, got)


def _card(journey: Journey, number: str, bank: str = "新乡市示例银行") -> Journey:
    touched(journey, "capture:bank_card")
    _answer(_taken(journey, number or "x"), K.NUMBER_READ, CardRead(number=number, bank=bank))
    return touched(journey, "keep")


def _states(journey: Journey) -> object:
    return observed(present(journey))["states"]


def test_pages_of_one_paper_are_kept_up_to_its_number() -> None:
    """Four pages of a discharge record; after the fourth there is no more, and anew is anew."""
    journey = touched(_list(), "capture:discharge_record")
    for number in range(1, 5):
        _taken(journey, f"p{number}")
        assert ("more" in offered(journey)) is (number < 4)
        touched(journey, "more" if number < 4 else "keep")
    assert [own.picture for own in journey.context.captures["discharge_record"]] == [
        "p1",
        "p2",
        "p3",
        "p4",
    ]
    touched(journey, "capture:discharge_record")
    _taken(journey, "p5")
    touched(journey, "keep")
    assert [own.picture for own in journey.context.captures["discharge_record"]] == ["p5"]


def test_looking_at_the_camera_again_loses_no_picture() -> None:
    """Who opens the camera for a paper that is complete and goes back has all its pages."""
    journey = touched(_list(), "capture:bank_card")
    _answer(_taken(journey, "card"), K.NUMBER_READ, CardRead(number=CARD, bank=""))
    touched(journey, "keep")
    if where(journey) is State.FORM:
        touched(journey, "choose:payee.bank_name:313", "next")
    touched(journey, "capture:bank_card", "back")
    assert [own.picture for own in journey.context.captures["bank_card"]] == ["card"]


def test_a_bad_picture_is_kept_only_after_three() -> None:
    """Each says what is wrong; the third may be kept, and a clerk judges."""
    journey = touched(_list(), "capture:discharge_record")
    for number, fault in enumerate(("dark", "cut", "blurred"), 1):
        _taken(journey, f"p{number}", fault)
        assert observed(present(journey))["notices"] == [f"captured.fault.{fault}"]
        assert ("keep" in offered(journey)) is (number == 3)
        if number < 3:
            touched(journey, "again")
    touched(journey, "keep")
    assert _states(journey) == ["discharge_record:captured", "bank_card:waiting"]


def test_the_number_of_a_card_goes_into_the_form_with_where_it_came_from() -> None:
    """Number and bank, read from the picture that was kept."""
    journey = _card(_list(), CARD)
    form = journey.context.form
    assert form is not None
    assert values(journey)["payee.account_no"] == CARD
    assert form.field("payee.account_no").source == "capture:bank_card"
    assert where(journey) is State.MATERIALS


def test_another_card_that_cannot_be_read_is_asked_for() -> None:
    """A number of the card before is never filed with the picture of this one."""
    journey = _card(_card(_list(), CARD), "", "")
    assert where(journey) is State.FORM
    assert set(_here(journey)) == {"payee.account_no", "payee.bank_name"}


def test_with_larger_letters_what_was_not_read_is_asked_one_by_one() -> None:
    """Number and bank have a page each, and the list comes after both."""
    journey = touched(_list(), "size")
    _card(journey, "", "")
    assert _here(journey) == ["payee.account_no"]
    touched(written(journey, CARD), "next")
    assert _here(journey) == ["payee.bank_name"]
    touched(journey, "choose:payee.bank_name:313", "next")
    assert where(journey) is State.MATERIALS


def test_another_card_that_is_read_takes_the_place_of_the_first() -> None:
    """The last picture counts."""
    journey = _card(_card(_list(), CARD), OTHER)
    assert values(journey)["payee.account_no"] == OTHER


def test_a_number_that_was_not_typed_is_asked_before_going_on() -> None:
    """Going back from the question does not lead past it, nor into a blind alley."""
    journey = touched(_list(), "commit:discharge_record", "agree")
    _card(journey, "", "")
    touched(journey, "back")
    assert where(journey) is State.MATERIALS
    touched(journey, "next")
    assert where(journey) is State.FORM
    written(touched(journey, "focus:payee.account_no"), CARD)
    touched(journey, "choose:payee.bank_name:313", "next")
    assert where(journey) is State.MATERIALS
    touched(journey, "next")
    assert where(journey) is State.DELIVERY


def test_a_promise_takes_the_place_of_pictures_and_the_other_way_round() -> None:
    """A paper is photographed or promised, never both."""
    journey = touched(_list(), "commit:discharge_record", "agree")
    assert journey.context.commitments == ("discharge_record",)
    assert "commit:discharge_record" not in offered(journey)
    touched(journey, "capture:discharge_record")
    _taken(journey, "p1")
    touched(journey, "keep")
    assert not journey.context.commitments


@pytest.mark.parametrize("reason", ["camera_absent", "camera_failed", "frozen", "black"])
def test_a_camera_that_fails_offers_another_try_and_the_promise(reason: str) -> None:
    """In the middle of it: what is wrong, try again, or promise; nothing kept is lost."""
    journey = touched(_list(), "capture:discharge_record")
    _taken(journey, "p1")
    touched(journey, "more")
    _answer(journey, K.CAPTURE_TROUBLE, Trouble(reason=reason))
    facts = observed(present(journey))
    assert facts["notices"] == [f"capture.trouble.{reason}"]
    assert {"retry", "commit:discharge_record", "back"} <= set(offered(journey))
    touched(journey, "back")
    assert _states(journey) == ["discharge_record:captured", "bank_card:waiting"]


def test_a_camera_that_is_gone_takes_nothing_that_was_decided() -> None:
    """The items stay as the citizen went on with them; only the button is gone."""
    journey = _list()
    before = offers.chosen_items(journey.context)
    devices = Devices(id_reader=Device.READY, camera=Device.ABSENT)
    journey.apply(Intent(kind=K.DEVICES, fact=devices))
    assert offers.chosen_items(journey.context) == before
    assert "capture:discharge_record" not in offered(journey)
    assert "commit:discharge_record" in offered(journey)
    assert not journey.legal(touch("capture:discharge_record"))


def test_nothing_is_shot_before_the_camera_looks() -> None:
    """A second touch while the picture is taken takes no second one."""
    journey = touched(_list(), "capture:discharge_record")
    _answer(journey, K.SIGHT, GOOD)
    touched(journey, "shoot")
    assert "shoot" not in offered(journey)


def _here(journey: Journey) -> list[str]:
    found = observed(present(journey))["fields"]
    assert isinstance(found, list)
    return found
