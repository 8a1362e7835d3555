"""One insured adult with a card, a mobile, licences and a social security card."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from random import Random

from intake.population import names
from intake.population.records import (
    HAN,
    INSURANCE_KINDS,
    REGION,
    Card,
    Household,
    Person,
    account_number,
    id_number,
    mobile,
)

HEAD = "02"
"""GB/T 4761: 户主."""
RELATIONS = {"户主": HEAD, "配偶": "10", "子女": "20"}
"""What a household's members are to its head, by the word and the GB/T 4761 code."""


def adult(
    rng: Random, *, ref: str, role: str, name: str, sex: str, born: date, district: int
) -> Person:
    """Build one insured adult who heads a household of one."""
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
        insurance=insurance(rng, employed=employed),
        social_security=security,
        employer={"name": rng.choice(names.EMPLOYERS)} if employed else None,
        licences=_licences(card, security),
    )
    return in_household(person, person, spouse=None, children=[])


def married(rng: Random, first: Person, second: Person) -> tuple[Person, Person]:
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


def in_household(
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
    household = Household(
        region=REGION[0],
        native_place=REGION[0],
        head_name=head.card.name,
        relation_to_head=RELATIONS[relation],
    )
    return replace(person, family=family, household=household)


def insurance(rng: Random, *, employed: bool) -> dict[str, str]:
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
