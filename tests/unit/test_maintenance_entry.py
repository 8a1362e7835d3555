"""Other ways into maintenance mode: the key switch, and what a session hears of service."""

from __future__ import annotations

from pathlib import Path

from kiosk.session.machine import Machine
from screens.station import words


def _seen(machine: Machine, *positions: str | None) -> int:
    """Turn the key through these positions; return how often staff were let in."""
    let_in: list[None] = []
    machine.turned = lambda: let_in.append(None)
    for position in positions:
        machine._see_key({"auxiliaries": {"operatorSwitch": position}} if position else {})
    return len(let_in)


def test_the_key_opens_when_it_is_turned(tmp_path: Path) -> None:
    """Once a turn; a key that was left turned opens nothing again, nor does a panel without one."""
    assert _seen(Machine(tmp_path, ""), "run", "maintenance", "maintenance") == 1
    assert _seen(Machine(tmp_path, ""), "run", "supervisor", "run", "maintenance") == 2
    assert _seen(Machine(tmp_path, ""), "maintenance", "maintenance") == 0
    assert _seen(Machine(tmp_path, ""), None, "maintenance") == 0


def test_citizens_read_what_staff_chose() -> None:
    """A sentence of the list with its time, or one of staff's own."""
    title, lead = words({"reason": "paper", "until": "hour"})
    assert title.key == "staff.out.reason.paper_shown"
    assert lead.key == "staff.out.told.hour"
    title, lead = words({"reason": "own", "words": "今天停电检修"})
    assert dict(title.values) == {"text": "今天停电检修"}
    assert lead.key == "staff.out.told.open"
    title, lead = words({"reason": "of_tomorrow", "until": "whenever"})
    assert title.key == "staff.out.reason.maintenance_shown"
    assert lead.key == "staff.out.told.open"
