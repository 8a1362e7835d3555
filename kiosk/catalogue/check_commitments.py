"""Check the list of what may be admitted with gaps: it, dictionary and things say the same."""

from __future__ import annotations

from collections.abc import Iterator

from kiosk.catalogue.faults import fault, near, strangers
from kiosk.catalogue.model import CommitmentEntryFile, CommitmentsFile, DictionaryFile
from kiosk.catalogue.sources import Sources, item_codes
from kiosk.documents import Document, DocumentFault
from kiosk.domain.commitments import CommitmentKind

EXCLUDED = ("国家安全", "公共安全", "人身财产安全")
CREDIT, WITHDRAWN = "信用", "撤销"
"""What a consequence has to name (晋城市城区 二（九）)."""
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
    yield from _kinds(document, own)
    codes, used = item_codes(document.path.parent / "things"), _used(sources)
    yield from _excluded(document, own, codes)
    for index, entry in enumerate(own.entries):
        yield from _entry(document, index, entry, whole)
        yield from _items(document, index, own, (codes, used))
    listed = {entry.material for entry in own.entries}
    for source in sources.dictionary:
        for key, paper in source.file.materials.items():
            if paper.commitment_days and key not in listed:
                problem = f"{key} may follow, and {document.path.name} does not list it"
                at = ("materials", key, "commitment_days")
                yield fault(source.document, at, problem, "List it there, or take the days away.")


def _kinds(document: Document, own: CommitmentsFile) -> Faults:
    """Each kind has its words, and its consequence says what may be withdrawn and recorded."""
    for kind in CommitmentKind:
        if kind not in own.kinds:
            yield fault(document, ("kinds",), f"{kind} has no words", f"Add {kind}.")
    for kind, words in own.kinds.items():
        for word in (WITHDRAWN, CREDIT):
            if word not in words.consequence:
                at = ("kinds", kind.value, "consequence")
                yield fault(document, at, f"{word} is not told", f"Say what becomes of {word}.")


def _used(sources: Sources) -> dict[str, frozenset[str]]:
    """Return the papers of each item that this place offers, in whichever thing it stands."""
    found: dict[str, frozenset[str]] = {}
    for item in (item for thing in sources.things for item in thing.file.items):
        found[item.code] = found.get(item.code, frozenset()).union(item.materials)
    return found


def _excluded(document: Document, own: CommitmentsFile, codes: frozenset[str]) -> Faults:
    for area, items in own.excluded.items():
        at = ("excluded", area)
        yield from strangers(document, at, items, codes, "item")


def _items(
    document: Document,
    index: int,
    own: CommitmentsFile,
    known: tuple[frozenset[str], dict[str, frozenset[str]]],
) -> Faults:
    """An entry's items exist, ask for its paper, and are in no excluded area."""
    entry, (codes, used) = own.entries[index], known
    yield from strangers(document, ("entries", index, "items"), entry.items, codes, "item")
    for number, code in enumerate(entry.items):
        at = ("entries", index, "items", number)
        area = next((area for area, items in own.excluded.items() if code in items), "")
        if area:
            problem = f"{code} is in the excluded area {area}"
            yield fault(document, at, problem, "Take it out: there nothing is admitted with gaps.")
        if code in used and entry.material not in used[code]:
            problem = f"{code} does not ask for {entry.material}"
            yield fault(document, at, problem, "Take it out, or name the paper it asks for.")


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
    elif own.kind is not CommitmentKind.FOLLOWS and own.days:
        at = ("entries", index, "days")
        yield fault(document, at, f"{own.kind} has no days: nothing follows", "Leave them out.")
    elif own.kind is CommitmentKind.FOLLOWS and not own.days:
        at = ("entries", index, "days")
        yield fault(document, at, "后补 needs the days until it is due", "Add days.")
