"""Registers that answer for every thing: examples where no record is, nothing where nobody is."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from intake import population
from intake.population.enterprises import REVOKED
from intake.registers.holdings import Population
from intake.registers.synthetic import fits
from kiosk.catalogue import files as catalogue_files
from kiosk.domain.catalogue import Catalogue
from kiosk.domain.dictionary import Field, FieldKind
from kiosk.domain.sources import registers

TODAY = date(2026, 11, 22)
CONFIG = Path(__file__).resolve().parents[2] / "config"
DOCUMENT = population.generate(7, 0)
PEOPLE: dict[str, dict[str, Any]] = {one["ref"]: one for one in DOCUMENT["people"]}
ENTERPRISES: dict[str, dict[str, Any]] = {one["ref"]: one for one in DOCUMENT["enterprises"]}
RECORDS = Population(DOCUMENT)


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    """The city's catalogue."""
    return catalogue_files.load(CONFIG, "410700")


def told(ref: str, field: Field, source: str, enterprise: str = "") -> str | None:
    """Return what one register tells a person of one field."""
    uscc = ENTERPRISES[enterprise]["uscc"] if enterprise else ""
    role = "agent" if enterprise else "person"
    number = PEOPLE[ref]["card"]["id_no"]
    view = RECORDS.view(number, role, "other", uscc=uscc, today=TODAY)
    assert view is not None
    return view.told(field, source)


def test_registers_know_every_fact(catalogue: Catalogue) -> None:
    """Whatever a register can give of any thing, it gives, and the form takes it."""
    parents = frozenset(own.key for item in catalogue.thing("newborn").items for own in item.fields)
    nothing_owed = "0"
    wrong = []
    for key, own in catalogue.dictionary.items():
        enterprise = "machinery" if key.startswith(("ent.", "legal_rep.", "agent.")) else ""
        for source in registers(own, "agent" if enterprise else "person")[:1]:
            value = told("chen-xiaoyun", own, source, enterprise)
            if key not in parents and not (
                value == nothing_owed or (value and fits(own, value, TODAY))
            ):
                wrong.append((key, source, value))
    assert wrong == []


def field(key: str, kind: FieldKind = FieldKind.TEXT, **more: Any) -> Field:
    """Return a field that registers are asked for."""
    return Field(key=key, label="示例", kind=kind, sources=("share:示例", "user"), **more)


def test_answers_are_the_same_for_ever_and_vary_by_person() -> None:
    """The number of a record is a person's own; asked again it is the same."""
    record = field("pension.record_no", example="400700000001", pattern="[0-9]{12}")
    hers = told("chen-xiaoyun", record, "share:示例")
    assert hers == told("chen-xiaoyun", record, "share:示例")
    assert hers != told("zhao-min", record, "share:示例")
    account = field("pension.account", FieldKind.ACCOUNT)
    assert told("chen-xiaoyun", account, "share:示例") != told("zhao-min", account, "share:示例")


@pytest.mark.parametrize(
    ("ref", "key", "source"),
    [
        ("uninsured", "pension.years", "share:人社"),
        ("uninsured", "pension.years", "e_licence:示例证"),
        ("uninsured", "care.kind", "share:医保"),
        ("no-mobile", "pension.years", "profile"),
        ("unmarried", "spouse.mobile", "share:民政"),
        ("unmarried", "spouse.name", "share:民政"),
        ("unmarried", "person.marriage_cert_no", "e_licence:结婚证"),
    ],
)
def test_who_has_no_record_is_told_nothing(ref: str, key: str, source: str) -> None:
    """An example never takes the place of a record that is known not to be there."""
    assert told(ref, field(key, example="12"), source) is None


def test_a_spouse_is_the_one_of_the_certificate() -> None:
    """Who is married is told the name and number that the certificate has."""
    name = told("chen-xiaoyun", field("spouse.name", FieldKind.NAME), "share:民政")
    assert name == PEOPLE["li-jianguo"]["card"]["name"]


def test_an_enterprise_is_told_to_who_acts_for_it() -> None:
    """Name, code and legal representative are the enterprise's; nothing is told without it."""
    name = field("ent.name")
    assert told("chen-xiaoyun", name, "share:示例") is None
    assert told("chen-xiaoyun", name, "share:示例", "machinery") == "新乡示例机械有限公司"
    rep = told("chen-xiaoyun", field("legal_rep.name"), "share:示例", "machinery")
    assert rep == PEOPLE["li-jianguo"]["card"]["name"]
    assert told("zhao-min", name, "share:示例", "machinery") is None


@pytest.mark.parametrize(
    ("ref", "enterprise", "role"),
    [
        ("li-jianguo", "machinery", "legal_rep"),
        ("chen-xiaoyun", "machinery", "agent"),
        ("chen-xiaoyun", "transport", "agent"),
        ("guo-anhe", "machinery", None),
        ("unmarried", "machinery", None),
    ],
)
def test_who_may_act(ref: str, enterprise: str, role: str | None) -> None:
    """The legal representative and whom the enterprise allowed, as long as it did."""
    number = PEOPLE[ref]["card"]["id_no"]
    acts = RECORDS.acts_for(number, ENTERPRISES[enterprise]["uscc"], TODAY)
    assert (acts.role if acts else None) == role


def test_enterprises_are_nobodys() -> None:
    """Names say that they are examples, codes lie in no division, and one is revoked."""
    for one in ENTERPRISES.values():
        assert "示例" in one["name"]
        assert one["uscc"][2:6] == "4007"
        code = field("ent.uscc", FieldKind.CREDIT_CODE)
        assert fits(code, one["uscc"], TODAY)
    assert ENTERPRISES["textile"]["status"] == REVOKED
