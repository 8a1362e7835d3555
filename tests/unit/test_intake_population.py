"""The synthetic population: reproducible, valid, and nobody's."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from intake import population
from intake.receiving.numbers import item_no
from kiosk.domain.identity import Person
from standards import division
from standards.identity_number import IdentityNumber


def test_same_seed_same_bytes(tmp_path: Path) -> None:
    """Two runs of the command with one seed write the same file, another seed another one."""
    written = []
    for name, seed in (("a", "5"), ("b", "5"), ("c", "6")):
        command = [sys.executable, "-m", "intake", "population", "--seed", seed]
        subprocess.run([*command, "--out", str(tmp_path / name)], check=True)
        written.append((tmp_path / name / "population.json").read_bytes())
    assert written[0] == written[1] != written[2]


@given(st.integers(min_value=0, max_value=2**32))
def test_cards_are_valid_and_nobodys(seed: int) -> None:
    """Every card is a person our own reader accepts, in a division that does not exist."""
    people = population.generate(seed, 8)["people"]
    for one in people:
        number = IdentityNumber.parse(one["card"]["id_no"])
        assert number.text.startswith("40")
        person = Person.from_card(one["card"])
        assert person.id_no == number.text
        assert one["mobile"] is None or one["mobile"].startswith("154")
    assert len({one["card"]["id_no"] for one in people}) == len(people)
    assert len({one["ref"] for one in people}) == len(people)


def test_prefix_40_is_no_province() -> None:
    """The prefix of all our numbers is assigned to no province of GB/T 2260."""
    assert not any(place.code.startswith("40") for place in division.provinces())


def fixed(seed: int = 1) -> dict[str, dict[str, Any]]:
    """Return the persons that journeys call by name."""
    return {one["ref"]: one for one in population.generate(seed, 0)["people"]}


def test_fixed_persons_are_what_their_names_say() -> None:
    """The first five persons of the journeys have the one property they are for."""
    people = fixed()
    five = ["chen-xiaoyun", "expired-card", "rare-name", "uninsured", "no-mobile"]
    assert list(people)[:5] == five
    assert people["chen-xiaoyun"]["insurance"]["region"] == "410700"
    assert people["expired-card"]["card"]["valid_to"] == "2025-06-01"
    assert {"䶮", "㛃"} <= set(people["rare-name"]["card"]["name"])
    assert people["uninsured"]["insurance"] is None
    assert people["no-mobile"]["mobile"] is None
    assert people["no-mobile"]["card"]["valid_to"] is None


def test_parents_are_what_their_names_say() -> None:
    """Two nations, a name that fills the card, no certificate of marriage: each has one of them."""
    people = fixed()
    assert people["li-jianguo"]["card"]["sex"] == "1"
    assert people["chen-xiaoyun"]["household"]["head_name"] == "李守仁"
    assert people["chen-xiaoyun"]["household"]["relation_to_head"] == "38"
    nations = {people[ref]["card"]["nation"] for ref in ("ma-lan", "wang-ziqing")}
    assert nations == {"03", "01"}
    assert len(people["long-name"]["card"]["name"]) == 15
    assert people["unmarried"]["marital_status"] == "10"
    assert not people["unmarried"]["family"]["spouse"]


@given(st.integers(min_value=0, max_value=2**32))
def test_newborns_have_parents_and_no_name(seed: int) -> None:
    """Whatever the seed, each child has a mother, and a father of the same household if any."""
    document = population.generate(seed, 0)
    people = {one["card"]["id_no"]: one for one in document["people"]}
    births = {one["ref"]: one for one in document["births"]}
    assert births["birth-chen-xiaoyun"]["born"] == "2026-11-14T06:20"
    assert births["birth-unmarried"]["father"] is None
    assert births["birth-ma-lan"]["cert_no"]
    for birth in births.values():
        mother = people[birth["mother"]]
        assert mother["card"]["sex"] == "2"
        assert mother["employer"]
        assert mother["insurance"]["status"] == "1"
        assert not {"name", "id_no"} & set(birth)
        assert len(birth["invoice_no"]) == 20
        assert birth["invoice_no"].startswith("40")
        if birth["father"]:
            father = people[birth["father"]]
            assert father["family"]["spouse"] == mother["ref"]
            assert father["card"]["address"] == mother["card"]["address"]
    assert "uninsured" not in {people[one["mother"]]["ref"] for one in births.values()}


def test_one_couple_has_not_allowed_each_other() -> None:
    """All parents may use each other's data for their newborn, but for one couple."""
    given = population.generate(1, 0)["authorisations"]
    pairs = {(one["from"], one["to"]) for one in given}
    assert ("li-jianguo", "chen-xiaoyun") in pairs
    assert ("chen-xiaoyun", "li-jianguo") in pairs
    assert not any("zhao-min" in pair for pair in pairs)
    assert {one["thing"] for one in given} == {"newborn"}


def test_adding_people_changes_nobody() -> None:
    """A larger population of the same seed begins with the smaller one."""
    small = population.generate(3, 5)["people"]
    assert population.generate(3, 30)["people"][: len(small)] == small


def test_families_hang_together() -> None:
    """Spouses name each other, live together and share one certificate."""
    people = {one["ref"]: one for one in population.generate(11, 60)["people"]}
    couples = [one for one in people.values() if one["family"]["spouse"]]
    assert couples
    for one in couples:
        other = people[one["family"]["spouse"]]
        assert other["family"]["spouse"] == one["ref"]
        assert other["card"]["address"] == one["card"]["address"]
        assert other["licences"][-1] == one["licences"][-1]


@given(st.integers(), st.data())
def test_account_numbers_pass_luhn(seed: int, data: st.DataObject) -> None:
    """Account numbers have a right check digit and a range no bank issues."""
    number = population.account_number(population.chance(seed))
    digits = [int(d) for d in reversed(number)]
    total = sum(digits[::2]) + sum(sum(divmod(2 * d, 10)) for d in digits[1::2])
    assert total % 10 == 0
    assert number.startswith("9156")
    assert len(number) == 19


def test_item_numbers_count_from_one() -> None:
    """An item's number is the application's and its place."""
    assert item_no("41070020261122000017", 0) == "4107002026112200001701"


def test_file_is_plain_json(tmp_path: Path) -> None:
    """The file has the seed and can be read without this package."""
    path = population.write(population.generate(2, 1), tmp_path)
    assert json.loads(path.read_text("utf-8"))["seed"] == 2
