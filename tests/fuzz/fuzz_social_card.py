"""What a chip card could answer: a reply, another question, or the one error."""

from __future__ import annotations

from typing import Final

from drivers.simulated.social_card import EXAMPLE, items_of
from drivers.social_card.codec import (
    CardError,
    Exchange,
    Item,
    card_of,
    from_vendor,
    read_item,
    value_of,
)
from drivers.social_card.wire import Receiver, framed

_ITEMS: Final = items_of(EXAMPLE)

SEEDS: Final = [
    *(
        framed(bytes([item.tag, len(value)]) + value + b"\x90\x00")
        for item, value in _ITEMS.items()
    ),
    framed(b"\x61\x14") + framed(b"\x08\x12" + _ITEMS[Item.NUMBER] + b"\x90\x00"),
    framed(b"\x6c\x14"),
    b"400700|400702199003050027|A40000001|00|name|00|2.00|20200501|20400501|1|2|",
]


def one_input(data: bytes) -> None:
    """Feed the framing, an exchange, every item and the vendor's text."""
    messages = Receiver().receive(data)
    if any(len(one) > len(data) for one in messages):
        raise AssertionError("a message was made up")
    for item in Item:
        try:
            _read(item, messages)
        except CardError as error:
            _quotes_nothing(error)
    try:
        from_vendor(data.decode("utf-8", "replace"))
    except CardError as error:
        _quotes_nothing(error)


def _read(item: Item, messages: list[bytes]) -> None:
    exchange = Exchange(read_item(item))
    for message in messages:
        reply = exchange.receive(message)
        if reply is not None:
            card_of({**_ITEMS, item: value_of(item, reply.data)})
            return


def _quotes_nothing(error: CardError) -> None:
    if any(character.isdigit() for character in str(error).replace("18", "").replace("9", "")):
        raise AssertionError("the error quotes the card")
