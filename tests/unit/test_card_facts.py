"""What the ID card says is not judged like what was typed: nobody at the terminal can mend it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from intake.receiving.card import require_card
from intake.service.problems import Refusal
from kiosk.domain import derive, names
from kiosk.domain import form as forms
from kiosk.domain.application import Applicant
from kiosk.domain.catalogue import Thing
from kiosk.domain.faults import faults
from kiosk.domain.form import Form
from kiosk.domain.identity import Person
from kiosk.domain.known import Known
from tests.journeys.stage import TODAY, catalogue, people

NEW = "\U0002ebf0"
"""The first character of CJK Extension I, younger than this Python's tables of Unicode."""
THINGS = tuple(thing for thing in catalogue().things if thing.open_items)
REFS = sorted(people())


def filled(person: Person, ref: str, thing: Thing) -> tuple[Form, str]:
    """Return the form of all items as card and registers fill it, and the person's role."""
    role = thing.role_of(person.sex.value)
    told = people()[ref].ask(thing.code, thing.open_items, role, {}, "")
    known = {**told.values, **person.known("2026-11-22T09:00:00+08:00", role)}
    return derive.followed(forms.merge(thing.open_items, known)), role


def not_to_mend(form: Form) -> list[str]:
    """Return the keys of faults that the citizen can do nothing about."""
    return [own.key for own in faults(form, TODAY) if not form.field(own.key).editable]


@pytest.mark.parametrize("character", [NEW, "\U0002ee5d", "\U00031350", "\U000323b0", "㛃", ""])
def test_characters_of_every_edition_are_of_names(character: str) -> None:
    """A name may have any character of the Han planes, whatever this Python knows of it."""
    assert names.is_name(f"孟{character}")
    assert names.is_written(f"示范路{character}村1号")


@pytest.mark.parametrize("character", ["😊", "\U0002fffe", "\U000e0fff", "͸", "1"])
def test_what_is_of_no_name_stays_out(character: str) -> None:
    """A picture, a non-character, an unassigned place elsewhere and a digit are of no name."""
    assert not names.is_name(f"孟{character}")


CARD_NAMES = st.one_of(
    st.sampled_from([f"孟{NEW}", "古丽娜尔·", "阿·", "孟", "SMITH J", "李 明", "丁☆"]),
    st.text(st.sampled_from(f"孟{NEW}·\U000323b0艾 "), min_size=1, max_size=60),
)
ADDRESSES = st.one_of(
    st.sampled_from(["示范路1号☎", "村", f"{NEW}村", "℃路2号", "示" * 120]),
    st.text(st.sampled_from(f"示范路1号☎{NEW}"), min_size=1, max_size=120),
)


@settings(max_examples=80, deadline=None)
@given(st.sampled_from(REFS), st.sampled_from(THINGS), CARD_NAMES, ADDRESSES)
def test_whatever_a_card_says_every_fault_can_be_mended(
    ref: str, thing: Thing, name: str, address: str
) -> None:
    """No fault stands at what the citizen may not change, nor at what follows from their name."""
    person = replace(people()[ref].person, name=name, address=address)
    form, role = filled(person, ref, thing)
    assert not not_to_mend(form)
    if role == "mother":
        assert form.field("payee.account_name").value == name
        assert "payee.account_name" not in {own.key for own in faults(form, TODAY)}


def test_every_person_can_file() -> None:
    """So it is for everybody of the population as they are."""
    for ref in REFS:
        for thing in THINGS:
            assert not not_to_mend(filled(people()[ref].person, ref, thing)[0]), (ref, thing.code)


def test_what_was_typed_is_judged() -> None:
    """The same words typed by the citizen, or told by a register, are faults."""
    items = catalogue().thing("newborn").open_items
    for source in ("user", "share:母亲授权"):
        known = {"mother.name": Known(value="丁☆", source=source)}
        found = {own.key: own.code for own in faults(forms.merge(items, known), TODAY)}
        assert found["mother.name"] == "fault.name_characters"
    typed = forms.merge(items, {"mother.name": Known(value="阿·", source="id_card")}).answer(
        "payee.account_name", "乙·"
    )
    assert "payee.account_name" in {own.key for own in faults(typed, TODAY)}


# ---- the intake holds it against the applicant

MOTHER = people()["chen-xiaoyun"].person


def refused(changes: Mapping[str, Known], role: str = "mother") -> str | None:
    """Return the place where the intake refuses a form, or None."""
    known = {**MOTHER.known("", "mother"), **changes}
    form = forms.merge(catalogue().thing("newborn").open_items, known)
    try:
        require_card(form, role, Applicant(name=MOTHER.name, id_no=MOTHER.id_no), TODAY)
    except Refusal as refusal:
        return refusal.field
    return None


def test_the_applicants_card_is_taken() -> None:
    """What the card says of its holder is taken, whatever its words are."""
    assert refused({}) is None
    odd = Known(value="示范路1号☎", source="id_card")
    assert refused({"mother.household_address": odd}) is None


@pytest.mark.parametrize(
    ("key", "value", "source"),
    [
        ("mother.name", "李小雨", "id_card"),
        ("mother.name", "李小雨", "user"),
        ("mother.id_no", "400701199304114622", "id_card"),
        ("mother.birth_date", "1993-04-11", "id_card"),
        ("mother.nationality", "344", "id_card"),
        ("mother.ethnicity", "99", "id_card"),
        ("father.name", "李建国", "id_card"),
        ("newborn.name", "李安禾", "id_card"),
        ("mother.mobile", "15460368710", "id_card"),
    ],
)
def test_what_is_not_of_the_card_is_refused(key: str, value: str, source: str) -> None:
    """Nobody files somebody else's name as their own, nor calls anything else the card's word."""
    told = Known(value=value, source=source)
    assert refused({key: told}) == f"application.fields.{key}"


def test_another_role_has_no_card() -> None:
    """The card of the mother says nothing of the father who files."""
    assert refused({}, role="father") == "application.fields.mother.name"
