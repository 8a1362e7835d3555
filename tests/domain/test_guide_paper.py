"""The guide on paper and its sample pictures: no mark begins a line, no picture is unknown."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from drivers.a4.document import Code, parse
from kiosk.catalogue.files import CatalogueError, load
from kiosk.domain.dictionary import Disposition
from kiosk.domain.guide import record
from kiosk.domain.sample_papers import HIGH, PAPERS, WIDE, Box, Written, high, keys, shapes
from kiosk.guide.lines import NO_END, NO_START, broken
from kiosk.guide.sheet import document
from kiosk.guide.svg import drawn

CONFIG = Path(__file__).parents[2] / "config"
WORDS = "申请人（或者“经办人”）带身份证，到市政务服务中心（示例）；办完，拿凭条。AB123456 号《证》"


@pytest.mark.parametrize("room", range(3, 30))
def test_no_mark_begins_a_line(room: int) -> None:
    """Whatever the width: marks stay with what they follow, brackets with what they open."""
    lines = broken(WORDS, room, len)
    assert "".join(lines).replace(" ", "") == WORDS.replace(" ", "")
    if room >= 12:  # a narrower line may have to cut what belongs together
        assert all(line[0] not in NO_START and line[-1] not in NO_END for line in lines)
        assert all(len(line) <= room for line in lines)
        assert any("AB123456" in line for line in lines)


def test_pictures_are_samples_and_stay_inside() -> None:
    """Every picture says that it is a sample; rows and boxes are within it; none shows a value."""
    for key in keys():
        words = [own for own in shapes(key) if isinstance(own, Written)]
        assert [own.words for own in words if own.tilted] == ["样张"], key
        for own in shapes(key):
            if isinstance(own, Box):
                assert 0 <= own.x <= own.x + own.wide <= WIDE, key
                assert 0 <= own.y <= own.y + own.high <= high(key), key
            elif own.left:
                assert own.x + len(own.words) * own.size <= WIDE, (key, own.words)
        assert drawn(key, "样张").count("<text") == len(words)
    assert {own.cut for own in PAPERS.values()} == set(HIGH)


def test_every_paper_that_exists_has_a_picture() -> None:
    """All but what the system writes itself."""
    papers = [
        paper
        for thing in load(CONFIG, "410700").things
        for item in thing.items
        for paper in item.materials
        if paper.disposition is not Disposition.GENERATED
    ]
    assert sorted({own.key for own in papers if not own.picture}) == []


def test_an_unknown_picture_is_refused(tmp_path: Path) -> None:
    """With its file and line, and what was perhaps meant."""
    config = _copied(tmp_path, "picture: birth-certificate/编号", "picture: birth-certificat/编号")
    with pytest.raises(CatalogueError) as caught:
        load(config, "410700")
    told = [str(own) for own in caught.value.faults if "no such picture" in str(own)]
    assert len(told) == 1
    assert "newborn.yaml:" in told[0]
    assert "Did you mean birth-certificate/编号?" in told[0]


def _copied(tmp_path: Path, old: str, new: str) -> Path:
    """Return a configuration whose birth dictionary is spoilt; all else is the real one."""
    config = tmp_path / "config"
    spoilt = Path("catalogue/dictionary/newborn.yaml")
    for path in CONFIG.rglob("*.yaml"):
        to = config / path.relative_to(CONFIG)
        to.parent.mkdir(parents=True, exist_ok=True)
        if path.relative_to(CONFIG) != spoilt:
            to.symlink_to(path)
    text = (CONFIG / spoilt).read_text(encoding="utf-8")
    assert old in text
    (config / spoilt).write_text(text.replace(old, new, 1), encoding="utf-8")
    return config


def test_the_printer_takes_every_guide() -> None:
    """What the A4 printer is given is of its form and within its bounds, for every thing."""
    catalogue = load(CONFIG, "410700")
    for thing in catalogue.things:
        made = document(
            record(catalogue, thing.code),
            address="http://127.0.0.1:8080/g/410700/x",
            terminal="T",
            today=date(2026, 11, 28),
        )
        printed = parse(made)
        assert any(isinstance(block, Code) for block in printed.blocks), thing.code
