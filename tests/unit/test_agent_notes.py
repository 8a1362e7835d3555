"""Events on their way to a log whose disk is full for a while."""

from __future__ import annotations

from pathlib import Path

import pytest

from kiosk.agent import notes as room
from kiosk.agent.notes import Notes
from kiosk.audit import AuditLog, Event
from kiosk.audit.reading import newest

STARTED = Event("agent_started")


class Disk:
    """A log whose disk takes lines or not."""

    def __init__(self, place: Path) -> None:
        self.log = AuditLog(place / "audit.log")
        self.full = False
        self.place = place
        self.notes = Notes(self, lambda: None)  # type: ignore[arg-type]

    def append(self, event: Event, **fields: str | int) -> None:
        """Write an event, if there is room."""
        if self.full:
            raise OSError(28, "No space left on device")
        self.log.append(event, **fields)

    def told(self) -> list[object]:
        """Return what the log has: numbers of events, and how many were lost."""
        fields = (one.raw["f"] for one in newest(self.place, 9))
        return [next(iter(own.values())) for own in fields if isinstance(own, dict)]


def test_what_a_full_disk_did_not_take_is_written_once_it_does(tmp_path: Path) -> None:
    """In its order, each once; an event that is none stops nothing."""
    disk = Disk(tmp_path)
    disk.full = True
    for number in range(3):
        disk.notes.put(STARTED, entries=number)
        disk.notes.write()
    assert disk.told() == []
    disk.full = False
    disk.notes.put(STARTED, name="no field of it")
    disk.notes.put(STARTED, entries=3)
    disk.notes.write()
    disk.notes.write()
    assert disk.told() == [0, 1, 2, 3]


def test_a_disk_that_is_full_for_long_costs_the_oldest_and_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Memory does not grow, and the log says how many are missing."""
    monkeypatch.setattr(room, "MOST", 2)
    disk = Disk(tmp_path)
    disk.full = True
    for number in range(5):
        disk.notes.put(STARTED, entries=number)
        disk.notes.write()
    disk.full = False
    disk.notes.write()
    assert disk.told() == [3, 4, 3]
    assert newest(tmp_path, 1)[0].raw["e"] == "events_lost"
