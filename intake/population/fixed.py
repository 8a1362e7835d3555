"""The persons that journeys, tests and demonstrations call by name.

The first five stand alone in what they are for; the next are parents of newborns, each couple with
one peculiarity; of ``two-answers`` each of three registers knows another mobile.  A new
one goes to the end: nobody's data changes by it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from random import Random
from typing import Any, Final

from intake.population import names
from intake.population.adults import adult, in_household, married
from intake.population.records import (
    FEMALE,
    INSURANCE_KINDS,
    MALE,
    REGION,
    Person,
    chance,
    mobile,
)

FIXED: Final[tuple[dict[str, Any], ...]] = (
    {"ref": "chen-xiaoyun", "role": "applicant", "name": "陈晓芸", "born": date(1990, 5, 17)},
    {"ref": "expired-card", "role": "expired-card", "name": "周守信", "born": date(1968, 3, 2)},
    {"ref": "rare-name", "role": "rare-name", "name": "孟䶮㛃", "born": date(1985, 9, 9)},
    {"ref": "uninsured", "role": "uninsured", "name": "何望舒", "born": date(1999, 12, 31)},
    {"ref": "no-mobile", "role": "no-mobile", "name": "曹德厚", "born": date(1951, 1, 20)},
    {"ref": "li-jianguo", "role": "father", "name": "李建国", "born": date(1988, 8, 20)},
    {"ref": "zhao-min", "role": "not-authorised", "name": "赵敏", "born": date(1993, 4, 11)},
    {"ref": "sun-zhiyuan", "role": "father", "name": "孙志远", "born": date(1991, 10, 3)},
    {"ref": "ma-lan", "role": "two-nations", "name": "马兰", "born": date(1992, 7, 8)},
    {"ref": "wang-ziqing", "role": "father", "name": "王子清", "born": date(1990, 2, 26)},
    {"ref": "guo-anhe", "role": "father", "name": "郭安和", "born": date(1984, 12, 5)},
    {
        "ref": "long-name",
        "role": "long-name",
        "name": "阿依古丽·买买提吐尔逊·阿卜杜",
        "born": date(1995, 3, 21),
    },
    {
        "ref": "long-name-father",
        "role": "father",
        "name": "艾尔肯·热合曼江",
        "born": date(1994, 6, 1),
    },
    {"ref": "unmarried", "role": "unmarried", "name": "林若溪", "born": date(1998, 1, 9)},
    {"ref": "two-answers", "role": "two-answers", "name": "方映雪", "born": date(1979, 9, 27)},
)
"""In the order of the document.  The longest name fills the 15 characters of a card's name."""

_MEN: Final = {"expired-card", "no-mobile"}
_NATIONS: Final[Mapping[str, str]] = {"ma-lan": "03", "long-name": "05", "long-name-father": "05"}
"""GB/T 3304: 03 Hui, 05 Uygur; everybody else here is Han."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Couple:
    """The parents of one newborn.

    ``head`` is the name of the man whose household register they stand in (the husband's father),
    or empty when the husband heads it; ``elsewhere``: they live at another address.
    """

    mother: str
    father: str
    head: str = ""
    elsewhere: bool = True


COUPLES: Final = (
    Couple(mother="chen-xiaoyun", father="li-jianguo", head="李守仁"),
    Couple(mother="zhao-min", father="sun-zhiyuan"),
    Couple(mother="ma-lan", father="wang-ziqing", elsewhere=False),
    Couple(mother="rare-name", father="guo-anhe"),
    Couple(mother="long-name", father="long-name-father"),
)
SINGLE_MOTHERS: Final = ("unmarried",)


def fixed_people(seed: int) -> list[Person]:
    """Return the fixed persons in their order, the couples married."""
    people = {who["ref"]: _fixed(chance(seed, who["ref"]), **who) for who in FIXED}
    for ref in (*(couple.mother for couple in COUPLES), *SINGLE_MOTHERS):
        people[ref] = _working(chance(seed, ref, "work"), people[ref])
    for couple in COUPLES:
        rng = chance(seed, couple.mother, "couple")
        people |= _couple(rng, couple, people[couple.mother], people[couple.father])
    return list(people.values())


def _fixed(rng: Random, *, ref: str, role: str, name: str, born: date) -> Person:
    """Build one of the persons that tests know; the role takes away what it is about."""
    sex = MALE if ref in _MEN or role == "father" else FEMALE
    person = adult(rng, ref=ref, role=role, name=name, sex=sex, born=born, district=0)
    person = replace(
        person, card=replace(person.card, nation=_NATIONS.get(ref, person.card.nation))
    )
    match role:
        case "expired-card":
            card = replace(person.card, valid_from="2005-06-01", valid_to="2025-06-01")
            identity = {**person.licences[0], "valid_to": card.valid_to}
            return replace(person, card=card, licences=[identity, *person.licences[1:]])
        case "uninsured":
            return replace(person, insurance=None, social_security=None, licences=[])
        case "no-mobile":
            return replace(person, mobile=None)
        case "two-answers":
            old = mobile(rng)
            older = f"{old[:-1]}{(int(old[-1]) + 1) % 10}"
            told = {"profile": {"mobile": old}, "share:医保": {"mobile": older}}
            return replace(person, otherwise=told)
        case _:
            return person


def _working(rng: Random, person: Person) -> Person:
    """Give a mother an employer and its insurance, which pays for the birth."""
    insured = {
        **(person.insurance or {}),
        "status": "1",
        "status_name": "正常参保",
        "kind": INSURANCE_KINDS[1],
    }
    employer = person.employer or {"name": rng.choice(names.EMPLOYERS)}
    return replace(person, insurance=insured, employer=employer)


def _couple(rng: Random, couple: Couple, mother: Person, father: Person) -> dict[str, Person]:
    """Marry two, put them into one household, and say where they live."""
    mother, father = married(rng, mother, father)
    mother = in_household(mother, father, spouse=father.ref, children=[])
    father = in_household(father, father, spouse=mother.ref, children=[])
    mother, father = _related(mother, couple, "妻", "12"), _related(father, couple, "户主", "02")
    if couple.head:
        mother, father = (
            _related(mother, couple, "儿媳", "38"),
            _related(father, couple, "子", "20"),
        )
    area = names.DISTRICTS[2][0]
    flat = f"{REGION[1]}{area}{rng.choice(names.STREETS)}{rng.randrange(1, 400)}号2单元301室"
    home = flat if couple.elsewhere else mother.card.address
    return {one.ref: replace(one, residence_address=home) for one in (mother, father)}


def _related(person: Person, couple: Couple, relation: str, code: str) -> Person:
    """Write the relation to the head of the household in words and as a GB/T 4761 code."""
    household = person.household
    assert household is not None  # noqa: S101 - in_household was called, narrows the type
    family = {**person.family, "relation_to_head": relation}
    if couple.head:
        family |= {"head_ref": None, "head_name": couple.head}
    native = "410500" if person.card.sex == FEMALE else REGION[0]
    return replace(
        person,
        family=family,
        household=replace(
            household,
            head_name=couple.head or household.head_name,
            relation_to_head=code,
            native_place=native,
        ),
    )
