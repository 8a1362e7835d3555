"""A training that hangs is ended by the service manager: nobody stands before its windows."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import psutil
import pytest

from kiosk.agent.maintenance import training
from kiosk.installation import setting_up
from kiosk.maintenance.staff import Role
from tests.faults.test_agent_maintenance import Terminal
from tests.faults.test_agent_training import phase
from tests.waiting import until

SYSTEMD = Path(__file__).parents[2] / "systemd"
UNIT = "kiosk-training.service"
HANGS = """
import signal, socket, sys, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
life = socket.socket(socket.AF_UNIX)
life.connect(sys.argv[1])
life.sendall(b"ready\\n")
while True:
    time.sleep(60)
"""
SYSTEMCTL = """#!{python}
import pathlib, os, signal, subprocess, sys
place = pathlib.Path(__file__).parent
said = sys.argv[1:]
with (place / "said").open("a") as file:
    print(*said, file=file)
if "start" in said:
    line = [sys.executable, "-c", {hangs!r}, str(place / "training.sock")]
    unit = subprocess.Popen(line, start_new_session=True)
    (place / "unit").write_text(str(unit.pid))
    unit.wait()
elif "stop" in said and {obeys}:
    os.kill(int((place / "unit").read_text()), signal.SIGKILL)
else:
    sys.exit(1)
"""
"""A service manager: what it starts is no child of who asks, and goes on when that one is gone."""


@pytest.mark.parametrize("obeys", [True, False])
def test_a_hung_training_is_stopped_by_who_started_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, obeys: bool
) -> None:
    """Its life is closed; it stays; its unit is stopped. Even refused, the agent goes on."""
    monkeypatch.setattr(training, "GOES_S", 0.3)
    program = tmp_path / "systemctl"
    program.write_text(SYSTEMCTL.format(python=sys.executable, hangs=HANGS, obeys=obeys))
    program.chmod(0o700)
    command = (str(program), "start", "--wait", UNIT)
    terminal = Terminal(tmp_path, Role.ENGINEER, training=command, run=tmp_path)
    unit = None
    try:
        own = terminal.signed_in()
        own.call("train_begin")
        until(lambda: phase(own) == "ready")
        unit = psutil.Process(int((tmp_path / "unit").read_text()))
        own.call("train_end")
        until(lambda: "training_ended" in terminal.events())
        assert (tmp_path / "said").read_text().splitlines() == [
            f"start --wait {UNIT}",
            f"stop {UNIT}",
        ]
        if obeys:
            until(lambda: not unit.is_running())
    finally:
        if unit is not None and unit.is_running():
            unit.kill()
        terminal.close()


def test_what_ends_a_training_of_an_installed_terminal() -> None:
    """The unit the command names, and nothing else; a program of ours is no unit."""
    installed = setting_up._SYSTEM["maintenance"]["training"]  # type: ignore[index]
    assert training.stopping(installed) == ("systemctl", "stop", UNIT)
    assert training.stopping(("kiosk", "training", "start")) == ()


def test_nobody_learns_for_longer_than_a_day_of_work() -> None:
    """Without an agent that ends it the unit is ended, later than the agent would."""
    text = (SYSTEMD / UNIT).read_text()
    assert "RuntimeMaxSec=4h 15min\n" in text
    assert training.MOST_S + training.COMES_S + training.READY_S < 4.25 * 3600


@pytest.mark.skipif(shutil.which("node") is None, reason="nothing here runs JavaScript")
def test_the_agent_may_stop_the_training_and_no_other_unit() -> None:
    """The rule of polkit, by an engine of its language."""
    asked = [
        ("start", UNIT, "kiosk-agent"),
        ("stop", UNIT, "kiosk-agent"),
        ("restart", UNIT, "kiosk-agent"),
        ("stop", UNIT, "kiosk-ui"),
        ("stop", "kiosk-release-stick.service", "kiosk-agent"),
        ("stop", "kiosk-shell.service", "kiosk-agent"),
        ("start", "kiosk-clock@step.service", "kiosk-agent"),
        ("stop", "kiosk-clock@step.service", "kiosk-agent"),
    ]
    engine = f"""
        let rule; const polkit = {{Result: {{YES: "yes"}}, addRule: (own) => {{ rule = own; }}}};
        {(SYSTEMD / "50-yiduan-power.rules").read_text()}
        const told = {json.dumps(asked)}.map(([verb, unit, user]) => rule(
            {{id: "org.freedesktop.systemd1.manage-units", lookup: (key) => ({{verb, unit}})[key]}},
            {{user}}) === "yes");
        console.log(JSON.stringify(told));
    """
    done = subprocess.run(["node", "-e", engine], capture_output=True, check=True)
    assert json.loads(done.stdout) == [True, True, *[False] * 4, True, False]
