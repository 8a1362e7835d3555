"""A virtual screen ends when it is told to, also where it does not listen."""

from __future__ import annotations

import subprocess

import pytest

from kiosk.desk import display


def test_a_screen_that_does_not_end_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    """What was run on it is done, and its status is what counts."""
    monkeypatch.setattr(display, "PATIENCE_S", 0.1)
    deaf = ["sh", "-c", "trap '' TERM; echo deaf; exec sleep 60"]
    with subprocess.Popen(deaf, stdout=subprocess.PIPE, start_new_session=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"deaf\n"
        display.VirtualScreen(name=":9", process=process).stop()
        assert process.returncode == -9
