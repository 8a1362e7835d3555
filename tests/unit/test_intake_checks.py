"""Checks between authorities: a line and no form; what a register answered is decided at once."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from intake import population
from intake.office.listing import Wanted
from intake.receiving import checks
from intake.receiving.filing import with_checks
from intake.records.store import Store
from intake.registers.holdings import Population
from intake.registers.prefill import Prefilled, Registers
from kiosk.domain.catalogue import Check, Item, Mode, Status
from kiosk.domain.dictionary import Field, FieldKind
from tests.legal_time import china
from tests.newborn_filing import filing, keep, taken_in

DOCUMENT = population.generate(7, 0)
PEOPLE: dict[str, dict[str, Any]] = {one["ref"]: one for one in DOCUMENT["people"]}
YEARS = Field(
    key="pension.years",
    label="缴费年限",
    kind=FieldKind.INTEGER,
    sources=("share:人社",),
    example="20",
)


def check(*fields: Field) -> Item:
    """Return a check of what the social insurance knows."""
    return Item(
        code="insurance-check",
        name="社会保险核验",
        departments=("市人社局",),
        fields=fields,
        mode=Mode.CHECK,
        status=Status.OPEN,
        check=Check(authority="人社", asks="有没有参加社会保险"),
    )


def outcome(ref: str, item: Item) -> checks.CheckResult:
    """Return how a check of a person comes out."""
    registers = Registers(Population(DOCUMENT))
    try:
        number = PEOPLE[ref]["card"]["id_no"]
        asked = [*item.fields, *checks.asked([item])]
        answer = registers.answer(number, asked, consented=True)
        shown = checks.without_questions(answer)
        assert not [key for key in shown.values if key.startswith("check.")]
        return checks.results([item], answer, "person")["insurance-check"]
    finally:
        registers.close()


@pytest.mark.parametrize("item", [check(), check(YEARS)])
def test_a_check_is_found_or_not(item: Item) -> None:
    """Whoever is insured is found, with or without facts to show; who is not is told what to do."""
    found = outcome("chen-xiaoyun", item)
    assert found.state == "ok"
    assert "有没有参加社会保险" in found.line
    missed = outcome("uninsured", item)
    assert missed.state == "not_found"
    assert "窗口" in missed.line


def test_a_silent_authority_decides_nothing() -> None:
    """One that does not answer in time is no answer; staff ask again."""
    answer = Prefilled(values={}, sources={"share:人社": "timeout"})
    silent = checks.results([check()], answer, "person")["insurance-check"]
    assert silent.state == "unavailable"
    assert "补核" in silent.line


def test_only_checks_have_results() -> None:
    """An item with a form has no result line."""
    plain = Item(code="plain", name="示例", departments=("市人社局",))
    assert checks.results([plain], Prefilled(values={}, sources={}), "person") == {}


def test_an_answered_check_is_done(tmp_path: Path) -> None:
    """It is completed when it arrives; one without an answer waits for the clerk."""
    made, files = filing(("birth-certificate", "vaccination-certificate"))
    found = {
        "birth-certificate": checks.CheckResult(state="ok", line="查到了"),
        "vaccination-certificate": checks.CheckResult(state="not_found", line="没有查到"),
    }
    store = Store(f"sqlite:///{tmp_path}/intake.db")
    keep(store, files)
    now = china("2026-11-27T16:00:00")
    filed = taken_in(store, with_checks(made, found), now)
    assert [item.state for item in filed.items] == ["completed", "submitted"]
    assert filed.details["checks"]["birth-certificate"]["line"] == "查到了"
    assert store.listed(Wanted(show="", words="", page=1, now=now)).applications
    store.close()
