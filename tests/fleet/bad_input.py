"""A terminal without its processes, and what staff, sticks, clocks and cables do to it.

Each of these acts returns why staff are refused at once, or nothing.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest

from kiosk.agent import sights as looking
from kiosk.agent.sights import Place, Sights
from kiosk.agent.sign_in import Gate, Refused, SignIn
from kiosk.agent.watch import FILE, Looks, Watch
from kiosk.audit import AuditLog, Event
from kiosk.audit.reading import newest
from kiosk.commands.ladder import _leave_word
from kiosk.maintenance.attempts import MOST, Counts
from kiosk.maintenance.faults import DEVICES, faults
from kiosk.maintenance.keeping import Keeping
from kiosk.maintenance.staff import Person, Role, Staff, card_hash, hash_pin
from kiosk.outbox import OutboxUnusable
from kiosk.outbox.records import Counts as Owed
from kiosk.outbox.records import State
from kiosk.outbox.report import FILE as STORE

NUMBER = "400101199001010017"
PIN = "271828"
PIN_HASH = hash_pin(PIN)
TODAY = datetime.now().astimezone().date()
WELL = {"common": {"device": "online"}}


class Terminal:
    """A terminal without its processes: log, files, watch."""

    def __init__(self, place: Path) -> None:
        self.state = place / "agent"
        self.state.mkdir()
        self.now = 1000.0
        self.devices: dict[str, object] = {name.replace("_", "-"): WELL for name in DEVICES}
        self.reserve = 1
        self.unusable = False
        self.sights = Sights(
            Place(
                state=self.state,
                run_dir=place / "run",
                secret="",
                reserve=1,
                releases=place / "releases",
                counts=self._owed,
            )
        )
        self.sights._cabinet = SimpleNamespace(  # type: ignore[assignment]
            statuses=lambda: dict(self.devices), close=lambda: None
        )
        self.watch = self._watch()
        self.log = self._log()
        self.gate = Gate(keeping=Keeping(self.state), terminal="410700-0001", note=self.note)
        self.gate.keeping.make()

    def _owed(self) -> Owed:
        if self.unusable:
            raise OutboxUnusable("io")
        return Owed(by_state=dict.fromkeys(State, 0), sealed_bytes=0, oldest_s=None)

    def _watch(self) -> Watch:
        looks = Looks(sights=self.sights.conditions, note=self.note, file=self.state / FILE)
        return Watch(looks, clock=lambda: self.now)

    def _log(self) -> AuditLog:
        return AuditLog(self.state / "audit" / "audit.log", heard=self.watch.heard)

    def note(self, event: Event, **fields: str | int) -> None:
        """Write an event down, as the agent's loop does."""
        self.log.append(event, **fields)

    def restarted(self) -> None:
        """Let the agent begin anew."""
        self.log.close()
        self.watch = self._watch()
        self.log = self._log()

    def looked(self, seconds: float = 5.0) -> list[str]:
        """Let time pass and the watch look twice; returns what is wrong."""
        self.now += seconds
        self.watch.look()
        self.watch.look()
        return [one.id for one in faults(self.watch.conditions())]

    def events(self) -> list[str]:
        """Return the log's events, a fault's with its name."""
        return [
            " ".join((str(one.raw["e"]), *_fault(one.raw)))
            for one in newest(self.state / "audit", 99)
        ]

    def staff(self, **changes: object) -> None:
        """Put one person on the list."""
        own: dict[str, object] = {
            "work_no": "0021",
            "role": Role.CLERK,
            "card": card_hash(self.gate.keeping.key(), NUMBER),
            "pin": PIN_HASH,
            "sites": ("410700-*",),
            "until": TODAY + timedelta(days=9),
        }
        person = Person(**{**own, **changes})  # type: ignore[arg-type]
        self.gate.keeping.keep_staff(Staff(people=(person,)))

    def try_card(self, number: str = NUMBER) -> str:
        """Lay a card down; returns why it was refused, or nothing."""
        with suppress(LookupError):
            try:
                SignIn(self.gate).card(card_hash(self.gate.keeping.key(), number))
            except Refused as refused:
                return refused.reason
        return ""


def _fault(raw: dict[str, object]) -> tuple[str, ...]:
    fields = raw["f"]
    return (str(fields["fault"]),) if isinstance(fields, dict) and "fault" in fields else ()


def copied(terminal: Terminal) -> str:
    """The reader does not believe a card's chip."""
    try:
        SignIn(terminal.gate).unreadable()
    except Refused:
        return "copied"  # as the session names what the reader said
    raise AssertionError


def expired(terminal: Terminal) -> str:
    """A card is used a day after its last one."""
    terminal.staff(until=TODAY - timedelta(days=1))
    return terminal.try_card()


def other_site(terminal: Terminal) -> str:
    """A card of another place is laid down."""
    terminal.staff(sites=("410100-*",))
    return terminal.try_card()


def disabled(terminal: Terminal) -> str:
    """A card that was taken off the list is laid down."""
    terminal.staff(disabled=True)
    return terminal.try_card()


def strangers(terminal: Terminal) -> str:
    """Five cards that nobody registered are laid down."""
    terminal.staff()
    return [terminal.try_card(f"4001011990010100{n}") for n in range(10, 15)][-1]


def guessed(terminal: Terminal) -> str:
    """The fifteenth wrong PIN in a row is typed."""
    terminal.staff()
    card = card_hash(terminal.gate.keeping.key(), NUMBER)
    terminal.gate.keeping.keep_counts(Counts(tries={card: MOST - 1}))
    terminal.gate.waits.begun = -1e9
    own = SignIn(terminal.gate)
    own.card(card)
    with pytest.raises(Refused) as refused:
        own.pin("141421")
    return refused.value.reason


def damage(name: str) -> Callable[[Terminal], str]:
    """Return what damages a file of maintenance mode, and then tries to come in."""

    def damage(terminal: Terminal) -> str:
        terminal.staff()
        (terminal.gate.keeping.folder / f"{name}.json").write_text("{")
        if name == "codes":
            with pytest.raises(Refused) as refused:
                SignIn(terminal.gate).code("12345678")
            return refused.value.reason
        return terminal.try_card()

    return damage


def stick(terminal: Terminal) -> str:
    """A stick with a release of nobody is put in."""
    terminal.note(Event("stick_refused"), person="0021", reason="release.untrusted")
    return ""


def cable(terminal: Terminal) -> str:
    """The intake is out of reach."""
    terminal.note(Event("intake_lost"), reason="no_connection")
    return ""


def clock_set(terminal: Terminal) -> str:
    """The clock jumps two hours back."""
    terminal.note(Event("clock_jumped"), seconds=-7200)
    return ""


def clock_wrong(terminal: Terminal) -> str:
    """The nightly look finds the clock wrong."""
    night = terminal.state.parent / "doctor"
    night.mkdir()
    values = {"check": "clock", "case": "wrong", "verdict": "broken", "values": {"seconds": 90}}
    (night / "last.json").write_text(json.dumps({"findings": [values]}))
    return ""


def unit_down(terminal: Terminal) -> str:
    """Systemd has given a unit up and calls the ladder."""
    (terminal.state.parent / "ladder").mkdir()
    _leave_word(terminal.state.parent / "ladder", "kiosk-shell")
    return ""


def full(terminal: Terminal) -> str:
    """The disk has less room than submissions need."""
    terminal.sights._place = _with(terminal.sights._place, reserve=2**60)
    return ""


def disk_gone(terminal: Terminal) -> str:
    """The disk is not there."""
    terminal.sights._place = _with(terminal.sights._place, state=terminal.state / "gone" / "x")
    return ""


def store_unusable(terminal: Terminal) -> str:
    """The store of submissions can't be read."""
    terminal.unusable = True
    return ""


def store_damaged(terminal: Terminal) -> str:
    """A damaged store was set aside."""
    path = terminal.state / STORE
    path.parent.mkdir(exist_ok=True)
    path.with_name(f"{path.name}.damaged-1").write_bytes(b"x")
    return ""


def log_damaged(terminal: Terminal) -> str:
    """The log's last line is damaged when the agent begins."""
    terminal.note(Event("agent_started"), entries=0)
    path = terminal.state / "audit" / "audit.log"
    path.write_bytes(path.read_bytes()[:-20] + b"\x00" * 19 + b"\n")
    terminal.restarted()
    return ""


def host_gone(terminal: Terminal) -> str:
    """No device has a socket a minute after the start."""
    terminal.devices = {}
    terminal.sights._began -= looking.SETTLE_S + 1
    return ""


def release(word: str) -> Callable[[Terminal], str]:
    """Return what lets the look for a release end with a word."""

    def look(terminal: Terminal) -> str:
        folder = terminal.state.parent / "releases"
        folder.mkdir()
        (folder / "look.json").write_text(json.dumps({"outcome": f"release.{word}"}))
        return ""

    return look


def _with(place: Place, **changes: object) -> Place:
    own = {name: getattr(place, name) for name in Place.__slots__}
    return Place(**{**own, **changes})
