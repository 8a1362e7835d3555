"""Maintenance windows: stopped and let go on by themselves, whatever dies or is away."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import Engine, select

from fleet import journal
from fleet.orders import CommandDesk, Wanted
from fleet.orders.desk import NotGiven
from fleet.orders.windows import Planned, WindowRefused, Windows
from fleet.store import open_store
from fleet.store.model import Window
from kiosk.status.command import LONGEST, CommandKey, Kind, key_id, read

NOON = datetime(2026, 11, 3, 4, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    """The fleet's tables, empty."""
    own = open_store(f"sqlite:///{tmp_path}/fleet.db").execution_options(writes=True)
    yield own
    own.dispose()


class Bus:
    """Takes commands, unless it is away."""

    def __init__(self) -> None:
        self.given: list[Wanted] = []
        self.away = False

    def give(self, wanted: Wanted) -> None:
        """Take one."""
        if self.away:
            raise NotGiven("away")
        self.given.append(wanted)


def planned(windows: Windows, begins: datetime = NOON, ends: datetime = NOON + 2 * HOUR) -> int:
    """Plan a window for everybody."""
    own = Planned(group="canary", words="检修", begins_at=begins, ends_at=ends, by="0021")
    windows.plan(own, NOON - HOUR)
    return int(windows.open()[0].id)


def steps(engine: Engine) -> list[str]:
    """Return where each window stands."""
    with engine.connect() as connection:
        return list(connection.scalars(select(Window.step).order_by(Window.id)))


def test_a_group_is_stopped_and_goes_on_at_its_times(engine: Engine) -> None:
    """Also when the bus is away at the time; a second look does nothing again."""
    bus = Bus()
    windows = Windows(engine, bus.give)
    planned(windows)
    windows.keep(NOON - timedelta(seconds=1))
    assert bus.given == []
    bus.away = True
    windows.keep(NOON)
    assert steps(engine) == ["planned"]
    bus.away = False
    for _ in range(2):
        windows.keep(NOON + HOUR)
    (stop,) = bus.given
    told = (stop.recipient, stop.kind, stop.argument, stop.since, stop.good_for)
    assert told == ("@canary", Kind.OUT_OF_SERVICE, "检修", NOON, 2 * HOUR)
    for _ in range(2):
        windows.keep(NOON + 2 * HOUR)
    assert (bus.given[1].kind, bus.given[1].good_for) == (Kind.IN_SERVICE, LONGEST)
    assert (len(bus.given), steps(engine)) == (2, ["ended"])
    assert [one.action for one in journal.newest(engine, 5)] == ["window_planned"]


def test_one_that_is_cancelled_does_nothing_or_ends_at_once(engine: Engine) -> None:
    """And one whose whole time nobody kept stops nobody afterwards."""
    bus = Bus()
    windows = Windows(engine, bus.give)
    windows.cancel(planned(windows), "0021")
    windows.keep(NOON)
    assert (bus.given, steps(engine)) == ([], ["cancelled"])
    begun = planned(windows)
    windows.keep(NOON)
    windows.cancel(begun, "0021")
    windows.keep()
    assert [one.kind for one in bus.given] == [Kind.OUT_OF_SERVICE, Kind.IN_SERVICE]
    planned(windows)
    windows.keep(NOON + 3 * HOUR)
    assert (len(bus.given), steps(engine)) == (2, ["cancelled", "ended", "missed"])


@pytest.mark.parametrize(
    ("begins", "ends", "why"),
    [
        (NOON, NOON, "order"),
        (NOON - 3 * HOUR, NOON - 2 * HOUR, "past"),
        (NOON + timedelta(days=91), NOON + timedelta(days=92), "far"),
        (NOON, NOON + timedelta(days=8), "long"),
    ],
)
def test_times_that_are_none_are_refused(
    engine: Engine, begins: datetime, ends: datetime, why: str
) -> None:
    """Nothing is written."""
    windows = Windows(engine, Bus().give)
    with pytest.raises(WindowRefused) as refused:
        planned(windows, begins, ends)
    assert (refused.value.why, steps(engine)) == (why, [])


def test_windows_that_overlap_name_themselves_and_are_told_again(engine: Engine) -> None:
    """Behind the end of one the broker has the stop of the other again, for whoever was away."""
    bus = Bus()
    windows = Windows(engine, bus.give)
    planned(windows, ends=NOON + 8 * HOUR)
    own = Planned(
        group="410700", words="换网", begins_at=NOON + HOUR, ends_at=NOON + 2 * HOUR, by="0021"
    )
    windows.plan(own, NOON)
    for hours in (0, 1, 2, 8):
        windows.keep(NOON + hours * HOUR)
    stopped, resumed = Kind.OUT_OF_SERVICE, Kind.IN_SERVICE
    assert [(one.recipient, one.kind, one.window) for one in bus.given] == [
        ("@canary", stopped, 1),
        ("@410700", stopped, 2),
        ("@410700", resumed, 2),
        ("@canary", stopped, 1),
        ("@canary", resumed, 1),
    ]
    first, again = bus.given[0], bus.given[3]
    assert (first.since, again.since, again.good_for) == (NOON, NOON, 8 * HOUR)


def test_a_command_of_a_window_is_one_that_terminals_know_as_such(engine: Engine) -> None:
    """From the desk's table through the signature to the terminal's reading; late by an hour."""
    heard: list[bytes] = []

    def send(_to: str, data: bytes, _seconds: int) -> bool:
        heard.append(data)
        return True

    key = Ed25519PrivateKey.generate()
    windows = Windows(engine, CommandDesk(engine, key, send).give)
    number = planned(windows)
    windows.keep(NOON + HOUR)
    windows.keep(NOON + 2 * HOUR)
    believed = CommandKey(public=key.public_key().public_bytes_raw(), kinds=frozenset(Kind))
    keys = {key_id(key.public_key()): believed}
    names = frozenset({"@canary"})
    stop = read(heard[0], keys, names=names, now=NOON + HOUR)
    end = read(heard[1], keys, names=names, now=datetime.now(UTC))
    assert (stop.window, end.window) == (str(number), str(number))
    assert (stop.issued_at, stop.expires_at) == (NOON, NOON + 2 * HOUR)


def test_a_window_begins_when_it_is_planned_at_the_earliest(engine: Engine) -> None:
    """Otherwise terminals that somebody let go on a minute ago would call it an older wish."""
    bus = Bus()
    windows = Windows(engine, bus.give)
    own = Planned(group="canary", words="检修", begins_at=NOON, ends_at=NOON + 2 * HOUR, by="0021")
    windows.plan(own, NOON + HOUR)
    windows.keep(NOON + HOUR)
    assert [(one.since, one.good_for) for one in bus.given] == [(NOON + HOUR, HOUR)]
