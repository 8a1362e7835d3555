"""Pictures of a terminal before it is one: its own words, things and help, both ways up."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest
from PIL import Image

from kiosk.domain.calendar import LEGAL_TIME
from screens.gallery import Easel
from screens.layout import Placed
from screens.preview import Preview, paint
from tests.screens.conftest import ROOT

CONFIG = ROOT / "config"
NOON = datetime(2026, 11, 30, 12, tzinfo=LEGAL_TIME)
OWN = """\
jurisdiction: "411523"
terminal: {id: 000000-0000}
intake: {api_url: "https://stand-in.invalid", public_url: "https://stand-in.invalid"}
"""


def _seen(folder: Path, more: str = "", at: datetime = NOON) -> Preview:
    own = folder / "own.yaml"
    own.write_text(OWN + more)
    return Preview(CONFIG, [own], at)


def _pages(preview: Preview) -> dict[str, Placed]:
    return {subject.key: tree for subject, tree in preview.pages()}


def _changed(one: dict[str, Placed], other: dict[str, Placed]) -> set[str]:
    return {key for key in one.keys() | other.keys() if one.get(key) != other.get(key)}


def test_a_page_differs_where_its_words_do(tmp_path: Path) -> None:
    """Another greeting is another idle page; a telephone number stands on three."""
    plain = _pages(_seen(tmp_path))
    assert {"home-person-1", "home-person-1-elder", "guide-newborn"} < plain.keys()
    assert len([key for key in plain if key.startswith("elder-guide-")]) == 1
    greeted = _pages(_seen(tmp_path, "idle: {greeting: 新春办事不打烊}\n"))
    assert _changed(plain, greeted) == {"attract"}
    called = _pages(_seen(tmp_path, "help: {phone: '0373-3031234'}\n"))
    assert {"help", "out"} <= _changed(plain, called) <= {"help", "out", "attract"}


def test_who_can_help_is_who_can_at_that_hour(tmp_path: Path) -> None:
    """A night is seen by day."""
    roster = (
        "help: {roster: [{name: 大厅服务台, phone: 0373-3031234, workdays: ['08:30-17:30']}]}\n"
    )
    day = _pages(_seen(tmp_path, roster))
    night = _pages(_seen(tmp_path, roster, NOON.replace(hour=2)))
    assert {"attract", "help", "out"} <= _changed(day, night)


@pytest.mark.campaign
def test_every_place_can_be_painted_lying(easel: Easel, tmp_path: Path) -> None:
    """Also where things are withheld; each picture is of the glass's size."""
    for code in ("410700", "140502", "410103"):
        own = tmp_path / "own.yaml"
        lying = "site: mall\ndisplay: {width: 1920, height: 1080}\n"
        own.write_text(OWN.replace("411523", code) + lying)
        for page in paint(Preview(CONFIG, [own], NOON), easel, tmp_path):
            with Image.open(tmp_path / f"{page.subject.key}.png") as picture:
                assert picture.size == (page.width, page.height) == (1920, 1080)
            with Image.open(tmp_path / f"{page.subject.key}-small.png") as picture:
                assert max(picture.size) <= 270
