"""The shipped lists against the documents' text, read by a parser of its own."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from kiosk.cli import main
from tests.policy.documents import Entry, Row, bare, jincheng, text_of, written_out, xinxiang

CONFIG = Path(__file__).parents[2] / "config"
MISPLACED = {
    (9, "档案的接收和转递(流动人员)"): "人力资源和社会保障部门",
}
"""晋城市城区 no. 9: the cell 医疗保障部门 slipped up one row, beside the archives of people without
an employer, which the same list's no. 11 gives to 人力资源和社会保障部门."""
DOCUMENTS = {
    "410700": "xinxiang-2024.txt",
    "140502": "jincheng-chengqu-2024.txt",
    "411523": "xin-county-2025.txt",
    "410103": "erqi-draft.txt",
}


Ask = Callable[[str], dict[str, Any]]


@pytest.fixture
def listed(capsys: pytest.CaptureFixture[str]) -> Ask:
    """Ask the command for a jurisdiction's list."""

    def ask(name: str) -> dict[str, Any]:
        assert main(["catalogue", "list", "--jurisdiction", name, "--json"]) == 0
        told: dict[str, Any] = json.loads(capsys.readouterr().out)
        return told

    return ask


def _told(things: list[dict[str, Any]]) -> list[object]:
    return [
        [
            own["no"],
            own["name"],
            own["lead_department"],
            own["joint_departments"],
            own["deadline"],
            own["group"],
            [[item["name"], item["departments"]] for item in own["items"]],
        ]
        for own in things
    ]


def _expected(entries: list[Entry]) -> list[object]:
    return [
        [
            own.number,
            own.name,
            "、".join(written_out(own.lead)),
            list(dict.fromkeys(name for row in own.rows for name in written_out(row.cell))),
            own.deadline,
            own.group,
            [[bare(row.name), written_out(row.cell)] for row in own.rows],
        ]
        for own in entries
    ]


def _mended(entries: list[Entry]) -> list[Entry]:
    """Put the slipped cell where it belongs."""
    for entry in entries:
        entry.rows = [
            Row(row.name, MISPLACED.get((entry.number, row.name), row.cell)) for row in entry.rows
        ]
    return entries


def test_xinxiangs_list_is_its_documents(listed: Ask) -> None:
    """21 things, 143 items: names, departments, deadlines in its own words and order."""
    entries = xinxiang()
    assert (len(entries), sum(len(own.rows) for own in entries)) == (21, 143)
    assert _told(listed("新乡市")["things"]) == _expected(entries)


def test_jinchengs_list_is_its_documents(listed: Ask) -> None:
    """18 things, 84 items, once the slipped cell is mended."""
    entries = _mended(jincheng())
    assert (len(entries), sum(len(own.rows) for own in entries)) == (18, 84)
    assert _told(listed("140502")["things"]) == _expected(entries)


def test_what_was_read_otherwise_is_named() -> None:
    """The cell that the parser has to mend, and the split one, stand under repaired."""
    repairs = _yaml("jurisdictions/140502.list.yaml")["repaired"]
    assert {number for number, _ in MISPLACED} <= {own["number"] for own in repairs}
    repairs = _yaml("jurisdictions/410700.list.yaml")["repaired"]
    assert "市通管办及网络运营商" in {own["printed"] for own in repairs}


@pytest.mark.parametrize("name", ["新县", "411523", "二七区", "410103"])
def test_a_place_that_only_counts_lists_nothing(listed: Ask, name: str) -> None:
    """Zero things, what the document counts, and whether it is in force."""
    own = listed(name)
    assert own["things"] == []
    counts = {"新县": [13, 45], "二七区": [10]}[own["jurisdiction"]]
    assert [one["count"] for one in own["counted"]] == counts
    assert not any(one["names_given"] for one in own["counted"])
    assert own["status"] == {"新县": "final", "二七区": "draft"}[own["jurisdiction"]]


def test_an_unknown_place_is_told_the_known_ones(capsys: pytest.CaptureFixture[str]) -> None:
    """A misspelt name ends with 2 and every name there is."""
    assert main(["catalogue", "list", "--jurisdiction", "新乡"]) == 2
    told = capsys.readouterr().err
    assert all(name in told for name in ("新乡市", "晋城市城区", "新县", "二七区"))


@pytest.mark.parametrize("code", sorted(DOCUMENTS))
def test_every_rule_is_quoted_from_its_document(code: str) -> None:
    """A rule's words, and what is counted, stand in the text (white space ignored)."""
    place, text = _yaml(f"jurisdictions/{code}.yaml"), bare(text_of(DOCUMENTS[code]))
    assert place["rules"]
    quotes = [own["quote"] for own in place["rules"]]
    quotes += [own["source"] for own in place.get("counted", ())]
    assert [own for own in quotes if bare(own) not in text] == []


@cache
def _yaml(name: str) -> dict[str, Any]:
    read: dict[str, Any] = yaml.safe_load((CONFIG / name).read_text(encoding="utf-8"))
    return read
