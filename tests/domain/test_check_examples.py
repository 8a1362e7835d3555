"""An example that its own question refuses, and a question without one, are refused."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from kiosk.catalogue.check_examples import check_examples
from kiosk.catalogue.sources import read_sources

CONFIG = Path(__file__).parents[2] / "config"


def found(tmp_path: Path, lines: str) -> list[str]:
    """What is said of a dictionary file with one more field."""
    config = Path(shutil.copytree(CONFIG, tmp_path / "config"))
    path = config / "catalogue/dictionary/more.yaml"
    path.write_text(
        f"fields:\n  person.more:\n    label: 一项\n    sources: [user]\n{lines}", "utf-8"
    )
    return [str(own) for own in check_examples(read_sources(config, "410700"))]


@pytest.mark.parametrize(
    ("lines", "told"),
    [
        ("    kind: text\n", "more.yaml:2: fields.person.more: needs an example"),
        ("    kind: decimal\n    example: '1.234'\n", "more.yaml:6: fields.person.more.example"),
        (
            "    pattern: '[0-9]{4}'\n    example: ABC\n",
            "Write one that fits the pattern [0-9]{4}.",
        ),
        ("    kind: date\n    days: {latest: 0}\n    example: today+3\n", "refuses the example"),
    ],
)
def test_refused(tmp_path: Path, lines: str, told: str) -> None:
    """One fault, with its line and what to write."""
    (fault,) = found(tmp_path, lines)
    assert told in fault


def test_synthetic_defaults_need_none(tmp_path: Path) -> None:
    """Kinds with a shape of their own have an example without writing one."""
    assert found(tmp_path, "    kind: id_number\n    sex: '2'\n") == []
