"""Registers that differ, and the citizen's word against a register."""

from __future__ import annotations

import pytest

from kiosk.domain import form as forms
from kiosk.domain.application import answers
from kiosk.domain.catalogue import Item, Status
from kiosk.domain.dictionary import Field, FieldKind
from kiosk.domain.form import Form
from kiosk.domain.known import Known

FIELDS = tuple(
    Field(key=key, label=key, kind=FieldKind.TEXT, sources=("share:医保", "user"))
    for key in ("person.unit", "person.name", "person.mobile", "person.note")
)
ITEM = Item(code="one", name="一项", departments=("市医保局",), fields=FIELDS, status=Status.OPEN)


@pytest.fixture
def form() -> Form:
    """A register's value, a card's, one that may be corrected, and one that is asked."""
    told = Known(
        value="旧单位", source="share:医保", editable=False, others=(("新单位", "share:社保"),)
    )
    known = {
        "person.unit": told,
        "person.name": Known(value="张示例", source="id_card", editable=False),
        "person.mobile": Known(value="15400000001", source="profile"),
    }
    return forms.merge([ITEM], known)


def test_what_another_register_says_is_kept(form: Form) -> None:
    """It stands beside the value until the citizen gives their own."""
    assert form.field("person.unit").others == (("新单位", "share:社保"),)


def test_another_register_is_taken_with_its_name(form: Form) -> None:
    """Its value is filed as its word; the first stays in sight, and what was said of it is gone."""
    taken = form.object("person.unit", "都不对").take("person.unit", 0)
    filed = answers(taken)["person.unit"]
    assert (filed.value, filed.source, filed.disputed) == ("新单位", "share:社保", "")
    assert taken.field("person.unit").others == (("旧单位", "share:医保"),)
    assert taken.counts == form.counts
    assert taken.take("person.unit", 0) == form


@pytest.mark.parametrize(("key", "place"), [("person.unit", 1), ("person.mobile", 0)])
def test_nothing_is_taken_that_no_register_told(form: Form, key: str, place: int) -> None:
    """A place without a value is refused."""
    with pytest.raises(ValueError, match="no other value"):
        form.take(key, place)


def test_an_objection_goes_with_the_value(form: Form) -> None:
    """The register's value is filed all the same; a withdrawn objection leaves no trace."""
    objected = form.object("person.unit", " 我已到新单位 ")
    filed = answers(objected)["person.unit"]
    assert (filed.value, filed.source, filed.disputed) == ("旧单位", "share:医保", "我已到新单位")
    assert objected.counts == form.counts
    assert objected.withdraw("person.unit") == form


@pytest.mark.parametrize(
    ("key", "words"),
    [
        ("person.name", "李示例"),
        ("person.mobile", "15400000002"),
        ("person.note", "不对"),
        ("person.unit", "旧单位"),
        ("person.unit", " "),
        ("person.unit", "长" * 201),
        ("person.unit", "不\u202e对"),
    ],
)
def test_what_nobody_objects_to(form: Form, key: str, words: str) -> None:
    """The card, one's own word, an empty or the same word again."""
    with pytest.raises(ValueError, match=key):
        form.object(key, words)
