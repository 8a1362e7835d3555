"""What a jurisdiction's document lists, in its own words: as JSON and as a table to read."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

from kiosk.catalogue.place_shape import JurisdictionFile
from kiosk.documents import read, validate
from kiosk.domain.bundle import Bundle
from kiosk.domain.catalogue import Catalogue, Item, Thing
from kiosk.domain.dictionary import Basis
from kiosk.domain.jurisdiction import Jurisdiction
from kiosk.domain.problem import DeveloperMustAct

_PLACES = "[0-9]" * 6 + ".yaml"
STATUS = {"final": "正式文件", "draft": "征求意见稿"}


class UnknownPlaceError(DeveloperMustAct):
    """No jurisdiction has this name or code; ``known`` are the names there are."""

    code = "problem.catalogue"

    def __init__(self, given: str, known: tuple[str, ...]) -> None:
        super().__init__(detail=f"there is no jurisdiction {given}; known: {'、'.join(known)}")
        self.known = known


def place_code(config_dir: Path, given: str) -> str:
    """Return the GB/T 2260 code of a jurisdiction given by name or code.

    Raises:
        UnknownPlaceError: there is none.
        DocumentError: a jurisdiction's file is wrong.
    """
    names = {}
    for path in sorted((config_dir / "jurisdictions").glob(_PLACES)):
        names[path.stem] = validate(read(path), JurisdictionFile).name
    for code, name in names.items():
        if given in {code, name}:
            return code
    raise UnknownPlaceError(given, tuple(f"{name}（{code}）" for code, name in names.items()))


def listing(catalogue: Catalogue) -> dict[str, object]:
    """Return the list; ``nature`` is what an item is for the citizen (its mode)."""
    place = catalogue.jurisdiction
    return {
        "jurisdiction": place.name,
        "status": place.document.status if place.document else "",
        "counted": [asdict(own) for own in place.counted],
        "things": [_thing(own) for own in catalogue.things],
        "bundles": [_bundle(own, catalogue) for own in place.bundles],
    }


def _bundle(own: Bundle, catalogue: Catalogue) -> dict[str, object]:
    return {
        "code": own.code,
        "name": own.name,
        "kind": own.kind.value,
        "things": [{"no": one.number, "name": one.name} for one in own.of(catalogue.things)],
        "why": own.why,
        "source": {"quote": own.quote, "section": own.section},
        "basis": own.basis.value,
    }


def _thing(own: Thing) -> dict[str, object]:
    return {
        "no": own.number,
        "name": own.name,
        "audience": own.audience,
        "lead_department": own.lead,
        "joint_departments": list(own.joint),
        "deadline": own.deadline,
        "group": own.group,
        "items": [_item(item) for item in own.items],
    }


def _item(own: Item) -> dict[str, object]:
    told: dict[str, object] = {
        "name": own.name,
        "departments": list(own.departments),
        "nature": own.mode.value,
    }
    return told | ({"provincial_code": own.provincial_code} if own.provincial_code else {})


def table(catalogue: Catalogue) -> Iterator[str]:
    """Yield the lines of the list for a person to read."""
    yield from _place(catalogue.jurisdiction)
    for thing in catalogue.things:
        group = f" · {thing.group}" if thing.group else ""
        yield ""
        yield f"{thing.number:>2} {thing.name} · {thing.audience} · {thing.deadline}{group}"
        yield f"   牵头 {thing.lead}；联办 {'、'.join(thing.joint)}"
        for item in thing.items:
            yield f"   - {item.name} · {item.department} · {item.mode} · {item.status}"
    yield from _bundles(catalogue)
    count = sum(len(thing.items) for thing in catalogue.things)
    yield ""
    yield f"一件事 {len(catalogue.things)} 件，事项 {count} 个"


def _bundles(catalogue: Catalogue) -> Iterator[str]:
    for own in catalogue.jurisdiction.bundles:
        names = " → ".join(one.name for one in own.of(catalogue.things))
        example = "（示例）" if own.basis is Basis.TYPICAL else ""
        yield ""
        yield f"{own.kind} {own.name}{example}：{names}"
        yield f"   {own.section} {own.quote}"


def _place(own: Jurisdiction) -> Iterator[str]:
    document = own.document
    yield f"{own.name}（{own.code}）"
    if document:
        yield f"{document.title} {document.number} {document.date}".strip()
        yield STATUS[document.status]
    for counted in own.counted:
        yield f"文件只写了数，没有列名称：{counted.source}（{counted.count}）"
