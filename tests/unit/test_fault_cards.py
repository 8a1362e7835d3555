"""Cards to hang beside the machine: the same words, a page a fault."""

from __future__ import annotations

from pathlib import Path

import pytest

from kiosk.cli import main
from kiosk.maintenance.cards import cards, markdown, pdf
from kiosk.translation import Translator
from standards import data_root

PAGE = data_root().parent / "docs" / "operator" / "fault-cards.md"


def test_the_page_in_docs_is_the_generated_one() -> None:
    """``docs/operator/fault-cards.md`` is made by ``kiosk faults --out``."""
    assert PAGE.read_text(encoding="utf-8") == markdown(Translator(strict=True)) + "\n"


def test_a_card_is_a_page_with_the_number_to_ring(tmp_path: Path) -> None:
    """As many pages as faults, however long their words are; the same bytes each time."""
    words = Translator(strict=True)
    made = pdf(words, {"vendor": "0373-5550100"})
    assert made.count(b"/Type /Page\n") == len(cards())
    out = tmp_path / "cards.pdf"
    asked = ["faults", "--format", "pdf", "--out", str(out), "--phone", "vendor=0373-5550100"]
    assert main(asked) == 0
    assert out.read_bytes() == made


@pytest.mark.parametrize(
    ("more", "says"),
    [([], "--out"), (["--out", "x.pdf", "--phone", "boss=1"], "there are centre, electrician")],
)
def test_what_is_missing_or_unknown_is_said(
    more: list[str], says: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """A PDF without a place, a number of nobody."""
    assert main(["faults", "--format", "pdf", *more]) == 2
    assert says in capsys.readouterr().err
