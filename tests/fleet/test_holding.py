"""Alarms inside a maintenance window wait for its end; those that must be heard do not."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from sqlalchemy import Engine, insert, update

from fleet.metrics import Metrics
from fleet.orders import Wanted
from fleet.orders.windows import Planned, Windows
from fleet.store.model import Alarm, Terminal
from fleet.terminals import finding
from fleet.terminals.level import GONE
from fleet.terminals.log_findings import BREAKS, PASSING, Finding
from kiosk.maintenance.faults import listed
from tests.fleet_databases import engine, enrolled, postgres_url, url

__all__ = ["engine", "postgres_url", "url"]
HOUR = timedelta(hours=1)


def rings(engine: Engine) -> list[str]:
    """Return what is put before somebody, and counted."""
    told = [one.fault for one in finding.open_alarms(engine, 50, held=False)]
    assert finding.alarms_open(engine) == len(told)
    return told


def begin(engine: Engine, group: str, given: list[Wanted], changed: list[str]) -> Windows:
    """Open a window of two hours now."""
    windows = Windows(engine, given.append, lambda: changed.append("step"))
    now = datetime.now(UTC)
    own = Planned(group=group, words="检修", begins_at=now, ends_at=now + 2 * HOUR, by="0021")
    windows.plan(own)
    windows.keep()
    return windows


def test_what_is_told_in_a_window_waits_for_its_end(engine: Engine) -> None:
    """Of its own terminals alone; shown as held; back by itself; pages are told at both ends."""
    enrolled(engine, "T-1", "T-2")
    began = datetime.now(UTC)
    with engine.begin() as connection:
        own = {"release_group": "canary", "jurisdiction": "410700", "level": 3}
        connection.execute(update(Terminal).where(Terminal.name == "T-1").values(**own))
        for name, fault, level in (
            ("T-1", "receipt_printer.gone", 2),
            ("T-1", "log.rewritten", 2),
            ("T-2", "ups.battery", 1),
        ):
            values = {"terminal": name, "fault": fault, "level": level}
            connection.execute(insert(Alarm).values(**values, began_at=began))
    everything = ["receipt_printer.gone", "log.rewritten", "ups.battery"]
    assert rings(engine) == everything
    for group in ("all", "canary", "410700"):
        changed: list[str] = []
        windows = begin(engine, group, [], changed)
        elsewhere = [] if group == "all" else ["ups.battery"]
        assert rings(engine) == ["log.rewritten", *elsewhere], group
        _is_shown_as_held(engine, began)
        assert finding.alarms_open(engine, held=True) == 2 - len(elsewhere)
        windows.cancel(windows.open()[0].id, "0021")
        windows.keep()
        assert rings(engine) == everything, group
        assert changed == ["step", "step"]


def _is_shown_as_held(engine: Engine, began: datetime) -> None:
    """In lists with its end, behind all others; in the figures apart."""
    told = finding.open_alarms(engine, 50)
    held = [one for one in told if one.held_until is not None]
    assert (held[0].fault, held[0].held_until > began + HOUR) == ("receipt_printer.gone", True)
    assert list(told)[-len(held) :] == held
    text = Metrics(engine, "x" * 32, lambda: True).text().decode()
    assert 'yiduan_alarms_held{fault="receipt_printer.gone"} 1.0' in text
    assert 'yiduan_alarms_open{fault="receipt_printer.gone"}' not in text
    assert 'yiduan_alarms_open{fault="log.rewritten"} 1.0' in text
    assert 'yiduan_terminals_in_maintenance{level="nobody"} 1.0' in text


def test_each_alarm_is_held_or_heard_as_its_fault_says(engine: Engine) -> None:
    """Of every fault there is; one that the centre has never heard of may be anything."""
    enrolled(engine, "T-1")
    waits = {one.id: one.waits for one in listed()}
    waits |= {one.fault: one.waits for one in Finding} | {GONE: True, "device.of_tomorrow": False}
    values = {"terminal": "T-1", "level": 1, "began_at": datetime.now(UTC)}
    with engine.begin() as connection:
        connection.execute(insert(Alarm), [{**values, "fault": fault} for fault in waits])
    begin(engine, "all", [], [])
    held = {fault for fault, own in waits.items() if own}
    assert set(finding.alarms_by_fault(engine, held=True)) == held
    assert set(finding.alarms_by_fault(engine, held=False)) == waits.keys() - held


def test_of_a_log_only_a_clock_and_a_passing_silence_wait() -> None:
    """Whatever means that lines are gone, changed or another's is heard, also a gap."""
    assert {one for one in Finding if one.waits} == PASSING
    assert not {*BREAKS, Finding.FOREIGN, Finding.TRIMMED_EARLY, Finding.GAP} & PASSING
