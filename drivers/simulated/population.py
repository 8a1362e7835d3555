"""The people whose cards can be laid on the simulated reader, from `population.json`.

Only what a card or a hospital's paper says is read here; what a person owns or is entitled to is
the intake's business.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from drivers.id_reader.card import LONG_TERM, Card, CardKind, encode_card
from drivers.simulated.discharge_record import DischargeRecord
from standards.nation import NATIONS, nation_code
from standards.sex import Sex


class PopulationError(ValueError):
    """The file, or one card in it, is not as agreed; the message says which, never what it says."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Person:
    """One synthetic person: how scripts call them, what they are there for, and their card."""

    ref: str
    role: str
    card: Card


@dataclass(frozen=True, kw_only=True, slots=True)
class Population:
    """All people of one file, in its order, and the discharge record by each parent's ID number."""

    people: Mapping[str, Person] = field(default_factory=dict)
    records: Mapping[str, DischargeRecord] = field(default_factory=dict)

    def __iter__(self) -> Iterator[Person]:
        return iter(self.people.values())


def load(path: Path) -> Population:
    """Read `population.json`.

    Raises:
        PopulationError: It cannot be read, or something in it is missing or impossible.
    """
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
        entries = document["people"]
        people = [_person(number, entry) for number, entry in enumerate(entries, start=1)]
        names = {person.card.id_no: person.card.name for person in people}
        records = _records(document.get("births", ()), names)
    except (OSError, ValueError, KeyError, TypeError) as error:
        if isinstance(error, PopulationError):
            raise
        raise PopulationError(f"{path.name}: {type(error).__name__}") from error
    return Population(people={person.ref: person for person in people}, records=records)


def card_from_json(record: object) -> Card:
    """Return the card of a JSON record.

    Sex and nation may be codes or names; `valid_to` is null or 长期 for a card without an end. A
    record without `kind` is a citizen's; the fields of the other kinds are named as in `Card`.

    Raises:
        PopulationError: A field is missing, impossible, or too long for a card.
    """
    if not isinstance(record, Mapping):
        raise PopulationError("a card is an object")
    try:
        kind = CardKind(str(record.get("kind") or CardKind.CITIZEN))
        card = Card(
            kind=kind,
            name=_text(record, "name"),
            sex_code=Sex.parse(_text(record, "sex")).value,
            birth_date=dt.date.fromisoformat(_text(record, "birth_date")),
            id_no=_text(record, "id_no"),
            valid_from=dt.date.fromisoformat(_text(record, "valid_from")),
            valid_to=_last_day(record.get("valid_to")),
            **_further(record, kind),
        )
        encode_card(card)
    except ValueError as error:
        if isinstance(error, PopulationError):
            raise
        raise PopulationError(f"card: {type(error).__name__} in a field") from error
    return card


def card_to_json(card: Card) -> dict[str, object]:
    """Return a (synthetic) card as JSON values for the control page."""
    return {
        "kind": card.kind.value,
        "name": card.name,
        "sex_code": card.sex_code,
        "nation_code": card.nation_code,
        "birth_date": card.birth_date.isoformat(),
        "address": card.address,
        "id_no": card.id_no,
        "issuer": card.issuer,
        "valid_from": card.valid_from.isoformat(),
        "valid_to": card.valid_to.isoformat() if card.valid_to else None,
    }


_FURTHER = ("address", "issuer", "name_en", "nationality", "pass_number", "issue_count")


def _further(record: Mapping[str, object], kind: CardKind) -> dict[str, str]:
    """Return what only some kinds have; a citizen's card has all of a citizen's."""
    texts = {key: str(record.get(key) or "") for key in _FURTHER}
    if kind is not CardKind.CITIZEN:
        return texts
    own = {key: _text(record, key) for key in ("address", "issuer")}
    return texts | own | {"nation_code": _nation(_text(record, "nation"))}


def _person(number: int, entry: Mapping[str, object]) -> Person:
    try:
        return Person(
            ref=_text(entry, "ref"),
            role=str(entry.get("role") or ""),
            card=card_from_json(entry.get("card")),
        )
    except PopulationError as error:
        raise PopulationError(f"person {number}: {error}") from error


def _records(
    births: Iterable[Mapping[str, Any]], names: Mapping[str, str]
) -> dict[str, DischargeRecord]:
    """Return the paper of each birth under the mother's number and, where he is known, his."""
    records: dict[str, DischargeRecord] = {}
    for birth in births:
        paper = _record(birth, names[birth["mother"]])
        records |= {parent: paper for parent in (birth["mother"], birth["father"]) if parent}
    return records


def _record(birth: Mapping[str, Any], mother: str) -> DischargeRecord:
    admitted, _, discharged = birth["admission"].partition("/")
    return DischargeRecord(
        mother=mother,
        sex=Sex.parse(birth["sex"]),
        born=dt.datetime.fromisoformat(birth["born"]),
        weeks=birth["weeks"],
        weight_g=birth["weight_g"],
        length_cm=birth["length_cm"],
        hospital=birth["institution"],
        delivery_mode=birth["delivery_mode"],
        admitted=dt.date.fromisoformat(admitted),
        discharged=dt.date.fromisoformat(discharged),
        cost_fen=birth["cost_fen"],
    )


def _text(record: Mapping[str, object], key: str) -> str:
    value = record.get(key)
    if not isinstance(value, str) or not value:
        raise PopulationError(f"{key} is missing")
    return value


def _nation(text: str) -> str:
    return text if text in NATIONS else nation_code(text)


def _last_day(value: object) -> dt.date | None:
    return None if value in (None, "", LONG_TERM) else dt.date.fromisoformat(str(value))
