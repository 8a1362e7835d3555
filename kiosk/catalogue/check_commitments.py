"""Check the list of what may be admitted with gaps: it and the dictionary say the same."""

from __future__ import annotations

from collections.abc import Iterator

from kiosk.catalogue.faults import fault, near
from kiosk.catalogue.model import CommitmentEntryFile, DictionaryFile
from kiosk.catalogue.sources import Sources
from kiosk.documents import Document, DocumentFault
from kiosk.domain.commitments import CommitmentKind

EXCLUDED = ("国家安全", "公共安全", "人身财产安全")
Faults = Iterator[DocumentFault]


def check_commitments(sources: Sources) -> Faults:
    """Return what is wrong with the list, and each paper that may follow unlisted."""
    if sources.commitments is None:
        return
    document, own = sources.commitments.document, sources.commitments.file
    whole = sources.whole_dictionary()
    for area in EXCLUDED:
        if area not in own.excluded:
            yield fault(document, ("excluded",), f"{area} has to be excluded", f"Add {area}.")
    for kind in CommitmentKind:
        if kind not in own.kinds:
            yield fault(document, ("kinds",), f"{kind} has no words", f"Add {kind}.")
    for index, entry in enumerate(own.entries):
        yield from _entry(document, index, entry, whole)
    listed = {entry.material for entry in own.entries}
    for source in sources.dictionary:
        for key, paper in source.file.materials.items():
            if paper.commitment_days and key not in listed:
                problem = f"{key} may follow, and {document.path.name} does not list it"
                at = ("materials", key, "commitment_days")
                yield fault(source.document, at, problem, "List it there, or take the days away.")


def _entry(
    document: Document, index: int, own: CommitmentEntryFile, whole: DictionaryFile
) -> Faults:
    paper = whole.materials.get(own.material)
    at = ("entries", index, "material")
    if paper is None:
        yield fault(
            document, at, f"no such material {own.material}", near(own.material, whole.materials)
        )
    elif own.kind is CommitmentKind.FOLLOWS and own.days != paper.commitment_days:
        problem = f"{own.material} may follow within {paper.commitment_days} days in the dictionary"
        yield fault(
            document, ("entries", index, "days"), problem, f"Write {paper.commitment_days}."
        )
