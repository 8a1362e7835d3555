"""Relations that cannot hold are refused with the line they stand in."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from kiosk.catalogue.check_relations import check_relations
from kiosk.catalogue.sources import read_sources

CONFIG = Path(__file__).parents[2] / "config"
FIRST, SECOND = "vaccination-certificate", "parenting-guidance"


def found(tmp_path: Path, **relations: str) -> list[str]:
    """What is said of newborn's items with these lines put in before their ``name``."""
    config = Path(shutil.copytree(CONFIG, tmp_path / "config"))
    path = config / "catalogue/things/newborn.yaml"
    text = path.read_text("utf-8")
    for code, lines in relations.items():
        head = f"  - code: {code.replace('_', '-')}\n"
        assert head in text
        text = text.replace(head, head + "".join(f"    {line}\n" for line in lines.split("\n")))
    path.write_text(text, "utf-8")
    faults = [str(own) for own in check_relations(read_sources(config, "410700"))]
    return [own.partition("newborn.yaml:")[2] for own in faults if "newborn.yaml:" in own]


@pytest.mark.parametrize(
    ("first", "second", "told"),
    [
        (f"requires: [{SECOND}]", f"requires: [{FIRST}]", "goes in a circle"),
        (f"requires: [{FIRST}]", "fee_fen: 1", "names itself"),
        ("requires: [nobody]", "fee_fen: 1", "no item nobody"),
        (f"same_time: [{SECOND}]", "fee_fen: 1", "needs together_why"),
        (f"same_time: [{SECOND}]\ntogether_why: 法", f"excludes: [{FIRST}]", "excluded"),
        (f"requires: [{SECOND}]\nalternative: a", "alternative: a", "another way"),
    ],
)
def test_refused(tmp_path: Path, first: str, second: str, told: str) -> None:
    """One fault, its line, and what to do."""
    second = "" if second == "fee_fen: 1" else second
    more = {"parenting_guidance": second} if second else {}
    (fault,) = found(tmp_path, vaccination_certificate=first, **more)
    assert told in fault
    assert fault.partition(":")[0].isdigit()


def test_a_product_makes_a_relation(tmp_path: Path) -> None:
    """The maker of a paper cannot wait for who needs the paper."""
    (fault,) = found(tmp_path, birth_certificate="requires: [vaccination-certificate]")
    assert "birth-certificate → vaccination-certificate → birth-certificate" in fault


def test_what_is_shipped_holds(tmp_path: Path) -> None:
    """The shipped things relate without a fault."""
    assert found(tmp_path) == []
