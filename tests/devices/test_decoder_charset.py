"""Which text a code's bytes are: certain, or not given at all."""

from __future__ import annotations

import pytest
import segno
from hypothesis import given
from hypothesis import strategies as st

from drivers.decoder import cascade, charset
from tests.devices.test_decoder_cascade import drawn

CHINESE = (
    "你好",
    "中文",
    "政务服务",
    "办理出生登记",
    "户口簿",
    "身份证",
    "一网通办",
    "请到三号窗口",
    "某省某市某路1号",
)


def read(data: bytes) -> tuple[bytes, str | None]:
    """Read a perfect QR code of these bytes: what came out, and its text."""
    (code,) = cascade.still(drawn(segno.make_qr(data, mode="byte")))
    return code.data, code.text


@pytest.mark.parametrize("text", CHINESE)
@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_chinese_without_a_named_set(text: str, encoding: str) -> None:
    """What everybody prints, and what older systems do: byte for byte, and the right text."""
    data = text.encode(encoding)
    assert read(data) == (data, text)


@pytest.mark.parametrize("text", CHINESE)
@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_chinese_with_a_named_set(text: str, encoding: str) -> None:
    """A code that names its set (ECI) is taken at its word."""
    code = segno.make_qr(text, mode="byte", encoding=encoding, eci=True)
    (read_,) = cascade.still(drawn(code))
    assert (read_.text, read_.data) == (text, text.encode(encoding))


def test_hanzi_mode() -> None:
    """The Chinese mode of QR codes is GB 2312."""
    (code,) = cascade.still(drawn(segno.make_qr("你好中文", mode="hanzi")))
    assert (code.text, code.charset) == ("你好中文", "gb18030")


@pytest.mark.parametrize(
    "code",
    [
        segno.make_qr("中文", mode="kanji"),
        segno.make_qr("日本", mode="byte", encoding="shift_jis", eci=True),
        segno.make_qr("naïve".encode("latin-1"), mode="byte"),
        segno.make_qr("Größe".encode("latin-1"), mode="byte"),
        segno.make_qr(b"\xff\xfe\x00", mode="byte"),
    ],
)
def test_no_wrong_text(code: segno.QRCode) -> None:
    """Bytes that would make another text in GB 18030, or none, have no text here."""
    (read_,) = cascade.still(drawn(code))
    assert read_.data
    assert (read_.charset, read_.text) == (None, None)


@pytest.mark.parametrize(
    ("protocol", "expected"),
    [
        (rb"\000026" + "你".encode(), "utf-8"),
        (rb"AB\000026" + "你".encode(), "utf-8"),
        (rb"AB\000029" + "你".encode("gb2312"), "gb18030"),
        (rb"\000003abc", "utf-8"),
        (rb"\000003caf" + b"\xe9", None),
        (rb"\000020" + "日".encode("shift_jis"), None),
        (rb"\000026" + "你".encode() + rb"\000029" + "你".encode("gb2312"), None),
        (rb"\000026a\\000020b", "utf-8"),
        (rb"\000026" + b"\xff", None),
        (b"", "utf-8"),
    ],
)
def test_the_protocol_of_named_sets(protocol: bytes, expected: str | None) -> None:
    r"""Parts are judged one by one; a doubled backslash is one of the text."""
    assert charset.stated(protocol) == expected


@given(st.binary(max_size=200))
def test_any_bytes_have_a_certain_text_or_none(data: bytes) -> None:
    """The answer is a set in which the bytes decode, or nothing."""
    named = charset.guessed(data)
    if named is not None:
        data.decode(named)
    assert charset.stated(data) in {None, "utf-8", "gb18030"}


def test_bytes_are_given_as_they_are() -> None:
    """Control bytes and a zero in a payload leave the decoder untouched."""
    data = bytes(range(32)) + b"\x00end"
    assert read(data)[0] == data
