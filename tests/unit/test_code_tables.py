"""The code tables of national standards: whole, each code once, with source and date."""

from __future__ import annotations

import re
import tomllib
from importlib import resources

import pytest
import yaml

from kiosk.domain.dictionary import Field, FieldKind, Table
from kiosk.domain.words import shown, table_choices
from kiosk.settings import config_root
from standards import code_table, division
from standards.errors import CodeError
from standards.nation import NATIONS
from standards.sex import Sex

COUNTS = {
    "country": 46,
    "division": 46,
    "education": 40,
    "marriage": 8,
    "nation": 58,
    "politics": 13,
    "relation": 84,
    "sex": 4,
}
ANCHORS = {
    "country": {"156": "中国", "840": "美国", "036": "澳大利亚"},
    "division": {"410702": "红旗区", "410783": "长垣市", "140502": "城区", "410103": "二七区"},
    "education": {"11": "博士研究生毕业", "28": "大学普通班毕业", "83": "小学肄业"},
    "marriage": {"10": "未婚", "22": "再婚", "30": "丧偶"},
    "nation": {"01": "汉", "43": "乌孜别克", "46": "德昂", "56": "基诺"},
    "politics": {"01": "中国共产党党员", "11": "台湾民主自治同盟盟员", "13": "群众"},
    "relation": {"02": "户主", "28": "女婿", "78": "妹夫", "99": "非亲属"},
    "sex": {"1": "男性", "9": "未说明的性别"},
}


@pytest.mark.parametrize("name", sorted(COUNTS))
def test_a_table_is_whole_and_says_where_it_is_from(name: str) -> None:
    """So many codes, of one length, no words twice; standard, source and year at its head."""
    path = resources.files("standards") / "tables" / f"{name}.toml"
    own = tomllib.loads(path.read_text("utf-8"))
    assert re.match(r"GB/T [0-9.]+-[0-9]{4} ", own["standard"])
    assert own["source"].endswith("on 2026-11-28")
    assert own["date"] in own["standard"]
    codes = code_table.codes(name)
    assert len(codes) == COUNTS[name]
    assert ANCHORS[name].items() <= codes.items()
    assert len({len(code) for code in codes}) == 1
    assert len(set(codes.values())) == len(codes)
    assert list(codes) == sorted(codes) or name == "country"
    assert set(own.get("offered", ())) <= set(codes)


def test_every_table_is_counted() -> None:
    """A table that nobody counts is not held against its standard."""
    files = (resources.files("standards") / "tables").iterdir()
    assert {own.name.removesuffix(".toml") for own in files} == set(COUNTS)


def test_nations_have_letters() -> None:
    """The 56 of the standard have two letters each, 97 and 98 beside it have none."""
    letters = code_table.letters("nation")
    assert list(letters) == [code for code in NATIONS if code < "97"]
    assert len(set(letters.values())) == 56
    assert {"01": "HA", "05": "UG", "21": "VA", "56": "JN"}.items() <= letters.items()
    with pytest.raises(CodeError):
        code_table.letters("sex")


def test_sexes_are_those_of_the_table() -> None:
    """The short names on cards are the beginnings of the standard's."""
    codes = code_table.codes("sex")
    assert [own.value for own in Sex] == list(codes)
    assert all(codes[own.value].startswith(own.zh) for own in Sex)


def test_the_places_served_are_in_the_table() -> None:
    """Each jurisdiction's code is that of its name; each county lies in a place of the table."""
    codes = code_table.codes("division")
    for path in (config_root() / "jurisdictions").glob("[0-9]" * 6 + ".yaml"):
        name = yaml.safe_load(path.read_text("utf-8"))["name"]
        assert name.endswith(codes[path.stem])
    for code, name in codes.items():
        if code.endswith("00"):
            assert division.name_of(code) == name
        else:
            assert division.place_of(code).code == code[:4] + "00"


def test_a_form_offers_what_is_said_and_reads_what_is_registered() -> None:
    """小学肄业 is not offered, and a register that tells it is understood."""
    spec = Field(
        key="person.education",
        label="学历",
        kind=FieldKind.CHOICE,
        sources=("share:市教育局",),
        table=Table.EDUCATION,
    )
    assert [own.value for own in table_choices(spec)][:2] == ["11", "14"]
    assert "83" not in {own.value for own in table_choices(spec)}
    assert shown(spec, "83") == "小学肄业"
    assert shown(spec, "99") == "99"
