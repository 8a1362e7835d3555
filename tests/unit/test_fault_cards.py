"""Cards to hang beside the machine: the same words, a page a fault."""

from __future__ import annotations

from pathlib import Path

import pytest

from kiosk.cli import main
from kiosk.maintenance.cards import cards, markdown, pdf
from kiosk.settings import config_root
from kiosk.translation import Translator
from standards import data_root

DESK = config_root() / "terminals" / "desk.yaml"
STAFF = """\
help:
  staff:
    - {who: vendor, name: 厂家维修, phone: 0373-0000004, workdays: ["08:00-20:00"]}
    - {who: vendor, name: 厂家值班, phone: 0373-0000005}
    - {who: network, name: 网络科, phone: 0373-0000006}
"""
PAGE = data_root().parent / "docs" / "operator" / "fault-cards.md"


def test_the_page_in_docs_is_the_generated_one() -> None:
    """``docs/operator/fault-cards.md`` is made by ``kiosk faults --out``."""
    assert PAGE.read_text(encoding="utf-8") == markdown(Translator(strict=True)) + "\n"


def test_a_card_is_a_page_with_the_number_to_ring(tmp_path: Path) -> None:
    """As many pages as faults, however long their words are; the same bytes each time.

    Numbers are those of the settings, each with its name; one that is given goes before.
    """
    words = Translator(strict=True)
    vendor = "厂家维修 0373-0000004、厂家值班 0373-0000005"
    made = pdf(words, {"vendor": vendor, "network": "0373-5550100"})
    assert made.count(b"/Type /Page\n") == len(cards())
    own, out = tmp_path / "terminal.yaml", tmp_path / "cards.pdf"
    own.write_text(STAFF, encoding="utf-8")
    asked = ["faults", "--format", "pdf", "--out", str(out), "--phone", "network=0373-5550100"]
    assert main([*asked, "--settings", str(DESK), "--settings", str(own)]) == 0
    assert out.read_bytes() == made


@pytest.mark.parametrize(
    ("more", "says"),
    [
        ([], "--out"),
        (["--out", "x.pdf", "--phone", "boss=1"], "there are centre, electrician"),
        (["--out", "x.pdf", "--settings", "nowhere.yaml"], "nowhere.yaml"),
    ],
)
def test_what_is_missing_or_unknown_is_said(
    more: list[str], says: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """A PDF without a place, a number of nobody."""
    assert main(["faults", "--format", "pdf", *more]) == 2
    assert says in capsys.readouterr().err
