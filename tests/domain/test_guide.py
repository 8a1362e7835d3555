"""The guide: four heads, seven parts, what is an example said so; on paper readable and whole."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pypdfium2 as pdfium
import pytest
import zxingcpp

from kiosk.catalogue.files import load
from kiosk.cli import main
from kiosk.domain.guide import TYPICAL, lines, record
from kiosk.domain.guide_slip import GuideSlip, guide_slip
from kiosk.guide.pdf import CharactersMissing, made
from kiosk.translation import Translator

CONFIG = Path(__file__).parents[2] / "config"
HEADS = ["谁能办", "在哪办", "怎么办", "带什么", "跑动次数", "承诺办结时限", "收费"]
PARTS = [
    *("设定依据", "受理条件", "申请材料", "办理流程", "收费依据及标准", "办结时限", "办理结果"),
]


@pytest.mark.parametrize("code", ["410700", "140502"])
def test_every_guide_is_whole(code: str) -> None:
    """Of every thing: the heads with something said, and of every filing the seven parts."""
    catalogue = load(CONFIG, code)
    for thing in catalogue.things:
        own = record(catalogue, thing.code)
        assert [part.title for part in own.heads] == HEADS
        assert all(line for part in own.heads for line in part.lines), thing.code
        for item in own.items:
            assert item.line or [part.title for part in item.parts] == PARTS
            assert all(part.lines and all(part.lines) for part in item.parts), item.name


def test_a_visit_is_told_once_with_who_comes() -> None:
    """Three departments come together, called by the lead, on a day that is agreed."""
    own = record(load(CONFIG, "410700"), "restaurant")
    visits = [line for line in own.heads[2].lines if line.startswith("上门查看")]
    assert len(visits) == 1
    assert "市城管局" in visits[0]
    assert "市消防救援支队" in visits[0]
    assert "召集" in visits[0]
    assert any("‖" in line for line in own.flow)
    assert any(item.line.startswith("核查：") for item in own.items)


def test_the_printed_list_tells_the_visit() -> None:
    """What is carried away on paper names it too; a thing without one says nothing of it."""
    catalogue = load(CONFIG, "410700")

    def told(code: str) -> str:
        thing = catalogue.thing(code)
        slip = GuideSlip(
            service_name="s",
            thing=thing,
            items=thing.told_items,
            commitments=catalogue.commitments,
            address="",
            help=({"text": "咨询电话 12345"},),
            catalogue="1",
        )
        return str(guide_slip(slip, Translator("zh").text).lines)

    assert "由市市场监管局召集，哪天来提前与您约定" in told("restaurant")
    assert "上门查看" not in told("newborn")


def test_a_place_without_a_list_says_example() -> None:
    """新县 has no list: the guide is an example, and nobody is told to file there."""
    own = record(load(CONFIG, "411523"), "newborn")
    assert own.note == TYPICAL
    assert "本自助终端" not in own.heads[1].lines
    assert TYPICAL in "\n".join(lines(own, simple=True))


def test_the_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Text and JSON; an unknown thing is said so."""
    assert main(["guide", "--thing", "新生儿出生", "--simple"]) == 0
    assert "设定依据" not in capsys.readouterr().out
    assert main(["guide", "--thing", "newborn", "--format", "json"]) == 0
    assert len(json.loads(capsys.readouterr().out)["items"]) == 7
    assert main(["guide", "--thing", "nothing"]) == 2
    assert main(["guide", "--thing", "newborn", "--format", "pdf"]) == 2


def test_on_paper(tmp_path: Path) -> None:
    """A4, all words, every page numbered, and a QR that leads to the guide's page."""
    path = tmp_path / "guide.pdf"
    arguments = ["guide", "--thing", "newborn", "--format", "pdf", "--out", str(path)]
    assert main([*arguments, "--public-url", "http://127.0.0.1:8080"]) == 0
    document = pdfium.PdfDocument(path)
    assert [round(side) for side in document[0].get_size()] == [595, 842]
    for number, page in enumerate(document, 1):
        assert f"第 {number} 页" in page.get_textpage().get_text_range()
    text = "".join(page.get_textpage().get_text_range() for page in document)
    assert all(head in text for head in (*HEADS, *PARTS))
    picture = document[0].render(scale=2).to_pil()
    assert zxingcpp.read_barcodes(picture)[0].text == "http://127.0.0.1:8080/g/410700/newborn"


def test_paper_leaves_no_character_out(tmp_path: Path) -> None:
    """Every sign of every part is in the file, notes and warnings too: none may read otherwise."""
    path = tmp_path / "guide.pdf"
    assert main(["guide", "--thing", "restaurant", "--format", "pdf", "--out", str(path)]) == 0
    text = "".join(page.get_textpage().get_text_range() for page in pdfium.PdfDocument(path))
    catalogue = load(CONFIG, "410700")
    told = record(catalogue, "restaurant")
    parts = [*told.heads, *(part for item in told.items for part in item.whole)]
    wanted = "".join(part.title + "".join(part.lines) for part in parts)
    assert set(wanted) - set(text) <= set(" \u3000")


def test_a_character_that_no_face_has_is_an_error() -> None:
    """Better no paper than one that says something else."""
    catalogue = load(CONFIG, "410700")
    told = record(catalogue, "restaurant")
    with pytest.raises(CharactersMissing, match="\U0001f9ff"):
        made(replace(told, intro="\U0001f9ff"), simple=True)
