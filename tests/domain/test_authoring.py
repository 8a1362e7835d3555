"""What a clerk writes the catalogue with: all faults at once, what changed, how a thing begins."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
import yaml

from kiosk.catalogue.check_template import PLACEHOLDER
from kiosk.catalogue.starting import lines_for_list
from kiosk.cli import main

CONFIG = Path(__file__).parents[2] / "config"


@pytest.fixture
def config(tmp_path: Path) -> Path:
    """A copy of the configuration that a test may change."""
    return Path(shutil.copytree(CONFIG, tmp_path / "config"))


def change(path: Path, old: str, new: str) -> int:
    """Replace the first occurrence of a text in a file and return its line."""
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    return text[: text.index(old)].count("\n") + 1


def test_what_is_shipped_is_right(capsys: pytest.CaptureFixture[str]) -> None:
    """Every file of every jurisdiction, with counts."""
    assert main(["catalogue", "check"]) == 0
    assert "nothing wrong: 4 jurisdictions, 30 things" in capsys.readouterr().out


def test_all_faults_are_told_at_once(config: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Of two jurisdictions and of a thing that nobody lists, with file, line, key and next step."""
    things, lists = config / "catalogue" / "things", config / "jurisdictions"
    words = change(things / "newborn.yaml", "theme: 婚育成长", "themes: 婚育成长")
    one = change(lists / "410700.list.yaml", "item: birth-certificate", "item: birth-certificat")
    other = change(lists / "140502.list.yaml", "lead: [", "lead: [没有的局, ")
    (things / "idle.yaml").write_text("code: idle\nname: 无人用\n", encoding="utf-8")
    assert main(["catalogue", "check", str(config)]) == 1
    told = capsys.readouterr().out
    assert f"{things / 'newborn.yaml'}:{words}: themes: " in told
    assert f"{things / 'idle.yaml'}:1: " in told
    change(things / "newborn.yaml", "themes:", "theme:")
    (things / "idle.yaml").unlink()
    assert main(["catalogue", "check", str(config)]) == 1
    told = capsys.readouterr().out
    assert f"410700.list.yaml:{one}: " in told
    assert "Did you mean birth-certificate?" in told
    assert f"140502.list.yaml:{other}: things.0.lead.0: there is no department 没有的局" in told


def test_a_release_may_refuse_typical_content(capsys: pytest.CaptureFixture[str]) -> None:
    """One line an item, with the authority that has to confirm it."""
    assert main(["catalogue", "check", "--confirmed", str(CONFIG)]) == 1
    lines = capsys.readouterr().out.splitlines()
    items = [line for line in lines if "/things/" in line]
    assert len(items) == len(set(items)) > 150
    assert all("is typical content. " in line for line in lines)
    assert any("411523.yaml" in line and "promise" in line for line in lines)
    gaps = [line for line in lines if "commitments.yaml" in line]
    assert any("title" in line and "行政审批和政务信息管理局" in line for line in gaps)
    assert sum("entries" in line for line in gaps) > 10


def test_a_folder_that_is_no_configuration_is_said_so(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """And nothing is called right that was not there."""
    assert main(["catalogue", "check", str(tmp_path)]) == 1
    assert "there is no jurisdiction" in capsys.readouterr().out


def test_a_reviewer_reads_what_changed(config: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """By jurisdiction and thing, old and new, and what it does to the figures."""
    path = config / "catalogue" / "things" / "newborn.yaml"
    change(path, "minutes: ", "minutes: 1")
    change(path, "separate: {days: ", "separate: {days: 1")
    assert main(["catalogue", "diff", str(CONFIG), str(config), "--jurisdiction", "新乡市"]) == 0
    told = capsys.readouterr().out
    assert "新乡市（410700）" in told
    assert "  新生儿出生（newborn）\n    ~ birth-certificate.separate_days: " in told
    assert "    ~ minutes: 10 → 110" in told
    assert "    = days_before 46 → " in told
    assert "晋城市城区" not in told


def test_nothing_differs_from_itself(capsys: pytest.CaptureFixture[str]) -> None:
    """Over all jurisdictions."""
    assert main(["catalogue", "diff", str(CONFIG), str(CONFIG)]) == 0
    assert capsys.readouterr().out == "nothing differs\n"
    assert main(["catalogue", "diff", str(CONFIG), str(CONFIG), "--jurisdiction", "某县"]) == 2


BEGIN = ("catalogue", "new", "thing", "pet-registration", "--name", "养犬登记")
KIND = ("--audience", "个人", "--theme", "安居住房", "--config")


def test_a_thing_begins_right_in_shape(config: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """What is left to write is told by line; written, it passes every check; it begins once."""
    assert main([*BEGIN, *KIND, str(config)]) == 0
    lines = capsys.readouterr().out
    assert "thing: pet-registration" in lines
    path = config / "catalogue" / "things" / "pet-registration.yaml"
    text = path.read_text(encoding="utf-8")
    blanks = [own for own, line in enumerate(text.splitlines(), 1) if PLACEHOLDER in line]
    assert main(["catalogue", "check", str(config)]) == 1
    told = capsys.readouterr().out
    assert len(blanks) > 5
    assert all(f"{path}:{own}: " in told for own in blanks)
    path.write_text(text.replace(PLACEHOLDER, ""), encoding="utf-8")
    assert main(["catalogue", "check", str(config)]) == 0
    assert main([*BEGIN, *KIND, str(config)]) == 1
    assert "there already" in capsys.readouterr().err


def test_any_name_is_written_as_yaml_takes_it() -> None:
    """Marks that YAML would understand as its own stand in quotation marks."""
    name = "狗\"': #x"
    listed = yaml.safe_load(lines_for_list("pet", name, 7))
    assert listed[0]["name"] == listed[0]["items"][0]["name"] == name


def test_a_code_is_a_code(config: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """No file is written outside the folder of things."""
    assert main(["catalogue", "new", "thing", "../x", *BEGIN[4:], *KIND, str(config)]) == 1
    assert "is no code" in capsys.readouterr().err
