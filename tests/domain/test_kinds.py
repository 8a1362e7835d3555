"""New kinds of answers: what each takes, and what is said of what it refuses."""

from __future__ import annotations

from datetime import date

import pytest

from kiosk.domain.catalogue import Item
from kiosk.domain.dictionary import Choice, Field, FieldKind, Table
from kiosk.domain.faults import check
from kiosk.domain.form import merge
from kiosk.domain.words import shown, table_choices
from standards import credit_code
from standards.errors import CreditCodeError

TODAY = date(2026, 11, 22)
CHOICES = (Choice(value="a", label="甲"), Choice(value="b", label="乙"))
BODY = "91400701MA000000"
CODE = BODY + credit_code.body_check(BODY[8:])
CODE += credit_code.check_character(CODE)


def field(kind: FieldKind) -> Field:
    """A field of a kind."""
    some = CHOICES if kind is FieldKind.MULTI else ()
    return Field(key="ent.x", label="某项", kind=kind, sources=("user",), choices=some, maximum=100)


@pytest.mark.parametrize(
    ("kind", "value", "fault"),
    [
        (FieldKind.CREDIT_CODE, CODE, ""),
        (FieldKind.CREDIT_CODE, CODE.lower(), ""),
        (FieldKind.CREDIT_CODE, CODE[:-1], "credit_length"),
        (FieldKind.CREDIT_CODE, CODE[:-1] + "I", "credit_code"),
        (FieldKind.CREDIT_CODE, "410700000000001", "credit_former"),
        (FieldKind.ID_NUMBER, "400701850620001", "id_former"),
        (FieldKind.DECIMAL, "12.50", ""),
        (FieldKind.DECIMAL, "12.505", "decimal"),
        (FieldKind.DECIMAL, "100.01", "range"),
        (FieldKind.MULTI, "a,b", ""),
        (FieldKind.MULTI, "b,a", "wrong"),
        (FieldKind.MULTI, "a,a", "wrong"),
        (FieldKind.MULTI, "c", "wrong"),
        (FieldKind.PASSAGE, "修好了", ""),
        (FieldKind.PASSAGE, "修", "passage"),
        (FieldKind.PASSAGE, "修" * 201, "passage"),
        (FieldKind.PASSAGE, "换了80㎡的门，5℃以上𬭎", ""),
        (FieldKind.PASSAGE, "？！", "passage"),
        (FieldKind.PASSAGE, "——", "passage"),
        (FieldKind.PASSAGE, "修好了😊", "passage"),
        (FieldKind.PASSAGE, "修好\x07了", "wrong"),
    ],
)
def test_new_kinds(kind: FieldKind, value: str, fault: str) -> None:
    """Each kind takes what it documents; what it refuses it names by a sentence of its own."""
    found = check(field(kind), value, today=TODAY, answers={})
    assert (found.code if found else "") == (f"fault.{fault}" if fault else "")


def test_a_code_in_small_letters_is_filed_in_capitals() -> None:
    """A citizen need not look for the key of capitals; both checks hold all the same."""
    item = Item(code="a", name="甲", departments=("乙",), fields=(field(FieldKind.CREDIT_CODE),))
    whole = merge((item,), {}).answer("ent.x", CODE.lower())
    assert whole.values() == {"ent.x": CODE}
    wrong = f"{CODE[:-2].lower()}{CODE[-1]}{CODE[-2]}"
    assert check(field(FieldKind.CREDIT_CODE), wrong, today=TODAY, answers={}) is not None


def test_a_known_code_and_its_two_checks() -> None:
    """The example printed in public guides to the standard passes; each check alone refuses."""
    assert credit_code.parse("91350100M000100Y43") == "91350100M000100Y43"
    for wrong in ("91350100M000100Y44", "91350100M000101Y43"):
        with pytest.raises(CreditCodeError) as error:
            credit_code.parse(wrong)
        assert error.value.reason == "check"


@pytest.mark.parametrize("table", sorted(Table))
def test_every_table_has_entries(table: Table) -> None:
    """A table's code is shown by its words."""
    spec = Field(key="p.x", label="x", kind=FieldKind.CHOICE, sources=("user",), table=table)
    first = table_choices(spec)[0]
    assert shown(spec, first.value) == first.label


def test_several_answers_are_shown_by_their_words() -> None:
    """Words, not codes."""
    assert shown(field(FieldKind.MULTI), "a,b") == "甲、乙"
