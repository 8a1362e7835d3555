"""A command is done once, whoever brings it again and whenever the power goes."""

from __future__ import annotations

import queue
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from kiosk.agent.centre import acts
from kiosk.agent.reporting.line import Heard
from kiosk.agent.reporting.orders import OrderFailed, Orders
from kiosk.agent.reporting.reporter import Reporter, Ways
from kiosk.agent.service import FILE, Out, Service, Stop
from kiosk.agent.wishes import Wishes
from kiosk.maintenance.keeping import Keeping
from kiosk.status import Reported
from kiosk.status.command import Command, CommandKey, Done, Kind, command_id, key_id, sign
from tests.waiting import until

KEY = Ed25519PrivateKey.generate()
PUBLIC = KEY.public_key()
NOW = datetime.now(UTC)
OUT, IN = Kind.OUT_OF_SERVICE, Kind.IN_SERVICE
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


class Counter:
    """A terminal's orders about being in service, over files, with its real service."""

    def __init__(self, folder: Path) -> None:
        self.service = Service(Keeping(folder), _ignored, _ignored)
        self._folder = folder
        self.begun()

    def begun(self) -> None:
        """Let the orders begin, as after a restart."""
        self.orders = Orders(
            self._folder / "orders.json",
            terminal="T-0001",
            groups=lambda: frozenset({"all", "stable", "410700"}),
            keys=lambda: KEYS,
            acts=acts(self.service, Wishes()),
            note=_ignored,
        )

    def hears(self, to: str, kind: Kind, hours: float, *, window: int | None = None) -> str:
        """Take a command given so many hours ago; returns its outcome and why."""
        at = NOW - timedelta(hours=hours)
        argument = f"words {window or '-'}" if kind is Kind.OUT_OF_SERVICE else ""
        command = Command(
            id=command_id(window),
            to=to,
            kind=kind,
            argument=argument,
            by="0021",
            issued_at=at,
            expires_at=at + timedelta(days=7),
        )
        done = self.orders.take(sign(command, KEY), NOW)
        return "-" if done is None else f"{done.outcome} {done.why or ''}".strip()

    @property
    def shown(self) -> str:
        """What citizens read; empty in service."""
        out = self.service.out
        return "" if out is None else out.words


class Deaf:
    """A line that never comes."""

    connected = False

    def __init__(self) -> None:
        self.heard: queue.Queue[Heard] = queue.Queue()

    def start(self) -> None:
        """Begin."""

    def stop(self) -> None:
        """End."""

    def tell(self, _state: Reported) -> bool:
        """Lose it."""
        return False

    def answer(self, _done: Done) -> bool:
        """Lose it."""
        return False


def _ignored(*_: object, **__: object) -> None:
    """Take whatever is noted."""


def test_an_older_wish_does_not_undo_a_newer_one(tmp_path: Path) -> None:
    """The broker keeps one command a group, and brings them in the order of the groups' names."""
    own = Counter(tmp_path)
    assert own.hears("@all", OUT, 20) == "done"
    own.begun()
    assert own.hears("@stable", IN, 72) == "refused overtaken"
    assert own.hears("@stable", IN, 72, window=3) == "refused overtaken"
    assert own.shown == "words -"
    assert own.hears("T-0001", IN, 1) == "done"
    assert own.hears("@410700", OUT, 2) == "refused overtaken"
    assert own.hears("@410700", OUT, 2, window=4) == "refused overtaken"
    assert own.shown == ""


def test_the_last_window_that_ends_lets_it_go_on(tmp_path: Path) -> None:
    """Whichever began first, and in whatever order they are heard."""
    own = Counter(tmp_path)
    for window, hours in ((5, 8), (4, 9), (6, 7)):
        assert own.hears("@all", OUT, hours, window=window) == "done"
    assert own.shown == "words 4"
    for window, hours, shown in ((4, 3, "words 5"), (6, 2, "words 5"), (5, 1, "")):
        assert own.hears("@410700", IN, hours, window=window) == "done"
        assert own.shown == shown


def test_a_window_ends_no_stop_of_a_person(tmp_path: Path) -> None:
    """An engineer stopped it at the machine, before or in the window, with words of their own."""
    own = Counter(tmp_path)
    own.service.stop(Out(reason="own", words="修读卡器"), "0317", said=NOW - timedelta(hours=10))
    assert own.hears("@all", OUT, 8, window=5) == "done"
    assert own.shown == "修读卡器"
    assert own.hears("@all", IN, 2, window=5) == "done"
    assert own.shown == "修读卡器"
    assert own.hears("@all", IN, 12) == "refused overtaken"
    assert own.shown == "修读卡器"
    assert own.service.resume("0317")
    assert own.shown == ""


def test_what_staff_say_in_a_window_holds(tmp_path: Path) -> None:
    """The stop that is given again behind the end of another window is the one they undid."""
    own = Counter(tmp_path)
    assert own.hears("@all", OUT, 8, window=5) == "done"
    own.service.resume("0317")
    assert own.hears("@all", OUT, 8, window=5) == "done"
    assert own.shown == ""


def test_a_windows_stop_lapses_with_its_time(tmp_path: Path) -> None:
    """Its end can be lost: the broker keeps only the newest command to a group."""
    own = Counter(tmp_path)
    assert own.hears("@all", OUT, 8, window=5) == "done"
    own.service.lapse(NOW + timedelta(days=6))
    assert own.shown == "words 5"
    own.service.lapse(NOW + timedelta(days=7))
    assert own.shown == ""


def test_it_lapses_without_a_line_to_the_centre(tmp_path: Path) -> None:
    """Who lost the line in a window is not stopped until the line is back."""
    service = Service(Keeping(tmp_path), _ignored, _ignored)
    service.stop_for("5", Stop(out=Out(reason="own", words="words"), lapses=1.0), "0021")
    reporter = Reporter(
        Ways(
            line=Deaf(),
            orders=Counter(tmp_path).orders,
            look=lambda _sequence, _at: pytest.fail("nobody could be told"),
            wanted=_ignored,
            beat=service.lapse,
        )
    )
    reporter.start()
    until(lambda: service.out is None)
    reporter.stop()


def test_a_stop_of_a_file_from_before_is_a_persons(tmp_path: Path) -> None:
    """Of a version that knew one stop only; and what one version writes the other reads."""
    own = Counter(tmp_path)
    before = {"reason": "own", "until": "", "words": "旧的"}
    Keeping(tmp_path).keep(FILE, dict(before))
    assert own.hears("@all", OUT, 8, window=5) == "done"
    assert own.hears("@all", IN, 2, window=5) == "done"
    found = Keeping(tmp_path).document(FILE)
    assert {name: found[name] for name in before} == before
