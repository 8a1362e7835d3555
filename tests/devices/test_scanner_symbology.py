"""Kinds of codes: the modules' marks as the standard's words, and never a guess."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.scanner.symbology import UNKNOWN, ToldBy, by_aim, by_ssi, mark_for, split, words


@pytest.mark.parametrize(
    ("mark", "length", "word"),
    [
        ("]Q0", 10, "qrCode"),
        ("]Q3", 10, "qrCode"),
        ("]C0", 10, "code128"),
        ("]C1", 10, "ean128"),
        ("]L2", 10, "pdf417"),
        ("]L4", 10, "microPdf417"),
        ("]d2", 10, "dataMatrix"),
        ("]z0", 10, "aztec"),
        ("]A7", 10, "code39"),
        ("]E0", 13, "ean13"),
        ("]E0", 12, "upcA"),
        ("]E4", 8, "ean8"),
        ("]E3", 15, "ean13_2"),
        ("]E3", 18, "ean13_5"),
        ("]E0", 8, UNKNOWN),
        ("]e0", 14, UNKNOWN),
        ("]X0", 14, UNKNOWN),
        ("", 14, UNKNOWN),
    ],
)
def test_an_aim_identifier_is_the_standards_word(mark: str, length: int, word: str) -> None:
    """Where it leaves several words open, none is said."""
    assert by_aim(mark, length) == word


@pytest.mark.parametrize(
    ("code_type", "word"),
    [(0x1C, "qrCode"), (0x03, "code128"), (0x0B, "ean13"), (0x11, "pdf417"), (0xB7, UNKNOWN)],
)
def test_an_ssi_code_type_is_the_standards_word(code_type: int, word: str) -> None:
    """One byte of the packet."""
    assert by_ssi(code_type) == word


def test_every_word_is_in_the_standard() -> None:
    """The public schema lists them all."""
    standard = json.loads((Path(__file__).parent / "fixtures" / "xfs4iot-2021-1.json").read_text())
    completion = standard["messages"]["BarcodeReader.ReadCompletion"]["allOf"][1]
    known = set(completion["properties"]["readOutput"]["items"]["properties"]["symbology"]["enum"])
    for told_by in ToldBy:
        assert words(told_by) <= known
    assert UNKNOWN in known


@given(st.binary(max_size=20), st.sampled_from(ToldBy))
def test_taking_a_mark_off_loses_nothing(record: bytes, told_by: ToldBy) -> None:
    """Mark and data together are the record, whatever it holds."""
    told = split(told_by, record)
    assert told.mark.encode("ascii") + told.data == record
    assert told.symbology == UNKNOWN or told.symbology in words(told_by)


@pytest.mark.parametrize("told_by", [ToldBy.AIM, ToldBy.CODE_ID])
def test_a_simulated_mark_is_read_back(told_by: ToldBy) -> None:
    """For every word that can be told in this way."""
    lengths = {"upcA": 12, "ean13": 13, "upcA_2": 14, "ean13_2": 15, "upcA_5": 17, "ean13_5": 18}
    for word in words(told_by):
        payload = b"0" * lengths.get(word, 8)
        assert split(told_by, mark_for(told_by, word) + payload).symbology == word
