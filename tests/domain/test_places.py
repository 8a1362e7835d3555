"""No place borrows another's words: whoever is in 晋城 is told nothing of 新乡, and so on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from datetime import date
from pathlib import Path

import pytest

from kiosk.catalogue.files import load
from kiosk.domain.catalogue import Catalogue
from kiosk.domain.examples import example

CONFIG = Path(__file__).parents[2] / "config"
OF_ITS_DOCUMENT = {"document", "source", "rules", "counted", "absent", "departments", "joint"}
"""Members that say what a document says."""
ELSEWHERE = {
    "410700": ("晋城", "山西", "140502", "140500"),
    "140502": ("新乡", "河南", "豫", "红旗区", "牧野", "410700", "410702"),
    "411523": ("新乡", "红旗区", "牧野", "410700", "晋城", "山西"),
    "410103": ("新乡", "红旗区", "牧野", "410700", "晋城", "山西"),
}


def said(own: object) -> Iterator[str]:
    """Yield every text of a record, but for what its document says."""
    if isinstance(own, str):
        yield own
    elif isinstance(own, Mapping):
        for value in own.values():
            yield from said(value)
    elif isinstance(own, tuple):
        for value in own:
            yield from said(value)
    elif is_dataclass(own) and not isinstance(own, type):
        for member in fields(own):
            if member.name not in OF_ITS_DOCUMENT:
                yield from said(getattr(own, member.name))


def examples(catalogue: Catalogue) -> Iterator[str]:
    """Yield what synthetic registers of the place tell."""
    for field in catalogue.dictionary.values():
        yield example(field, date(2026, 11, 22))


@pytest.mark.parametrize("code", ELSEWHERE)
def test_nothing_names_another_place(code: str) -> None:
    """Neither a question, its answers, its help nor its example, nor any word of a guide."""
    catalogue = load(CONFIG, code)
    texts = {*said(catalogue), *examples(catalogue)}
    strange = {text for text in texts for word in ELSEWHERE[code] if word in text}
    assert sorted(strange) == []
