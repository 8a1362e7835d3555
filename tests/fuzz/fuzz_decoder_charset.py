"""Any payload: a character set in which it decodes, or none; never a text that is not there."""

from __future__ import annotations

from drivers.decoder import charset

SEEDS = [
    "政务服务".encode(),
    "政务服务".encode("gb18030"),
    "中文".encode("shift_jis"),
    rb"\000026" + "你好".encode(),
    rb"AB\\\000029" + "你好".encode("gb2312"),
    "naïve".encode("latin-1"),
]


def one_input(data: bytes) -> None:
    """Judge the bytes with and without the protocol of named sets."""
    for named in (charset.guessed(data), charset.stated(data)):
        if named not in (None, charset.UTF_8, charset.GB_18030):
            raise AssertionError("a character set that is not one of ours")
    named = charset.guessed(data)
    if named is not None:
        data.decode(named)
