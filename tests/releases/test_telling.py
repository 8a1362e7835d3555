"""What the log is told of releases, and the nudge that has the unit look."""

from __future__ import annotations

from pathlib import Path

import pytest

from kiosk.audit import Event
from kiosk.audit.events import catalogue
from kiosk.release.errors import Unusable
from kiosk.release.health import State, Verdict
from kiosk.release.telling import Telling, keep_look, name_in_force, nudge
from tests.releases.conftest import Terminal
from tests.releases.repositories import Fleet


class Notes:
    """What was noted, held against the catalogue of events."""

    def __init__(self) -> None:
        self.told: list[str] = []

    def __call__(self, event: Event, **fields: str | int) -> None:
        """Take an event."""
        assert set(fields) <= set(catalogue()[event.value].fields)
        self.told.append(event.value)


@pytest.fixture
def notes() -> Notes:
    """What was noted."""
    return Notes()


def test_each_change_is_told_once(
    fleet: Fleet, terminal: Terminal, notes: Notes, tmp_path: Path
) -> None:
    """Also when the agent was down meanwhile, and when it starts again."""

    def agent() -> Telling:
        return Telling(terminal.folder, tmp_path / "told.json", notes)

    telling = agent()
    for _ in range(3):
        telling.look()
    agent().look()
    assert notes.told == ["release_committed"]
    assert name_in_force(terminal.folder) == "release-1"
    fleet.release("2")
    terminal.refuses = Unusable
    terminal.update_from(fleet.repository.public)
    telling.look()
    agent().look()
    assert notes.told == ["release_committed", "release_refused"]


def test_what_waits_is_made_anew_when_another_generation_is_in_force(
    fleet: Fleet, terminal: Terminal, notes: Notes, tmp_path: Path
) -> None:
    """Once for the new one and once for going back; a refused release changes nothing."""
    renewed: list[str] = []
    memory = tmp_path / "told.json"
    telling = Telling(terminal.folder, memory, notes, lambda: renewed.append(terminal.phone))
    telling.look()
    fleet.release("2")
    terminal.update_from(fleet.repository.public)
    for _ in range(2):
        telling.look()
    fleet.release("3")
    terminal.refuses = Unusable
    terminal.update_from(fleet.repository.public)
    telling.look()
    fleet.release("4")
    terminal.refuses = None
    terminal.health.verdict = Verdict(State.ILL, "hung")

    def seen(_seconds: float) -> None:
        telling.look()

    terminal.update_from(fleet.repository.public, pause=seen)
    telling.look()
    assert renewed == ["1", "2"]


def test_a_look_that_fails_is_told_when_it_begins_to(
    terminal: Terminal, notes: Notes, tmp_path: Path
) -> None:
    """Not every quarter of an hour."""
    telling = Telling(terminal.folder, tmp_path / "told.json", notes)
    telling.look()
    for outcome in ("release.stale", "release.stale", "ok", "release.untrusted"):
        keep_look(terminal.folder, outcome)
        telling.look()
    assert notes.told[1:] == ["release_look_failed", "release_look_failed"]


def test_a_nudge_changes_the_file_that_the_unit_waits_for(tmp_path: Path) -> None:
    """On a desk without releases nothing is written."""
    nudge(tmp_path / "nowhere")
    nudge(tmp_path)
    unit = Path(__file__).parents[2] / "systemd" / "kiosk-release.path"
    assert f"/{next(tmp_path.iterdir()).name}\n" in unit.read_text()
