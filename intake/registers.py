"""What the registers of other authorities hold, and whose of it an applicant may see.

An applicant sees their own data, those of their newborn, and those of the other parent only when
that parent has said so for this thing.  The population document has it all
(:mod:`intake.population`).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from kiosk.domain.sources import PARENTS

Record = Mapping[str, Any]

CHILD: Final = frozenset({"newborn", "birth"})
MOTHERS: Final = frozenset({"insurance", "medical"})
"""Facts of a newborn's form that are the mother's: her insurance paid, she was in hospital."""
_MEMBERS: Final[Mapping[str, str]] = {"share:医保": "insurance", "share:人社": "social_security"}
"""Registers that know only their own members, and the part of a record that makes one."""
_ABOUT: Final[Mapping[str, str]] = {
    "birth.delivery_mode": "mother",
    "mother.relation_to_applicant": "newborn",
    "mother.marriage_cert_no": "",
}
"""Whom a fact is about where its key does not tell; empty is the applicant, whoever that is."""


class PopulationError(Exception):
    """The population file is missing or damaged; the service does not start with it."""


@dataclass(frozen=True, kw_only=True, slots=True)
class View:
    """What one applicant may see in one thing.

    ``people`` are the persons by the role they have in the form, the applicant's own included;
    ``open`` are the roles whose data the applicant may see.
    """

    role: str
    people: Mapping[str, Record]
    open: frozenset[str]
    birth: Record | None

    def subject(self, key: str) -> str:
        """Return the role of whom a fact is about; ``newborn`` for the child and its birth."""
        if key in _ABOUT:
            return _ABOUT[key] or self.role
        head = key.partition(".")[0]
        if head in CHILD:
            return "newborn"
        if head in MOTHERS and self.role in PARENTS:
            return "mother"
        return head if head in PARENTS else self.role

    def may_see(self, key: str) -> bool:
        """Tell whether the applicant may see a fact, should there be one."""
        subject = self.subject(key)
        return subject == "newborn" or subject not in self.people or subject in self.open

    def value(self, key: str, source: str = "") -> str | None:
        """Return a fact as a register has it, or None; without a register, as any one has it."""
        if key in _BIRTH:
            return _BIRTH[key](self.birth) if self.birth else None
        person = self.people.get(self.subject(key))
        if person and source in _MEMBERS and not person[_MEMBERS[source]]:
            return None
        head, _, attribute = key.partition(".")
        read = _PERSON.get(attribute) if head in ("person", *PARENTS) else _OTHER.get(key)
        return read(person) if read and person else None

    def facts(self) -> dict[str, str]:
        """Return everything the applicant may see, by key: what other facts follow from."""
        keys = [f"{role}.{attribute}" for role in self.open for attribute in _PERSON]
        values = {key: self.value(key) for key in (*keys, *_BIRTH) if self.may_see(key)}
        return {key: value for key, value in values.items() if value}


class Population:
    """All records of one population document."""

    def __init__(self, document: Mapping[str, Any]) -> None:
        """Take a population document as :func:`intake.population.generate` makes it.

        Raises:
            KeyError: a part is missing.
        """
        self._by_number = {one["card"]["id_no"]: one for one in document["people"]}
        self._births = list(document.get("births", ()))
        self._allowed = {
            (one["from"], one["to"], one["thing"]) for one in document.get("authorisations", ())
        }

    @classmethod
    def read(cls, file: Path) -> Population:
        """Read a population file.

        Raises:
            PopulationError: the file is missing or not as documented.
        """
        try:
            return cls(json.loads(file.read_bytes()))
        except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
            raise PopulationError(f"{file}: {type(error).__name__}") from error

    def view(self, id_no: str, role: str, thing: str) -> View | None:
        """Return what the person with this number may see in a role; None for nobody we know."""
        applicant: Record | None = self._by_number.get(id_no)
        if applicant is None:
            return None
        people, birth = {role: applicant}, None
        if role in PARENTS:
            birth = next((one for one in self._births if one[role] == id_no), None)
            other = next(own for own in PARENTS if own != role)
            parent = self._by_number.get(birth[other] or "") if birth else None
            people |= {other: parent} if parent else {}
        allowed = {
            own
            for own, person in people.items()
            if own == role or (person["ref"], applicant["ref"], thing) in self._allowed
        }
        return View(role=role, people=people, open=frozenset(allowed), birth=birth)


def _at(*path: str) -> Callable[[Record], str | None]:
    """Return a reader of one place in a record; a missing branch is no value."""

    def read(record: Record) -> str | None:
        value: Any = record
        for step in path:
            value = value.get(step) if isinstance(value, dict) else None
        if isinstance(value, int):
            return str(value)
        return value if isinstance(value, str) and value else None

    return read


def _licence(kind: str) -> Callable[[Record], str | None]:
    """Return a reader of the number of a valid licence of one kind."""

    def read(person: Record) -> str | None:
        return next((one["no"] for one in person["licences"] if one["kind"] == kind), None)

    return read


def _always(value: str) -> Callable[[Record], str | None]:
    return lambda _record: value


_PERSON: Final[Mapping[str, Callable[[Record], str | None]]] = {
    "name": _at("card", "name"),
    "id_type": _always("111"),
    "id_no": _at("card", "id_no"),
    "sex": _at("card", "sex"),
    "birth_date": _at("card", "birth_date"),
    "nationality": _always("156"),
    "ethnicity": _at("card", "nation"),
    "mobile": _at("mobile"),
    "household_address": _at("card", "address"),
    "household_region": _at("household", "region"),
    "household_head": _at("household", "head_name"),
    "relation_to_head": _at("household", "relation_to_head"),
    "native_place": _at("household", "native_place"),
    "residence_address": _at("residence_address"),
    "marital_status": _at("marital_status"),
    "marriage_cert_no": _licence("结婚证"),
    "employer_name": _at("employer", "name"),
    "ssc_no": _at("social_security", "ssc_no"),
}
"""Where a person's record keeps an attribute; codes of GA/T 517 (111) and GB/T 2659.1 (156)."""

_OTHER: Final[Mapping[str, Callable[[Record], str | None]]] = {
    "payee.bank_name": _at("social_security", "bank_name"),
    "payee.account_no": _at("social_security", "account_no"),
    "payee.account_name": _at("card", "name"),
    "ssc.bank": _at("social_security", "bank_name"),
    "delivery.recipient": _at("card", "name"),
    "delivery.address": _at("residence_address"),
    "insurance.region": _at("insurance", "region"),
    "insurance.status": _at("insurance", "status"),
    "insurance.kind": _at("insurance", "kind"),
}
"""Where a person's record keeps what is theirs under another name."""

_BIRTH: Final[Mapping[str, Callable[[Record], str | None]]] = {
    "newborn.sex": _at("sex"),
    "newborn.birth_datetime": _at("born"),
    "newborn.gestational_weeks": _at("weeks"),
    "newborn.birth_weight_g": _at("weight_g"),
    "newborn.birth_length_cm": _at("length_cm"),
    "birth.cert_no": _at("cert_no"),
    "birth.place_region": _at("region"),
    "birth.institution": _at("institution"),
    "birth.delivery_mode": _at("delivery_mode"),
    "mother.relation_to_applicant": _always("52"),
    "medical.admission_period": _at("admission"),
    "medical.cost_total": _at("cost_fen"),
    "medical.invoice_no": _at("invoice_no"),
}
"""Where the record of a birth keeps a fact; 52 is 母亲 in GB/T 4761."""
