"""Root's door while processes restart: it waits for a citizen, it always answers, a trial ends."""

from __future__ import annotations

import os
from collections.abc import Mapping
from contextlib import nullcontext
from pathlib import Path

import pytest

from kiosk.agent.pause import FORGOTTEN_S
from kiosk.cli import main
from kiosk.commands import release as commands
from kiosk.release import wishes
from kiosk.release.course import Stage
from kiosk.release.errors import Unreachable, Unusable
from kiosk.release.reasons import Reason
from kiosk.release.software import DOOR_S, ByDoor
from kiosk.release.update import MOST_TRIALS
from tests.releases.conftest import Terminal
from tests.releases.repositories import GROUP, Fleet
from tests.releases.test_software import System, package, publish


@pytest.fixture
def system(terminal: Terminal, place: Path, monkeypatch: pytest.MonkeyPatch) -> System:
    """A terminal on release 1 and software 1.0; not every disk of this machine is flushed."""
    monkeypatch.setattr(os, "sync", lambda: None)
    own = System(root=place / "system", terminal=terminal)
    own.root.mkdir()
    own.install(place)
    return own


@pytest.mark.parametrize(("wished", "code"), [(0, Reason.RESTARTED), (2, Reason.ORDER)])
def test_a_trial_whose_restart_fails_comes_to_an_end(
    fleet: Fleet, system: System, place: Path, wished: int, code: Reason
) -> None:
    """By the count of its starts, or by the centre's order at the next one; the old one runs."""
    served = publish(fleet, "2", package(place, "1.1"))
    system.restart_fails = True
    for number in range(1, (wished or MOST_TRIALS) + 1):
        with pytest.raises(Unreachable, match="not restarted"):
            system.update(served)
        assert (system.terminal.course.stage, system.terminal.course.trials) == (
            Stage.TRIAL,
            number,
        )
    if wished:
        wishes.go_back(system.terminal.folder, "0021: no")
    with pytest.raises(Unreachable, match="not restarted"):
        system.update(served)
    assert system.terminal.course.stage is Stage.ROLLED_BACK
    assert system.versions == ("1.0", "1.0", "1")
    system.restart_fails = False
    course = system.update(served)
    assert (course.stage, course.code, course.owes) == (Stage.ROLLED_BACK, code, False)
    assert system.restarts == ["1.0"]


def test_a_restart_that_failed_once_costs_one_start(
    fleet: Fleet, system: System, place: Path
) -> None:
    """The next start restarts, and judges the release as it is."""
    served = publish(fleet, "2", package(place, "1.1"))
    system.restart_fails = True
    with pytest.raises(Unreachable, match="not restarted"):
        system.update(served)
    system.restart_fails = False
    course = system.update(served)
    assert (course.stage, course.trials, system.versions) == (
        Stage.COMMITTED,
        2,
        ("1.1", "1.1", "2"),
    )


def test_root_answers_without_a_document_of_its_own(
    terminal: Terminal,
    place: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """A restart takes none; an installation says what is missing; nobody waits for half an hour."""
    restarts: list[str] = []
    monkeypatch.setattr(commands, "SOFTWARE", place / "software")
    monkeypatch.setattr(commands, "_restart", lambda: restarts.append("restarted"))
    words = ("release", "obey", "--root", str(place / "none.json"), "--folder")

    class Obeying(ByDoor):
        def _heard(self) -> Mapping[str, object]:
            assert main((*words, str(terminal.folder))) == 0
            return super()._heard()

    near = Obeying(terminal.folder, place / "software", place)
    near.restart()
    assert restarts == ["restarted"]
    with pytest.raises(Unusable, match="root has no root document") as refused:
        near._ask("install", "1.1", GROUP)
    assert refused.value.reason is Reason.NO_SOFTWARE
    assert "nothing can be installed" in capsys.readouterr().err


@pytest.mark.parametrize("status", [0, 75])
def test_a_restart_waits_for_the_citizen(
    place: Path, monkeypatch: pytest.MonkeyPatch, status: int
) -> None:
    """As long as the agent counts a visit; it gives up before who asked, and cuts nobody off."""
    told = place / "told"
    steady = place / "kiosk-steady"
    steady.write_text(f'#!/bin/sh\necho "$@" > {told}\necho served >&2\nexit {status}\n')
    steady.chmod(0o755)
    monkeypatch.setattr(commands, "STEADY", steady)
    with pytest.raises(Unreachable, match="not restarted: served") if status else nullcontext():
        commands._restart()
    words = told.read_text().split()
    assert words[words.index("--") + 1 :] == ["systemctl", "restart", *commands.SERVICES]
    assert "--anyway" not in words
    unit = Path(__file__).parents[2] / "systemd" / "kiosk-software.service"
    minutes = int(unit.read_text().partition("TimeoutStartSec=")[2].partition("min")[0])
    wait = float(words[words.index("--wait") + 1])
    assert FORGOTTEN_S < wait < DOOR_S < minutes * 60
