"""From the shapes of the catalogue's files to the catalogue's records; nothing is checked here."""

from __future__ import annotations

from kiosk.domain.catalogue import (
    Choice,
    Field,
    FormPage,
    Guide,
    Item,
    Jurisdiction,
    Material,
    Situation,
    SituationOption,
    Thing,
    Window,
)
from kiosk.domain.catalogue_model import (
    DictionaryFile,
    FieldFile,
    GuideFile,
    ItemFile,
    JurisdictionFile,
    MaterialFile,
    SituationFile,
    ThingFile,
)
from kiosk.domain.consent import ConsentText
from standards.sex import Sex


class Builder:
    """Turns the files' shapes into the catalogue's records."""

    def __init__(self, dictionary: DictionaryFile, place: JurisdictionFile) -> None:
        self._dictionary = dictionary
        self._place = place
        self.fields = {key: _field(key, own) for key, own in dictionary.fields.items()}
        self._materials = {key: _material(key, own) for key, own in dictionary.materials.items()}

    def jurisdiction(self) -> Jurisdiction:
        """Return the place that decides."""
        place = self._place
        return Jurisdiction(
            code=place.code,
            name=place.name,
            service_name=place.service_name,
            things=place.things,
            check_hours=place.promise.check_hours,
            accept_days=place.promise.accept_days,
            windows=tuple(
                Window(code=one.code, name=one.name, address=one.address, hours=one.hours)
                for one in place.windows
            ),
        )

    def consents(self) -> dict[str, ConsentText]:
        """Return every consent's words by its purpose."""
        return {
            purpose: ConsentText(
                purpose=purpose, edition=own.edition, title=own.title, text=own.text
            )
            for purpose, own in self._dictionary.consents.items()
        }

    def thing(self, own: ThingFile) -> Thing:
        """Return one thing with its items over the dictionary."""
        return Thing(
            code=own.code,
            number=own.number,
            name=own.name,
            audience=own.audience,
            group=own.group,
            lead=self._department(own.lead),
            items=tuple(self._item(item) for item in own.items),
            icon=own.icon,
            intro=own.intro,
            words=own.words,
            steps=own.steps,
            minutes=own.minutes,
            source=own.source,
            applicant=_applicant(own),
            situations=tuple(_situation(one) for one in own.situations),
            pages=tuple(
                FormPage(code=one.code, title=one.title, fields=one.fields, shows=one.shows)
                for one in own.pages
            ),
            delivery=own.delivery,
            signature=own.signature,
        )

    def _item(self, own: ItemFile) -> Item:
        return Item(
            code=own.code,
            name=own.name,
            department=self._department(own.department),
            fields=tuple(self.fields[key] for key in own.fields),
            materials=tuple(self._materials[key] for key in own.materials),
            limit_days=own.limit_days,
            separate_days=own.separate.days if own.separate else 0,
            steps=own.separate.steps if own.separate else 0,
            mode=own.mode,
            status=own.status,
            basis=own.basis,
            schedule=own.schedule,
            fee_fen=own.fee_fen,
            guide=_guide(own.guide),
            note_for_authority=own.note_for_authority,
        )

    def _department(self, name: str) -> str:
        """Return what the department is called in this jurisdiction."""
        return self._place.departments.get(name, name)


def _field(key: str, own: FieldFile) -> Field:
    return Field(
        key=key,
        label=own.label,
        kind=own.kind,
        sources=own.sources,
        choices=tuple(Choice(value=c.value, label=c.label, help=c.help) for c in own.choices),
        help=own.help,
        pattern=own.pattern,
        earliest_days=own.days.earliest,
        latest_days=own.days.latest,
        outside=own.outside or "",
        table=own.table,
        choices_from=own.choices_from,
        suggest=own.suggest,
        surname_of=own.surname_of,
        minimum=own.minimum,
        maximum=own.maximum,
        unit=own.unit,
        sex=own.sex,
        sensitive=own.sensitive,
        basis=own.basis,
    )


def _material(key: str, own: MaterialFile) -> Material:
    return Material(
        key=key,
        name=own.name,
        disposition=own.disposition,
        reason=own.reason,
        made_by=own.made_by or "",
        capture=own.capture,
        pages=own.pages,
        reads=own.reads,
        commitment_days=own.commitment_days,
        same_as=own.same_as or "",
        legal_basis=own.legal_basis,
        basis=own.basis,
    )


def _guide(own: GuideFile | None) -> Guide:
    if own is None:
        return Guide()
    return Guide(
        basis=own.basis,
        conditions=own.conditions,
        process=own.process,
        fee_basis=own.fee_basis,
        result=own.result,
        notes=own.notes,
    )


def _applicant(own: ThingFile) -> dict[str, str]:
    if own.applicant is None:
        return {}
    return {Sex.FEMALE.value: own.applicant.female, Sex.MALE.value: own.applicant.male}


def _situation(own: SituationFile) -> Situation:
    return Situation(
        code=own.code,
        question=own.question,
        help=own.help,
        options=tuple(
            SituationOption(
                value=one.value,
                label=one.label,
                help=one.help,
                without=one.without,
                why=one.why,
                lacks=one.lacks,
            )
            for one in own.options
        ),
    )
