"""Whoever imports a table reads of every fault where it is, what stands there and what is right."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine

from fleet.console import import_words
from fleet.store import open_store
from fleet.terminals import importing
from fleet.terminals.groups import EVERYBODYS, there_are
from tests.fleet_databases import enrolled

HEAD = "编号,名称,地点,场所,地方,组,纬度,经度\n"
GOOD = "410700-0020,牧野 1 号机,牧野区大厅,政务大厅,410700,canary,35.303,113.927\n"


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """A fleet where one terminal is in use and one is expected."""
    own = open_store(f"sqlite:///{tmp_path_factory.mktemp('fleet')}/fleet.db")
    enrolled(own.execution_options(writes=True), "410700-0001", "XX-DT-0002")
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


@pytest.mark.parametrize(
    ("cells", "column", "wrong", "right"),
    [
        ({"地方": "999999"}, "地方", "没有这个地方", "如 410700"),
        ({"组": "nogroup"}, "组", "没有这个组", "canary、early、wide、stable 里的一个"),
        ({"经度": ""}, "经度", "纬度和经度只填了一个", "可以和纬度一起空着"),
        ({"纬度": ""}, "纬度", "纬度和经度只填了一个", "可以和经度一起空着"),
        ({"纬度": "0"}, "纬度", "不在中国", "3 到 54"),
        ({"经度": "-113.927"}, "经度", "不在中国", "73 到 136"),
        ({"纬度": "113.927", "经度": "35.303"}, "纬度", "写反了", "纬度填小的"),
        ({"编号": "xx-dt-0002"}, "编号", "和在用的 XX-DT-0002 只差字母大小写", "换一个没用过的"),
    ],
)
def test_what_is_written_well_and_can_not_be_is_told(
    engine: Engine, cells: dict[str, str], column: str, wrong: str, right: str
) -> None:
    """No such place or group, a terminal in the sea, a number in other letters."""
    values = dict(zip(HEAD.strip().split(","), GOOD.strip().split(","), strict=True)) | cells
    (fault,) = importing.read(engine, HEAD + ",".join(values.values())).faults
    assert (fault.line, import_words.column(fault)) == (2, column)
    assert wrong in import_words.wrong(fault)
    assert right in import_words.right(fault)


def test_both_degrees_are_judged_and_numbers_within_a_table_too(engine: Engine) -> None:
    """0/0 and the other side of the earth are told twice; a county of a known city is a place."""
    for degrees in ("0,0", "-35.3,-113.9", "nan,nan"):
        text = HEAD + GOOD.replace("35.303,113.927", degrees).replace("410700,c", "410711,c")
        columns = [import_words.column(one) for one in importing.read(engine, text).faults]
        assert columns == ["纬度", "经度"], degrees
    two = GOOD.replace("410700-0020", "XX-0001") + GOOD.replace("410700-0020", "xx-0001")
    (fault,) = importing.read(engine, HEAD + two).faults
    assert import_words.wrong(fault) == "和第 2 行的 XX-0001 只差字母大小写"


def test_a_group_is_one_that_the_centre_has(engine: Engine) -> None:
    """What something was released for; everybody's rings there always are."""
    groups = there_are(engine, {"410700-canary"})
    assert groups == (*EVERYBODYS, "410700-canary")
    text = HEAD + GOOD.replace("canary", "410700-canary")
    assert importing.read(engine, text, groups).faults == ()
    assert importing.read(engine, text).faults[0].why == "no_group"


@pytest.mark.parametrize("name", ['"牧野 1 号机', '"牧野" 1 号机'])
def test_a_quotation_mark_that_does_not_end_is_told_where(engine: Engine, name: str) -> None:
    """It would swallow all lines after it, and they would be told as missing."""
    text = HEAD + GOOD + GOOD.replace("牧野 1 号机", name) + GOOD
    with pytest.raises(importing.TableRefused) as refused:
        importing.read(engine, text)
    assert (refused.value.why, refused.value.line) == ("quotes", 3)
    assert "引号没有收尾" in import_words.REFUSED["quotes"]
