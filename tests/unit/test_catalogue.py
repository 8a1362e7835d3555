"""The catalogue's files: what is offered, its figures, and errors that name file and line."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from kiosk.catalogue.files import CatalogueError, load
from kiosk.domain.catalogue import Status
from kiosk.domain.dictionary import Disposition
from kiosk.domain.effect import figures

CONFIG = Path(__file__).parents[2] / "config"
PERSON = "catalogue/dictionary/person.yaml"
MEDICAL = "catalogue/dictionary/medical-expenses.yaml"
BIRTH = "catalogue/dictionary/newborn.yaml"
DELIVERY = "catalogue/dictionary/delivery.yaml"
CONSENTS = "catalogue/consents.yaml"
LIST = "jurisdictions/410700.list.yaml"
THING = "catalogue/things/medical-expenses.yaml"
NEWBORN = "catalogue/things/newborn.yaml"
PLACE = "jurisdictions/410700.yaml"


@pytest.fixture
def config(tmp_path: Path) -> Path:
    """A copy of the configuration that a test may spoil."""
    return Path(shutil.copytree(CONFIG, tmp_path / "config"))


Spoil = Callable[[str, str, str], int]


@pytest.fixture
def spoil(config: Path) -> Spoil:
    """Replace the first occurrence of a text in a file; return the line it was in."""

    def replace(name: str, old: str, new: str) -> int:
        text = (config / name).read_text(encoding="utf-8")
        assert old in text
        (config / name).write_text(text.replace(old, new, 1), encoding="utf-8")
        return text[: text.index(old)].count("\n") + 1

    return replace


def test_the_thing_has_the_policys_four_items() -> None:
    """No. 17 of the list, in its own words; what is not offered yet says when it will be."""
    thing = load(CONFIG, "410700").thing("medical-expenses")
    assert (thing.number, thing.name, thing.lead) == (17, "就医费用报销", "市医保局")
    assert [item.name for item in thing.items] == [
        "职工医保个人账户家庭共济办理",
        "基本医疗保险参保人员异地就医备案",
        "五种门诊慢特病费用跨省直接结算",
        "医疗费用报销直接结算",
    ]
    assert [item.name for item in thing.open_items] == ["基本医疗保险参保人员异地就医备案"]
    planned = [item for item in thing.items if item.status is Status.PLANNED]
    assert {item.schedule for item in planned} == {"按照省级安排统筹推进"}
    assert {item.department for item in thing.items} == {"市医保局"}


def test_figures_are_computed_from_the_catalogue() -> None:
    """The guide's figures: 3 to fill of 8, nothing to bring of 3, and no claim of being real."""
    thing = load(CONFIG, "410700").thing("medical-expenses")
    own = figures(thing, thing.open_items)
    assert (own.to_fill, own.facts, own.boxes_before) == (3, 8, 8)
    assert (own.to_bring, own.papers_before) == (0, 3)
    assert (own.days, own.days_before, own.steps, own.steps_before) == (1, 5, 1, 4)
    assert own.fee.fen == 0
    assert not own.confirmed


def test_only_open_items_can_be_chosen() -> None:
    """A planned item's code selects nothing."""
    thing = load(CONFIG, "410700").thing("medical-expenses")
    chosen = thing.chosen(("family-account", "remote-care-filing"))
    assert [item.code for item in chosen] == ["remote-care-filing"]
    assert [m.disposition for m in chosen[0].materials] == [
        Disposition.E_LICENCE,
        Disposition.SHARE,
        Disposition.GENERATED,
    ]


def test_the_version_is_of_the_content(config: Path, spoil: Spoil) -> None:
    """A comment changes nothing, a word changes the version."""
    version = load(config, "410700").version
    assert version == load(CONFIG, "410700").version
    spoil(THING, "code: medical-expenses", "# a comment\ncode: medical-expenses")
    assert load(config, "410700").version == version
    spoil(THING, "职工医保个人账户家庭共济办理", "职工医保个人账户家庭共济")
    assert load(config, "410700").version != version


def test_consent_versions_follow_the_words(config: Path, spoil: Spoil) -> None:
    """Any change of a consent's words changes its version."""
    before = load(config, "410700").consents["data_fetch"].version
    spoil(CONSENTS, "不用在别处", "不用在别的地方")
    assert load(config, "410700").consents["data_fetch"].version != before


def test_a_department_has_to_exist(config: Path, spoil: Spoil) -> None:
    """A list may name only the departments of its place; the nearest is offered."""
    line = spoil(LIST, "lead: [市卫健委]", "lead: [市卫健]")
    with pytest.raises(
        CatalogueError, match=r"no department 市卫健\. Did you mean 市卫健委"
    ) as caught:
        load(config, "410700")
    assert (caught.value.file, caught.value.line) == (config / LIST, line)


@pytest.mark.parametrize(
    ("file", "change", "told"),
    [
        (THING, ("limit_days: 1", "limit_day: 1"), "Did you mean limit_days?"),
        (
            THING,
            ("- filing.destination", "- filing.destinaton"),
            "Did you mean filing.destination?",
        ),
        (THING, ("- filing.start_date", "- filing.kind"), "filing.kind is there twice"),
        (LIST, ("status: open", "status: opened"), "'open', 'pilot' or 'planned'"),
        (THING, ("code: direct-settlement", "code: family-account"), "is there twice"),
        (THING, ("code: medical-expenses", "code: medical"), "medical-expenses.yaml"),
        (THING, ("fee_fen: 0", "fee_fen: free"), "valid integer"),
        (THING, ("fee_fen: 0", "limit_days: 2"), "given twice"),
        (
            MEDICAL,
            ("outside: insurance.region", "outside: insurance.regon"),
            "insurance.region?",
        ),
        (PERSON, ('pattern: "1[3-9]', 'pattern: "1(3-9'), "not a regular expression"),
        (PERSON, ("[id_card, account, e_licence]", "[id_crd]"), "match pattern"),
        (MEDICAL, ("kind: date", "kind: data"), "'text', 'choice', 'division', 'date'"),
        (MEDICAL, ("disposition: share", "disposition: produced"), "made_by"),
        (MEDICAL, ("derived:mother.household_address", "derived:mother.household"), "no such"),
        (DELIVERY, ("capture:bank_card", "capture:bank"), "no such material"),
        (DELIVERY, ("capture:bank_card", "capture:discharge_record"), "does not read it"),
        (BIRTH, ("same_as: birth_certificate", "same_as: birth_certificat"), "Did you mean"),
        (
            BIRTH,
            ("same_as: birth_certificate", "same_as: birth_certificate_guardianship"),
            "itself the same",
        ),
        (BIRTH, ("same_as: birth_certificate", "same_as: bank_card"), "same booklet"),
        (
            BIRTH,
            ("same_as: birth_certificate", "same_as: newborn_household_register"),
            "same booklet",
        ),
        (NEWBORN, ("shows: [mother.name", "shows: [person.name"), "no field person.name"),
        (LIST, ("thing: medical-expenses", "thing: medical-expense"), "medical-expenses?"),
        (PLACE, ("promise:", "promise"), ""),
    ],
)
def test_an_error_names_file_and_line(
    config: Path, spoil: Spoil, file: str, change: tuple[str, str], told: str
) -> None:
    """Whatever is wrong, the error says where, and what was probably meant."""
    line = spoil(file, *change)
    with pytest.raises(CatalogueError) as caught:
        load(config, "410700")
    here = [own for own in caught.value.faults if own.file == config / file]
    assert here[0].line - line in {0, 1}  # YAML sees a lost colon one line later
    assert told in str(caught.value)


@pytest.mark.parametrize(
    ("file", "change", "at"),
    [
        (CONSENTS, ("  data_fetch:", "  data_fetched:"), ("\nconsents:", "needs data_fetch,")),
        (CONSENTS, ("  declaration:", "  declared:"), ("\nconsents:", "needs declaration,")),
        (CONSENTS, ("  commitment:", "  committed:"), ("\nconsents:", "needs commitment,")),
        (
            PERSON,
            ("sources: [account, profile, ", 'sources: ["derived:delivery.address", account, '),
            ("derived:delivery.address", "no rule"),
        ),
        (
            NEWBORN,
            (
                "      payee.account_no, payee.account_name, birth",
                "      payee.account_name, birth",
            ),
            ("discharge_record, bank_card,", "tells payee.account_no, and maternity-reimbursement"),
        ),
        (
            NEWBORN,
            ("mother.relation_to_applicant, ssc.bank, delivery.address,", "ssc.bank,"),
            ("delivery: [", "courier needs delivery.address"),
        ),
    ],
)
def test_what_hangs_together_is_there(
    config: Path, spoil: Spoil, file: str, change: tuple[str, str], at: tuple[str, str]
) -> None:
    """What another part of the files needs is asked for at the part that needs it."""
    spoil(file, *change)
    where, told = at
    text = (config / file).read_text(encoding="utf-8")
    near = text[: text.index(where)].count("\n") + 1 + where.startswith("\n")
    with pytest.raises(CatalogueError) as caught:
        load(config, "410700")
    found = [fault for fault in caught.value.faults if told in str(fault)]
    assert [fault.file for fault in found] == [config / file]
    assert found[0].line == near


def test_what_may_be_left_out_is_not_missed(config: Path, spoil: Spoil) -> None:
    """Without a material that may follow no promise is needed, and nothing need be reused."""
    for path in (config / "catalogue/dictionary").glob("*.yaml"):
        words = path.read_text(encoding="utf-8")
        none = re.sub(r"commitment_days: [0-9]+", "commitment_days: 0", words)
        path.write_text(none, encoding="utf-8")
    listed = config / "catalogue/commitments.yaml"
    head = listed.read_text(encoding="utf-8").partition("entries:")[0]
    listed.write_text(f"{head}entries: []\n", encoding="utf-8")
    spoil(CONSENTS, "  commitment:", "  committed:")
    spoil(CONSENTS, "  reuse:", "  reused:")
    assert "commitment" not in load(config, "410700").consents


def test_all_faults_are_told_at_once(config: Path, spoil: Spoil) -> None:
    """Two mistakes in one file are two faults in the order of the file."""
    spoil(THING, "steps: 1", "steps: many")
    spoil(THING, "icon: stethoscope", "icn: stethoscope")
    with pytest.raises(CatalogueError) as caught:
        load(config, "410700")
    assert [fault.key for fault in caught.value.faults] == ["icn", "steps"]


def test_an_open_item_needs_all_its_parts(config: Path, spoil: Spoil) -> None:
    """Opening an item without a form names everything it lacks."""
    name = "name: 职工医保个人账户家庭共济办理\n"
    words = (config / THING).read_text(encoding="utf-8")
    content = re.compile(
        r"(code: family-account\n.*?    mode: file\n).*?(?=\n  - code:)", re.DOTALL
    )
    (config / THING).write_text(content.sub(r"\1", words), encoding="utf-8")
    opened = "        status: open\n        opened_ahead: 市医保局\n"
    spoil(LIST, name, name + opened)
    with pytest.raises(CatalogueError) as caught:
        load(config, "410700")
    told = str(caught.value)
    assert all(f"needs {part}" in told for part in ("fields", "guide", "separate", "limit_days"))


def test_a_missing_jurisdiction_is_one_clear_error(config: Path) -> None:
    """No file, no catalogue: the error names the file that is not there."""
    with pytest.raises(CatalogueError, match=r"999999\.yaml:1: cannot be read"):
        load(config, "999999")
