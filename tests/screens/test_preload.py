"""What a session is forked from."""

from __future__ import annotations

import subprocess
import sys

from kiosk.shell.slot_process import PRELOADED

HEAVY = {
    "requests",
    "urllib3",
    "http.client",
    "rich",
    "pygments",
    "numpy",
    "cv2",
    "websockets.asyncio",
}
"""What a session has no use for: it reaches the intake through its relay, and pictures are worked
on by the camera's service."""


def test_a_session_carries_nothing_it_has_no_use_for() -> None:
    """Every session pays for what its nursery loads, page by page."""
    program = (
        f"import sys, {', '.join(PRELOADED)}; print(*(m for m, v in sys.modules.items() if v))"
    )
    loaded = subprocess.run(
        [sys.executable, "-c", program], check=True, capture_output=True, text=True, timeout=60
    ).stdout.split()
    assert "screens.main" in loaded
    assert HEAVY.isdisjoint(loaded), HEAVY & set(loaded)
