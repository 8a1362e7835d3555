"""The synthetic population: reproducible, valid, and nobody's."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from intake import population
from intake.numbers import item_no
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


def test_fixed_persons_are_what_their_names_say() -> None:
    """The five persons of the journeys come first and have the one property they are for."""
    people = population.generate(1, 0)["people"]
    by_ref = {one["ref"]: one for one in people}
    assert list(by_ref) == ["chen-xiaoyun", "expired-card", "rare-name", "uninsured", "no-mobile"]
    assert by_ref["chen-xiaoyun"]["insurance"]["region"] == "410700"
    assert by_ref["expired-card"]["card"]["valid_to"] == "2025-06-01"
    assert {"䶮", "㛃"} <= set(by_ref["rare-name"]["card"]["name"])
    assert by_ref["uninsured"]["insurance"] is None
    assert by_ref["no-mobile"]["mobile"] is None
    assert by_ref["no-mobile"]["card"]["valid_to"] is None


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
    number = population.account_number(population._chance(seed))
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
