"""What the centre is told of updates, and how it asks a terminal to go back."""

from __future__ import annotations

import pytest

from kiosk.agent.centre import update
from kiosk.release import durable, wishes
from kiosk.release.course import Stage
from kiosk.release.errors import Unusable
from kiosk.release.health import State, Verdict
from kiosk.release.reasons import Reason
from kiosk.release.telling import keep_look, name_in_force
from kiosk.status.state import Update
from tests.releases.conftest import Terminal
from tests.releases.repositories import GROUP, Fleet

FIELDS = ("version", "seen", "wanted", "wanted_version", "step", "why")


def told(terminal: Terminal) -> tuple[object, ...]:
    """Return what the centre is told, but for times."""
    own = update(GROUP, terminal.folder)
    assert own.group == GROUP
    return tuple(getattr(own, name) for name in FIELDS)


def test_the_centre_is_told_what_is_in_force_and_how_the_newest_fares(
    fleet: Fleet, terminal: Terminal
) -> None:
    """In force, seen, wanted, how far, and why not, after each kind of end."""
    assert told(terminal) == (1, 1, "release-1", 1, "committed", None)
    assert update(GROUP, terminal.folder).since is not None
    fleet.release("2")
    during: list[tuple[object, ...]] = []
    terminal.update_from(fleet.repository.public, pause=lambda _: during.append(told(terminal)))
    assert during[0] == (2, 2, "release-2", 2, "trial", None)
    fleet.release("3")
    terminal.refuses = Unusable
    terminal.update_from(fleet.repository.public)
    assert told(terminal) == (2, 3, "release-3", 3, "refused", Reason.PACK)
    fleet.release("4")
    terminal.refuses = None
    terminal.health.verdict = Verdict(State.ILL, "session_hung ×2", Reason.HUNG)
    terminal.update_from(fleet.repository.public)
    assert told(terminal) == (2, 4, "release-4", 4, "rolled_back", Reason.HUNG)
    assert name_in_force(terminal.folder) == "release-2"
    keep_look(terminal.folder, "release.stale")
    assert update(GROUP, terminal.folder).look == "release.stale"


def test_a_terminal_without_releases_tells_that(terminal: Terminal) -> None:
    """Nothing is in force and nothing was looked for."""
    assert update(GROUP, terminal.folder / "none") == Update(group=GROUP, step="idle")


def test_a_wish_takes_a_committed_release_back(fleet: Fleet, terminal: Terminal) -> None:
    """At the next start of the unit, once; it is not tried again."""
    fleet.release("2")
    terminal.update_from(fleet.repository.public)
    wishes.go_back(terminal.folder, "0021: wrong phone")
    assert (terminal.folder / "nudge").exists()
    course = terminal.update_from(fleet.repository.public)
    assert (course.stage, course.code, course.why) == (
        Stage.ROLLED_BACK,
        Reason.ORDER,
        "0021: wrong phone",
    )
    assert terminal.phone == "1"
    with pytest.raises(Unusable, match="nothing to go back from"):
        wishes.go_back(terminal.folder, "again")


def test_a_wish_ends_a_trial(fleet: Fleet, terminal: Terminal) -> None:
    """Between two looks."""
    fleet.release("2")
    course = terminal.update_from(
        fleet.repository.public, pause=lambda _: wishes.go_back(terminal.folder, "0021: no")
    )
    assert (course.stage, course.code, terminal.phone) == (Stage.ROLLED_BACK, Reason.ORDER, "1")


def test_a_wish_for_another_release_is_forgotten(fleet: Fleet, terminal: Terminal) -> None:
    """It came when a newer one was in force already; so is one that is spoilt."""
    wishes.go_back(terminal.folder, "late")
    own = (terminal.folder / "back.json").read_bytes()
    fleet.release("2")
    (terminal.folder / "back.json").unlink()
    terminal.update_from(fleet.repository.public)
    for spoilt in (own, b"\0", b"[]"):
        durable.put(terminal.folder / "back.json", spoilt)
        assert terminal.update_from(fleet.repository.public).stage is Stage.COMMITTED
        assert not (terminal.folder / "back.json").exists()
    assert terminal.phone == "2"
