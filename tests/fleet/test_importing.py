"""Whoever imports a table reads of every fault where it is, what stands there and what is right."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine

from fleet.console import import_words
from fleet.store import open_store
from fleet.terminals import importing
from tests.fleet_databases import enrolled

HEAD = "编号,名称,地点,场所,地方,组,纬度,经度\n"
GOOD = "410700-0020,牧野 1 号机,牧野区大厅,政务大厅,410700,canary,35.303,113.927\n"


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """A fleet where one terminal is in use and one is expected."""
    own = open_store(f"sqlite:///{tmp_path_factory.mktemp('fleet')}/fleet.db")
    enrolled(own.execution_options(writes=True), "410700-0001")
    importing.take(own, HEAD + GOOD.replace("-0020", "-0002"), "0021")
    yield own
    own.dispose()


def told(engine: Engine, text: str) -> list[tuple[int, str, str, str]]:
    """Return each fault as the page tells it."""
    return [
        (one.line, import_words.column(one), one.said, import_words.right(one))
        for one in importing.read(engine, text).faults
    ]


@pytest.mark.parametrize(
    ("column", "bad", "example"),
    [
        ("编号", "2号", "如 410700-0020"),
        ("名称", "", "如 牧野 1 号机"),
        ("名称", "长" * 61, "如 牧野 1 号机"),
        ("地点", "长" * 101, "如 牧野区政务大厅"),
        ("场所", "火星", "政务大厅、银行、邮政、通信营业厅、园区、商场、楼宇里的一个"),
        ("地方", "新乡", "如 410700"),
        ("组", "CANARY", "如 canary"),
        ("纬度", "北纬35", "如 35.303"),
        ("经度", "200", "如 113.927"),
    ],
)
def test_each_column_says_what_it_takes(
    engine: Engine, column: str, bad: str, example: str
) -> None:
    """In the line where it is wrong; a good line beside it changes nothing."""
    cells = GOOD.strip().split(",")
    cells[HEAD.strip().split(",").index(column)] = bad
    ((line, named, said, right),) = told(engine, HEAD + GOOD + "\n" + ",".join(cells) + "\n")[:1]
    assert (line, named, said) == (4, column, bad[:60])
    assert example in right


def test_what_has_no_column_is_told_and_not_lost(engine: Engine) -> None:
    """A column of another name; a cell beyond all columns: a comma that nobody quoted."""
    text = HEAD.replace("地点", "地址") + GOOD
    assert told(engine, text) == [(1, "地址", "地址", f"列名用{'、'.join(importing.COLUMNS)}")]
    twice = told(engine, HEAD.replace("地点", "名称") + GOOD)
    assert twice == [(1, "名称", "第 3 格", "留一列，删掉另一列")]
    ((line, named, said, right),) = told(engine, HEAD + GOOD.strip() + ",东门\n")
    assert (line, named, said) == (2, "第 9 格", "东门")
    assert '"大厅,东门"' in right


@pytest.mark.parametrize(
    ("lines", "wrong"),
    [
        (GOOD + GOOD, "和第 2 行的编号一样"),
        (GOOD.replace("-0020", "-0001"), "这个编号已经在用"),
        (GOOD.replace("-0020", "-0002"), "这个编号已经导入过"),
    ],
)
def test_a_number_that_is_taken_says_by_whom(engine: Engine, lines: str, wrong: str) -> None:
    """And what to do about it."""
    (fault,) = importing.read(engine, HEAD + lines).faults
    assert import_words.wrong(fault) == wrong
    assert "删掉" in import_words.right(fault)


def test_the_template_is_a_table_whose_example_is_never_taken(engine: Engine) -> None:
    """The page says to take the example out; without it, all is well."""
    (fault,) = importing.read(engine, importing.TEMPLATE + GOOD).faults
    assert (import_words.wrong(fault), fault.line) == ("这是模板里的例子", 2)
    head = importing.TEMPLATE.split("\r\n")[0]
    assert importing.read(engine, f"{head}\r\n{GOOD}").faults == ()


@pytest.mark.parametrize("data", [b"PK\x03\x04rest", b"\xd0\xcf\x11\xe0rest"])
def test_a_workbook_is_called_so(data: bytes) -> None:
    """Who saved it as Excel does reads how to save it."""
    with pytest.raises(importing.TableRefused) as refused:
        importing.decoded(data)
    assert "另存为" in import_words.REFUSED[refused.value.why]


def test_a_first_line_without_columns_is_shown(engine: Engine) -> None:
    """So that one sees that it is a title, or the first terminal."""
    with pytest.raises(importing.TableRefused) as refused:
        importing.read(engine, GOOD)
    assert refused.value.said.startswith("410700-0020,牧野")
