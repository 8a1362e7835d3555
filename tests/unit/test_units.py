"""The systemd units: they parse, and their sandbox is as tight as the design says."""

from __future__ import annotations

import json
import shutil
import stat
import subprocess
from pathlib import Path

import pytest

from kiosk.desk.supervisor import RESTART_S, WATCHDOG_S
from kiosk.shell.succession import PARTS

UNITS = Path(__file__).parents[2] / "systemd"

needs_systemd = pytest.mark.skipif(
    shutil.which("systemd-analyze") is None, reason="systemd-analyze is not installed"
)


@needs_systemd
@pytest.mark.parametrize(
    ("unit", "limit"),
    [("kiosk-shell", 10), ("kiosk-devices", 10), ("kiosk-agent", 15), ("kiosk-training", 10)],
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
@pytest.mark.parametrize("path", sorted(UNITS.glob("kiosk-*")), ids=lambda p: p.name)
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
            *("kiosk-agent", "kiosk-clock@", "kiosk-devices", "kiosk-display", "kiosk-doctor"),
            *("kiosk-ladder@", "kiosk-release", "kiosk-release-stick"),
            *("kiosk-renew", "kiosk-shell", "kiosk-software", "kiosk-stick@"),
            "kiosk-training",
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


@pytest.mark.parametrize("name", ["agent", "devices", "shell"])
def test_the_screen_waits_for_nobody(name: str) -> None:
    """Without a network, a true clock or a device there is a page all the same."""
    text = (UNITS / f"kiosk-{name}.service").read_text()
    waited = [
        word
        for line in text.splitlines()
        if line.startswith(("After=", "Requires=", "Wants="))
        for word in line.partition("=")[2].split()
    ]
    assert set(waited) <= {"kiosk-display.service"}


def test_the_doctor_may_ask_the_device_host() -> None:
    """What a host has is not opened beside it: root, who runs the doctor, may call it."""
    text = (UNITS / "kiosk-devices.service").read_text()
    assert "--allow-user root " in text
    assert "User=root\n" in (UNITS / "kiosk-doctor.service").read_text()


def test_where_a_unit_writes_its_output_there_is_a_place() -> None:
    """Systemd opens the file before it makes the unit's own directories."""
    made = [line.split()[1] for line in (UNITS / "yiduan.tmpfiles").read_text().splitlines()
            if line.startswith("d ")]  # fmt: skip
    for path in UNITS.glob("*.service"):
        for line in path.read_text().splitlines():
            if line.startswith("StandardOutput=") and ":" in line:
                assert str(Path(line.partition(":")[2]).parent) in made


def test_the_shell_can_keep_what_it_was_told() -> None:
    """Its state is the one place of the disk where it may write."""
    text = (UNITS / "kiosk-shell.service").read_text()
    assert "StateDirectory=yiduan/shell\n" in text
    assert "--state /var/lib/yiduan/shell " in text
    assert "ReadOnlyPaths=/\n" in text


def test_sessions_are_kept_for_the_next_shell() -> None:
    """Systemd has room for all descriptors of three sessions, and ends the shell alone."""
    text = (UNITS / "kiosk-shell.service").read_text()
    assert "KillMode=process\n" in text
    room = text.partition("FileDescriptorStoreMax=")[2].split()[0]
    assert int(room) >= 1 + 3 * len(PARTS)


def test_a_trial_from_a_stick_is_held_as_over_the_line() -> None:
    """Its visit listens on the loopback interface and takes as much: the same limits, no line."""

    def limits(name: str) -> dict[str, str]:
        lines = (UNITS / f"{name}.service").read_text().splitlines()
        return dict(line.split("=", 1) for line in lines if "=" in line and line[0] != "#")

    line, stick = limits("kiosk-release"), limits("kiosk-release-stick")
    for limit in ("MemoryMax", "TasksMax", "TimeoutStartSec", "OOMPolicy"):
        assert stick[limit] == line[limit], limit
    assert stick["RestrictAddressFamilies"].split() == ["AF_UNIX", "AF_INET"]
    assert stick["PrivateNetwork"] == "yes"
    assert "--confirmed" in stick["ExecStart"].split(), "what was on the screen, or nothing"


@pytest.mark.parametrize("name", ["ladder@", "release", "release-stick", "software"])
def test_what_takes_a_release_back_runs_by_the_version_that_was_kept(name: str) -> None:
    """One on trial may not even start, and the ladder is called because of it."""
    text = (UNITS / f"kiosk-{name}.service").read_text()
    assert "\nExecStart=/usr/bin/kiosk-steady " in text
