"""Newborns without a name yet, and who allowed whom to use their data for them."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random
from typing import Final

from intake.population.fixed import COUPLES, SINGLE_MOTHERS
from intake.population.records import REGION, Authorisation, Birth, Person, chance, invoice_number

THING: Final = "newborn"
HOSPITAL: Final = "新乡市示例妇幼保健院"
BORN: Final = "2026-11-14T06:20"
"""The child of the first couple; the others came a day apart before it."""
NATURAL, CAESAREAN = "1", "2"
"""How a child was born, by the codes of the dictionary's ``birth.delivery_mode``."""

AUTHORISATIONS: Final = tuple(
    Authorisation(giver=giver, holder=holder, thing=THING)
    for couple in COUPLES
    if couple.mother != "zhao-min"
    for giver, holder in ((couple.father, couple.mother), (couple.mother, couple.father))
)
"""Each parent allowed the other, but for the couple that shows what is asked without it."""

CERTIFIED: Final = "ma-lan"
"""The mother whose child already has a birth certificate."""


def births(seed: int, people: Sequence[Person]) -> list[Birth]:
    """Return the births of the fixed mothers, in the order of the couples."""
    by_ref = {person.ref: person for person in people}
    parents: list[tuple[str, str | None]] = [(own.mother, own.father) for own in COUPLES]
    parents += [(mother, None) for mother in SINGLE_MOTHERS]
    return [
        _birth(
            chance(seed, mother, "birth"),
            day=14 - number,
            mother=by_ref[mother],
            father=by_ref[father] if father else None,
        )
        for number, (mother, father) in enumerate(parents)
    ]


def _birth(rng: Random, *, day: int, mother: Person, father: Person | None) -> Birth:
    """Make one birth of November 2026; all measures are those of a healthy child."""
    caesarean = rng.random() < 0.4
    stay = 5 if caesarean else 3
    return Birth(
        ref=f"birth-{mother.ref}",
        mother=mother.card.id_no,
        father=father.card.id_no if father else None,
        sex=rng.choice(("1", "2")),
        born=f"2026-11-{day:02d}{BORN[10:]}",
        weeks=rng.randrange(37, 42),
        weight_g=rng.randrange(2600, 4000, 10),
        length_cm=rng.randrange(47, 54),
        region=REGION[0],
        institution=HOSPITAL,
        delivery_mode=CAESAREAN if caesarean else NATURAL,
        admission=f"2026-11-{day - 1:02d}/2026-11-{day + stay - 1:02d}",
        cost_fen=rng.randrange(4000_00, 12000_00),
        invoice_no=invoice_number(rng),
        cert_no=f"Z{rng.randrange(10**9):09d}" if mother.ref == CERTIFIED else None,
    )
