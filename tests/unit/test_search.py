"""Finding a thing by words, pinyin and initials."""

from __future__ import annotations

import subprocess
import sys
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.domain import search
from kiosk.domain.catalogue import Item, Thing
from standards import pinyin


def thing(
    number: int, name: str, words: str = "", items: dict[str, str] | None = None, intro: str = ""
) -> Thing:
    """Make a thing with what search looks at."""
    return Thing(
        code=f"thing-{number}",
        number=number,
        name=name,
        audience="个人",
        theme="",
        lead="",
        words=tuple(words.split()),
        intro=intro,
        items=tuple(
            Item(code=code, name=name, departments=("",)) for code, name in (items or {}).items()
        ),
    )


NEWBORN = thing(
    2,
    "新生儿出生",
    "生孩子 上户口 宝宝出生",
    {"birth-certificate": "出生医学证明", "household-registration": "户口登记"},
    "宝宝的七件事一次办好",
)
ILLNESS = thing(5, "重大疾病救助", "大病救助 女职工")
CARE = thing(6, "长期护理保险", "护理")
BANK = thing(7, "银行开户")
MUSIC = thing(8, "音乐培训")
FUND = thing(9, "住房公积金贷款", "买房")
LAW = thing(10, "律师事务", "法律")
MEDICAL = thing(17, "就医费用报销", "异地就医 看病报销", {"remote-care-filing": "异地就医备案"})
INDEX = search.build((MEDICAL, NEWBORN, ILLNESS, CARE, BANK, MUSIC, FUND, LAW))


@pytest.mark.parametrize(
    ("query", "first"),
    [
        ("新生", NEWBORN),
        ("户口", NEWBORN),
        ("七件事", NEWBORN),
        ("xinshenger", NEWBORN),
        ("XinSheng er", NEWBORN),
        ("shanghukou", NEWBORN),
        ("xse", NEWBORN),
        ("shk", NEWBORN),
        ("xins", NEWBORN),
        ("新sheng", NEWBORN),
        ("xsher", NEWBORN),
        ("zhongda", ILLNESS),
        ("chongda", ILLNESS),
        ("changqi", CARE),
        ("zhangqi", CARE),
        ("yinhang", BANK),
        ("yinxing", BANK),
        ("yinyue", MUSIC),
        ("gjj", FUND),
        ("lvshi", LAW),
        ("lüshi", LAW),
        ("lushi", LAW),
        ("nvzhigong", ILLNESS),
        ("ydjy", MEDICAL),
        ("birth certificate", NEWBORN),
        ("2", NEWBORN),
        ("17", MEDICAL),
    ],
)
def test_finds(query: str, first: Thing) -> None:
    """Words, whole readings, initials, a mixture; any reading of a character; numbers."""
    assert INDEX.find(query)[0] is first


@pytest.mark.parametrize(
    ("query", "first"),
    [
        ("xinsenger", NEWBORN),
        ("gonjijing", FUND),
        ("niaoshuifa", None),
        ("xinshegner", NEWBORN),
        ("xinshnger", NEWBORN),
        ("xinshemger", NEWBORN),
        ("户口登计", NEWBORN),
        ("住房公基金", FUND),
    ],
)
def test_forgives_a_slip(query: str, first: Thing | None) -> None:
    """Sounds mixed up and one wrong, missing or swapped key; no more than that."""
    found = INDEX.find(query)
    assert (found[0] if found else None) is first


@pytest.mark.parametrize("query", ["", "  ", "？！", "zzzz", "qqq", "龘"])
def test_finds_nothing(query: str) -> None:
    """Nothing asked, or nothing like it."""
    assert INDEX.find(query) == ()


def test_ranks_names_before_items_and_beginnings_before_middles() -> None:
    """The name counts more than a word, a word more than an item, an item more than the intro."""
    in_intro = thing(1, "甲", intro="退休")
    in_item = thing(2, "乙", items={"a": "退休"})
    in_word = thing(3, "丙", words="退休")
    inside = thing(4, "办理退休")
    beginning = thing(5, "退休办理")
    whole = thing(6, "退休")
    index = search.build((in_intro, in_item, in_word, inside, beginning, whole))
    order = (whole, in_word, beginning, inside, in_item, in_intro)
    assert index.find("退休") == order
    assert index.find("tuixiu") == order
    assert index.find("退休", limit=2) == order[:2]


def test_one_letter_finds_beginnings_only() -> None:
    """A first letter narrows down, it does not find every place it occurs."""
    assert INDEX.find("y") == (BANK, MUSIC, MEDICAL)


@given(st.text(max_size=60))
def test_any_text_is_a_query(query: str) -> None:
    """Nothing typed can break the search."""
    found = INDEX.find(query, limit=3)
    assert len(found) <= 3


@pytest.mark.parametrize("query", ["sh" * 30, "s" * 60, "x" * 40, "zhzczs" * 8, "新" * 50])
def test_a_silly_query_is_answered_at_once(query: str) -> None:
    """The longest query costs no more than a few frames of the processor's time."""
    INDEX.find("warm up")
    spent = []
    for _ in range(3):
        begin = time.process_time()
        INDEX.find(query)
        spent.append(time.process_time() - begin)
    assert min(spent) < 0.1


def test_readings() -> None:
    """Every reading counts, ü is v, what is no character has none."""
    assert set(pinyin.readings("重")) >= {"zhong", "chong"}
    assert set(pinyin.readings("长")) == {"zhang", "chang"}
    assert {"xing", "hang"} <= set(pinyin.readings("行"))
    assert pinyin.readings("女")[0] == "nv"
    assert pinyin.readings("新") == ("xin",)
    assert pinyin.readings("A") == pinyin.readings("，") == ()


def test_readings_are_loaded_by_latin_queries_only() -> None:
    """A search in characters does not cost the table, and the table stays small."""
    program = """
import sys
from kiosk.domain import search
from tests.unit.test_search import INDEX
def rss(): return int(open("/proc/self/statm").read().split()[1]) * 4
INDEX.find("新生")
assert "pypinyin" not in sys.modules
before = rss()
INDEX.find("xse")
assert "pypinyin.phrases_dict" not in sys.modules
print(rss() - before)
"""
    done = subprocess.run(
        [sys.executable, "-c", program], check=True, capture_output=True, text=True
    )
    assert int(done.stdout) < 25_000
