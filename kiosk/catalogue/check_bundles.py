"""Check a place's bundles: things that it lists, each once, for one audience, under one name."""

from __future__ import annotations

from collections.abc import Iterator

from kiosk.catalogue.faults import Location, fault, near
from kiosk.catalogue.place_shape import BundleFile
from kiosk.catalogue.sources import Sources
from kiosk.documents import Document, DocumentFault
from kiosk.domain.dictionary import Basis

Faults = Iterator[DocumentFault]


def check_bundles(sources: Sources) -> Faults:
    """Return what is wrong with the bundles; a list that is not known lists nothing."""
    document, bundles = sources.place.document, sources.place.file.bundles
    for index, own in enumerate(bundles):
        at: Location = ("bundles", index)
        before = bundles[:index]
        for member in ("code", "name"):
            name = getattr(own, member)
            if name in {getattr(other, member) for other in before}:
                yield fault(document, (*at, member), f"{name} is there twice")
        if own.basis is Basis.TYPICAL and not own.note_for_authority:
            hint = "Say who has to confirm it, in note_for_authority."
            yield fault(document, at, f"{own.code} is typical content", hint)
        yield from _named_like_a_theme(sources, at, own)
        yield from _things(sources, (*at, "things"), own)


def _named_like_a_theme(sources: Sources, at: Location, own: BundleFile) -> Faults:
    """Both stand in one row of the home page, and are chosen by their names."""
    if own.name in {source.file.theme for source in sources.things}:
        problem = f"{own.name} is the name of a theme too"
        yield fault(sources.place.document, (*at, "name"), problem, "Name the bundle otherwise.")


def _things(sources: Sources, at: Location, own: BundleFile) -> Faults:
    document: Document = sources.place.document
    folder = sources.consents.document.path.parent / "things"
    written = {path.stem for path in folder.glob("*.yaml")}
    listed = {one.thing for one in sources.listed.file.things} if sources.listed else set()
    audience = {source.file.code: source.file.audience for source in sources.things}
    for index, code in enumerate(own.things):
        where = (*at, index)
        if code not in written:
            yield fault(document, where, f"there is no thing {code}", near(code, written))
        elif code not in listed:
            problem = f"{sources.place.file.name} does not list {code}"
            yield fault(document, where, problem, near(code, listed) or "Take it out.")
        if code in own.things[:index]:
            yield fault(document, where, f"{code} is there twice", "Take it out.")
        if audience.get(code, "") not in {"", audience.get(own.things[0], "")}:
            problem = f"{own.things[0]} and {code} are not for the same people"
            yield fault(document, where, problem, "Make a bundle for each.")
