"""A command is done once, whoever brings it again and whenever the power goes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from kiosk.agent.reporting.orders import OrderFailed, Orders
from kiosk.status.command import Command, CommandKey, Kind, key_id, sign

KEY = Ed25519PrivateKey.generate()
PUBLIC = KEY.public_key()
KEYS = {
    key_id(PUBLIC): CommandKey(public=PUBLIC.public_bytes_raw(), kinds=frozenset(Kind)),
}


def given(name: str = "c-00000001", kind: Kind = Kind.RESTART_SESSION, age_s: float = 0) -> bytes:
    """Return a command of the centre, given ``age_s`` seconds ago."""
    at = datetime.now(UTC) - timedelta(seconds=age_s)
    command = Command(
        id=name,
        to="T-0001",
        kind=kind,
        by="0021",
        issued_at=at,
        expires_at=at + timedelta(hours=1),
    )
    return sign(command, KEY)


class PowerCut(Exception):
    """The machine stops in the middle."""


class Terminal:
    """One terminal's orders, over a file; ``act`` is what doing one means."""

    def __init__(self, path: Path, act: Callable[[Command], None] | None = None) -> None:
        self.done: list[str] = []
        self.events: list[tuple[str, dict[str, object]]] = []
        self.orders = Orders(
            path,
            terminal="T-0001",
            groups=lambda: frozenset({"all"}),
            keys=lambda: KEYS,
            acts={Kind.RESTART_SESSION: act or (lambda command: self.done.append(command.id))},
            note=lambda event, **fields: self.events.append((event.value, fields)),
        )


def test_a_command_is_done_once(tmp_path: Path) -> None:
    """The second time, and after a restart, only its answer is repeated."""
    own = Terminal(tmp_path / "orders.json")
    first = own.orders.take(given())
    assert first is not None
    assert (first.outcome, own.done) == ("done", ["c-00000001"])
    assert own.orders.take(given()) == first
    again = Terminal(tmp_path / "orders.json")
    assert again.orders.take(given()) == first
    assert (own.done, again.done) == (["c-00000001"], [])
    assert [name for name, _ in own.events] == ["command_done"]


def test_a_power_cut_in_the_middle_does_it_no_second_time(tmp_path: Path) -> None:
    """What was begun is told as broken off."""

    def cut(_command: Command) -> None:
        raise PowerCut

    own = Terminal(tmp_path / "orders.json", cut)
    with pytest.raises(PowerCut):
        own.orders.take(given())
    again = Terminal(tmp_path / "orders.json")
    told = again.orders.take(given())
    assert told is not None
    assert (told.outcome, told.why, again.done) == ("failed", "interrupted", [])


def test_a_command_that_can_not_be_written_down_is_not_done(tmp_path: Path) -> None:
    """A read-only or full disk: the centre gives it again later."""
    place = tmp_path / "gone"
    own = Terminal(place / "orders.json")
    with pytest.raises(OSError, match="gone"):
        own.orders.take(given())
    assert own.done == []


def test_a_damaged_memory_believes_nothing_older(tmp_path: Path) -> None:
    """Otherwise whoever damages the file could have old commands done again."""
    path = tmp_path / "orders.json"
    path.write_bytes(b'{"known": ')
    own = Terminal(path)
    assert own.orders.take(given(age_s=60)) is None
    assert own.events == [("command_refused", {"why": "before_loss"})]
    assert path.with_name("orders.json.damaged").exists()
    again = Terminal(path)
    assert again.orders.take(given(age_s=60)) is None
    assert again.orders.take(given("c-00000002", age_s=-5)) is not None


def test_what_is_over_is_forgotten(tmp_path: Path) -> None:
    """The file does not grow for ever: an expired command would not be believed anyway."""
    path = tmp_path / "orders.json"
    own = Terminal(path)
    for number in range(5):
        own.orders.take(given(f"old-{number:08}", age_s=1800))
    later = datetime.now(UTC) + timedelta(minutes=50)
    own.orders.take(given("new-00000001"), later)
    assert "old-" not in path.read_text()


def test_what_is_not_offered_or_fails_is_answered(tmp_path: Path) -> None:
    """The console learns why."""

    def busy(_command: Command) -> None:
        raise OrderFailed("visited")

    own = Terminal(tmp_path / "orders.json", busy)
    failed = own.orders.take(given())
    refused = own.orders.take(given("c-00000002", Kind.SCREENSHOT))
    assert failed is not None
    assert refused is not None
    assert (failed.outcome, failed.why) == ("failed", "visited")
    assert (refused.outcome, refused.why) == ("refused", "not_offered")
