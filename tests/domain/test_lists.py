"""What the shipped lists open, plan and try out, and what is only typical."""

from __future__ import annotations

import shutil
from functools import cache
from pathlib import Path

import pytest

from kiosk.catalogue.files import CatalogueError, load
from kiosk.catalogue.sources import item_codes
from kiosk.domain.catalogue import Catalogue, Status
from kiosk.domain.commitments import CommitmentKind
from kiosk.domain.dictionary import Basis

CONFIG = Path(__file__).parents[2] / "config"


@cache
def _of(code: str) -> Catalogue:
    return load(CONFIG, code)


def test_the_documents_words_decide_what_is_open() -> None:
    """By October: open; as the province arranges: planned, but for what is opened ahead."""
    for thing in _of("410700").things:
        status = Status.OPEN if thing.deadline == "10月底前" else Status.PLANNED
        assert {"10月底前", "按照省级安排统筹推进"} >= {thing.deadline}
        for item in thing.items:
            expected = Status.PLANNED if "条件成熟时纳入" in item.name else status
            assert item.opened_ahead or item.status is expected, item.name


def test_what_is_tried_out_is_not_open() -> None:
    """晋城市城区 no. 18 is a pilot: it can be read about and not filed."""
    for thing in _of("140502").things:
        pilot = "试点推进" in thing.deadline
        assert {item.status is Status.PILOT for item in thing.items} == {pilot}
        assert not (pilot and thing.open)


@pytest.mark.parametrize("code", ["411523", "410103"])
def test_typical_things_can_be_read_about_and_never_filed(code: str) -> None:
    """A place without a list offers guides: nothing of them is open or confirmed."""
    own = _of(code)
    assert own.things == ()
    assert own.typical
    for thing in own.typical:
        assert not thing.open
        assert "示例" in thing.source
        assert {item.basis for item in thing.items} == {Basis.TYPICAL}


def test_only_xinxiangs_document_promises_hours() -> None:
    """What no document promises is marked as an example."""
    basis = {code: _of(code).jurisdiction.promise_basis for code in ("410700", "140502", "411523")}
    assert basis == {
        "410700": Basis.CONFIRMED,
        "140502": Basis.TYPICAL,
        "411523": Basis.TYPICAL,
    }


def test_only_what_is_listed_may_be_committed() -> None:
    """The list has all four kinds with their words, and a line for one paper of one item."""
    own = _of("410700").commitments
    assert own
    assert set(own.kinds) == set(CommitmentKind)
    assert all("撤销" in words.consequence for words in own.kinds.values())
    entry = own.entry("discharge_record", "maternity-reimbursement")
    assert entry
    assert (entry.kind, entry.days) == (CommitmentKind.FOLLOWS, 5)
    assert own.entry("discharge_record", "birth-certificate") is None
    assert own.entry("bank_card", "maternity-reimbursement") is None


def test_an_item_is_known_however_its_file_is_laid_out(tmp_path: Path) -> None:
    """Indented or not, in one line or many, whole or with a fault elsewhere; comments are none."""
    (tmp_path / "one.yaml").write_text("items:\n- name: x\n  code: loose\n# - code: no\n", "utf-8")
    (tmp_path / "two.yaml").write_text('items: [{"code": "flow"}, 3]\nsteps: many\n', "utf-8")
    (tmp_path / "bad.yaml").write_text("items: [", "utf-8")
    newborn = CONFIG / "catalogue" / "things" / "newborn.yaml"
    shutil.copy(newborn, tmp_path)
    found = item_codes(tmp_path)
    assert {"loose", "flow", "maternity-reimbursement"} < found
    assert "no" not in found


def test_answers_are_those_of_the_place() -> None:
    """Banks, schools and authorities of one place are not offered in another."""
    names = {
        code: {
            choice.label
            for key in ("ssc.bank", "student.school", "birth.vaccination_unit", "vet.course_place")
            for choice in _of(code).dictionary[key].choices
        }
        for code in ("410700", "140502")
    }
    assert "新乡市示例银行" in names["410700"]
    assert not [own for own in names["140502"] if "新乡" in own or "红旗区" in own]
    assert not [own for own in names["410700"] if "晋城" in own]


@pytest.mark.parametrize(
    ("key", "told"),
    [("ssc.bnk", "Did you mean ssc.bank?"), ("person.name", "is not answered by choosing")],
)
def test_answers_of_a_place_belong_to_a_choice(key: str, told: str, tmp_path: Path) -> None:
    """A place can only replace answers that there are."""
    config = Path(shutil.copytree(CONFIG, tmp_path / "config"))
    place = config / "jurisdictions" / "140502.yaml"
    text = place.read_text(encoding="utf-8").replace("  ssc.bank:\n", f"  {key}:\n", 1)
    place.write_text(text, encoding="utf-8")
    with pytest.raises(CatalogueError) as caught:
        load(config, "140502")
    assert [own for own in caught.value.faults if told in str(own) and own.file == place]
