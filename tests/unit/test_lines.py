"""One breaker an address: who is dead holds nobody else up."""

from __future__ import annotations

import random

from kiosk.agent.delivery import Failed, Filed, Policy
from kiosk.agent.lines import Addresses, Lines
from kiosk.outbox import Numbers
from kiosk.outbox.records import Counts, Place
from kiosk.outbox.report import by_address
from kiosk.outbox.turns import Turns

OWN, CITY = "https://own.invalid", "https://city.invalid"
ADDRESSES = Addresses(default=OWN, by_jurisdiction={"410103": CITY, "410105": CITY})
LOST = Failed(reason="no_connection")
FILED = Filed(numbers=Numbers(application_no="1", items=(), received_at=""))


def lines() -> Lines:
    """Return lines that nothing happened on."""
    return Lines(ADDRESSES, Policy(), random.Random(1))  # noqa: S311 - jitter


def test_a_place_has_its_address() -> None:
    """An unknown place and one that is not told are the terminal's own."""
    assert [ADDRESSES.of(one) for one in ("410103", "410105", "999999", "")] == [
        CITY,
        CITY,
        OWN,
        OWN,
    ]
    assert ADDRESSES.all() == (OWN, CITY)


def test_a_dead_line_rests_alone() -> None:
    """Both places of its address rest; the other address works, and it is told when it is back."""
    own = lines()
    own.begun("410103")
    assert own.ended("410103", LOST) is False
    assert own.rest("410103", False) > 0
    assert own.rest("410105", False) > 0
    assert own.rest("410105", True) == 0, "somebody stands there"
    assert own.rest("410700", False) == 0
    own.begun("410105")
    assert own.rest("410103", True) == float("inf"), "one at a time on a dead line"
    assert own.ended("410105", FILED) is True
    assert own.rest("410103", False) == 0
    assert own.ended("410700", FILED) is None


def test_turns_pass_over_what_rests() -> None:
    """The oldest of those that may go; the wait is the shortest of all lines."""
    turns = Turns()
    turns.recover([(1, None, "410103"), (2, None, ""), (3, "held", "")], out=())

    def rest(place: str, fresh: bool) -> float:
        del fresh
        return 30.0 if place == "410103" else 0.0

    assert turns.first(rest) == 2
    turns.take(2)
    assert turns.first(rest) is None
    assert turns.wait(rest) == 30.0


def test_nothing_is_kept_of_what_is_settled() -> None:
    """A terminal runs for months: whatever stood against a submission goes with it."""
    turns = Turns()
    for row in range(3):
        turns.add(row, "410103")
        turns.take(row)
        turns.make_firm(row, firm=True)
        turns.again(row, 60.0)
        turns.stop(row)
        turns.forget(row)
    assert vars(turns) == vars(Turns())


def test_staff_see_each_address() -> None:
    """What is owed to it, and whether it is dead; without an agent, by place."""
    own = lines()
    own.ended("410103", LOST)
    counts = Counts(
        by_state={},
        sealed_bytes=0,
        oldest_s=9,
        places={
            "": Place(owed=1, oldest_s=5),
            "410700": Place(owed=1, oldest_s=9),
            "410105": Place(owed=3, oldest_s=7),
        },
    )
    seen = {one["address"]: one for one in by_address(counts, own.told())}
    assert (seen[OWN]["owed"], seen[OWN]["oldest_s"], seen[OWN]["open"]) == (2, 9, False)
    assert (seen[CITY]["owed"], seen[CITY]["oldest_s"], seen[CITY]["open"]) == (3, 7, True)
    assert [one["owed"] for one in by_address(counts, ())] == [1, 1, 3]
