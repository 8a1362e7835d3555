"""A session that fails says where, and nothing of who stood before it."""

from __future__ import annotations

import os
import subprocess
import sys

from tests.screens.conftest import ROOT
from tests.screens.failing_session import TYPED
from tests.waiting import PATIENCE_S


def test_a_page_that_fails_tells_its_places_only(screen: str) -> None:
    """The error is raised in the screen's thread, in a child of the shell's nursery."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.screens.failing_session"],
        env={**os.environ, "DISPLAY": screen},
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=PATIENCE_S * 2,
        check=False,
    )
    said = done.stdout + done.stderr
    assert done.returncode == 1, said
    assert TYPED not in said
    assert "Traceback" not in said
    assert '"error": "KeyError"' in said
    assert "screens/app.py:" in said
    assert "failing_session.py:" in said
