"""Synthetic people: seeded, reproducible, and impossible to confuse with real ones.

Check digits, sex and birth date inside the ID numbers are right, so that every validator on the
way has real work; :mod:`intake.population.records` says why the numbers are nobody's.

The same seed gives the same bytes.  Nothing depends on today's date: cards of the generated adults
run past 2036, the one person whose card has expired did so in 2025, as did the one authorisation
to act for an enterprise, and the newborns came into the world in November 2026.
"""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

from intake.population import newborns
from intake.population.enterprises import enterprises
from intake.population.fixed import fixed_people
from intake.population.households import family
from intake.population.records import (
    DIVISIONS,
    Person,
    account_number,
    chance,
    id_number,
    invoice_number,
    mobile,
)

__all__ = [
    "DIVISIONS",
    "account_number",
    "chance",
    "generate",
    "id_number",
    "invoice_number",
    "mobile",
    "write",
]


def generate(seed: int, size: int = 40) -> dict[str, Any]:
    """Return the population document for ``seed``: the fixed persons, then ``size`` more.

    Beside the ``people`` stand ``births`` (children without a name yet), ``authorisations`` (who
    may use whose data for which thing, by references) and ``enterprises``.
    """
    people = fixed_people(seed)
    by_ref = {person.ref: person for person in people}
    number = 0
    while number < size:
        household = family(chance(seed, "family", number), number + 1)
        people.extend(household)
        number += len(household)
    return {
        "seed": seed,
        "people": [asdict(person) for person in _distinct(people)],
        "births": [asdict(birth) for birth in newborns.births(seed, people)],
        "authorisations": [given.record() for given in newborns.AUTHORISATIONS],
        "enterprises": [asdict(one) for one in enterprises(seed, by_ref)],
    }


def write(document: dict[str, Any], directory: Path) -> Path:
    """Write ``population.json`` into ``directory`` in one step and return its path."""
    directory.mkdir(parents=True, exist_ok=True)
    path = directory / "population.json"
    temporary = path.with_suffix(".tmp")
    temporary.write_text(json.dumps(document, ensure_ascii=False, indent=1) + "\n", "utf-8")
    temporary.replace(path)
    return path


def _distinct(people: list[Person]) -> list[Person]:
    """Fail loudly should two persons have met on one ID number."""
    if len({person.card.id_no for person in people}) != len(people):
        msg = "two synthetic persons share an ID number; choose another seed"
        raise ValueError(msg)
    return people
