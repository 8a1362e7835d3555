"""Synthetic people: seeded, reproducible, and impossible to confuse with real ones.

Every number is recognisably nobody's: ID numbers begin with the division prefix 40, which
GB/T 2260 never assigned; mobile numbers lie in segment 154, allotted to no operator; account
numbers begin with 9156, a range no bank issues.  Check digits, sex and birth date inside the ID
number are right, so that every validator on the way has real work.

The same seed gives the same bytes.  Nothing depends on today's date: cards of the generated adults
run past 2036, and the one person whose card has expired did so in 2025.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field, replace
from datetime import date
from pathlib import Path
from random import Random
from typing import Any, Final

from intake import names
from standards.identity_number import check_digit

DIVISIONS: Final = tuple(f"4007{n:02d}" for n in range(1, 13))
"""Division codes used in ID numbers; 40 is no province of GB/T 2260."""
REGION: Final = ("410700", "河南省新乡市")
INSURANCE_KINDS: Final = ("城乡居民基本医疗保险", "职工基本医疗保险")
FEMALE: Final = "2"
"""GB/T 2261.1; 1 is male."""
HAN: Final = "01"


@dataclass(frozen=True, kw_only=True, slots=True)
class Card:
    """What the chip of a resident ID card says.

    ``sex`` is a GB/T 2261.1 code, ``nation`` a GB/T 3304 code, dates are ISO 8601;
    ``valid_to`` is ``None`` for a card without end (长期).
    """

    name: str
    sex: str
    nation: str
    birth_date: str
    address: str
    id_no: str
    issuer: str
    valid_from: str
    valid_to: str | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Person:
    """One synthetic person and everything the reference sources know of them."""

    ref: str
    role: str
    card: Card
    mobile: str | None = None
    residence_address: str | None = None
    marital_status: str = "10"
    insurance: dict[str, str] | None = None
    social_security: dict[str, str] | None = None
    employer: dict[str, str] | None = None
    family: dict[str, Any] = field(default_factory=dict)
    licences: list[dict[str, str | None]] = field(default_factory=list)


def generate(seed: int, size: int = 40) -> dict[str, Any]:
    """Return the population document for ``seed``: the fixed persons, then ``size`` more."""
    people = [_fixed(_chance(seed, who["ref"]), **who) for who in FIXED]
    number = 0
    while number < size:
        family = _family(_chance(seed, "family", number), number + 1)
        people.extend(family)
        number += len(family)
    return {"seed": seed, "people": [asdict(person) for person in _distinct(people)]}


def write(document: dict[str, Any], directory: Path) -> Path:
    """Write ``population.json`` into ``directory`` in one step and return its path."""
    directory.mkdir(parents=True, exist_ok=True)
    path = directory / "population.json"
    temporary = path.with_suffix(".tmp")
    temporary.write_text(json.dumps(document, ensure_ascii=False, indent=1) + "\n", "utf-8")
    temporary.replace(path)
    return path


def id_number(rng: Random, birth: date, sex: str) -> str:
    """Make an ID number (GB 11643) of an unassigned division for ``birth`` and ``sex``."""
    order = rng.randrange(0, 499) * 2 + (0 if sex == FEMALE else 1)
    body = f"{rng.choice(DIVISIONS)}{birth:%Y%m%d}{order:03d}"
    return body + check_digit(body)


def mobile(rng: Random) -> str:
    """Make a mobile number in segment 154, which is allotted to nobody."""
    return f"154{rng.randrange(10**8):08d}"


def account_number(rng: Random) -> str:
    """Make a 19-digit account number that passes Luhn in a range no bank issues."""
    body = f"9156{rng.randrange(10**14):014d}"
    doubled = [int(d) * (2 - i % 2) for i, d in enumerate(reversed(body))]
    return body + str(-sum(d - 9 if d > 9 else d for d in doubled) % 10)


def _chance(*names: object) -> Random:
    """Return a generator of its own for each person, so that adding one changes no other."""
    return Random("/".join(map(str, names)))  # noqa: S311 - reproducible, nothing is kept secret


def _distinct(people: list[Person]) -> list[Person]:
    """Fail loudly should two persons have met on one ID number."""
    if len({person.card.id_no for person in people}) != len(people):
        msg = "two synthetic persons share an ID number; choose another seed"
        raise ValueError(msg)
    return people


FIXED: Final[tuple[dict[str, Any], ...]] = (
    {"ref": "chen-xiaoyun", "role": "applicant", "name": "陈晓芸", "born": date(1990, 5, 17)},
    {"ref": "expired-card", "role": "expired-card", "name": "周守信", "born": date(1968, 3, 2)},
    {"ref": "rare-name", "role": "rare-name", "name": "孟䶮㛃", "born": date(1985, 9, 9)},
    {"ref": "uninsured", "role": "uninsured", "name": "何望舒", "born": date(1999, 12, 31)},
    {"ref": "no-mobile", "role": "no-mobile", "name": "曹德厚", "born": date(1951, 1, 20)},
)
"""The persons that journeys and demonstrations call by name, always first, in this order."""

_MEN: Final = {"expired-card", "no-mobile"}


def _fixed(rng: Random, *, ref: str, role: str, name: str, born: date) -> Person:
    """Build one of the persons that tests know; the role takes away what it is about."""
    sex = "1" if ref in _MEN else FEMALE
    person = _person(rng, ref=ref, role=role, name=name, sex=sex, born=born, district=0)
    match role:
        case "expired-card":
            card = replace(person.card, valid_from="2005-06-01", valid_to="2025-06-01")
            identity = {**person.licences[0], "valid_to": card.valid_to}
            return replace(person, card=card, licences=[identity, *person.licences[1:]])
        case "uninsured":
            return replace(person, insurance=None, social_security=None, licences=[])
        case "no-mobile":
            return replace(person, mobile=None)
        case _:
            return person


def _family(rng: Random, first: int) -> list[Person]:
    """Build a household: one adult, or a couple with up to two children."""
    district = rng.randrange(len(names.DISTRICTS))
    born = date(rng.randrange(1958, 2001), rng.randrange(1, 13), rng.randrange(1, 29))
    sex = rng.choice(("1", FEMALE))
    head = _person(
        rng,
        ref=_ref(first),
        role="person",
        name=_name(rng, sex),
        sex=sex,
        born=born,
        district=district,
    )
    if rng.random() < 0.45:
        return [_in_household(head, head, spouse=None, children=[])]
    return _couple(rng, head, first, district)


def _couple(rng: Random, head: Person, first: int, district: int) -> list[Person]:
    """Add a spouse of about the same age, and children where the years allow them."""
    born = date.fromisoformat(head.card.birth_date)
    other = "1" if head.card.sex == FEMALE else FEMALE
    spouse = _person(
        rng,
        ref=_ref(first + 1),
        role="person",
        name=_name(rng, other),
        sex=other,
        born=born.replace(year=born.year + rng.randrange(-3, 4)),
        district=district,
    )
    count = rng.randrange(3) if 1972 <= born.year <= 1996 else 0
    children = [_child(rng, head, born.year, _ref(first + 2 + n), district) for n in range(count)]
    head, spouse = _married(rng, head, spouse)
    refs = [child.ref for child in children]
    return [
        _in_household(head, head, spouse=spouse.ref, children=refs),
        _in_household(spouse, head, spouse=head.ref, children=refs),
        *(_in_household(child, head, spouse=None, children=[]) for child in children),
    ]


def _child(rng: Random, head: Person, parent_born: int, ref: str, district: int) -> Person:
    """Build a child with the household head's surname and a mobile of nobody."""
    sex = rng.choice(("1", FEMALE))
    year = min(parent_born + rng.randrange(24, 36), 2024)
    born = date(year, rng.randrange(1, 13), rng.randrange(1, 29))
    surname = head.card.name[: 2 if head.card.name[:2] in names.COMPOUND_SURNAMES else 1]
    child = _person(
        rng,
        ref=ref,
        role="child" if year > 2008 else "person",
        name=surname + _given(rng, sex),
        sex=sex,
        born=born,
        district=district,
    )
    card = replace(child.card, address=head.card.address, nation=head.card.nation)
    return replace(child, card=card, mobile=None if year > 2012 else child.mobile, employer=None)


def _married(rng: Random, first: Person, second: Person) -> tuple[Person, Person]:
    """Give both the same marriage certificate and the household's address."""
    year = max(int(person.card.birth_date[:4]) for person in (first, second)) + 24
    no = f"J400700-{year}-{rng.randrange(10**6):06d}"
    certificate: dict[str, str | None] = {
        "kind": "结婚证",
        "no": no,
        "status": "valid",
        "valid_to": None,
    }
    shared = replace(second, card=replace(second.card, address=first.card.address))
    one, two = (
        replace(person, marital_status="20", licences=[*person.licences, certificate])
        for person in (first, shared)
    )
    return one, two


def _in_household(
    person: Person, head: Person, *, spouse: str | None, children: list[str]
) -> Person:
    """Note where a person stands in the household register (户口簿)."""
    relation = "户主" if person.ref == head.ref else "配偶" if spouse else "子女"
    family = {
        "head_ref": head.ref,
        "head_name": head.card.name,
        "relation_to_head": relation,
        "spouse": spouse,
        "children": children,
    }
    return replace(person, family=family)


def _person(
    rng: Random, *, ref: str, role: str, name: str, sex: str, born: date, district: int
) -> Person:
    """Build one insured adult with a card, a mobile and a social security card."""
    area, issuer = names.DISTRICTS[district]
    where = f"{REGION[1]}{area}{rng.choice(names.STREETS)}{rng.randrange(1, 400)}号"
    valid_from, valid_to = _validity(rng, born)
    nation = HAN if rng.random() < 0.92 or role != "person" else rng.choice(names.MINORITIES)
    card = Card(
        name=name,
        sex=sex,
        nation=nation,
        birth_date=born.isoformat(),
        address=where,
        id_no=id_number(rng, born, sex),
        issuer=issuer,
        valid_from=valid_from.isoformat(),
        valid_to=valid_to.isoformat() if valid_to else None,
    )
    employed = born.year > 1964 and rng.random() < 0.4
    security = _social_security(rng)
    person = Person(
        ref=ref,
        role=role,
        card=card,
        mobile=mobile(rng),
        residence_address=where,
        insurance=_insurance(rng, employed=employed),
        social_security=security,
        employer={"name": rng.choice(names.EMPLOYERS)} if employed else None,
        licences=_licences(card, security),
    )
    return _in_household(person, person, spouse=None, children=[])


def _validity(rng: Random, born: date) -> tuple[date, date | None]:
    """Return a validity as the law gives it: 5, 10 or 20 years by age at issue, then no end."""
    issued = date(rng.randrange(2019, 2026), rng.randrange(1, 13), rng.randrange(1, 29))
    age = issued.year - born.year
    if age < 0:
        issued, age = issued.replace(year=born.year + 1), 1
    if age >= 46:
        return issued, None
    if age <= 25:
        issued = issued.replace(year=max(2025, issued.year))
        age = issued.year - born.year
    years = 5 if age < 16 else 10 if age <= 25 else 20
    return issued, issued.replace(year=issued.year + years)


def _insurance(rng: Random, *, employed: bool) -> dict[str, str]:
    """Return the record of basic medical insurance, region by GB/T 2260."""
    status, name = ("2", "暂停参保") if rng.random() < 0.04 else ("1", "正常参保")
    return {
        "region": REGION[0],
        "region_name": REGION[1],
        "status": status,
        "status_name": name,
        "kind": INSURANCE_KINDS[int(employed)],
        "as_of": "2026-01-31",
    }


def _social_security(rng: Random) -> dict[str, str]:
    """Return a social security card with its bank account."""
    return {
        "ssc_no": f"X{rng.randrange(10**8):08d}",
        "bank_name": rng.choice(("中国农业银行", "中国邮政储蓄银行", "新乡市示例银行")),
        "account_no": account_number(rng),
    }


def _licences(card: Card, security: dict[str, str]) -> list[dict[str, str | None]]:
    """Return the electronic licences (电子证照) everybody has."""
    return [
        {"kind": "居民身份证", "no": card.id_no, "status": "valid", "valid_to": card.valid_to},
        {"kind": "社会保障卡", "no": security["ssc_no"], "status": "valid", "valid_to": None},
    ]


def _name(rng: Random, sex: str) -> str:
    """Make a full name of two to four characters."""
    compound = rng.random() < 0.03
    surname = rng.choice(names.COMPOUND_SURNAMES if compound else names.SURNAMES)
    return surname + _given(rng, sex)


def _given(rng: Random, sex: str) -> str:
    """Make a given name of one or two characters."""
    last = rng.choice(names.GIVEN_FEMALE if sex == FEMALE else names.GIVEN_MALE)
    return last if rng.random() < 0.2 else rng.choice(names.GIVEN_EITHER) + last


def _ref(number: int) -> str:
    """Return the reference of a generated person, P0001 onwards."""
    return f"P{number:04d}"
