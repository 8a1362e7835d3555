"""Documents on A4: what is refused, what the PDF says, and that it says nothing else."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path

import pypdfium2
import pytest
import zxingcpp
from hypothesis import given, settings
from hypothesis import strategies as st

from drivers.a4 import faces, lines
from drivers.a4.document import DocumentError, parse
from drivers.a4.pages import Made, make
from tests.devices import papers_a4


def made(document: Mapping[str, object]) -> Made:
    """Return a document's PDF, made once."""
    return _made(json.dumps(document))


@cache
def _made(document: str) -> Made:
    return make(parse(json.loads(document)))


def words(pdf: bytes) -> str:
    """Return the text of a PDF as another program copies it out, without spaces and line ends."""
    document = pypdfium2.PdfDocument(pdf)
    pages = (document[number].get_textpage().get_text_range() for number in range(len(document)))
    return "".join("".join(pages).split())


@pytest.mark.parametrize(
    ("document", "said"),
    [
        (papers_a4.guide(), ["一次性告知单", "1.父母双方的身份证", "扫码看完整版"]),
        (
            papers_a4.notice("𠮷㛃"),
            ["编号：示例〔2026〕第0001号", "𠮷㛃：您提交", "申报编号4000-0001"],
        ),
        (papers_a4.commitment(), ["现承诺：", "承诺人签名：", "日期：", "年月日"]),
        (papers_a4.certificate(), ["事项5内容5，", "特此证明。", "终端T0001打印日期2026-01-31"]),
    ],
)
def test_each_kind_says_what_it_was_given(document: Mapping[str, object], said: list[str]) -> None:
    """One page of A4 whose text can be copied out, rare characters of names included."""
    done = made(document)
    text = words(done.pdf)
    assert (done.pages, done.missing) == (1, 0)
    assert all(one in text for one in [*said, "第1页共1页"])
    assert [round(side) for side in pypdfium2.PdfDocument(done.pdf)[0].get_size()] == [595, 842]


def test_equal_documents_are_equal_bytes_and_tell_nothing_else() -> None:
    """No time, author, program or identifier is in the file."""
    once, again = made(papers_a4.guide()).pdf, make(parse(papers_a4.guide())).pdf
    assert once == again
    told = pypdfium2.PdfDocument(once).get_metadata_dict()
    assert {key: value for key, value in told.items() if value} == {
        "CreationDate": "D:20000101000000Z"
    }
    assert b"/ID" not in once
    assert b"fpdf" not in once.lower()


def test_the_code_is_read_from_the_sheet() -> None:
    """A printed code leads where it should."""
    page = pypdfium2.PdfDocument(made(papers_a4.guide()).pdf)[0].render(scale=2).to_pil()
    (code,) = zxingcpp.read_barcodes(page.convert("L"))
    assert code.text == "https://example.test/guide/birth"


def test_a_long_document_is_counted() -> None:
    """Nothing is lost at the end of a page, and each says which it is."""
    done = made(papers_a4.certificate(40))
    text = words(done.pdf)
    assert done.pages > 2
    assert all(f"事项{row}内容{row}，" in text for row in range(40))
    assert all(f"第{page}页共{done.pages}页" in text for page in range(1, done.pages + 1))


def test_what_no_font_has_is_seen() -> None:
    """A private character of an old card is a mark that is counted; what acts is gone."""
    done = made(papers_a4.notice("王\ue123\U000f1234\x1b@\x00五\u202e六\r\n%PDF"))
    assert done.missing == 2
    assert "王〓〓@五六%PDF：您提交" in words(done.pdf)


def test_without_fonts_it_is_said(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A terminal whose assets were not built says so."""
    monkeypatch.setattr(faces, "_BUILT", tmp_path)
    monkeypatch.setattr(faces, "_INSTALLED", tmp_path)
    monkeypatch.delenv("YIDUAN_FONTS", raising=False)
    with pytest.raises(faces.FontsMissing):
        make(parse(papers_a4.guide()))


@pytest.mark.parametrize(
    ("document", "word"),
    [
        (None, "object"),
        ({"title": "x"}, "blocks"),
        ({"title": " ", "blocks": []}, "title"),
        ({"title": "x", "blocks": [], "logo": "y"}, "object"),
        ({"title": "x", "blocks": [{"text": "y" * 4001}]}, "block 1"),
        ({"title": "x", "blocks": [{"text": "y"}, {"image": "y"}]}, "block 2"),
        ({"title": "x", "blocks": [{"text": "y", "size": 3}]}, "block 1"),
        ({"title": "x", "blocks": [{"table": [["only one"]]}]}, "block 1"),
        ({"title": "x", "blocks": [{"list": "abc"}]}, "block 1"),
        ({"title": "x", "blocks": [{"list": [], "numbered": 1}]}, "block 1"),
        ({"title": "x", "blocks": [{"qr": "a\x00b"}]}, "block 1"),
        ({"title": "x", "blocks": [{"qr": "é" * 300}]}, "block 1"),
        ({"title": "x", "blocks": [{"rule": False}]}, "block 1"),
        ({"title": "x", "blocks": [{"text": "a"}] * 201}, "200"),
        ({"title": "x", "blocks": [{"text": "y" * 4000}] * 8}, "30000"),
        ({"title": "x", "blocks": [{"qr": "y"}] * 9}, "QR"),
        ({"title": "x", "blocks": [], "footer": {"terminal": "T", "date": "31.1."}}, "footer"),
        ({"title": "x", "blocks": [], "footer": {"terminal": "T"}}, "footer"),
    ],
)
def test_what_is_not_a_document(document: object, word: str) -> None:
    """It is refused with the block it is in, never shortened."""
    with pytest.raises(DocumentError, match=word):
        parse(document)


def test_too_many_pages_are_refused() -> None:
    """Twenty pages are enough for anything a terminal prints."""
    with pytest.raises(DocumentError, match="pages"):
        made({"title": "x", "blocks": [{"sign": ["a"] * 6}] * 80})


# -- where lines are broken -----------------------------------------------------------------------


def width(text: str) -> float:
    """Return how wide a text is: 2 a Chinese character, 1 another."""
    return sum(2.0 if ord(one) > 0x2E7F else 1.0 for one in text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", [""]),
        ("一二三四五六", ["一二三四五", "六"]),
        ("一二三四五，六", ["一二三四", "五，六"]),
        ("一二三四（五六", ["一二三四", "（五六"]),
        ("一二三 word 四", ["一二三", "word 四"]),
        ("words word", ["words word"]),
        ("abcdefghijklmno", ["abcdefghij", "klmno"]),
        (" abcdefghij", ["abcdefghij"]),
        ("一（abcdefghij", ["一（", "abcdefghij"]),
    ],
)
def test_lines_are_broken_where_they_may(text: str, expected: list[str]) -> None:
    """No closing mark begins a line, no opening one ends it, no word is cut that fits a line."""
    assert lines.broken(text, 10, width) == expected


@settings(max_examples=300, deadline=None)
@given(st.text(st.sampled_from("一二，。（）ab1. "), max_size=60), st.integers(4, 20))
def test_breaking_loses_nothing(text: str, wide: int) -> None:
    """Every line fits, but for spaces nothing is lost or added."""
    found = lines.broken(text, wide, width)
    assert "".join("".join(found).split()) == "".join(text.split())
    assert all(width(line) <= wide for line in found)
