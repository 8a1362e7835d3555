"""新生儿出生 as the catalogue has it: seven items, their figures, and what each choice changes."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from kiosk.catalogue.files import load
from kiosk.domain import derive, materials, sources
from kiosk.domain import form as forms
from kiosk.domain.catalogue import Catalogue, Item, Thing
from kiosk.domain.dictionary import Basis, Disposition
from kiosk.domain.effect import figures
from kiosk.domain.faults import check
from kiosk.domain.form import Counts, Form, Origin
from kiosk.domain.known import Known
from kiosk.domain.situations import taken_away

CONFIG = Path(__file__).parents[2] / "config"
TODAY = date(2026, 11, 22)
TYPED = {
    "newborn.name",
    "mother.residence_address",
    "newborn.ethnicity",
    "newborn.native_place",
    "birth.settle_with",
    "mother.relation_to_head",
    "ssc.bank",
    "payee.bank_name",
    "payee.account_no",
    "birth.guidance_institution",
}
"""What only the citizen can give."""


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    """The catalogue of the city."""
    return load(CONFIG, "410700")


@pytest.fixture(scope="module")
def thing(catalogue: Catalogue) -> Thing:
    """The newborn's thing."""
    return catalogue.thing("newborn")


def without(thing: Thing, *codes: str) -> tuple[Item, ...]:
    """Return the items with these unticked."""
    return tuple(item for item in thing.open_items if item.code not in codes)


def form_of(items: tuple[Item, ...]) -> Form:
    """Return the form when every register answers: all is known but what is typed."""
    keys = {field.key for item in items for field in item.fields}
    made = {"newborn.id_no", "birth.cert_no"}
    return forms.merge(items, {k: Known(value="1", source="share") for k in keys - TYPED - made})


def test_the_seven_items_are_the_citys(thing: Thing) -> None:
    """No. 9 of the list, in its own words and with its departments."""
    assert (thing.number, thing.name, thing.lead) == (9, "新生儿出生", "市卫健委")
    assert [(item.name, item.department) for item in thing.items] == [
        ("《出生医学证明》办理(首签)", "市卫健委"),
        ("预防接种证办理", "市卫健委"),
        ("本市户口登记(申报出生登记)1岁以下婚内本市生育", "市公安局"),
        ("社会保障卡申领", "市人社局"),
        ("生育医疗费用报销", "市医保局"),
        ("办理居民医保登记", "市医保局"),
        ("科学育儿指导服务登记", "市卫健委"),
    ]
    assert all(item.open for item in thing.items)


def test_nothing_typical_claims_to_be_real(catalogue: Catalogue, thing: Thing) -> None:
    """Items, and papers with their legal basis, say whom they wait for; so the figures do."""
    assert {item.basis for item in thing.items} == {Basis.TYPICAL}
    assert all("示例" in item.guide.basis and item.note_for_authority for item in thing.items)
    papers = {paper for item in thing.items for paper in item.materials}
    assert all("示例" in paper.legal_basis and paper.reason for paper in papers)
    assert not figures(thing, thing.open_items).confirmed
    assert catalogue.thing("medical-expenses").open


def test_figures(thing: Thing) -> None:
    """99 boxes, 49 facts, 10 to fill; 28 papers, 2 to bring; 46 days to 10; 28 steps to 4."""
    own = figures(thing, thing.open_items)
    assert (own.boxes_before, own.facts, own.to_fill) == (99, 49, 10)
    assert (own.papers_before, own.to_bring) == (28, 2)
    assert (own.days_before, own.days) == (46, 10)
    assert (own.steps_before, own.steps) == (28, 4)
    assert [item.separate_days for item in thing.items] == [1, 1, 3, 15, 20, 5, 1]
    assert own.fee.fen == 0


def test_the_merge(thing: Thing) -> None:
    """37 generated, 2 produced, 10 typed; 21 different papers, of which two are asked."""
    form = form_of(thing.open_items)
    assert form.counts == Counts(boxes_before=99, merged=49, generated=37, produced=2, typed=10)
    assert {field.key for field in form.left} == TYPED
    checklist = materials.merge(thing.open_items)
    assert (checklist.before, len(checklist.entries), checklist.asked) == (28, 21, 2)
    assert [entry.material.name for entry in checklist.to_bring] == ["出院记录", "母亲名下的银行卡"]


def test_without_the_certificate_its_product_is_a_paper(thing: Thing) -> None:
    """Who unticks the birth certificate brings it, once for both uses; its number is asked."""
    rest = without(thing, "birth-certificate")
    names = {entry.material.name for entry in materials.merge(rest).to_bring}
    assert names == {"出院记录", "母亲名下的银行卡", "出生医学证明"}
    form = form_of(rest)
    assert form.field("birth.cert_no").origin is Origin.TYPED
    assert form.field("newborn.id_no").origin is Origin.PRODUCED


def test_without_the_household_its_product_is_a_paper(thing: Thing) -> None:
    """Who unticks the household registration brings the book, and the number is asked."""
    rest = without(thing, "household-registration")
    form = form_of(rest)
    assert form.field("newborn.id_no").origin is Origin.TYPED
    assert "新生儿户口簿" in {e.material.name for e in materials.merge(rest).to_bring}
    own = figures(thing, rest)
    assert (own.to_bring, own.days_before, own.steps_before) == (3, 43, 24)


def test_a_produced_field_is_filled_by_nobody(thing: Thing) -> None:
    """Even a known value is not shown for what an item is about to make."""
    guess = {"newborn.id_no": Known(value="1", source="share")}
    own = forms.merge(thing.open_items, guess).field("newborn.id_no")
    assert (own.value, own.origin, own.editable, own.act) == ("", Origin.PRODUCED, False, False)


@pytest.mark.parametrize("gone", range(7))
def test_any_choice_adds_up(thing: Thing, gone: int) -> None:
    """Whatever one item is unticked, the three kinds of facts are all of them, and days shrink."""
    rest = without(thing, thing.items[gone].code)
    counts = form_of(rest).counts
    assert counts.generated + counts.produced + counts.typed == counts.merged
    whole, less = figures(thing, thing.open_items), figures(thing, rest)
    assert less.boxes_before < whole.boxes_before
    assert less.days_before < whole.days_before


def test_situations_take_items_away_and_say_why(thing: Thing) -> None:
    """Each answer in its own words; the usual answers take nothing away."""
    usual = {"marriage": "married", "certificate": "not-issued", "household": "not-registered"}
    assert taken_away(thing, usual) == {}
    assert taken_away(thing, {"certificate": "issued"}) == {
        "birth-certificate": "已经领过，不用再办"
    }
    assert set(taken_away(thing, {"household": "registered"})) == {"household-registration"}
    alone = taken_away(thing, {"marriage": "unmarried"})
    assert set(alone) == {"birth-certificate", "household-registration"}
    assert set(usual) == {situation.code for situation in thing.situations}


def test_a_mother_alone_is_asked_nothing_of_a_father(thing: Thing) -> None:
    """Who registers only herself gets a form without a single fact of a father."""
    gone = taken_away(thing, {"marriage": "mother-only"})
    rest = without(thing, *gone)
    assert rest
    assert all(gone.values())
    keys = {field.key for item in rest for field in item.fields}
    assert not [key for key in keys if key.startswith("father.")]


def test_every_fact_has_its_page(thing: Thing) -> None:
    """Whatever a register does not answer is asked on one page, and on only one."""
    asked = [key for page in thing.pages for key in page.fields]
    assert len(asked) == len(set(asked))
    assert set(asked) == {field.key for item in thing.items for field in item.fields}


def test_the_card_decides_the_role(thing: Thing) -> None:
    """A woman is the mother, a man the father."""
    assert (thing.role_of("2"), thing.role_of("1")) == ("mother", "father")


READ = ("payee.account_no", "payee.bank_name")


def test_only_the_discharge_record_may_follow(thing: Thing) -> None:
    """The hospital's paper may come within five working days; the bank card may not."""
    papers = {paper.key: paper for item in thing.items for paper in item.materials}
    late = {key: paper.commitment_days for key, paper in papers.items() if paper.commitment_days}
    assert late == {"discharge_record": 5}
    card = papers["bank_card"]
    assert (card.capture, card.pages, card.reads) == ("card", 1, READ)
    assert {p.disposition for p in (card, papers["discharge_record"])} == {Disposition.CAPTURE}


def test_consents_are_four_and_separate(catalogue: Catalogue) -> None:
    """Fetching, keeping, declaring, promising are four texts; a promise covers its whole letter."""
    assert set(catalogue.consents) == {"data_fetch", "reuse", "declaration", "commitment"}
    words = catalogue.consents["commitment"].text[0]
    assert all(part in words for part in ("条件", "责任", "不利后果", "核对"))


@pytest.mark.parametrize(
    ("key", "value", "fits"),
    [
        ("newborn.gestational_weeks", "19", False),
        ("newborn.gestational_weeks", "40", True),
        ("newborn.birth_weight_g", "8001", False),
        ("newborn.birth_length_cm", "50", True),
        ("newborn.birth_datetime", "2026-11-23T00:00", False),
        ("newborn.birth_datetime", "2026-11-14T06:20", True),
        ("birth.cert_no", "Z123456789", True),
        ("birth.cert_no", "123456789", False),
        ("medical.invoice_no", "40668972369936856439", True),
        ("medical.invoice_no", "4066897236", False),
        ("mother.relation_to_head", "38", True),
        ("mother.relation_to_head", "11", False),
        ("mother.marriage_cert_no", "J400700-2014-754562", True),
        ("birth.institution", "新乡市示例妇幼保健院", True),
    ],
)
def test_values_are_bounded(catalogue: Catalogue, key: str, value: str, *, fits: bool) -> None:
    """Bounds of the dictionary hold."""
    fault = check(catalogue.dictionary[key], value, today=TODAY, answers={})
    assert (fault is None) == fits


@pytest.mark.parametrize(
    ("key", "given", "follows"),
    [
        ("payee.account_name", {"mother.name": "陈晓芸"}, "陈晓芸"),
        ("insurance.start_month", {"newborn.birth_datetime": "2026-11-14T06:20"}, "2026-11"),
        ("insurance.region", {"mother.household_address": "河南省新乡市红旗区示范路1号"}, "410700"),
        ("insurance.region", {"mother.household_address": "北京市朝阳区示范路1号"}, "110000"),
        ("insurance.region", {"mother.household_address": "示范路1号"}, None),
        (
            "birth.vaccination_unit",
            {"mother.residence_address": "河南省新乡市卫辉市甲街"},
            "410781",
        ),
        ("birth.vaccination_unit", {"mother.residence_address": "新乡市新乡县甲街"}, "410721"),
        ("birth.vaccination_unit", {"mother.residence_address": "河南省郑州市二七区甲街"}, None),
        ("father.birth_date", {"father.id_no": "40070219880820157X"}, "1988-08-20"),
        ("father.nationality", {"father.id_no": "40070219880820157X"}, "156"),
        ("father.id_type", {"father.id_no": "400702198808201570"}, None),
        ("father.id_type", {}, None),
    ],
)
def test_what_follows(
    catalogue: Catalogue, key: str, given: dict[str, str], follows: str | None
) -> None:
    """Facts that follow from other facts are never typed."""
    known = derive.derive(catalogue.dictionary[key], given)
    value = known.value.partition("-jz")[0] if known else None
    assert value == follows
    assert known is None or known.source == f"derived:{next(iter(given))}"


def test_what_follows_follows_a_change(thing: Thing) -> None:
    """Another residence is another vaccination unit; what the citizen chose stays."""
    unit = "birth.vaccination_unit"
    form = forms.merge(thing.open_items, {})
    assert derive.followed(form) == form
    near = derive.followed(form.answer("mother.residence_address", "河南省新乡市牧野区甲街1号"))
    own = near.field(unit)
    assert (own.value, own.origin, own.act) == ("410711-jz", Origin.GENERATED, False)
    moved = near.answer("mother.residence_address", "河南省新乡市卫辉市乙街2号")
    assert derive.followed(moved).field(unit).value == "410781-jz"
    away = derive.followed(near.answer("mother.residence_address", "河南省郑州市金水区丙街3号"))
    assert (away.field(unit).value, away.field(unit).act) == ("", True)
    chosen = near.answer(unit, "410702-jz").answer("mother.residence_address", "卫辉市丁街4号")
    assert derive.followed(chosen).field(unit).value == "410702-jz"


def test_what_the_intake_derived_stays(thing: Thing) -> None:
    """The intake knew an address; until the citizen writes one, what followed from it stays."""
    source = "derived:mother.residence_address"
    told = {"birth.vaccination_unit": Known(value="410711-jz", source=source)}
    form = forms.merge(thing.open_items, told)
    assert derive.followed(form) == form
    moved = form.answer("mother.residence_address", "河南省新乡市卫辉市乙街2号")
    assert derive.followed(moved).field("birth.vaccination_unit").value == "410781-jz"


def test_a_typed_number_tells_the_rest(thing: Thing) -> None:
    """A father who is typed: his number gives birth date, kind of ID and nationality."""
    form = forms.merge(thing.open_items, {}).answer("father.id_no", "40070219880820157X")
    followed = derive.followed(form).values()
    assert followed["father.birth_date"] == "1988-08-20"
    assert (followed["father.id_type"], followed["father.nationality"]) == ("111", "156")


@pytest.mark.parametrize(
    ("key", "role", "asked"),
    [
        ("mother.name", "mother", ()),
        ("mother.name", "father", ("share:母亲授权",)),
        ("mother.mobile", "mother", ("account", "profile")),
        ("father.mobile", "mother", ("share:父亲授权",)),
        ("father.mobile", "father", ("account", "profile")),
        ("mother.marriage_cert_no", "father", ("e_licence:结婚证", "share:民政")),
        ("newborn.sex", "father", ("share:卫健",)),
        ("newborn.name", "mother", ()),
        ("payee.account_no", "mother", ()),
        ("person.name", "person", ()),
        ("person.mobile", "person", ("account", "profile", "share:医保")),
    ],
)
def test_who_is_asked(catalogue: Catalogue, key: str, role: str, asked: tuple[str, ...]) -> None:
    """Each parent's own registers for them; for the other one only that one's authorisation."""
    assert sources.registers(catalogue.dictionary[key], role) == asked
