"""The package's last step: services are restarted between two citizens, once."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT = Path(__file__).parents[2] / "setup" / "deb" / "scripts" / "postinst"
FAILED = 5


def _commands(place: Path) -> Path:
    """Return a directory of commands: the real ``kiosk``, and a machine that only notes."""
    directory = place / "bin"
    directory.mkdir()
    note = f'echo "$(basename $0) $*" >> {place}/done\n'
    own = dict.fromkeys(("systemd-sysusers", "systemd-tmpfiles", "install", "ln"), note)
    own |= {"udevadm": note, "kiosk": f'exec {sys.executable} -m kiosk "$@"\n'}
    own["systemctl"] = f'{note}[ "$1" != restart ] || {{ echo no >&2; exit "$RESTART"; }}\n'
    for name, words in own.items():
        (directory / name).write_text(f"#!/bin/sh\n{words}")
        (directory / name).chmod(0o755)
    return directory


@pytest.mark.parametrize("status", [0, FAILED])
def test_a_restart_is_tried_once_and_its_failure_is_seen(status: int, tmp_path: Path) -> None:
    """What it ends with is what the package's step ends with, and its words are read."""
    (tmp_path / "etc").mkdir()
    (tmp_path / "etc" / "terminal.yaml").touch()
    text = SCRIPT.read_text().replace("/run/systemd/system", str(tmp_path))
    for place in ("/etc/yiduan", "/var/lib/yiduan"):
        text = text.replace(place, str(tmp_path / "etc"))
    path = f"{_commands(tmp_path)}:{os.environ['PATH']}"
    done = subprocess.run(
        ["/bin/sh", "-c", text, "postinst", "configure"],
        env=os.environ | {"PATH": path, "RESTART": str(status)},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == status, done.stderr
    assert "no\n" in done.stderr
    said = (tmp_path / "done").read_text().splitlines()
    assert [line.split()[:2] for line in said].count(["systemctl", "restart"]) == 1
