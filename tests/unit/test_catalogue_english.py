"""Every catalogue text that a citizen may read has its English line; none is left over."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from intake.records.model import State
from kiosk.catalogue.files import load
from kiosk.domain import guide
from kiosk.domain.catalogue import Catalogue, Item, Thing
from kiosk.domain.dictionary import Field
from kiosk.domain.words import table_choices

CONFIG = Path(__file__).parents[2] / "config"
ENGLISH = CONFIG / "catalogue" / "en"
THINGS = CONFIG / "catalogue" / "things"
TRANSLATED = ("newborn", "medical-expenses", "retirement", "restaurant")
"""The things that are told in English to the end; of the others, what a tile says."""
SAID = ("元",)
"""Units that no field names."""


@pytest.fixture(scope="module")
def english() -> dict[str, str]:
    """The English words by the Chinese ones."""
    files = sorted(ENGLISH.glob("*.yaml"))
    assert files
    words: dict[str, str] = {}
    for path in files:
        words |= yaml.safe_load(path.read_text(encoding="utf-8"))
    return words


@pytest.fixture(scope="module")
def texts() -> set[str]:
    """Every Chinese text that can be read."""
    catalogue = load(CONFIG, "410700")
    return {text for text in _all(catalogue) if not text.isascii()}


def _all(catalogue: Catalogue) -> Iterator[str]:
    for thing in catalogue.things:
        yield from (thing.name, thing.theme)
    for consent in catalogue.consents.values():
        yield from (consent.title, *consent.text)
    yield from _listed(catalogue)
    for code in TRANSLATED:
        yield from _thing(catalogue.thing(code))
        yield from _guide(guide.record(catalogue, code))
    yield from (*SAID, *(state.text for state in State))
    place = catalogue.jurisdiction
    for bundle in place.bundles:
        yield from (bundle.name, bundle.why)
    yield from (place.name, place.service_name)
    for window in place.windows:
        yield from (window.name, window.address, window.hours)


def _listed(catalogue: Catalogue) -> Iterator[str]:
    """What a letter about a missing paper says, and the list it stands on."""
    own = catalogue.commitments
    assert own
    yield from (own.title, *own.excluded)
    for words in own.kinds.values():
        yield from (words.conditions, words.duties, words.consequence, words.later_check)


def _guide(own: guide.GuideRecord) -> Iterator[str]:
    """Yield what a guide says beside the catalogue's words; a number stands for itself."""
    heads = (part for part in own.heads if part.key not in {"where", "bring"})
    said = (part for item in own.items for part in item.parts if part.key in {"papers", "time"})
    for part in (*heads, *said):
        for piece in re.split("[；：]", "；".join(part.lines)):
            named = piece.endswith((guide.VISIT_DAY, "电子印章"))  # sentences with names in them
            yield "" if named else re.sub(r"^[0-9]+", "", piece)
    yield from (own.note, guide.HERE)


def _field(field: Field) -> Iterator[str]:
    yield from (field.label, field.help, field.unit)
    for source in field.sources:
        kind, _, authority = source.partition(":")
        yield authority if kind == "share" else ""
    for choice in table_choices(field):
        yield from (choice.label, choice.help)


def _thing(thing: Thing) -> Iterator[str]:
    yield from (thing.name, thing.audience, thing.theme, thing.lead, thing.intro, thing.source)
    yield from thing.words
    for situation in thing.situations:
        yield from (situation.question, situation.help)
        for option in situation.options:
            yield from (option.label, option.help, option.why)
    yield from (page.title for page in thing.pages)
    for item in thing.items:
        yield from _item(item)
        for field in item.fields:
            yield from _field(field)


def _item(item: Item) -> Iterator[str]:
    yield from (item.name, item.department, item.schedule)
    told = item.guide
    yield from (told.basis, told.fee_basis, told.result)
    yield from (*(own.text for own in (*told.conditions, *told.process)), *told.notes)
    for paper in item.materials:
        yield from (paper.name, paper.reason, paper.legal_basis)


def test_nothing_is_missing(english: dict[str, str], texts: set[str]) -> None:
    """Whoever changes a text is told which English line it needs."""
    assert sorted(texts - set(english)) == []


def test_nothing_is_left_over(english: dict[str, str], texts: set[str]) -> None:
    """A line whose Chinese text is gone is gone too; another place may list a thing of its own."""
    assert sorted(set(english) - texts - _elsewhere()) == []


def _elsewhere() -> set[str]:
    """Return name and theme of every thing, and the answers of every place, whoever lists it."""
    read = (yaml.safe_load(path.read_text(encoding="utf-8")) for path in THINGS.glob("*.yaml"))
    said = {text for thing in read for text in (thing["name"], thing["theme"])}
    for place in ("140502", "411523"):
        catalogue = load(CONFIG, place)
        fields = catalogue.dictionary.values()
        said |= {choice.label for field in fields for choice in field.choices}
        said |= {text for own in catalogue.jurisdiction.bundles for text in (own.name, own.why)}
    return said


def test_english_is_english(english: dict[str, str]) -> None:
    """No value holds Chinese, but for the one character that is to be written into a form."""
    assert all(isinstance(words, str) and words.strip() for words in english.values())
    chinese = {c for words in english.values() for c in words if ord(c) > 0x2E7F}
    assert chinese == {"无"}
