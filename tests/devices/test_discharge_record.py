"""The sample discharge record tells what the registers fill in."""

from __future__ import annotations

from pathlib import Path

import pytest

from drivers.simulated import population
from drivers.simulated.discharge_record import RECORD, DischargeRecord
from drivers.simulated.simulator import Simulator
from intake import population as generated
from intake.registers.holdings import Population

SEED = 20241030
"""The seed a desk is set up with (`kiosk.desk.stack`)."""


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The population of a desk."""
    return generated.write(generated.generate(SEED), tmp_path_factory.mktemp("population"))


def words(record: DischargeRecord) -> str:
    """Return all a record says."""
    lines = (*record.head(), *record.sections(), *record.costs())
    return " ".join(f"{label} {value}" for label, value in lines)


def test_each_paper_says_what_the_registers_fill_in(file: Path) -> None:
    """Both parents of each birth have the paper whose facts the form shows."""
    people, registers = population.load(file), Population.read(file)
    assert people.records
    for number, record in people.records.items():
        mother = next(one for one in people if one.card.name == record.mother)
        view = registers.view(mother.card.id_no, "mother", "newborn")
        assert view is not None, number
        birth = view.birth
        assert birth is not None, number
        said = words(record)
        day = record.born
        assert day.isoformat(timespec="minutes") == birth["born"]
        assert f"{day.year}年{day.month}月{day.day}日{day:%H}时{day:%M}分" in said
        for fact in ("weight_g", "length_cm", "weeks"):
            assert str(birth[fact]) in said
        assert record.hospital == birth["institution"]
        assert f"{birth['cost_fen'] / 100:,.2f}" == dict(record.costs())["合计"]
        assert ("剖宫产" in said) == (birth["delivery_mode"] == "2")
        assert f"{record.admitted}/{record.discharged}" == birth["admission"]


def test_the_costs_add_up(file: Path) -> None:
    """What is listed is the total, to the fen."""
    for record in population.load(file).records.values():
        *parts, (_, total) = record.costs()
        fen = sum(int(amount.replace(",", "").replace(".", "")) for _, amount in parts)
        assert fen == record.cost_fen == int(total.replace(",", "").replace(".", ""))


def test_without_a_population_it_is_the_first_mothers(file: Path) -> None:
    """The paper that needs no file is the one of the desk's first mother."""
    people = population.load(file)
    number = people.people["chen-xiaoyun"].card.id_no
    assert people.records[number] == RECORD


def test_the_paper_is_of_the_one_whose_card_was_laid_down(file: Path, tmp_path: Path) -> None:
    """Mother and father have the same paper, another mother hers, a stranger the sample."""
    devices = Simulator(tmp_path, paper_dir=tmp_path)
    try:
        devices.load_population(file)
        laid = {}
        for ref in ("zhao-min", "sun-zhiyuan", "li-jianguo", "uninsured"):
            devices.control("id-reader", {"put": ref})
            laid[ref] = devices.camera.record.mother
        devices.control("camera", {"scene": "discharge_record"})
    finally:
        devices.close()
    assert laid == {
        "zhao-min": "赵敏",
        "sun-zhiyuan": "赵敏",
        "li-jianguo": "陈晓芸",
        "uninsured": "陈晓芸",
    }
