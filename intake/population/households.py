"""The generated part of the population: single adults, and couples with up to two children."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from random import Random

from intake.population import names
from intake.population.adults import adult, in_household, married
from intake.population.records import FEMALE, MALE, Person


def family(rng: Random, first: int) -> list[Person]:
    """Build a household: one adult, or a couple with up to two children."""
    district = rng.randrange(len(names.DISTRICTS))
    born = date(rng.randrange(1958, 2001), rng.randrange(1, 13), rng.randrange(1, 29))
    sex = rng.choice((MALE, FEMALE))
    head = adult(
        rng,
        ref=_ref(first),
        role="person",
        name=_name(rng, sex),
        sex=sex,
        born=born,
        district=district,
    )
    if rng.random() < 0.45:
        return [in_household(head, head, spouse=None, children=[])]
    return _couple(rng, head, first, district)


def _couple(rng: Random, head: Person, first: int, district: int) -> list[Person]:
    """Add a spouse of about the same age, and children where the years allow them."""
    born = date.fromisoformat(head.card.birth_date)
    other = MALE if head.card.sex == FEMALE else FEMALE
    spouse = adult(
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
    head, spouse = married(rng, head, spouse)
    refs = [child.ref for child in children]
    return [
        in_household(head, head, spouse=spouse.ref, children=refs),
        in_household(spouse, head, spouse=head.ref, children=refs),
        *(in_household(child, head, spouse=None, children=[]) for child in children),
    ]


def _child(rng: Random, head: Person, parent_born: int, ref: str, district: int) -> Person:
    """Build a child with the household head's surname and a mobile of nobody."""
    sex = rng.choice((MALE, FEMALE))
    year = min(parent_born + rng.randrange(24, 36), 2024)
    born = date(year, rng.randrange(1, 13), rng.randrange(1, 29))
    surname = head.card.name[: 2 if head.card.name[:2] in names.COMPOUND_SURNAMES else 1]
    child = adult(
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
