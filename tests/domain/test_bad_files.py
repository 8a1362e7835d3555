"""Bad files: each is refused with its file and its line, and told what to write instead."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from kiosk.catalogue.files import CatalogueError, load
from kiosk.catalogue.inspection import faults_of
from kiosk.documents import DocumentFault

CONFIG = Path(__file__).parents[2] / "config"
BIRTH = "catalogue/dictionary/newborn.yaml"
SERVICE = "catalogue/dictionary/veteran.yaml"
MEDICAL = "catalogue/things/medical-expenses.yaml"
RETIREMENT = "catalogue/things/retirement.yaml"
DISCHARGE = "catalogue/things/military-discharge.yaml"
LIST = "jurisdictions/410700.list.yaml"
Spoil = Callable[[str, str, str], int]
BAD = [
    (BIRTH, "name: 出院记录", "name: 其他材料", "which paper. Name each paper by itself."),
    (BIRTH, "name: 出院记录", "name: 出院记录等", "which paper. Name each paper by itself."),
    (BIRTH, "name: 出院记录", "name: 有关材料", "which paper. Name each paper by itself."),
    (BIRTH, "name: 出院记录", "name: 相关证明", "which paper. Name each paper by itself."),
    (BIRTH, "name: 出院记录", "name: 房屋评估报告", "service. Leave it out: no law asks for it."),
    (SERVICE, "label: 军衔", "label: 原部队代号", "自己看档案. Take it out."),
    (MEDICAL, "name: 就医费用报销", "name: 涉密就医费用报销", "的窗口办. Take it out."),
    (LIST, "lead: [市医保局]", "lead: [市医保厅]", "Did you mean 市医保局?"),
    (RETIREMENT, "alternative: early", "alternative: earlier", "or take it away."),
    (DISCHARGE, "known_by: vet.placement", "known_by: vet.placing", "Did you mean vet.placement?"),
    (DISCHARGE, 'known_values: ["self"]', 'known_values: ["me"]', "never me. Take one of self,"),
    (DISCHARGE, "value: other", "value: self", "self is there twice. Take one of them out."),
    (RETIREMENT, "question: 您是怎么退休？", "question: 怎么退？", "Add a line to catalogue/en"),
    (BIRTH, "name: 出院记录", "name: 出院小结", "no English words for 出院小结. Add a line to"),
    (MEDICAL, "theme: 看病就医", "theme: 看病", "no English words for 看病. Add a line to"),
    (MEDICAL, "fee_kind: none", "fee_kind: amount", "does not go with fee_fen 0. Write fee_kind"),
    (MEDICAL, "fee_basis: 不收费", "fee_basis: 另行通知", "Write 不收费 where fee_kind is none"),
]


@pytest.fixture(scope="module")
def copied(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the configuration; what is not touched in it is read once."""
    return Path(shutil.copytree(CONFIG, tmp_path_factory.mktemp("bad") / "config"))


@pytest.fixture(scope="module")
def shipped(copied: Path) -> dict[Path, bytes]:
    """What the files of the copy hold before anybody spoils one."""
    return {path: path.read_bytes() for path in copied.rglob("*.yaml")}


@pytest.fixture
def config(copied: Path, shipped: dict[Path, bytes]) -> Iterator[Path]:
    """The copy, put right again after a test."""
    yield copied
    for path, data in shipped.items():
        if path.read_bytes() != data:
            path.write_bytes(data)


@pytest.fixture
def spoil(config: Path) -> Spoil:
    """Put one text into a file in place of another; the line where it stands then."""

    def change(file: str, old: str, new: str) -> int:
        path = config / file
        head, found, tail = path.read_text(encoding="utf-8").partition(old)
        assert found
        path.write_text(f"{head}{new}{tail}", encoding="utf-8")
        return head.count("\n") + new.rstrip("\n").count("\n") + 1

    return change


def told(config: Path, place: str = "410700") -> tuple[DocumentFault, ...]:
    """What is said of the configuration of a place."""
    with pytest.raises(CatalogueError) as caught:
        load(config, place)
    return caught.value.faults


@pytest.mark.parametrize("bad", BAD)
def test_a_bad_file_is_refused(config: Path, spoil: Spoil, bad: tuple[str, str, str, str]) -> None:
    """The fault names the file and the very line, and its last sentence is what to do."""
    file, old, new, fix = bad
    line = spoil(file, old, new)
    faults = told(config, "140502" if file == DISCHARGE else "410700")
    here = [str(own) for own in faults if (own.file, own.line) == (config / file, line)]
    assert any(fix in words for words in here), list(map(str, faults))


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        (b": : [\n", "not YAML"),
        (b"\xff\xfe", "not UTF-8"),
        (b"- 1\n", "input should be an object"),
        ("国家安全: 1\n".encode(), "should be a valid string"),
    ],
)
def test_a_broken_file_of_english_words_is_named(config: Path, data: bytes, problem: str) -> None:
    """It is a fault among others, by file and line; the check does not end with a traceback."""
    path = config / "catalogue" / "en" / "commitments.yaml"
    path.write_bytes(data)
    found = [str(own) for own in faults_of(config) if own.file == path]
    assert found
    assert problem in found[0]


def test_an_intermediary_is_no_condition(config: Path, spoil: Spoil) -> None:
    """The clause itself is named."""
    line = spoil(MEDICAL, "conditions:\n", "conditions:\n        - 由检测机构出具报告\n")
    found = [str(own) for own in told(config) if own.line == line]
    fix = "Leave it out: no law makes an intermediary's service a condition."
    assert any(words.endswith(fix) for words in found)


@pytest.mark.parametrize("name", ["fee_fen", "fee_kind", "agent_allowed", "levels", "scope"])
def test_an_item_leaves_nothing_unsaid(config: Path, spoil: Spoil, name: str) -> None:
    """What nobody wrote is no 不收费 and no 不能代办."""
    path = config / DISCHARGE
    text = path.read_text(encoding="utf-8")
    first = next(own for own in text.splitlines() if own.startswith(f"    {name}:"))
    spoil(DISCHARGE, f"{first}\n", "")
    (fault,) = told(config, "140502")
    start = text[: text.index("- code: discharge-report")].count("\n") + 1
    assert (fault.file, fault.line) == (path, start)
    assert f"does not say {name}. Write {name}" in str(fault)


def test_confirmed_words_name_their_law(config: Path) -> None:
    """An item that claims to be confirmed has a law beside each condition, step and fee."""
    path = config / MEDICAL
    head, found, tail = path.read_text(encoding="utf-8").partition("conditions:\n")
    assert found
    index = head.rindex("basis: typical")
    head = head[:index] + "basis: confirmed" + head[index + len("basis: typical") :]
    path.write_text(head + found + tail, encoding="utf-8")
    words = "\n".join(map(str, told(config)))
    assert "what is confirmed needs legal_basis" in words
    assert "a confirmed fee needs its law" in words


def test_an_entry_that_nothing_uses_is_refused(config: Path, spoil: Spoil) -> None:
    """The dictionary holds nothing that no item asks for."""
    line = spoil(
        SERVICE, "fields:\n", "fields:\n  vet.spare:\n    label: 备用\n    sources: [user]\n"
    )
    found = [str(own) for own in faults_of(config) if own.line == line - 2]
    assert any("no item asks for vet.spare. Take it out" in own for own in found)
