"""Ten bad files: each is refused with its file and line, and told what to write instead."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from kiosk.catalogue.files import CatalogueError, load

CONFIG = Path(__file__).parents[2] / "config"
BIRTH = "catalogue/dictionary/newborn.yaml"
MEDICAL = "catalogue/things/medical-expenses.yaml"
LIST = "jurisdictions/410700.list.yaml"
COMMITMENTS = "catalogue/commitments.yaml"
TEN = [
    (BIRTH, "name: 出院记录", "name: 其他材料", "does not say which paper. Name each"),
    (BIRTH, "name: 出院记录", "name: 出院记录等", "does not say which paper"),
    (BIRTH, "name: 出院记录", "name: 有关材料", "does not say which paper"),
    (BIRTH, "name: 出院记录", "name: 相关证明", "does not say which paper"),
    (BIRTH, "name: 出院记录", "name: 房屋安全评估报告", "intermediary's service. Leave it out"),
    (MEDICAL, "guide", "", "intermediary's service"),
    (MEDICAL, "name: 就医费用报销", "name: 涉密就医费用报销", "may never be offered here"),
    (LIST, "lead: [市医保局]", "lead: [市医保厅]", "no department 市医保厅"),
    (BIRTH, "commitment_days: 5", "commitment_days: 6", "Write 6."),
    (COMMITMENTS, "人身财产安全]", "人身]", "人身财产安全 has to be excluded"),
]


@pytest.fixture
def config(tmp_path: Path) -> Path:
    """A copy of the configuration that a test may spoil."""
    return Path(shutil.copytree(CONFIG, tmp_path / "config"))


@pytest.mark.parametrize(("file", "old", "new", "told"), TEN)
def test_a_bad_file_is_refused(config: Path, file: str, old: str, new: str, told: str) -> None:
    """The fault names a file and says what is wrong."""
    path = config / file
    text = path.read_text(encoding="utf-8")
    if old == "guide":
        text = _with_condition(text)
    else:
        assert old in text
        text = text.replace(old, new, 1)
    path.write_text(text, encoding="utf-8")
    with pytest.raises(CatalogueError) as caught:
        load(config, "410700")
    faults = [own for own in caught.value.faults if told in str(own)]
    assert faults
    assert all(own.file.is_relative_to(config) and own.line > 0 for own in faults)


def _with_condition(text: str) -> str:
    """Put an intermediary's report among the first item's conditions."""
    head, found, tail = text.partition("conditions:\n")
    assert found
    return f"{head}{found}        - 由检测机构出具报告\n{tail}"


def test_confirmed_words_name_their_law(config: Path) -> None:
    """An item that claims to be confirmed has a law beside each condition and step."""
    path = config / MEDICAL
    text = path.read_text(encoding="utf-8")
    head, found, tail = text.partition("conditions:\n")
    assert found
    index = head.rindex("basis: typical")
    head = head[:index] + "basis: confirmed" + head[index + len("basis: typical") :]
    path.write_text(head + found + tail, encoding="utf-8")
    with pytest.raises(CatalogueError, match="what is confirmed needs legal_basis"):
        load(config, "410700")
