"""The text block of a card: slots, kinds, and blocks that are none."""

from __future__ import annotations

import contextlib
import dataclasses
import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.id_reader.card import (
    BLOCK_SIZE,
    LAYOUTS,
    Card,
    CardError,
    CardFault,
    CardKind,
    decode_address,
    encode_address,
    encode_card,
    parse_card,
)
from tests.devices.people import CARD, OTHER_KINDS


def test_the_slots_of_a_citizens_card_are_where_they_are_documented() -> None:
    """Offsets are checked against the bytes, not against our own table."""
    block = encode_card(CARD)
    assert len(block) == BLOCK_SIZE
    assert block[0:6].decode("utf-16-le") == "陈晓云"
    assert block[30:36].decode("utf-16-le") == "201"
    assert block[36:52].decode("utf-16-le") == "19900305"
    assert block[122:158].decode("utf-16-le") == "400702199003050027"
    assert block[188:220].decode("utf-16-le") == "2020050120400501"
    assert block[220:256].decode("utf-16-le") == " " * 18


@pytest.mark.parametrize("kind", CardKind)
def test_slots_of_a_kind_do_not_overlap(kind: CardKind) -> None:
    """No byte of a block belongs to two slots."""
    used = [at for start, size in LAYOUTS[kind].values() for at in range(start, start + size)]
    assert len(used) == len(set(used))
    assert max(used) < BLOCK_SIZE


@pytest.mark.parametrize(
    "change",
    [
        {"valid_to": None},
        {"valid_to": dt.date(2021, 5, 1)},
        {"name": "䶮㛃"},
        {"name": "𠮷𬭎"},
        {"name": "买买提·阿布都热合曼·库尔班"},
        {"name": "\ue863王\ue864"},
        {"name": "\U0003106c\U000f0001"},
    ],
)
def test_a_card_comes_back_as_it_was_written(change: dict[str, object]) -> None:
    """Long term, expired, rare, private-use and long names all survive the block."""
    card = dataclasses.replace(CARD, **change)  # type: ignore[arg-type]
    assert parse_card(encode_card(card)) == card


@pytest.mark.parametrize("card", OTHER_KINDS, ids=lambda card: card.kind.value)
def test_the_other_kinds_are_told_apart(card: Card) -> None:
    """The letter at byte 248 decides the layout, and every slot comes back."""
    assert parse_card(encode_card(card)) == card


@pytest.mark.parametrize("letters", [34, 35, 36, 46])
def test_a_long_english_name_keeps_its_space_where_it_breaks(letters: int) -> None:
    """A 2023 permit has its name in two places; a space may end the first."""
    name = ("ANNA" * 12)[:34] + " " + "B" * 11
    card = dataclasses.replace(OTHER_KINDS[1], name_en=name[:letters].rstrip())
    assert parse_card(encode_card(card)) == card


def test_the_slots_of_the_other_kinds_are_where_they_are_documented() -> None:
    """Offsets are checked against the bytes, not against our own table."""
    old, new, hmt = (encode_card(card) for card in OTHER_KINDS)
    assert old[120:122].decode("utf-16-le") == "2"
    assert old[122:152].decode("utf-16-le") == "XYZ400785010200"
    assert old[152:158].decode("utf-16-le") == "XYZ"
    assert old[220:250].decode("utf-16-le") == "19850102014007I"
    assert new[32:52].decode("utf-16-le") == "0119850102"
    assert new[220:242].decode("utf-16-le") == "AMPLE NAME "
    assert new[242:256].decode("utf-16-le") == "XYZY987"
    assert hmt[220:242].decode("utf-16-le") == "H4000000001"
    assert hmt[248:250].decode("utf-16-le") == "J"


@pytest.mark.parametrize(
    ("raw", "name"),
    [
        ("陈".encode("utf-16-le") + b"\x42\xd8", "陈\ufffd"),
        (b"\x42\xd8" + "云".encode("utf-16-le"), "\ufffd云"),
        (b"\xb7\xdf" + "云".encode("utf-16-le"), "\ufffd云"),
        ("𠮷".encode("utf-16-le"), "𠮷"),
    ],
    ids=["half at the end", "first half", "second half", "whole"],
)
def test_half_a_surrogate_pair_is_replaced(raw: bytes, name: str) -> None:
    """A card with a damaged name is read; the damage shows, and a check tells it."""
    block = raw.ljust(30, b"\0") + encode_card(CARD)[30:]
    assert parse_card(block).name == name


def _with(offset: int, text: str) -> bytes:
    block = bytearray(encode_card(CARD))
    raw = text.encode("utf-16-le")
    block[offset : offset + len(raw)] = raw
    return bytes(block)


@pytest.mark.parametrize(
    ("block", "fault"),
    [
        (b"", CardFault.WRONG_SIZE),
        (bytes(255), CardFault.WRONG_SIZE),
        (bytes(256), CardFault.MISSING),
        (_with(248, "Z"), CardFault.UNKNOWN_TYPE),
        (_with(36, "19900231"), CardFault.BAD_DATE),
        (_with(188, "2020５５01"), CardFault.BAD_DATE),
        (_with(204, "永久    "), CardFault.BAD_DATE),
        (_with(0, " " * 15), CardFault.MISSING),
        (_with(122, " " * 18), CardFault.MISSING),
    ],
)
def test_a_block_that_is_no_card_says_why(block: bytes, fault: CardFault) -> None:
    """Each reason has its name; the message quotes nothing of the block."""
    with pytest.raises(CardError) as caught:
        parse_card(block)
    assert caught.value.fault is fault
    assert str(caught.value) == fault.value


def test_a_text_longer_than_its_slot_cannot_be_written() -> None:
    """Sixteen characters do not fit a name."""
    with pytest.raises(ValueError, match="does not fit"):
        encode_card(dataclasses.replace(CARD, name="长" * 16))


@given(st.binary(min_size=BLOCK_SIZE, max_size=BLOCK_SIZE) | st.binary(max_size=300))
def test_any_block_is_a_card_or_one_named_error(block: bytes) -> None:
    """No bytes make the parser raise anything else."""
    with contextlib.suppress(CardError):
        assert isinstance(parse_card(block), Card)


TEXT = st.text(st.characters(codec="utf-16-le", exclude_characters="\0 "), min_size=1, max_size=7)
DATES = st.dates(dt.date(1900, 1, 1), dt.date(2099, 12, 31))


@given(TEXT, TEXT, DATES, DATES, DATES | st.none())
def test_what_fits_the_slots_comes_back(
    name: str, address: str, birth: dt.date, since: dt.date, until: dt.date | None
) -> None:
    """Encoding and parsing are each other's inverse for any text that fits."""
    card = dataclasses.replace(
        CARD, name=name, address=address, birth_date=birth, valid_from=since, valid_to=until
    )
    assert parse_card(encode_card(card)) == card


def test_the_newest_address_is_read_without_padding() -> None:
    """35 characters, space padded; an odd byte at the end is dropped."""
    raw = "河南省新乡市".ljust(35).encode("utf-16-le")
    assert decode_address(raw) == "河南省新乡市"
    assert decode_address(raw + b"\x00") == "河南省新乡市"
    assert encode_address("河南省新乡市") == raw
    with pytest.raises(ValueError, match="does not fit"):
        encode_address("长" * 36)
