"""A child is born: seven items in one visit, and both ends of the line compared afterwards."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import requests

from drivers.simulated import camera_papers as papers
from intake.registers.holdings import Population
from kiosk.domain.application import Answer
from tests.e2e.desk import Desk
from tests.e2e.filed import Filed
from tests.e2e.sight import ink, on_screen, stands_upright
from tests.waiting import PATIENCE_S, until

pytestmark = pytest.mark.e2e

HALF_A_PICTURE = 200_000
"""Bytes after which a line goes still: less than a page of 286 kB."""
CARD_NO = "9156000000000000001"
TYPED = {
    "newborn.name": "李沐辰",
    "newborn.ethnicity": "01",
    "birth.settle_with": "mother",
    "mother.relation_to_head": "38",
    "birth.guidance_institution": "410702-yz",
    "ssc.bank": "313",
}
SITUATIONS = {
    "marriage": "married",
    "certificate": "not-issued",
    "household": "not-registered",
}
ITEMS = (
    "birth-certificate",
    "vaccination-certificate",
    "household-registration",
    "social-security-card",
    "maternity-reimbursement",
    "medical-insurance",
    "parenting-guidance",
)


def _filed(desk: Desk) -> Filed:
    """Return what the intake has of the visit that was just played."""
    return desk.intake.filed(str(desk.player.played.tally["local_no"]))


def _fetched(desk: Desk, ref: str, role: str) -> dict[str, str]:
    """Return what the registers know of the form's fields, read without the terminal."""
    population = Population(desk.population())
    view = population.view(desk.person(ref)["card"]["id_no"], role, "newborn")
    assert view is not None
    return view.facts()


def _answers(filed: Filed, source: str) -> dict[str, Answer]:
    found = filed.application.fields.items()
    return {key: own for key, own in found if own.source.startswith(source)}


def _pictures_are_right(filed: Filed) -> None:
    assert stands_upright(filed.files["discharge_record-1.jpg"], papers.record_page(1))
    card = papers.bank_card(CARD_NO, papers.BANK)
    assert stands_upright(filed.files["bank_card-1.jpg"], card)


def _signed_by_hand(filed: Filed) -> None:
    signature = filed.application.signature
    assert signature is not None
    assert signature.method == "handwriting"
    assert signature.attachment == "signature.png"
    assert 0.005 < ink(filed.files["signature.png"]) < 0.3
    assert filed.files["signature.json"].count(b"]],[[") == 1, "two lines were drawn"


def test_all_of_it_arrives(desk: Desk) -> None:
    """What was typed, fetched, photographed, signed and wished is at the intake, as it was."""
    played = desk.play("newborn").played
    assert played.tally["fields"] == {
        "boxes_before": 99,
        "merged": 49,
        "generated": 37,
        "produced": 2,
        "typed": 10,
    }
    assert played.tally["materials"] == {"before": 28, "asked": 2}
    filed = _filed(desk)
    assert filed.application_no == played.tally["application_no"]
    assert set(filed.items) == set(filed.application.items) == set(ITEMS)
    assert TYPED.items() <= filed.values().items()
    assert filed.values()["payee.account_no"] == CARD_NO
    known, own = _fetched(desk, "chen-xiaoyun", "mother"), filed.values()
    assert len(own) == 47, "49 fields, of which the offices produce two"
    assert {k: own[k] for k in _answers(filed, "share:") if k in known} == {
        k: known[k] for k in _answers(filed, "share:") if k in known
    }
    assert filed.application.situations == SITUATIONS
    assert {one.purpose for one in filed.application.consents} == {"data_fetch", "declaration"}
    delivery = filed.application.delivery
    assert delivery is not None
    assert (delivery.method, delivery.together) == ("courier", True)
    assert delivery.recipient == "陈晓芸"
    assert delivery.address == own["delivery.address"]
    shown = {one.key: one.attachments for one in filed.application.materials if one.attachments}
    assert shown == {
        "discharge_record": ("discharge_record-1.jpg",),
        "bank_card": ("bank_card-1.jpg",),
    }
    _pictures_are_right(filed)
    _signed_by_hand(filed)
    assert until(lambda: _filed(desk).rated) == 5
    desk.nothing_lost_nothing_twice()


def test_everyone_sees_their_own(desk: Desk) -> None:
    """The father files too; by card each finds exactly what they filed, and nothing of the other.

    What the office still wants is read on the screen in its own words.
    """
    desk.play("newborn-father")
    filed = _filed(desk)
    assert filed.application.role == "father"
    assert filed.application.applicant.name == "李建国"
    assert filed.values()["father.name"] == "李建国"
    assert filed.values()["mother.name"] == "陈晓芸"
    assert filed.values()["payee.account_no"] == CARD_NO
    _pictures_are_right(filed)
    _supplement_is_asked(desk, filed, "出院记录缺第2页")
    for ref in ("chen-xiaoyun", "li-jianguo"):
        _sees_by_card(desk, ref)
    until(lambda: "出院记录缺第2页" in on_screen(desk))


def _supplement_is_asked(desk: Desk, filed: Filed, wanted: str) -> None:
    """A clerk asks for something, as the page beside the list does it."""
    number = filed.items["maternity-reimbursement"]
    url = f"{desk.stack.intake_url}/clerk/items/{number}/require-supplement"
    answer = requests.post(url, json={"text": wanted}, timeout=PATIENCE_S)
    assert answer.json()["state_text"] == "待补正"


def _sees_by_card(desk: Desk, ref: str) -> None:
    """Ask for the progress with a card, and stay on the page that answers."""
    desk.make_whole()
    desk.player.tap("begin")
    desk.player.reach("home")
    desk.player.tap("open_progress")
    desk.player.reach("progress_scan")
    desk.player.tap("by_card")
    desk.sees(page="progress_card", armed=True)
    desk.player.devices.do("id-reader", put=ref)
    own = desk.intake.numbers_of(desk.person(ref)["card"]["id_no"])
    assert own, "nothing was filed by this person: it proves nothing"
    if len(own) > 1:
        desk.sees(page="mine", asking=False, cases=len(own))
        return
    desk.sees(page="progress_show")  # there is nothing to choose
    until(lambda: next(iter(own)) in on_screen(desk))


@pytest.mark.campaign
def test_elder_letters_and_english(desk: Desk) -> None:
    """One question a page, in English: the same facts arrive, in Chinese."""
    desk.course("newborn", elder=True, language="en").rest()
    filed = _filed(desk)
    assert TYPED.items() <= filed.values().items()
    _pictures_are_right(filed)
    _signed_by_hand(filed)
    assert desk.sees(page="attract").facts["language"] == "zh"


def test_the_intake_is_away(desk: Desk) -> None:
    """已保存; when it is back the line goes still in a picture, and it all arrives once, whole."""
    course = desk.course("newborn")
    course.until_tap("capture:discharge_record")
    _put(desk, "discharge_record", "upside_down")  # another picture than the intake has already
    course.until_tap("submit")
    desk.stack.stop_part("intake")
    desk.player.tap("submit")
    desk.player.reach("receipt")
    seen = desk.printing("printed")
    assert seen.facts["outcome"] == "stored"
    assert "已保存" in on_screen(desk)
    local_no = str(seen.tally["local_no"])
    desk.player.devices.do("id-reader", lift=True)
    desk.player.tap("finish")
    desk.player.reach("farewell")
    desk.line.hold_after(HALF_A_PICTURE)
    desk.stack.start_intake()
    until(lambda: desk.line.held, timeout=40)
    assert desk.arrived()[local_no] == 0
    desk.line.let_go()
    until(lambda: desk.arrived()[local_no] == 1, timeout=60)
    filed = desk.intake.filed(local_no)
    _pictures_are_right(filed)
    _signed_by_hand(filed)
    desk.nothing_lost_nothing_twice()


@pytest.mark.campaign
def test_no_paper(desk: Desk) -> None:
    """The seven items are filed all the same, the screen says that no slip came."""
    course = desk.course("newborn")
    course.until_tap("submit")
    desk.player.devices.do("printer", paper="out")
    desk.player.tap("submit")
    seen = desk.printing("failed")
    assert seen.facts["outcome"] == "submitted"
    assert seen.facts["qr"], "what is not on paper can be photographed"
    assert seen.tally["printed"] is False
    desk.nothing_lost_nothing_twice()


def test_bad_pictures_are_told_and_taken_again(desk: Desk) -> None:
    """Dark and half a sheet cannot be kept; upside down is turned; unplugged is said; then fine."""
    course = desk.course("newborn-signed-by-card")
    course.until_tap("capture:discharge_record")
    for fault, told in (("dark", "dark"), ("half", "cut")):
        _put(desk, "discharge_record", fault)
        desk.player.tap("capture:discharge_record" if fault == "dark" else "again")
        desk.sees(page="capture", ready=False)
        desk.player.tap("shoot")
        desk.sees(page="captured", notices=f"captured.fault.{told}", targets="!keep")
    _put(desk, "discharge_record", "upside_down")
    desk.player.tap("again")
    desk.sees(page="capture", ready=True)
    _pull_the_cable(desk)
    desk.player.tap("shoot")
    desk.sees(page="captured", notices="!captured.fault.cut")
    course.leave_out_tap("shoot")
    course.rest()
    filed = _filed(desk)
    _pictures_are_right(filed)
    signature = filed.application.signature
    assert signature is not None
    assert (signature.method, signature.attachment) == ("id_card", "")
    assert signature.evidence is not None
    assert set(filed.files) == {"discharge_record-1.jpg", "bank_card-1.jpg"}


def _put(desk: Desk, scene: str, fault: str) -> None:
    desk.player.devices.do("camera", scene=scene, fault=fault)


def _pull_the_cable(desk: Desk) -> None:
    """Unplug the camera while it looks, see it said, plug it in and try again."""
    desk.player.devices.do("camera", unplug=True)
    desk.sees(page="capture", phase="stopped")
    desk.player.devices.do("camera", replug=True)

    def looks_again() -> bool:
        seen = desk.player.link.look()
        if seen is not None and "retry" in seen.targets:
            desk.player.screen.tap(*seen.targets["retry"].middle)
        return seen is not None and bool(seen.facts.get("ready"))

    until(looks_again, timeout=40, every=0.3)


@pytest.fixture
def lying_desk() -> Iterator[Desk]:
    """A terminal whose screen lies."""
    with Desk(landscape=True) as desk:
        yield desk


@pytest.mark.campaign
def test_on_a_screen_that_lies(lying_desk: Desk) -> None:
    """The same visit, to the leaf before the signature."""
    course = lying_desk.course("newborn")
    course.until("sign")
    screen = lying_desk.player.screen
    assert (screen.width, screen.height) == (1920, 1080)
    lying_desk.player.tap("home")
    assert lying_desk.intake.count() == 0
