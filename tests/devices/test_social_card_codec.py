"""What is asked of a social security card, byte for byte, and what its answers mean."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.simulated.social_card import EXAMPLE, VirtualCard, items_of
from drivers.social_card.codec import (
    SELECT_ENVIRONMENT,
    CardError,
    Exchange,
    File,
    Item,
    Reply,
    Status,
    card_of,
    from_vendor,
    read_item,
    select_file,
    value_of,
)
from drivers.social_card.wire import Receiver, framed
from tests.devices.pieces import PLACES, cut


def test_questions_byte_for_byte() -> None:
    """As public descriptions of the card have them."""
    assert SELECT_ENVIRONMENT.hex(" ") == (
        "00 a4 04 00 0f 73 78 31 2e 73 68 2e c9 e7 bb e1 b1 a3 d5 cf"
    )
    assert select_file(File.HOLDER).hex() == "00a4020002ef06"
    assert select_file(File.ISSUER, p1=0).hex() == "00a4000002ef05"
    assert read_item(Item.NUMBER).hex() == "00b2080000"
    assert read_item(Item.NAME, by_number=True).hex() == "00b2020400"


def test_data_that_wait_are_fetched() -> None:
    """61xx asks for xx bytes, 6Cxx repeats the question for xx bytes."""
    exchange = Exchange(read_item(Item.NUMBER))
    assert exchange.receive(b"\x61\x14") is None
    assert exchange.to_send.hex() == "00c0000014"
    assert exchange.receive(b"ab\x90\x00") == Reply(status=Status.OK, data=b"ab", words=0x9000)
    exchange = Exchange(read_item(Item.NUMBER))
    assert exchange.receive(b"\x6c\x14") is None
    assert exchange.to_send.hex() == "00b2080014"


@pytest.mark.parametrize("answers", [[b""], [b"\x90"], [b"\x61\x01"] * 20, [b"x" * 500] * 2])
def test_a_card_that_plays(answers: list[bytes]) -> None:
    """No status, one byte, follow-ups without end, too much: one named error, soon."""
    exchange = Exchange(SELECT_ENVIRONMENT)
    with pytest.raises(CardError):
        [exchange.receive(answer) for answer in answers]


@pytest.mark.parametrize(
    ("words", "status"),
    [
        ("6a82", Status.NOT_FOUND),
        ("6a86", Status.WRONG_PARAMETERS),
        ("6283", Status.BLOCKED),
        ("6982", Status.CLOSED),
        ("6f00", Status.OTHER),
    ],
)
def test_status_words(words: str, status: Status) -> None:
    """Each kind has its name."""
    reply = Exchange(SELECT_ENVIRONMENT).receive(bytes.fromhex(words))
    assert reply is not None
    assert (reply.status, reply.words) == (status, int(words, 16))


@pytest.mark.parametrize("data", [b"", b"\x08", b"\x09\x01a", b"\x08\x02a", b"\x08\x01ab"])
def test_half_an_item(data: bytes) -> None:
    """Another item, or one of another length, is none; what it held is not said."""
    with pytest.raises(CardError, match="NUMBER is not a whole item"):
        value_of(Item.NUMBER, data)


def test_a_card() -> None:
    """Padding goes, a rare character of GB18030 stays, an unset day is none."""
    values = items_of(EXAMPLE)
    assert card_of(values) == EXAMPLE
    assert repr(card_of(values)) == "SocialCard()"
    rare = {**values, Item.NAME: "㐂某".encode("gb18030"), Item.EXPIRY: b"\xff" * 4}
    card = card_of(rare)
    assert (card.name, card.expiry) == ("㐂某", None)


@pytest.mark.parametrize(
    ("item", "value"),
    [
        (Item.NUMBER, b"40070219900305002"),
        (Item.NUMBER, b"40070219900305002 7"),
        (Item.NUMBER, "４００７０２１９９".encode("gbk")),
        (Item.CARD_NUMBER, b"A4\x00000001"),
        (Item.NAME, b"\x00" * 30),
        (Item.NAME, b"\xff\xff"),
        (Item.NAME, b"\x1b[2J"),
        (Item.EXPIRY, bytes.fromhex("20401301")),
        (Item.EXPIRY, bytes.fromhex("2040")),
    ],
)
def test_items_that_make_no_sense(item: Item, value: bytes) -> None:
    """Are named by their kind, never quoted."""
    with pytest.raises(CardError, match=item.name) as caught:
        card_of({**items_of(EXAMPLE), item: value})
    assert "4007" not in str(caught.value)


def test_the_text_of_a_vendors_driver() -> None:
    """Eleven fields, each ended by a bar; fewer are none."""
    text = "400700|400702199003050027|A40000001|00|陈晓云|00|2.00|20200501|20400501|1|2|"
    assert from_vendor(text) == EXAMPLE
    assert from_vendor(text.replace("20400501", "")).expiry is None
    for wrong in ("", "a|b|", text.replace("20400501", "2040050x"), text.replace("A4", "甲")):
        with pytest.raises(CardError):
            from_vendor(wrong)


@given(st.lists(st.binary(max_size=40), max_size=12))
def test_any_answers(answers: list[bytes]) -> None:
    """Whatever a card answers: a reply, another question, or the one error."""
    exchange = Exchange(read_item(Item.NAME))
    try:
        for answer in answers:
            reply = exchange.receive(answer)
            if reply:
                assert isinstance(value_of(Item.NAME, reply.data), bytes)
                break
    except CardError:
        return


@given(st.lists(st.binary(max_size=30), max_size=5), PLACES)
def test_messages_however_they_are_cut(messages: list[bytes], places: list[int]) -> None:
    """The socket's framing gives back what was put in."""
    receiver = Receiver()
    data = b"".join(map(framed, messages))
    assert [one for piece in cut(data, places) for one in receiver.receive(piece)] == messages


def test_a_card_answers_nobody_before_its_environment_is_chosen() -> None:
    """The simulated card keeps the order a real one keeps."""
    card = VirtualCard()
    assert card.answer(select_file(File.HOLDER)) == b"\x6a\x86"
    assert card.answer(b"\x00\xd6\x00\x00\x01\x00") == b"\x6d\x00"


def test_no_expiry() -> None:
    """A card without an end is written and read back."""
    values = items_of(EXAMPLE) | {Item.EXPIRY: b"\x00" * 4}
    assert card_of(values).expiry is None
    assert card_of(items_of(EXAMPLE)).expiry == dt.date(2040, 5, 1)
