"""One form over the chosen items: each fact once, with its value, source and askers.

A field is *typed* (the citizen gives it), *generated* (a source gives it) or *produced* (an
item of the same visit makes it, nobody fills it). The three are never added up as one.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Final

from kiosk.domain.catalogue import Item, Mode
from kiosk.domain.dictionary import Choice, Field, FieldKind
from kiosk.domain.known import Known
from kiosk.domain.sources import REGISTERS
from kiosk.domain.words import shown, table_choices
from standards.charset import printable

IN_CAPITALS: Final = frozenset({FieldKind.CREDIT_CODE, FieldKind.ID_NUMBER})
"""Kinds that are filed in capitals, however they were typed."""
OBJECTION_LIMIT: Final = 200
"""Characters of an objection to a register's value."""


class Origin(StrEnum):
    """Who gives a field its value."""

    TYPED = "typed"
    GENERATED = "generated"
    PRODUCED = "produced"


@dataclass(frozen=True, kw_only=True, slots=True)
class Counts:
    """The denominators and shares of one form.

    ``boxes_before`` counts boxes over the separate forms, ``merged`` distinct facts;
    ``generated + produced + typed == merged``.
    """

    boxes_before: int
    merged: int
    generated: int
    produced: int
    typed: int


@dataclass(frozen=True, kw_only=True, slots=True)
class FormField:
    """One fact of the merged form.

    ``asked_by`` are the names of the items that need it; ``act`` tells that the citizen has
    to give it (or has given it); ``source`` is empty until there is a value. ``spec`` is the
    dictionary's entry with its bounds.  ``others`` are what further registers say instead (value,
    source); ``disputed`` is the citizen's word against a register's value, empty for none.
    """

    key: str
    label: str
    kind: FieldKind
    value: str
    source: str
    asked_by: tuple[str, ...]
    act: bool
    origin: Origin
    editable: bool
    spec: Field
    masked: str = ""
    as_of: str = ""
    others: tuple[tuple[str, str], ...] = ()
    disputed: str = ""

    @property
    def role(self) -> str:
        """Whom or what the fact is about: ``person`` of ``person.name``."""
        return self.key.partition(".")[0]

    @property
    def filled(self) -> bool:
        """It has a value."""
        return bool(self.value)

    @property
    def disputable(self) -> bool:
        """A register told it and the citizen may not change it: they may object.

        What the card says is put right where the card is issued, and one's own word is changed.
        """
        return self.filled and not self.editable and self._told_by_register

    def may_stand_against(self, words: str) -> bool:
        """Tell whether the words may go with the value as an objection (terminal and intake).

        A register told the value, and the words are as they are kept: printable, not longer than
        :data:`OBJECTION_LIMIT`, and saying something else.  Whether the citizen might have changed
        the value instead only the terminal knows.
        """
        kept = words == words.strip() and words == printable(words)
        fits = kept and 0 < len(words) <= OBJECTION_LIMIT
        same = {self.value, self.shown, shown(self.spec, self.value)}
        return self.filled and self._told_by_register and fits and words not in same

    @property
    def _told_by_register(self) -> bool:
        return self.source.partition(":")[0] in REGISTERS

    @property
    def selectable(self) -> bool:
        """Registers differ, and the citizen may say which of them is right."""
        return bool(self.others) and (self.editable or self.disputable)

    @property
    def shown(self) -> str:
        """The value as words: a choice's label, a place's full name, a Chinese date."""
        return self.masked or shown(self.spec, self.value)


@dataclass(frozen=True, kw_only=True, slots=True)
class Form:
    """The merged form; change it with :meth:`answer`, which returns a new one."""

    fields: tuple[FormField, ...]
    boxes_before: int
    beside: Mapping[str, str] = field(default_factory=dict)
    """What is known and not asked for by any chosen item: it narrows choices, it is not filed."""

    @property
    def counts(self) -> Counts:
        """The figures of this form as it stands; a corrected value counts as typed."""
        origins = [field.origin for field in self.fields]
        return Counts(
            boxes_before=self.boxes_before,
            merged=len(self.fields),
            generated=origins.count(Origin.GENERATED),
            produced=origins.count(Origin.PRODUCED),
            typed=origins.count(Origin.TYPED),
        )

    @property
    def to_act(self) -> tuple[FormField, ...]:
        """What is the citizen's to give, filled or not."""
        return tuple(field for field in self.fields if field.act)

    @property
    def left(self) -> tuple[FormField, ...]:
        """What is the citizen's to give and still empty."""
        return tuple(field for field in self.to_act if not field.filled)

    @property
    def objections(self) -> tuple[FormField, ...]:
        """The registers' values that the citizen says are wrong."""
        return tuple(field for field in self.fields if field.disputed)

    def field(self, key: str) -> FormField:
        """Return one field.

        Raises:
            KeyError: the form has no such field.
        """
        for own in self.fields:
            if own.key == key:
                return own
        raise KeyError(key)

    def choices(self, key: str) -> tuple[Choice, ...]:
        """Return the answers that a choice field offers now, in the order they are offered.

        Choices taken from other fields are those these fields have; when none of them has a
        value, all entries of the table.

        Raises:
            KeyError: the form has no such field.
        """
        return choices(self.field(key).spec, {**self.beside, **self.values()})

    def answer(self, key: str, value: str, source: str = "user") -> Form:
        """Return the form with the citizen's own value; the same value again changes nothing.

        Codes that have letters are filed in capitals.
        ``source`` is ``capture:<material>`` for what was read from a paper of theirs.

        Raises:
            KeyError: the form has no such field.
            ValueError: the field may not be changed here (a card's value, a produced one).
        """
        own = self.field(key)
        value = value.upper() if own.kind in IN_CAPITALS else value
        if value == own.value:
            return self
        if not own.editable:
            raise ValueError(f"{key} is not the citizen's to change")
        answered = replace(
            own,
            value=value,
            source=source,
            act=True,
            origin=Origin.TYPED,
            masked="",
            as_of="",
            others=(),
        )
        return self._with(answered)

    def take(self, key: str, place: int) -> Form:
        """Return the form with what another register says, the first being 0; it is its source.

        What stood there is then one of the others; what was said against it is gone with it.

        Raises:
            KeyError: the form has no such field.
            ValueError: the value is not to be chosen here, or no such register told one.
        """
        own = self.field(key)
        if not own.selectable or not 0 <= place < len(own.others):
            raise ValueError(f"no other value of {key}")
        value, source = own.others[place]
        left = (*own.others[:place], (own.value, own.source), *own.others[place + 1 :])
        taken = replace(own, value=value, source=source, others=left, disputed="")
        return self._with(replace(taken, masked="", as_of=""))

    def object(self, key: str, right: str) -> Form:
        """Return the form with the citizen's word for what is right instead of a register's value.

        The register's value stays the one that is filed, the objection goes with it.

        Raises:
            KeyError: the form has no such field.
            ValueError: nobody may object to this value, or the word says nothing new, or is
                longer than :data:`OBJECTION_LIMIT`.
        """
        own, words = self.field(key), right.strip()
        if not own.disputable:
            raise ValueError(f"{key} is not a register's value")
        if not own.may_stand_against(words):
            raise ValueError(f"no objection to {key} in these words")
        return self._with(replace(own, disputed=words))

    def withdraw(self, key: str) -> Form:
        """Return the form without the objection to a value; there need not be one.

        Raises:
            KeyError: the form has no such field.
        """
        return self._with(replace(self.field(key), disputed=""))

    def _with(self, changed: FormField) -> Form:
        fields = tuple(changed if own.key == changed.key else own for own in self.fields)
        return replace(self, fields=fields)

    def values(self) -> dict[str, str]:
        """Return key to value of every filled field."""
        return {field.key: field.value for field in self.fields if field.filled}


def choices(spec: Field, values: Mapping[str, str]) -> tuple[Choice, ...]:
    """Return what a choice field offers when the form has ``values``."""
    given = tuple(dict.fromkeys(values[k] for k in spec.choices_from if values.get(k)))
    every = table_choices(spec)
    narrowed = tuple(own for own in every if own.value in given)
    return narrowed or every


def merge(items: Iterable[Item], known: Mapping[str, Known]) -> Form:
    """Return the one form of the chosen items over what is already known.

    Fields keep the order in which the items first name them. A field that a chosen item
    produces is filled by nobody, whatever is known of it.  What only checks ask for is shown where
    a register tells it, and left out otherwise: nobody fills in a form for a check.
    """
    chosen = tuple(items)
    asked_by: dict[str, list[str]] = {}
    specs: dict[str, Field] = {}
    for item in chosen:
        for spec in item.fields:
            specs.setdefault(spec.key, spec)
            asked_by.setdefault(spec.key, []).append(item.name)
    codes = frozenset(item.code for item in chosen)
    filled = {spec.key for item in chosen if item.mode is not Mode.CHECK for spec in item.fields}
    fields = tuple(
        _field(spec, tuple(asked_by[key]), known.get(key), produced=bool(spec.makers & codes))
        for key, spec in specs.items()
        if key in filled or _told(known.get(key))
    )
    return Form(
        fields=fields,
        boxes_before=sum(len(item.fields) for item in chosen),
        beside={key: own.value for key, own in known.items() if key not in specs and own.value},
    )


def _told(known: Known | None) -> bool:
    return known is not None and bool(known.value)


def _field(
    spec: Field, asked_by: tuple[str, ...], known: Known | None, *, produced: bool
) -> FormField:
    """Decide who gives one field its value."""
    given = known if known is not None and known.value and not produced else None
    origin = Origin.PRODUCED if produced else Origin.GENERATED if given else Origin.TYPED
    return FormField(
        key=spec.key,
        label=spec.label,
        kind=spec.kind,
        value=given.value if given else "",
        source=given.source if given else "",
        asked_by=asked_by,
        act=origin is Origin.TYPED,
        origin=origin,
        editable=given.editable if given else origin is Origin.TYPED,
        spec=spec,
        masked=given.masked if given else "",
        as_of=given.as_of if given else "",
        others=given.others if given else (),
    )
