"""What staff, sticks, clocks, disks, units and cables do wrong: sentence, event and alarm of each.

One row a bad input. Each happens to a real log, real files and a real watch; what the watch tells
goes into a state, and the centre makes an alarm of it that has words.
"""

from __future__ import annotations

import os
import random
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
from sqlalchemy import select

from fleet.console.words import fault_steps, fault_title
from fleet.store import open_store
from fleet.store.model import Alarm
from fleet.terminals import Intake
from kiosk.agent.watch import AWAY_S, FILE
from kiosk.audit import Event
from kiosk.maintenance.faults import DEVICES, faults, told
from kiosk.maintenance.standing import Standing
from kiosk.translation import Translator
from tests.fleet import bad_input as happens
from tests.fleet.bad_input import WELL, Terminal
from tests.fleet.test_taking_in import state
from tests.fleet_databases import enrolled


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
        does=happens.copied, says="copied", event="staff_refused", fault="staff_card.copied"
    ),
    "an expired card": Row(
        does=happens.expired, says="expired", event="staff_refused", fault="staff_card.expired"
    ),
    "a card of another site": Row(
        does=happens.other_site,
        says="other_site",
        event="staff_refused",
        fault="staff_card.other_site",
    ),
    "a card that was withdrawn": Row(
        does=happens.disabled, says="disabled", event="staff_refused", fault="staff_card.disabled"
    ),
    "many strange cards": Row(
        does=happens.strangers, says="unknown", event="staff_refused", fault="staff_card.unknown"
    ),
    "a guessed PIN": Row(
        does=happens.guessed, says="locked", event="staff_locked", fault="staff_card.locked"
    ),
    "a damaged list of staff": Row(
        does=happens.damage("staff"), says="no_list", fault="upkeep.staff"
    ),
    "damaged tries": Row(does=happens.damage("tries"), says="locked", fault="upkeep.tries"),
    "damaged codes": Row(does=happens.damage("codes"), says="codes_damaged", fault="upkeep.codes"),
    "a damaged stop": Row(does=happens.damage("service"), fault="upkeep.service"),
    "a stick of anything": Row(does=happens.stick, event="stick_refused", fault="stick.refused"),
    "a pulled network cable": Row(
        does=happens.cable, event="intake_lost", fault="intake.unreachable"
    ),
    "a clock that was set": Row(does=happens.clock_set, event="clock_jumped", fault="clock.jumped"),
    "a wrong clock": Row(does=happens.clock_wrong, fault="clock.wrong"),
    "a unit that stays down": Row(does=happens.unit_down, fault="units.down"),
    "a full disk": Row(does=happens.full, fault="disk.full"),
    "a disk that is gone": Row(does=happens.disk_gone, fault="disk.gone"),
    "a store that can't be written": Row(does=happens.store_unusable, fault="outbox.unusable"),
    "a damaged store": Row(does=happens.store_damaged, fault="outbox.damaged"),
    "a damaged log": Row(does=happens.log_damaged, event="audit_damaged", fault="audit.broken"),
    "no device service": Row(does=happens.host_gone, fault="host.gone"),
    "a release nobody signed": Row(does=happens.release("untrusted"), fault="release.untrusted"),
    "an old publication": Row(does=happens.release("stale"), fault="release.stale"),
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
    happens.copied(terminal)
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


def test_a_clock_that_an_engineer_set_is_no_alarm(terminal: Terminal) -> None:
    """Whether the jump is noticed before or after; the next one that nobody made is one."""
    for first, second in (("clock_set", "clock_jumped"), ("clock_jumped", "clock_set")):
        for event in (first, second):
            own = {"person": "0021", "how": "set"} if event == "clock_set" else {}
            terminal.note(Event(event), seconds=3600, **own)
        assert terminal.looked(AWAY_S) == []
    terminal.note(Event("clock_set"), seconds=20, person="0021", how="step")
    terminal.note(Event("clock_jumped"), seconds=3600)
    assert terminal.looked() == ["clock.jumped"]


def test_a_clock_years_ahead_makes_no_alarm_for_years() -> None:
    """What it began ends a day after the clock was put right; a kept file with noise is nothing."""
    now = datetime.now(UTC)
    own = Standing({"stick.refused": "noise", "no.time": 7})
    own.heard("staff_refused", {"reason": "expired"}, now + timedelta(days=2000))
    assert [one.word for one in own.conditions(now)] == ["expired"]
    again = Standing(own.as_document())
    assert [one.word for one in again.conditions(now + timedelta(hours=23))] == ["expired"]
    assert list(again.conditions(now + timedelta(hours=25))) == []


def test_a_line_that_is_back_is_no_alarm_any_more(terminal: Terminal) -> None:
    """By its event, or by the next start: nobody knows then, and the next attempt tells."""
    for over in ("intake_back", "agent_started"):
        happens.cable(terminal)
        assert "intake.unreachable" in terminal.looked()
        terminal.note(Event(over), **({"entries": 0} if over == "agent_started" else {}))
        assert terminal.looked(AWAY_S) == []


def test_an_unlocked_card_is_no_alarm_any_more(terminal: Terminal) -> None:
    """What staff do about it ends it."""
    happens.guessed(terminal)
    assert "staff_card.locked" in terminal.looked()
    terminal.note(Event("staff_changed"), what="unlock", person="0021", uid=0)
    assert terminal.looked(AWAY_S) == []
    assert terminal.events()[-1] == "fault_over staff_card.locked"
