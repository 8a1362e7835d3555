"""The visit from the card to the slip, and the bad days."""

from __future__ import annotations

import io

import numpy as np
import pytest
import requests
import zxingcpp
from PIL import Image
from pyzbar import pyzbar

from tests.e2e.desk import Desk
from tests.waiting import PATIENCE_S, until

pytestmark = pytest.mark.e2e


def _paper(desk: Desk) -> dict[str, object]:
    return desk.player.devices.papers()[-1]


def test_a_citizen_files_from_card_to_slip(desk: Desk) -> None:
    """The number on screen, slip and clerk's side is one; the slip's code is its progress page."""
    played = desk.play().played
    number = str(played.tally["application_no"])
    assert played.tally["outcome"] == "submitted"
    assert played.tally["fields"] == {
        "boxes_before": 8,
        "merged": 8,
        "generated": 5,
        "produced": 0,
        "typed": 3,
    }
    assert played.tally["materials"] == {"before": 3, "asked": 0}
    assert played.tally["printed"] is True
    paper = _paper(desk)
    text = "".join(map(str, paper["text"])).replace(" ", "")  # type: ignore[call-overload]
    assert number in text
    assert "已提交" in text
    desk.nothing_lost_nothing_twice()


def test_the_slips_code_is_read_and_answers(desk: Desk) -> None:
    """Two readers read the printed code; the page behind it shows the application."""
    desk.play()
    url = desk.stack.control_url + str(_paper(desk)["png"])
    picture = Image.open(io.BytesIO(requests.get(url, timeout=PATIENCE_S).content)).convert("L")
    by_zxing = {code.text for code in zxingcpp.read_barcodes(np.asarray(picture))}
    by_zbar = {code.data.decode() for code in pyzbar.decode(picture)}
    assert by_zxing == by_zbar
    (address,) = by_zxing
    page = requests.get(address, timeout=PATIENCE_S)
    assert page.ok
    assert "异地就医备案" in page.text
    assert "陈晓芸" not in page.text


def test_the_clerk_sees_it_arrive(desk: Desk) -> None:
    """The clerk's list holds the application right after the submit."""
    played = desk.play().played
    number = str(played.tally["application_no"])
    page = requests.get(desk.stack.intake_url, timeout=PATIENCE_S)
    assert number in page.text.replace(" ", "")


def test_intake_down_is_stored_and_arrives_once(desk: Desk) -> None:
    """已保存 while it is down; when it comes back the application arrives once."""
    desk.play_until("review")
    desk.stack.stop_part("intake")
    desk.player.tap("submit")
    seen = desk.player.reach("receipt")
    seen = desk.printing("printed")
    assert seen.facts["outcome"] == "stored"
    assert seen.tally["application_no"] is None
    text = "".join(map(str, _paper(desk)["text"]))  # type: ignore[call-overload]
    assert str(seen.tally["local_no"]) in text.replace(" ", "")
    assert "已保存" in text
    assert "已提交" not in text
    desk.stack.start_intake()
    until(lambda: desk.arrived()[str(seen.tally["local_no"])] == 1, timeout=60)
    desk.nothing_lost_nothing_twice()


def test_no_paper_is_told_and_nothing_printed(desk: Desk) -> None:
    """The screen says that the slip did not come, and no slip comes later by itself."""
    desk.play_until("review")
    before = len(desk.player.devices.papers())
    desk.player.devices.do("printer", paper="out")
    desk.player.tap("submit")
    desk.player.reach("receipt")
    seen = desk.printing("failed")
    assert seen.tally["printed"] is False
    desk.player.devices.do("printer", paper="ok")
    desk.player.tap("finish")
    desk.player.reach("rating")
    desk.player.tap("finish")
    desk.player.reach("farewell")
    whole = [p for p in desk.player.devices.papers()[before:] if p.get("complete")]
    assert whole == []
    desk.nothing_lost_nothing_twice()


@pytest.mark.parametrize(
    "name",
    [
        pytest.param("expired-card", marks=pytest.mark.campaign),
        pytest.param("card-lifted-early", marks=pytest.mark.campaign),
        pytest.param("back-and-change", marks=pytest.mark.campaign),
        "progress-by-slip",
        "no-mobile",
    ],
)
def test_other_visits_on_the_real_screen(desk: Desk, name: str) -> None:
    """The same scripts that run without a window; two of them only there, but for the campaign."""
    desk.play(name)


def test_a_double_tap_does_not_skip_the_card_reminder(desk: Desk) -> None:
    """The second half of a double tap belongs to the page before: 请带走您的身份证 stays."""
    desk.play_until("receipt")
    desk.printing("printed")
    desk.player.tap("finish")
    desk.player.reach("rating")
    until(lambda: (s := desk.player.link.look()) is not None and "finish" in s.targets)
    place = desk.player.reach("rating").targets["finish"].middle
    desk.player.screen.tap(*place)
    desk.player.reach("farewell")
    desk.player.screen.tap(*place)
    seen = desk.player.reach("farewell")
    assert seen.facts["card_left"] is True
    until(lambda: (s := desk.player.link.look()) is not None and "finish" in s.targets)
    assert desk.player.reach("farewell").facts["card_left"] is True


def test_back_on_the_rules_leads_to_the_guide(desk: Desk) -> None:
    """The guide's second leaf is a page to a reader: back is its first leaf, not home."""
    desk.play_until("guide")
    first = set(desk.player.reach("guide").targets)
    desk.player.tap("screen:turn:+1")
    until(lambda: (s := desk.player.link.look()) and s.settled and set(s.targets) != first)
    desk.player.tap("back")
    until(lambda: (s := desk.player.link.look()) and s.page == "guide" and set(s.targets) == first)
