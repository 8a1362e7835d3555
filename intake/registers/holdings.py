"""What the registers of other authorities hold, and whose of it an applicant may see.

An applicant sees their own data, those of their newborn, and those of the other parent only when
that parent has said so for this thing; whoever signed in for an enterprise sees the enterprise's.
The population document has it all (:mod:`intake.population`); of facts it does not know a register
tells an example (:mod:`intake.registers.synthetic`), and of a person whom it does not know nothing.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final

from intake.receiving.numbers import CHINA
from intake.registers import synthetic
from intake.registers.readers import BIRTH, CERTIFIED, ENTERPRISE, OTHER, PERSON, Record
from kiosk.domain.application import AGENT, LEGAL_REP
from kiosk.domain.dictionary import Field
from kiosk.domain.sources import PARENTS

CHILD: Final = frozenset({"newborn", "birth"})
MOTHERS: Final = frozenset({"insurance", "medical"})
"""Facts of a newborn's form that are the mother's: her insurance paid, she was in hospital."""
OWN: Final = frozenset({"person", "agent"})
"""Roles of whoever stands at the terminal, in things without parents."""
ENTERPRISES: Final = frozenset({"ent", "legal_rep"})
SPOUSE: Final = "spouse"
_MEMBERS: Final[Mapping[str, str]] = {"share:医保": "insurance", "share:人社": "social_security"}
"""Registers that know only their own members, and the part of a record that makes one."""
_ACCOUNTS: Final = frozenset({"account", "profile"})
"""Kinds of source that need an account of the person, which goes with a mobile."""
_ABOUT: Final[Mapping[str, str]] = {
    "birth.delivery_mode": "mother",
    "mother.relation_to_applicant": "newborn",
    "mother.marriage_cert_no": "",
}
"""Whom a fact is about where its key does not tell; empty is the applicant, whoever that is."""
_AUTHORISATION: Final = "agent.authorisation"
_EMPLOYED: Final = "staff"


class PopulationError(Exception):
    """The population file is missing or damaged; the service does not start with it."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ActsFor:
    """The enterprise that an applicant signed in for, and as what."""

    enterprise: Record
    legal_rep: Record | None
    role: str


@dataclass(frozen=True, kw_only=True, slots=True)
class View:
    """What one applicant may see in one thing.

    ``people`` are the persons by the role they have in the form, the applicant's own included;
    ``open`` are the roles whose data the applicant may see; ``today`` is what examples count from.
    """

    role: str
    people: Mapping[str, Record]
    open: frozenset[str]
    birth: Record | None
    today: date
    acts_for: ActsFor | None = None

    def subject(self, key: str) -> str:
        """Return the role of whom a fact is about; ``newborn`` for the child and its birth."""
        if key in _ABOUT:
            return _ABOUT[key] or self.role
        head = key.partition(".")[0]
        if self.role in PARENTS and head in CHILD:
            return "newborn"
        if self.role in PARENTS and head in MOTHERS:
            return "mother"
        return head if head in PARENTS or head in self.people else self.role

    def may_see(self, key: str) -> bool:
        """Tell whether the applicant may see a fact, should there be one."""
        subject = self.subject(key)
        return subject == "newborn" or subject not in self.people or subject in self.open

    def value(self, key: str, source: str = "") -> str | None:
        """Return a fact as a record has it, or None; without a register, as any one has it."""
        head, _, attribute = key.partition(".")
        if head in ENTERPRISES or key == _AUTHORISATION:
            return self._of_enterprise(key)
        if self.role in PARENTS and key in BIRTH:
            return BIRTH[key](self.birth) if self.birth else None
        person = self.people.get(self.subject(key))
        if person is None or not self._has(person, source):
            return None
        of_person = head in OWN or head in PARENTS or head in self.people
        read = PERSON.get(attribute) if of_person else OTHER.get(key)
        if head == SPOUSE and attribute not in CERTIFIED:
            return None
        otherwise = person["otherwise"].get(source, {}).get(attribute) if of_person else None
        return otherwise or (read(person) if read else None)

    def told(self, field: Field, source: str) -> str | None:
        """Return a fact as a register tells it: from a record, or an example of what it holds."""
        value = self.value(field.key, source)
        if self.role in PARENTS:
            return value
        if value:
            return synthetic.worded(field, value, self.today)
        whose = None if self._on_record(field.key) else self._whose(field.key, source)
        return synthetic.told(field, whose, self.today) if whose else None

    def facts(self) -> dict[str, str]:
        """Return everything the applicant may see, by key: what other facts follow from."""
        keys = [f"{role}.{attribute}" for role in self.open for attribute in PERSON]
        keys += [f"legal_rep.{attribute}" for attribute in PERSON]
        keys += [f"ent.{attribute}" for attribute in ENTERPRISE]
        values = {key: self.value(key) for key in (*keys, *BIRTH) if self.may_see(key)}
        return {key: value for key, value in values.items() if value}

    def _of_enterprise(self, key: str) -> str | None:
        if self.acts_for is None:
            return None
        head, _, attribute = key.partition(".")
        if head == "ent":
            read = ENTERPRISE.get(attribute)
            return read(self.acts_for.enterprise) if read else None
        if key == _AUTHORISATION:
            return LEGAL_REP if self.acts_for.role == LEGAL_REP else _EMPLOYED
        read, person = PERSON.get(attribute), self.acts_for.legal_rep
        return read(person) if read and person else None

    def _has(self, person: Record, source: str) -> bool:
        """Tell whether a register has anything of a person."""
        return bool(source not in _MEMBERS or person[_MEMBERS[source]])

    def _on_record(self, key: str) -> bool:
        """Tell whether the population decides about a fact, be it by having none."""
        head, _, attribute = key.partition(".")
        if head == "ent":
            return attribute in ENTERPRISE
        if head == SPOUSE:
            return attribute in CERTIFIED
        return key in OTHER or (head in (*OWN, "legal_rep") and attribute in PERSON)

    def _whose(self, key: str, source: str) -> str | None:
        """Return who is meant by an example, None where the register has nobody to tell of."""
        head = key.partition(".")[0]
        if head in ENTERPRISES:
            return str(self.acts_for.enterprise["uscc"]) if self.acts_for else None
        person = self.people[self.role]
        if head == SPOUSE and SPOUSE not in self.people:
            return None
        kind = source.partition(":")[0]
        nothing = (kind in _ACCOUNTS and not person["mobile"]) or (
            kind == "e_licence" and not person["licences"]
        )
        return None if nothing or not self._has(person, source) else str(person["ref"])


class Population:
    """All records of one population document."""

    def __init__(self, document: Mapping[str, Any]) -> None:
        """Take a population document as :func:`intake.population.generate` makes it.

        Raises:
            KeyError: a part is missing.
        """
        self._by_number = {one["card"]["id_no"]: one for one in document["people"]}
        self._by_ref = {one["ref"]: one for one in document["people"]}
        self._births = list(document.get("births", ()))
        self._allowed = {
            (one["from"], one["to"], one["thing"]) for one in document.get("authorisations", ())
        }
        self._enterprises = {one["uscc"]: one for one in document.get("enterprises", ())}

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

    def enterprises(self) -> tuple[Record, ...]:
        """Return every enterprise, in the document's order."""
        return tuple(self._enterprises.values())

    def licences(self, id_no: str) -> tuple[Record, ...]:
        """Return the electronic licences of a person; none of nobody we know."""
        person = self._by_number.get(id_no)
        return tuple(person["licences"]) if person else ()

    def acts_for(self, id_no: str, uscc: str, day: date) -> ActsFor | None:
        """Return as what a person may act for an enterprise on a day; None: they may not."""
        enterprise = self._enterprises.get(uscc)
        if enterprise is None:
            return None
        until = {one["id_no"]: one["valid_to"] for one in enterprise["agents"]}
        if id_no == enterprise["legal_rep"]:
            role = LEGAL_REP
        elif id_no in until and (until[id_no] is None or day.isoformat() <= until[id_no]):
            role = AGENT
        else:
            return None
        legal_rep = self._by_number.get(enterprise["legal_rep"])
        return ActsFor(enterprise=enterprise, legal_rep=legal_rep, role=role)

    def view(
        self, id_no: str, role: str, thing: str, *, uscc: str = "", today: date | None = None
    ) -> View | None:
        """Return what the person with this number may see in a role; None for nobody we know.

        ``uscc`` is the enterprise they signed in for, empty for none.
        """
        applicant: Record | None = self._by_number.get(id_no)
        if applicant is None:
            return None
        people, birth = {role: applicant}, None
        if role in PARENTS:
            birth = next((one for one in self._births if one[role] == id_no), None)
            other = next(own for own in PARENTS if own != role)
            parent = self._by_number.get(birth[other] or "") if birth else None
            people |= {other: parent} if parent else {}
        elif spouse := self._by_ref.get(applicant["family"]["spouse"] or ""):
            people |= {SPOUSE: spouse}
        allowed = {
            own
            for own, person in people.items()
            if own in {role, SPOUSE} or (person["ref"], applicant["ref"], thing) in self._allowed
        }
        day = today or datetime.now(CHINA).date()
        return View(
            role=role,
            people=people,
            open=frozenset(allowed),
            birth=birth,
            today=day,
            acts_for=self.acts_for(id_no, uscc, day) if uscc else None,
        )
