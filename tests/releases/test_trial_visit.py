"""A trial begins with a visit by itself: the real one, and what becomes of the ways it can end."""

from __future__ import annotations

import errno
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from kiosk.cli import main
from kiosk.commands.try_visit import SAYS_NOTHING
from kiosk.desk import part
from kiosk.desk.stack import REPOSITORY
from kiosk.release import commands
from kiosk.release.commands import visit_by_command
from kiosk.release.course import Stage
from kiosk.release.errors import Unusable
from kiosk.release.fetching import Stick
from kiosk.release.reasons import Reason
from kiosk.release.update import Update
from tests.releases.conftest import Terminal
from tests.releases.repositories import Fleet

OWN = """\
jurisdiction: "410700"
terminal: {id: 410700-0001}
intake: {api_url: "https://real.invalid", public_url: "https://real.invalid"}
centre: {bus_host: real.invalid}
power: {shutdown: [touch, /nowhere]}
"""


def test_a_visit_that_stops_takes_the_release_back(fleet: Fleet, terminal: Terminal) -> None:
    """With the page where it stopped; it is held against the release before."""
    played: list[tuple[str, str]] = []

    def visit(new: Path, before: Path | None) -> None:
        played.append((new.name, before.name if before else ""))
        raise Unusable("newborn: nothing comes after consent", Reason.VISIT)

    manner = replace(terminal.updating()._manner, visit=visit)
    fleet.release("2")
    course = Update(manner).run(terminal.root, Stick(fleet.repository.public))
    assert (course.stage, course.code) == (Stage.ROLLED_BACK, Reason.VISIT)
    assert course.why == "newborn: nothing comes after consent"
    assert (terminal.phone, played) == ("1", [("2", "1")])


@pytest.mark.parametrize(
    ("program", "why"),
    [
        ("print('card: 1 submitted')", ""),
        ("print('consent leads nowhere'); raise SystemExit(1)", "consent leads nowhere"),
        ("raise SystemExit(3)", ""),
        ("import os; os.kill(os.getpid(), 9)", ""),
        ("import time; time.sleep(60)", "no visit came to its end within 1 s"),
    ],
)
def test_how_a_visit_may_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, program: str, why: str
) -> None:
    """Played, stopped, stopped before as well, killed for its memory, never ended."""
    run = subprocess.run
    monkeypatch.setattr(commands, "VISIT_S", 1.0)
    monkeypatch.setattr(
        commands.subprocess,
        "run",
        lambda _words, **how: run([sys.executable, "-c", program], **how),
    )
    if not why:
        visit_by_command()(tmp_path, None)
        return
    with pytest.raises(Unusable) as stopped:
        visit_by_command()(tmp_path, None)
    assert (str(stopped.value), stopped.value.reason) == (why, Reason.VISIT)


def tried(place: Path, group: str = "") -> subprocess.CompletedProcess[str]:
    """Try a visit under our configuration with a group's layer."""
    (place / "own.yaml").write_text(OWN)
    config = place / "new" / "config"
    shutil.copytree(REPOSITORY / "config", config)
    if group:
        (config / "group.yaml").write_text(group)
    words = ("try-visit", str(config), "--settings", str(place / "own.yaml"))
    return subprocess.run(
        [sys.executable, "-P", "-m", "kiosk", *words],
        check=False,
        capture_output=True,
        text=True,
        cwd=place,
        env={"PATH": "/usr/bin:/bin", "PYTHONPATH": str(REPOSITORY)},
    )


def test_a_machine_without_sockets_says_nothing_of_a_release(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """What a unit may not do stops the visit under the release before as well."""

    def none(*_given: object) -> None:
        raise OSError(errno.EAFNOSUPPORT, "Address family not supported by protocol")

    (tmp_path / "own.yaml").write_text(OWN)
    monkeypatch.setattr(part.socket, "socket", none)
    words = ("try-visit", str(REPOSITORY / "config"), "--settings", str(tmp_path / "own.yaml"))
    assert main(words) == SAYS_NOTHING
    assert "before, too: [Errno 97]" in capsys.readouterr().out


@pytest.mark.e2e
def test_a_real_visit_comes_to_its_end(tmp_path: Path) -> None:
    """From the first touch to the farewell, at an intake of its own."""
    done = tried(tmp_path)
    assert done.returncode == 0, done.stdout
    assert done.stdout.splitlines()[-1].endswith(": submitted")


@pytest.mark.campaign
def test_a_release_that_passes_every_check_and_files_nothing(tmp_path: Path) -> None:
    """A reserve larger than the disk: each value is in its range, and no application is taken."""
    done = tried(tmp_path, "outbox: {min_free_bytes: 1000000000000}\n")
    assert done.returncode == 1
    assert "nothing comes after" in done.stdout
