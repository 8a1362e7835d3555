"""The power fails, or the disk is full, at every single write of an update.

A cut is made at each change of the disk in turn: what was not brought down to the disk is half
gone, and the process ends there. Then the machine starts again.
"""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest

from kiosk.release import course as courses
from kiosk.release.course import Stage, in_force
from kiosk.release.errors import NoRoom
from kiosk.release.health import State, Verdict
from tests.releases.conftest import Terminal
from tests.releases.repositories import Fleet

CHANGES = ((os, "fsync"), (os, "replace"), (Path, "replace"), (Path, "symlink_to"))


class PowerCut(BaseException):
    """Nothing runs after this."""


class Cuts:
    """Counts the changes of the disk, and ends the process at one of them."""

    def __init__(self, at: int, end: Callable[[], BaseException]) -> None:
        self.count = 0
        self._at, self._end = at, end

    def __call__(self, what: Callable[..., Any]) -> Callable[..., Any]:
        """Return a change that may be the last."""

        def changed(*given: Any, **named: Any) -> Any:
            self.count += 1
            if self.count == self._at:
                if what is REAL_FSYNC:
                    _lose_half(given[0])
                raise self._end()
            return what(*given, **named)

        return changed


REAL_FSYNC = os.fsync


def _lose_half(descriptor: int) -> None:
    """What was written and not brought down is half there after a cut."""
    path = Path(f"/proc/self/fd/{descriptor}").readlink()
    if path.is_file():
        os.truncate(path, path.stat().st_size // 2)


@contextmanager
def cut(at: int, end: Callable[[], BaseException] = PowerCut) -> Iterator[Cuts]:
    """Let the change with a number be the last; 0: only count them."""
    cuts = Cuts(at, end)
    with pytest.MonkeyPatch.context() as patch:
        for where, name in CHANGES:
            patch.setattr(where, name, cuts(getattr(where, name)))
        yield cuts


def whole(terminal: Terminal) -> bool:
    """Whether what is in force is a release with all of its files."""
    current = terminal.folder / "current"
    names = {own.relative_to(current).as_posix() for own in current.rglob("*") if own.is_file()}
    return names == {"release.json", "config/defaults.yaml", "config/sites/hall.yaml"}


def each(terminal: Terminal, run: Callable[[], object]) -> Iterator[int]:
    """Yield the number of each change of a run, with the folder as it was before it."""
    before = terminal.folder.with_name("before")
    shutil.copytree(terminal.folder, before, symlinks=True)
    with cut(0) as cuts:
        run()
    assert cuts.count > 20
    for number in range(1, cuts.count + 1):
        shutil.rmtree(terminal.folder)
        shutil.copytree(before, terminal.folder, symlinks=True)
        yield number


def test_a_cut_at_every_write(fleet: Fleet, terminal: Terminal) -> None:
    """Old or new is in force, whole; the next start carries the update to its end."""
    fleet.release("2")
    for number in each(terminal, lambda: terminal.update_from(fleet.repository.public)):
        with pytest.raises(PowerCut), cut(number):
            terminal.update_from(fleet.repository.public)
        assert terminal.phone in {"1", "2"}, number
        assert whole(terminal), number
        terminal.update_from(fleet.repository.public)
        assert terminal.phone == "2", number
        assert terminal.course.stage is Stage.COMMITTED, number
        assert whole(terminal), number


def test_a_cut_at_every_write_of_going_back(fleet: Fleet, terminal: Terminal) -> None:
    """A release that made the terminal ill is in force no more, wherever its end was cut."""
    fleet.release("2")
    terminal.health.verdict = Verdict(State.ILL, "session_crashed ×2")
    for number in each(terminal, lambda: terminal.update_from(fleet.repository.public)):
        with pytest.raises(PowerCut), cut(number):
            terminal.update_from(fleet.repository.public)
        assert whole(terminal), number
        terminal.update_from(fleet.repository.public)
        assert terminal.phone == "1", number
        assert terminal.course.stage is Stage.ROLLED_BACK, number


def test_two_cuts_in_one_update(fleet: Fleet, terminal: Terminal) -> None:
    """The start after a cut is cut, too."""
    fleet.release("2")
    for number in each(terminal, lambda: terminal.update_from(fleet.repository.public)):
        if number % 5:
            continue
        for later in (1, 3, 7, 12):
            for at in (number, later):
                with suppress(PowerCut), cut(at):
                    terminal.update_from(fleet.repository.public)
            assert whole(terminal), (number, later)
        terminal.update_from(fleet.repository.public)
        assert terminal.phone == "2", number


def full() -> OSError:
    """What a full disk says."""
    return OSError(errno.ENOSPC, "No space left on device")


def test_a_disk_that_is_full_at_every_write(fleet: Fleet, terminal: Terminal) -> None:
    """It is told as that, what is in force stays, and with room again the update is made."""
    fleet.release("2")
    for number in each(terminal, lambda: terminal.update_from(fleet.repository.public)):
        with pytest.raises(NoRoom), cut(number, full):
            terminal.update_from(fleet.repository.public)
        assert whole(terminal), number
        terminal.update_from(fleet.repository.public)
        assert terminal.phone == "2", number


def test_machine_that_starts_again_and_again(fleet: Fleet, terminal: Terminal) -> None:
    """During a trial that is an illness; the release is not tried again."""
    fleet.release("2")

    def dies(_seconds: float) -> None:
        raise PowerCut

    for _ in range(3):
        with pytest.raises(PowerCut):
            terminal.update_from(fleet.repository.public, pause=dies)
        assert terminal.phone == "2"
    course = terminal.update_from(fleet.repository.public, pause=dies)
    assert (course.stage, terminal.phone) == (Stage.ROLLED_BACK, "1")
    assert terminal.update_from(fleet.repository.public, pause=dies) == course


def test_a_check_that_takes_the_machine_with_it(fleet: Fleet, terminal: Terminal) -> None:
    """Is begun five times; then the release is refused, and the next one is taken."""
    fleet.release("2")
    terminal.refuses = PowerCut
    for _ in range(5):
        with pytest.raises(PowerCut):
            terminal.update_from(fleet.repository.public)
    course = terminal.update_from(fleet.repository.public)
    assert (course.stage, terminal.phone) == (Stage.REFUSED, "1")
    terminal.refuses = None
    fleet.release("3")
    terminal.update_from(fleet.repository.public)
    assert terminal.phone == "3"


def test_a_course_file_that_is_lost(terminal: Terminal, fleet: Fleet) -> None:
    """What is in force stays, and the next release is taken."""
    (terminal.folder / "course.json").write_bytes(b"\0" * 40)
    assert in_force(courses.read(terminal.folder)) == 0
    terminal.update_from(fleet.repository.public)
    assert terminal.phone == "1"
    fleet.release("2")
    terminal.update_from(fleet.repository.public)
    assert terminal.phone == "2"
