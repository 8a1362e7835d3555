"""The systemd units: they parse, and their sandbox is as tight as the design says."""

from __future__ import annotations

import json
import shutil
import stat
import subprocess
from pathlib import Path

import pytest

from kiosk.desk.supervisor import RESTART_S, WATCHDOG_S

UNITS = Path(__file__).parents[2] / "systemd"

needs_systemd = pytest.mark.skipif(
    shutil.which("systemd-analyze") is None, reason="systemd-analyze is not installed"
)


@needs_systemd
@pytest.mark.parametrize(
    ("unit", "limit"), [("kiosk-shell", 10), ("kiosk-devices", 10), ("kiosk-agent", 15)]
)
def test_the_sandbox_is_tight(unit: str, limit: int) -> None:
    """Exposure in tenths: sessions and devices at most 1.0, the agent (network) at most 1.5."""
    done = subprocess.run(
        [
            *("systemd-analyze", "security", "--offline=true", f"--threshold={limit}"),
            *("--no-pager", str(UNITS / f"{unit}.service")),
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-400:]


@needs_systemd
@pytest.mark.parametrize("path", sorted(UNITS.glob("*.service")), ids=lambda p: p.stem)
def test_the_unit_parses(path: Path) -> None:
    """No unknown key; our commands are not installed where the tests run."""
    done = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", str(path)],
        capture_output=True,
        text=True,
        check=False,
    )
    complaints = [
        line
        for line in done.stderr.splitlines()
        if path.name in line and "is not executable" not in line
    ]
    assert complaints == []


def test_every_main_process_has_a_watchdog() -> None:
    """Shell, devices and agent notify readiness and are watched, as on a desk."""
    for name in ("shell", "devices", "agent"):
        text = (UNITS / f"kiosk-{name}.service").read_text()
        assert "Type=notify" in text
        assert f"WatchdogSec={WATCHDOG_S:.0f}\n" in text
        assert f"RestartSec={RESTART_S:.0f}\n" in text
    assert json.dumps(sorted(p.stem for p in UNITS.glob("*.service"))) == json.dumps(
        [
            *("kiosk-agent", "kiosk-devices", "kiosk-display", "kiosk-doctor"),
            *("kiosk-ladder@", "kiosk-release", "kiosk-release-stick"),
            *("kiosk-renew", "kiosk-shell"),
        ]
    )


def test_the_agent_may_read_the_journal_it_gives_away() -> None:
    """The diagnostics bundle has the journal of our units; no other process of ours reads it."""
    may = {
        path.stem
        for path in UNITS.glob("*.service")
        for line in path.read_text().splitlines()
        if line.startswith("SupplementaryGroups=") and "systemd-journal" in line
    }
    assert may == {"kiosk-agent"}


@pytest.mark.parametrize("name", ["agent", "devices", "display", "shell"])
def test_a_service_that_stays_down_is_the_ladders(name: str) -> None:
    """Restarts are bounded; then the ladder is called, and nothing beside it reboots."""
    text = (UNITS / f"kiosk-{name}.service").read_text()
    assert "StartLimitBurst=" in text
    assert "OnFailure=kiosk-ladder@%N.service" in text
    assert "StartLimitAction" not in text


def test_nobody_takes_away_the_socket_of_another() -> None:
    """A place where the group may write is sticky: who removes a name there owns it."""
    lines = (UNITS / "yiduan.tmpfiles").read_text().splitlines()
    modes = {words[1]: int(words[2], 8) for line in lines if (words := line.split())[0] == "d"}
    assert modes["/run/yiduan"] == 0o3770
    assert all(mode & stat.S_ISVTX for mode in modes.values() if mode & stat.S_IWGRP)
