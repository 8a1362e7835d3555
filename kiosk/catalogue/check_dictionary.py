"""Check the dictionary: fields and papers that contradict themselves or name what is not there."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from kiosk.catalogue.faults import Location, fault, near
from kiosk.catalogue.model import DictionaryFile, FieldFile, MaterialFile
from kiosk.catalogue.sources import Sources
from kiosk.documents import Document, DocumentFault
from kiosk.domain import sample_papers
from kiosk.domain.derive import has_rule
from kiosk.domain.dictionary import Basis, Disposition, FieldKind

WITH_CHOICES = frozenset({FieldKind.CHOICE, FieldKind.MULTI})
Faults = Iterator[DocumentFault]


def check_dictionary(sources: Sources) -> Faults:
    """Return what is wrong with every field and paper of every dictionary file."""
    whole = sources.whole_dictionary()
    yield from _twins(sources)
    for source in sources.dictionary:
        for key, own in source.file.fields.items():
            yield from _field(source.document, key, own, whole)
        for key, paper in source.file.materials.items():
            yield from _paper(source.document, key, paper, whole)


def _twins(sources: Sources) -> Faults:
    """A key that two dictionary files give."""
    seen: dict[str, Document] = {}
    for source in sources.dictionary:
        for part in ("fields", "materials"):
            for key in getattr(source.file, part):
                first = seen.setdefault(f"{part}.{key}", source.document)
                if first is not source.document:
                    hint = f"{first.path.name} has it; name that one, or give this another key."
                    yield fault(source.document, (part, key), "is there twice", hint)


def _field(document: Document, key: str, own: FieldFile, whole: DictionaryFile) -> Faults:
    at: Location = ("fields", key)
    if (own.kind in WITH_CHOICES) != bool(own.choices or own.table):
        yield fault(document, (*at, "kind"), "a choice, and only it, has choices")
    named = {"choices_from": own.choices_from, "suggest": own.suggest}
    named |= {"surname_of": own.surname_of, "outside": (own.outside,) if own.outside else ()}
    yield from _named(document, at, named, whole.fields)
    if not is_pattern(own.pattern):
        yield fault(document, (*at, "pattern"), "not a regular expression")
    yield from _picture(document, at, own.picture)
    for index, source in enumerate(own.sources):
        yield from _source(document, (*at, "sources", index), key, source, whole)


def _picture(document: Document, at: Location, key: str) -> Faults:
    """A sample picture is one of those that can be drawn, with a place that is on it."""
    if key and not sample_papers.known(key):
        hint = near(key, sample_papers.keys())
        yield fault(document, (*at, "picture"), f"no such picture {key}", hint)


def _named(
    document: Document,
    at: Location,
    named: Mapping[str, tuple[str, ...]],
    known: Mapping[str, object],
) -> Faults:
    for member, names in named.items():
        for name in names:
            if name not in known:
                yield fault(document, (*at, member), f"no such field {name}", near(name, known))


def _source(
    document: Document, at: Location, key: str, source: str, whole: DictionaryFile
) -> Faults:
    """A field follows from one that there is, by a rule; it is read from a paper that tells it."""
    kind, _, name = source.partition(":")
    if kind == "derived" and name not in whole.fields:
        yield fault(document, at, "no such field", near(name, whole.fields))
    elif kind == "derived" and not has_rule(key, whole.fields[key].kind, whole.fields[name].kind):
        problem = f"there is no rule by which {key} follows from {name}"
        yield fault(document, at, problem, "Take a field of the same kind.")
    elif kind == "capture" and name not in whole.materials:
        yield fault(document, at, "no such material", near(name, whole.materials))
    elif kind == "capture" and key not in whole.materials[name].reads:
        yield fault(document, at, f"{name} does not read it", "Add it to reads.")


def _paper(document: Document, key: str, own: MaterialFile, whole: DictionaryFile) -> Faults:
    at: Location = ("materials", key)
    if (own.disposition is Disposition.PRODUCED) != bool(own.made_by):
        problem = "a produced material, and only it, has made_by"
        yield fault(document, (*at, "disposition"), problem)
    if not own.legal_basis and own.basis is not Basis.TYPICAL:
        hint = "Name the law or decision, or mark the paper basis: typical."
        yield fault(document, at, "a material needs legal_basis", hint)
    yield from _picture(document, at, own.picture)
    yield from _named(document, at, {"reads": own.reads}, whole.fields)
    yield from _booklet(document, key, own, whole)


def _booklet(document: Document, key: str, own: MaterialFile, whole: DictionaryFile) -> Faults:
    """Two names of one booklet: one of them is the other's, and both are had alike."""
    if not own.same_as:
        return
    at: Location = ("materials", key, "same_as")
    other = whole.materials.get(own.same_as)
    if other is None:
        yield fault(document, at, "no such material", near(own.same_as, whole.materials))
    elif other.same_as:  # itself, or a chain: whose picture would it be?
        yield fault(document, at, f"{own.same_as} is itself the same as another one")
    elif (other.disposition, other.made_by) != (own.disposition, own.made_by):
        problem = f"{own.same_as} has another disposition or maker, and is the same booklet"
        yield fault(document, at, problem)


def check_consents(sources: Sources) -> Faults:
    """Return which words are missing that a terminal asks for."""
    needed = {"data_fetch": "to ask registers", "declaration": "to be signed"}
    materials = sources.whole_dictionary().materials
    if any(paper.commitment_days for paper in materials.values()):
        needed["commitment"] = "to bring a material later"
    for purpose, why in needed.items():
        if purpose not in sources.consents.file.consents:
            yield fault(sources.consents.document, ("consents",), f"needs {purpose}, {why}")


def is_pattern(pattern: str) -> bool:
    """Tell whether a pattern can be read; an empty one can."""
    try:
        re.compile(pattern)
    except re.error:
        return False
    return True
