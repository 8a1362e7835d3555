"""One form and one set of materials of a thin item; a large merge is in test_catalogue_newborn."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from kiosk.catalogue.files import load
from kiosk.domain import form as forms
from kiosk.domain import materials
from kiosk.domain.catalogue import Item
from kiosk.domain.faults import check, date_bounds, faults
from kiosk.domain.form import Counts, Form
from kiosk.domain.known import Known

HERE = Path(__file__).parent
TODAY = date(2026, 11, 22)


@pytest.fixture(scope="module")
def item() -> Item:
    """The one item that can be filed."""
    catalogue = load(HERE.parents[1] / "config", "410700")
    return catalogue.thing("medical-expenses").open_items[0]


def known() -> dict[str, Known]:
    """What card, share and profile tell of an insured person."""
    card = {"person.name": "陈晓芸", "person.id_no": "40070119840229001X"}
    share = {"insurance.region": "410700", "insurance.status": "1"}
    return {
        **{k: Known(value=v, source="id_card", editable=False) for k, v in card.items()},
        **{k: Known(value=v, source="share:医保", as_of="2026-11-01") for k, v in share.items()},
        "person.mobile": Known(value="13800000001", source="profile", masked="138****0001"),
        "person.sex": Known(value="2", source="id_card"),
    }


@pytest.fixture
def form(item: Item) -> Form:
    """The merged form over what is known."""
    return forms.merge([item], known())


def test_counts_of_the_thin_item(item: Item, form: Form) -> None:
    """8 boxes, 8 facts, 5 generated, none produced, 3 typed; 3 papers before, none asked."""
    assert form.counts == Counts(boxes_before=8, merged=8, generated=5, produced=0, typed=3)
    assert [field.key for field in form.left] == [
        "filing.kind",
        "filing.destination",
        "filing.start_date",
    ]
    checklist = materials.merge([item])
    assert (checklist.before, checklist.asked) == (3, 0)
    assert len(checklist.exempt) == 3


def test_a_field_tells_source_askers_and_words(form: Form) -> None:
    """Beside each value is where it came from and who asked for it."""
    region = form.field("insurance.region")
    assert (region.shown, region.source, region.act) == ("河南省新乡市", "share:医保", False)
    assert region.asked_by == ("基本医疗保险参保人员异地就医备案",)
    assert form.field("insurance.status").shown == "正常参保"
    assert form.field("person.mobile").shown == "138****0001"
    assert form.field("person.name").role == "person"
    assert len(form.choices("filing.kind")) == 5


def test_a_failed_source_leaves_the_field_to_the_citizen(item: Item) -> None:
    """What no source answered is typed, and the figures say so."""
    card_only = {k: v for k, v in known().items() if v.source == "id_card"}
    assert forms.merge([item], card_only).counts.typed == 6


def test_answers_make_a_new_form(form: Form) -> None:
    """The old form stays as it was; a corrected value counts as typed and is not masked."""
    answered = form.answer("filing.kind", "posted_worker").answer("person.mobile", "13900000002")
    assert form.field("filing.kind").value == ""
    assert answered.field("filing.kind").shown == "常驻异地工作人员"
    assert answered.field("person.mobile").shown == "13900000002"
    assert answered.counts.typed == 4
    assert form.answer("person.mobile", "13800000001") is form


def test_the_cards_values_cannot_be_retyped(form: Form) -> None:
    """A name from the card is not the citizen's to change, and unknown keys are refused."""
    with pytest.raises(ValueError, match=r"person\.name"):
        form.answer("person.name", "别人")
    with pytest.raises(KeyError):
        form.answer("person.shoe_size", "41")


def test_all_faults_come_at_once(form: Form) -> None:
    """Three empty fields are three faults; a complete form has none."""
    assert [fault.code for fault in faults(form, TODAY)] == ["fault.empty"] * 3
    done = (
        form.answer("filing.kind", "posted_worker")
        .answer("filing.destination", "310000")
        .answer("filing.start_date", "2026-11-22")
    )
    assert faults(done, TODAY) == ()
    assert done.left == ()


@pytest.mark.parametrize(
    ("key", "value", "code"),
    [
        ("filing.kind", "tourist", "fault.wrong"),
        ("filing.destination", "410700", "fault.same_place"),
        ("filing.destination", "410000", "fault.wrong"),
        ("filing.destination", "nowhere", "fault.wrong"),
        ("filing.destination", "110000", None),
        ("filing.start_date", "2026-11-21", "fault.too_early"),
        ("filing.start_date", "2027-02-20", None),
        ("filing.start_date", "2027-02-21", "fault.too_late"),
        ("filing.start_date", "2026-02-30", "fault.wrong"),
        ("person.mobile", "23800000001", "fault.wrong"),
        ("person.mobile", "13800000001\n", "fault.wrong"),
    ],
)
def test_values_are_held_against_their_bounds(
    form: Form, key: str, value: str, code: str | None
) -> None:
    """Kinds, choices, places and dates have each their own fault."""
    fault = check(form.field(key).spec, value, today=TODAY, answers=form.values())
    assert (fault.code if fault else None) == code


def test_date_bounds_count_from_today(form: Form) -> None:
    """The calendar shows today and the ninety days after it."""
    spec = form.field("filing.start_date").spec
    assert date_bounds(spec, TODAY) == (TODAY, date(2027, 2, 20))


def test_counts_always_add_up(form: Form) -> None:
    """The three kinds are a partition, whatever is answered."""
    own = replace(form).answer("filing.kind", "posted_worker").counts
    assert own.generated + own.produced + own.typed == own.merged
