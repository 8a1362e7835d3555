"""Refuse a thing that is told in English by halves.

A thing without English words for its name is told in Chinese.  One that has them is on a tile of
the home page, under a theme that has them too, as a bundle of such things has; one whose ``intro``
has them is told in English to the end.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Annotated

from pydantic import RootModel, StringConstraints

from kiosk.catalogue.faults import Location, fault
from kiosk.catalogue.model import (
    ClauseFile,
    DictionaryFile,
    GuideFile,
    ItemFile,
    SituationFile,
    ThingFile,
)
from kiosk.catalogue.place_shape import ChoiceFile
from kiosk.catalogue.sources import Source, Sources
from kiosk.documents import Document, DocumentError, DocumentFault, parse, validate

Said = Iterator[tuple[Document, Location, str]]
_Text = Annotated[str, StringConstraints(min_length=1)]


class _EnglishFile(RootModel[dict[_Text, _Text]]):
    """Chinese words, as the catalogue has them, and what is said instead."""


@dataclass(frozen=True, kw_only=True, slots=True)
class _Words:
    keys: frozenset[str] = frozenset()
    faults: tuple[DocumentFault, ...] = ()


_HINT = "Add a line to catalogue/en: the Chinese words, a colon, the English ones."


def check_english(sources: Sources) -> Iterator[DocumentFault]:
    """Return each text that lacks its English line."""
    folder = sources.consents.document.path.parent / "en"
    if not folder.is_dir():
        return
    files = [_read(path) for path in sorted(folder.glob("*.yaml"))]
    yield from (wrong for own in files for wrong in own.faults)
    english = {key for own in files for key in own.keys}
    told: set[tuple[Path, Location]] = set()
    every = [_all(source, english, sources) for source in sources.things]
    for said in (*every, _bundles(sources, english)):
        for document, at, text in said:
            if text and not text.isascii() and text not in english:
                if (document.path, at) not in told:
                    yield fault(document, at, f"no English words for {text}", _HINT)
                told.add((document.path, at))


def _read(path: Path) -> _Words:
    return _parsed(path, path.read_bytes())


@lru_cache(maxsize=64)
def _parsed(path: Path, data: bytes) -> _Words:
    try:
        return _Words(keys=frozenset(validate(parse(path, data), _EnglishFile).root))
    except DocumentError as wrong:
        return _Words(faults=wrong.faults)


def _all(source: Source[ThingFile], english: set[str], sources: Sources) -> Said:
    document, thing = source.document, source.file
    if thing.name not in english:
        return
    yield document, ("theme",), thing.theme
    if not thing.intro or thing.intro not in english:
        return
    for index, word in enumerate(thing.words):
        yield document, ("words", index), word
    for index, situation in enumerate(thing.situations):
        yield from _situation(document, ("situations", index), situation)
    for index, page in enumerate(thing.pages):
        yield document, ("pages", index, "title"), page.title
    for index, item in enumerate(thing.items):
        for number, words in enumerate(item.later_visits):
            yield document, ("items", index, "later_visits", number), words
        if item.guide is not None:
            yield from _guide(document, ("items", index, "guide"), item.guide)
    yield from _entries(thing.items, sources)


def _bundles(sources: Sources, english: set[str]) -> Said:
    """Yield what the home page says of a bundle whose things have English names."""
    names = {source.file.code: source.file.name for source in sources.things}
    for index, own in enumerate(sources.place.file.bundles):
        if all(names.get(code) in english for code in own.things):
            yield sources.place.document, ("bundles", index, "name"), own.name
            yield sources.place.document, ("bundles", index, "why"), own.why


def _situation(document: Document, at: Location, own: SituationFile) -> Said:
    yield document, (*at, "question"), own.question
    yield document, (*at, "help"), own.help
    for number, option in enumerate(own.options):
        for member in ("label", "help", "why"):
            yield document, (*at, "options", number, member), getattr(option, member)


def _guide(document: Document, at: Location, own: GuideFile) -> Said:
    for member in ("basis", "fee_basis", "result"):
        yield document, (*at, member), getattr(own, member)
    for member in ("conditions", "process", "notes"):
        for number, clause in enumerate(getattr(own, member)):
            words = clause.text if isinstance(clause, ClauseFile) else clause
            yield document, (*at, member, number), words


def _entries(items: tuple[ItemFile, ...], sources: Sources) -> Said:
    """Yield the words of the dictionary that the items use, where they stand."""
    fields = {key for item in items for key in item.fields}
    papers = {key for item in items for key in item.materials}
    here = sources.place.file.choices
    for key in fields & set(here):
        yield from _choices(sources.place.document, ("choices", key), here[key])
    for source in sources.dictionary:
        yield from _fields(source.document, source.file, fields, set(here))
        for key in papers & set(source.file.materials):
            for member in ("name", "reason", "legal_basis"):
                words = getattr(source.file.materials[key], member)
                yield source.document, ("materials", key, member), words


def _fields(document: Document, own: DictionaryFile, keys: set[str], elsewhere: set[str]) -> Said:
    """Yield the words of fields; ``elsewhere`` are those whose answers the place gives."""
    for key in keys & set(own.fields):
        field, at = own.fields[key], ("fields", key)
        for member in ("label", "help", "unit"):
            yield document, (*at, member), getattr(field, member)
        if key not in elsewhere:
            yield from _choices(document, (*at, "choices"), field.choices)


def _choices(document: Document, at: Location, own: tuple[ChoiceFile, ...]) -> Said:
    for number, choice in enumerate(own):
        yield document, (*at, number, "label"), choice.label
        yield document, (*at, number, "help"), choice.help
