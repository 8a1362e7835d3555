"""From the shapes of the catalogue's files to the catalogue's records; nothing is checked here."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import fields as members_of
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any

from kiosk.catalogue.calendar_shape import CalendarFile
from kiosk.catalogue.check_calendar import closed_days
from kiosk.catalogue.model import (
    ClauseFile,
    CommitmentsFile,
    ConsentsFile,
    DictionaryFile,
    FieldFile,
    GuideFile,
    ItemFile,
    ListedItemFile,
    ListedThingFile,
    MaterialFile,
    SituationFile,
    ThingFile,
)
from kiosk.catalogue.place_shape import BundleFile, ChoiceFile, DocumentFile, JurisdictionFile
from kiosk.domain.bundle import Bundle
from kiosk.domain.calendar import Workdays
from kiosk.domain.catalogue import (
    Check,
    Clause,
    FormPage,
    Guide,
    Item,
    Result,
    Situation,
    SituationOption,
    Status,
    Thing,
)
from kiosk.domain.commitments import CommitmentEntry, Commitments, CommitmentWords
from kiosk.domain.consent import ConsentText
from kiosk.domain.dictionary import Basis, Choice, Field, FieldKind, Material
from kiosk.domain.jurisdiction import Counted, Document, Jurisdiction, Rule, Window
from kiosk.domain.words import shown_date
from standards import canonical
from standards.sex import Sex

if TYPE_CHECKING:
    from pydantic import BaseModel


TYPICAL = "典型内容（示例），这里的文件没有列出"
"""Where a thing stands that no document of the place names."""


_BUILT = frozenset({"document", "windows", "counted", "rules", "bundles"})
"""Members of a place that have shapes of their own."""


class Builder:
    """Turns the files' shapes into the catalogue's records."""

    def __init__(self, dictionary: DictionaryFile, place: JurisdictionFile) -> None:
        self._place = place
        here = place.choices
        self.fields = {
            key: _field(key, _at(place, own), here.get(key, own.choices))
            for key, own in dictionary.fields.items()
        }
        self._materials = {key: _material(key, own) for key, own in dictionary.materials.items()}

    def jurisdiction(self, listed: Iterable[str]) -> Jurisdiction:
        """Return the place that decides; ``listed`` are the codes of the things it lists."""
        place = self._place
        return Jurisdiction(
            **_same(place, Jurisdiction, without=_BUILT),
            things=tuple(listed),
            check_hours=place.promise.check_hours,
            accept_days=place.promise.accept_days,
            promise_basis=place.promise.basis,
            document=_document(place.document) if place.document else None,
            windows=tuple(Window(**one.model_dump()) for one in place.windows),
            counted=tuple(Counted(**one.model_dump()) for one in place.counted),
            rules=tuple(Rule(**one.model_dump()) for one in place.rules),
            bundles=tuple(map(_bundle, place.bundles)),
        )

    def thing(self, own: ThingFile, listed: ListedThingFile, document: DocumentFile) -> Thing:
        """Return one thing as a list names it, with its content."""
        content = {item.code: item for item in own.items}
        items = (self._item(content[one.item], one, listed) for one in listed.items)
        return Thing(
            **_same(own, Thing, without={"items", "name", "applicant", "situations", "pages"}),
            **_same(listed, Thing, without={"items", "lead"}),
            lead="、".join(listed.lead),
            items=tuple(items),
            source=_source(document, listed.number),
            applicant=_applicant(own),
            situations=tuple(_situation(one) for one in own.situations),
            pages=tuple(FormPage(**one.model_dump()) for one in own.pages),
        )

    def typical(self, own: ThingFile) -> Thing:
        """Return a thing that no document of the place names: to be read about, never filed."""
        items = tuple(
            ListedItemFile(item=one.code, name=one.name, departments=(one.department,))
            for one in own.items
        )
        listed = ListedThingFile.model_construct(
            number=0,
            thing=own.code,
            name=own.name,
            lead=(),
            joint=(),
            group="",
            deadline="",
            status=Status.PLANNED,
            items=items,
        )
        thing = self.thing(own, listed, DocumentFile(title=TYPICAL, status="draft"))
        unconfirmed = tuple(replace(one, basis=Basis.TYPICAL) for one in thing.items)
        return replace(thing, items=unconfirmed, source=TYPICAL)

    def _item(self, own: ItemFile, listed: ListedItemFile, thing: ListedThingFile) -> Item:
        status = listed.status or thing.status
        planned = "" if status is Status.OPEN else thing.deadline
        built = {"fields", "materials", "guide", "check", "results", "name"}
        return Item(
            **_same(own, Item, without=built),
            name=listed.name,
            departments=listed.departments,
            status=status,
            schedule=listed.schedule or planned,
            opened_ahead=listed.opened_ahead,
            provincial_code=listed.provincial_code,
            fields=tuple(self.fields[key] for key in own.fields),
            materials=tuple(self._materials[key] for key in own.materials),
            separate_days=own.separate.days if own.separate else 0,
            steps=own.separate.steps if own.separate else 0,
            guide=_guide(own.guide),
            check=Check(**own.check.model_dump()) if own.check else None,
            results=tuple(Result(**one.model_dump()) for one in own.results),
        )


def consents(own: ConsentsFile) -> dict[str, ConsentText]:
    """Return every consent's words by its purpose."""
    return {
        purpose: ConsentText(purpose=purpose, **one.model_dump())
        for purpose, one in own.consents.items()
    }


def commitments(own: CommitmentsFile, papers: Mapping[str, MaterialFile]) -> Commitments:
    """Return the list of what may be admitted with gaps; ``papers`` are the dictionary's."""
    content = canonical.dumps(own.model_dump(mode="json"))
    return Commitments(
        title=own.title,
        excluded=tuple(own.excluded),
        kinds={kind: CommitmentWords(**words.model_dump()) for kind, words in own.kinds.items()},
        entries=tuple(
            CommitmentEntry(
                **one.model_dump(exclude={"note_for_authority"}), name=papers[one.material].name
            )
            for one in own.entries
        ),
        version=hashlib.sha256(content).hexdigest()[:12],
        basis=own.basis,
        never=own.excluded,
    )


def workdays(own: CalendarFile) -> Workdays:
    """Return the working days of all years of a calendar."""
    holidays = [one for year in own.years for one in year.holidays]
    return Workdays(
        closed=frozenset(day for one in holidays for day in closed_days(one)),
        worked=frozenset(date.fromisoformat(day) for one in holidays for day in one.worked),
        years=frozenset(year.year for year in own.years),
    )


def _same(own: BaseModel, record: type, *, without: Iterable[str]) -> dict[str, Any]:
    """Return the members that a file's shape and a record have under the same name."""
    names = {one.name for one in members_of(record)} - set(without)
    return {name: getattr(own, name) for name in type(own).model_fields if name in names}


def _source(document: DocumentFile, number: int) -> str:
    """Return where a thing stands: 《…》（2024年10月10日）重点事项清单第9项."""
    day = f"（{shown_date(document.date)}）" if document.date else ""
    return f"{document.title}{day}{document.section}第{number}项"


def _document(own: DocumentFile) -> Document:
    return Document(
        title=own.title,
        status=own.status,
        number=own.number,
        date=own.date or "",
        section=own.section,
    )


def _bundle(own: BundleFile) -> Bundle:
    return Bundle(**_same(own, Bundle, without=()), **own.source.model_dump())


def _field(key: str, own: FieldFile, choices: tuple[ChoiceFile, ...]) -> Field:
    return Field(
        **_same(own, Field, without={"choices", "outside"}),
        key=key,
        choices=tuple(Choice(**one.model_dump()) for one in choices),
        earliest_days=own.days.earliest,
        latest_days=own.days.latest,
        outside=own.outside or "",
    )


def _at(place: JurisdictionFile, own: FieldFile) -> FieldFile:
    """Return a field with the prefecture that the place lies in as an example of a place."""
    if own.kind is not FieldKind.DIVISION or own.example:
        return own
    return own.model_copy(update={"example": f"{place.code[:4]}00"})


def _material(key: str, own: MaterialFile) -> Material:
    return Material(
        **_same(own, Material, without={"made_by", "same_as"}),
        key=key,
        made_by=own.made_by or "",
        same_as=own.same_as or "",
    )


def _guide(own: GuideFile | None) -> Guide:
    if own is None:
        return Guide()
    return Guide(
        **_same(own, Guide, without={"conditions", "process"}),
        conditions=tuple(map(_clause, own.conditions)),
        process=tuple(map(_clause, own.process)),
    )


def _clause(own: str | ClauseFile) -> Clause:
    return Clause(text=own) if isinstance(own, str) else Clause(**own.model_dump())


def _applicant(own: ThingFile) -> dict[str, str]:
    if own.applicant is None:
        return {}
    return {Sex.FEMALE.value: own.applicant.female, Sex.MALE.value: own.applicant.male}


def _situation(own: SituationFile) -> Situation:
    return Situation(
        **_same(own, Situation, without={"options", "known_by"}),
        known_by=own.known_by or "",
        options=tuple(SituationOption(**one.model_dump()) for one in own.options),
    )
