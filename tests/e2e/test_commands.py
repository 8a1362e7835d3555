"""The commands a newcomer types: `kiosk run` with Ctrl-C, `kiosk play --json`."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import psutil
import pytest
import requests

from kiosk.desk.stack import REPOSITORY
from tests.waiting import PATIENCE_S

pytestmark = pytest.mark.e2e
KIOSK = (sys.executable, "-m", "kiosk")


def test_run_prints_addresses_and_ctrl_c_leaves_nothing(tmp_path: Path) -> None:
    """Addresses that answer; a second start like the first; no process left."""
    command = [*KIOSK, "run", "--state", str(tmp_path / "desk")]
    environment = {k: v for k, v in os.environ.items() if k != "DISPLAY"}
    for _start in ("first", "second"):
        with subprocess.Popen(
            command, stdout=subprocess.PIPE, text=True, cwd=REPOSITORY, env=environment
        ) as process:
            assert process.stdout is not None
            shown = ""
            while "Ctrl-C stops everything." not in shown:
                line = process.stdout.readline()
                assert line, shown
                shown += line
            addresses = [word for word in shown.split() if word.startswith("http://127.0.0.1")]
            assert len(addresses) >= 3
            for address in addresses:
                assert requests.get(address, timeout=PATIENCE_S).ok, address
            family = psutil.Process(process.pid).children(recursive=True)
            process.send_signal(signal.SIGINT)
            assert process.wait(PATIENCE_S) == 0
        _gone, left = psutil.wait_procs(family, timeout=10)
        assert left == []


def test_play_ends_with_one_json_line(tmp_path: Path) -> None:
    """Everything the line promises is there, and the pictures exist."""
    done = subprocess.run(
        [*KIOSK, "play", "thin", "--json", "--hurry", "--out", str(tmp_path)],
        capture_output=True,
        text=True,
        cwd=REPOSITORY,
        check=True,
        timeout=120,
    )
    report = json.loads(done.stdout.strip().splitlines()[-1])
    assert report["outcome"] == "submitted"
    assert report["printed"] is True
    assert report["keystrokes"] == 0
    assert report["application_no"]
    assert all(Path(picture).stat().st_size > 1000 for picture in report["screens"])
    assert any("slip" in picture for picture in report["screens"])
    assert list(report) == [
        *("thing", "jurisdiction", "outcome", "local_no", "application_no", "decisions"),
        *("keystrokes", "seconds", "fields", "materials", "printed", "screens"),
    ]
