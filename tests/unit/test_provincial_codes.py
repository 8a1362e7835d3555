"""The province's codes of items stand in a place's list, each for one item of a thing."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from kiosk.catalogue.faults import CatalogueError
from kiosk.catalogue.files import load
from kiosk.catalogue.listing import listing
from tests.intake_desk import CONFIG, DIVISION, ITEM, THING

LIST = f"jurisdictions/{DIVISION}.list.yaml"
CODE = "11410000000000-example-1"


@pytest.fixture
def config(tmp_path: Path) -> Path:
    """A catalogue that may be changed, in which one item has its code."""
    own = tmp_path / "config"
    shutil.copytree(CONFIG, own)
    write(own, ITEM, CODE)
    return own


def write(config: Path, item: str, code: str) -> None:
    """Give an item of the list a code."""
    path = config / LIST
    line = f"      - item: {item}\n"
    path.write_text(
        path.read_text("utf-8").replace(line, f"{line}        provincial_code: {code}\n")
    )


def test_a_code_goes_with_its_item(config: Path) -> None:
    """And another catalogue is another version."""
    catalogue = load(config, DIVISION)
    found = {one.code: one.provincial_code for one in catalogue.thing(THING).items}
    assert found.pop(ITEM) == CODE
    assert set(found.values()) == {""}
    assert catalogue.version != load(CONFIG, DIVISION).version
    listed = json.dumps(listing(catalogue), ensure_ascii=False)
    assert listed.count(f'"provincial_code": "{CODE}"') == 1


def test_a_code_is_one_items(config: Path) -> None:
    """Two items of a thing under one code are told at their line."""
    write(config, "family-account", CODE)
    with pytest.raises(CatalogueError, match="is the code of two items of medical-expenses"):
        load(config, DIVISION)
