"""What a person or a script can do to a simulated ID card reader; one function a word."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING

from drivers.id_reader.codec import BAUDRATES
from drivers.simulated.population import card_from_json
from drivers.simulated.reader_condition import Condition

if TYPE_CHECKING:
    from drivers.simulated.reader import SimulatedReader


def _act_put(reader: SimulatedReader, command: Mapping[str, object]) -> None:
    record = command["put"]
    card = card_from_json(record)
    more = record if isinstance(record, Mapping) else {}
    reader.put(
        card,
        newest_address=str(more.get("newest_address") or ""),
        fingerprints=bool(more.get("fingerprints")),
    )


def _act_by_hand(reader: SimulatedReader, command: Mapping[str, object]) -> None:
    hands = {
        "lift": reader.lift,
        "unplug": reader.port.unplug,
        "replug": reader.port.replug,
    }
    for word, act in hands.items():
        if command.get(word):
            act()
            return
    raise ValueError("lift, unplug and replug are done when they are true")


def _act_condition(reader: SimulatedReader, command: Mapping[str, object]) -> None:
    reader.condition = Condition(str(command["condition"]))


def _act_latch(reader: SimulatedReader, command: Mapping[str, object]) -> None:
    reader.latch = bool(command["latch"])


def _act_baud(reader: SimulatedReader, command: Mapping[str, object]) -> None:
    baud = command["baud"]
    if not isinstance(baud, int) or baud not in BAUDRATES:
        raise ValueError("baud is one of " + ", ".join(map(str, BAUDRATES)))
    reader.baud = baud


def _act_unplug_after(reader: SimulatedReader, command: Mapping[str, object]) -> None:
    count = command["unplug_after"]
    if not isinstance(count, int) or isinstance(count, bool) or count < 0:
        raise ValueError("unplug_after is a number of bytes")
    reader.unplug_after = count


ACTS: Mapping[str, Callable[[SimulatedReader, Mapping[str, object]], None]] = MappingProxyType(
    {
        "put": _act_put,
        "lift": _act_by_hand,
        "unplug": _act_by_hand,
        "replug": _act_by_hand,
        "condition": _act_condition,
        "latch": _act_latch,
        "baud": _act_baud,
        "unplug_after": _act_unplug_after,
    }
)
"""The first of these words in a command says what is to be done."""
