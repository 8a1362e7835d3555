"""What staff, sticks, clocks, disks, units and cables do wrong: sentence, event and alarm of each.

One row a bad input. Each happens to a real log, real files and a real watch; what the watch tells
goes into a state, and the centre makes an alarm of it that has words.
"""

from __future__ import annotations

import json
import os
import random
import shutil
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
from sqlalchemy import select

from fleet.console.words import fault_steps, fault_title
from fleet.store import open_store
from fleet.store.model import Alarm
from fleet.terminals import Intake
from kiosk.agent import sights as looking
from kiosk.agent.sights import Place, Sights
from kiosk.agent.sign_in import Gate, Refused, SignIn
from kiosk.agent.watch import AWAY_S, FILE, Looks, Watch
from kiosk.audit import AuditLog, Event
from kiosk.audit.reading import newest
from kiosk.commands.ladder import _leave_word
from kiosk.maintenance.attempts import MOST, Counts
from kiosk.maintenance.faults import DEVICES, faults, told
from kiosk.maintenance.keeping import Keeping
from kiosk.maintenance.staff import Person, Role, Staff, card_hash, hash_pin
from kiosk.outbox import OutboxUnusable
from kiosk.outbox.records import Counts as Owed
from kiosk.outbox.records import State
from kiosk.outbox.report import FILE as STORE
from kiosk.translation import Translator
from tests.fleet.test_taking_in import state
from tests.fleet_databases import enrolled

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


def _copied(terminal: Terminal) -> str:
    try:
        SignIn(terminal.gate).unreadable()
    except Refused:
        return "copied"  # as the session names what the reader said
    raise AssertionError


def _expired(terminal: Terminal) -> str:
    terminal.staff(until=TODAY - timedelta(days=1))
    return terminal.try_card()


def _other_site(terminal: Terminal) -> str:
    terminal.staff(sites=("410100-*",))
    return terminal.try_card()


def _disabled(terminal: Terminal) -> str:
    terminal.staff(disabled=True)
    return terminal.try_card()


def _strangers(terminal: Terminal) -> str:
    terminal.staff()
    return [terminal.try_card(f"4001011990010100{n}") for n in range(10, 15)][-1]


def _guessed(terminal: Terminal) -> str:
    terminal.staff()
    card = card_hash(terminal.gate.keeping.key(), NUMBER)
    terminal.gate.keeping.keep_counts(Counts(tries={card: MOST - 1}))
    terminal.gate.waits.begun = -1e9
    own = SignIn(terminal.gate)
    own.card(card)
    with pytest.raises(Refused) as refused:
        own.pin("141421")
    return refused.value.reason


def _damage(name: str) -> Callable[[Terminal], str]:
    def damage(terminal: Terminal) -> str:
        terminal.staff()
        (terminal.gate.keeping.folder / f"{name}.json").write_text("{")
        if name == "codes":
            with pytest.raises(Refused) as refused:
                SignIn(terminal.gate).code("12345678")
            return refused.value.reason
        return terminal.try_card()

    return damage


def _stick(terminal: Terminal) -> str:
    terminal.note(Event("stick_refused"), person="0021", reason="release.untrusted")
    return ""


def _cable(terminal: Terminal) -> str:
    terminal.note(Event("intake_lost"), reason="no_connection")
    return ""


def _clock_set(terminal: Terminal) -> str:
    terminal.note(Event("clock_jumped"), seconds=-7200)
    return ""


def _clock_wrong(terminal: Terminal) -> str:
    night = terminal.state.parent / "doctor"
    night.mkdir()
    values = {"check": "clock", "case": "wrong", "verdict": "broken", "values": {"seconds": 90}}
    (night / "last.json").write_text(json.dumps({"findings": [values]}))
    return ""


def _unit_down(terminal: Terminal) -> str:
    (terminal.state.parent / "ladder").mkdir()
    _leave_word(terminal.state.parent / "ladder", "kiosk-shell")
    return ""


def _full(terminal: Terminal) -> str:
    terminal.sights._place = _with(terminal.sights._place, reserve=2**60)
    return ""


def _disk_gone(terminal: Terminal) -> str:
    terminal.sights._place = _with(terminal.sights._place, state=terminal.state / "gone" / "x")
    return ""


def _store_unusable(terminal: Terminal) -> str:
    terminal.unusable = True
    return ""


def _store_damaged(terminal: Terminal) -> str:
    path = terminal.state / STORE
    path.parent.mkdir(exist_ok=True)
    path.with_name(f"{path.name}.damaged-1").write_bytes(b"x")
    return ""


def _log_damaged(terminal: Terminal) -> str:
    terminal.note(Event("agent_started"), entries=0)
    path = terminal.state / "audit" / "audit.log"
    path.write_bytes(path.read_bytes()[:-20] + b"\x00" * 19 + b"\n")
    terminal.restarted()
    return ""


def _host_gone(terminal: Terminal) -> str:
    terminal.devices = {}
    terminal.sights._began -= looking.SETTLE_S + 1
    return ""


def _release(word: str) -> Callable[[Terminal], str]:
    def look(terminal: Terminal) -> str:
        folder = terminal.state.parent / "releases"
        folder.mkdir()
        (folder / "look.json").write_text(json.dumps({"outcome": f"release.{word}"}))
        return ""

    return look


def _with(place: Place, **changes: object) -> Place:
    own = {name: getattr(place, name) for name in Place.__slots__}
    return Place(**{**own, **changes})


@dataclass(frozen=True, kw_only=True)
class Row:
    """One bad input: what happens, what staff read at once, which fault it is, what the log has."""

    does: Callable[[Terminal], str]
    fault: str
    says: str = ""
    event: str = ""
    also: tuple[str, ...] = field(default_factory=tuple)


ROWS = {
    "a copied card": Row(
        does=_copied, says="copied", event="staff_refused", fault="staff_card.copied"
    ),
    "an expired card": Row(
        does=_expired, says="expired", event="staff_refused", fault="staff_card.expired"
    ),
    "a card of another site": Row(
        does=_other_site, says="other_site", event="staff_refused", fault="staff_card.other_site"
    ),
    "a card that was withdrawn": Row(
        does=_disabled, says="disabled", event="staff_refused", fault="staff_card.disabled"
    ),
    "many strange cards": Row(
        does=_strangers, says="unknown", event="staff_refused", fault="staff_card.unknown"
    ),
    "a guessed PIN": Row(
        does=_guessed, says="locked", event="staff_locked", fault="staff_card.locked"
    ),
    "a damaged list of staff": Row(does=_damage("staff"), says="no_list", fault="upkeep.staff"),
    "damaged tries": Row(does=_damage("tries"), says="locked", fault="upkeep.tries"),
    "damaged codes": Row(does=_damage("codes"), says="codes_damaged", fault="upkeep.codes"),
    "a damaged stop": Row(does=_damage("service"), fault="upkeep.service"),
    "a stick of anything": Row(does=_stick, event="stick_refused", fault="stick.refused"),
    "a pulled network cable": Row(does=_cable, event="intake_lost", fault="intake.unreachable"),
    "a clock that was set": Row(does=_clock_set, event="clock_jumped", fault="clock.jumped"),
    "a wrong clock": Row(does=_clock_wrong, fault="clock.wrong"),
    "a unit that stays down": Row(does=_unit_down, fault="units.down"),
    "a full disk": Row(does=_full, fault="disk.full"),
    "a disk that is gone": Row(does=_disk_gone, fault="disk.gone"),
    "a store that can't be written": Row(does=_store_unusable, fault="outbox.unusable"),
    "a damaged store": Row(does=_store_damaged, fault="outbox.damaged"),
    "a damaged log": Row(does=_log_damaged, event="audit_damaged", fault="audit.broken"),
    "no device service": Row(does=_host_gone, fault="host.gone"),
    "a release nobody signed": Row(does=_release("untrusted"), fault="release.untrusted"),
    "an old publication": Row(does=_release("stale"), fault="release.stale"),
}


@pytest.fixture
def terminal(tmp_path: Path) -> Iterator[Terminal]:
    """A terminal that is well."""
    own = Terminal(tmp_path)
    assert own.looked() == []
    yield own
    own.log.close()


@pytest.mark.parametrize("name", ROWS)
def test_a_bad_input_has_a_sentence_an_event_and_an_alarm(
    terminal: Terminal, name: str, tmp_path: Path
) -> None:
    """From what happens to what the clerk reads, the log has, and the centre is alarmed by."""
    row, words = ROWS[name], Translator(strict=True)
    assert row.does(terminal) == row.says
    there = terminal.looked()
    assert row.fault in there
    events = terminal.events()
    assert f"fault_began {row.fault}" in events
    assert row.event in {"", *events}
    (fault,) = [one for one in faults(terminal.watch.conditions()) if one.id == row.fault]
    said = told(fault, words)
    assert said.title
    assert said.steps
    assert said.call
    alarms = _alarms(tmp_path, there)
    assert row.fault in alarms
    assert fault_title(row.fault) != row.fault
    assert fault_steps(row.fault)


def _alarms(place: Path, there: list[str]) -> list[str]:
    """Return the alarms that a centre makes of a terminal's faults."""
    engine = open_store(f"sqlite:///{place}/fleet.db").execution_options(writes=True)
    enrolled(engine, "T-1")
    intake = Intake(engine)
    intake.state(state("T-1", faults=tuple(there)))
    intake.write()
    with engine.connect() as connection:
        found = list(connection.scalars(select(Alarm.fault).where(Alarm.ended_at.is_(None))))
    engine.dispose()
    return found


def test_a_read_only_disk_is_told_although_no_log_takes_it(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The centre is told by the line; the file of what has begun is not needed for it."""
    disk = SimpleNamespace(f_flag=os.ST_RDONLY, f_bavail=2**30, f_frsize=4096)
    monkeypatch.setattr(os, "statvfs", lambda _path: disk)
    shutil.rmtree(terminal.gate.keeping.folder)
    (terminal.state / FILE).mkdir()  # can't be replaced by a file
    assert terminal.looked() == ["disk.read_only"]
    assert "fault_began disk.read_only" in terminal.events()


def test_cables_in_any_order(terminal: Terminal) -> None:
    """Pulled and put back one by one: each begins once and is over once, however often seen."""
    seed = random.randrange(2**32)  # noqa: S311 - order of a test
    print(f"seed {seed}")
    lot = random.Random(seed)  # noqa: S311 - order of a test
    names = list(terminal.devices)
    for step in ("pull", "push"):
        lot.shuffle(names)
        for name in names:
            terminal.devices[name] = None if step == "pull" else WELL
            terminal.looked(AWAY_S if step == "push" else 5.0)
    terminal.looked(AWAY_S)
    events = sorted(one for one in terminal.events() if one.startswith("fault_"))
    gone = sorted(f"{name}.gone" for name in DEVICES)
    began = [f"fault_began {one}" for one in gone]
    assert events == [*began, *(f"fault_over {one}" for one in gone)]


def test_a_loose_plug_does_not_fill_the_log(terminal: Terminal) -> None:
    """It comes and goes every few seconds: one fault, not hundreds."""
    for turn in range(40):
        terminal.devices["scanner"] = None if turn % 2 else WELL
        terminal.now += 5
        terminal.watch.look()
        terminal.watch.look()
    assert [one for one in terminal.events() if "scanner" in one] == ["fault_began scanner.gone"]


def test_a_restart_says_nothing_twice_and_what_was_mended_meanwhile(terminal: Terminal) -> None:
    """Also what stands: a copied card is an alarm after the restart, too."""
    _copied(terminal)
    terminal.devices["scanner"] = None
    terminal.looked()
    terminal.restarted()
    terminal.devices["scanner"] = WELL
    assert "staff_card.copied" in terminal.looked(AWAY_S)
    told_ = [one for one in terminal.events() if one.startswith("fault_")]
    assert told_ == [
        "fault_began scanner.gone",
        "fault_began staff_card.copied",
        "fault_over scanner.gone",
    ]


def test_a_line_that_is_back_is_no_alarm_any_more(terminal: Terminal) -> None:
    """By its event, or by the next start: nobody knows then, and the next attempt tells."""
    for over in ("intake_back", "agent_started"):
        _cable(terminal)
        assert "intake.unreachable" in terminal.looked()
        terminal.note(Event(over), **({"entries": 0} if over == "agent_started" else {}))
        assert terminal.looked(AWAY_S) == []


def test_an_unlocked_card_is_no_alarm_any_more(terminal: Terminal) -> None:
    """What staff do about it ends it."""
    _guessed(terminal)
    assert "staff_card.locked" in terminal.looked()
    terminal.note(Event("staff_changed"), what="unlock", person="0021", uid=0)
    assert terminal.looked(AWAY_S) == []
    assert terminal.events()[-1] == "fault_over staff_card.locked"
