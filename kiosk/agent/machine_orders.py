"""Commands that the agent runs for staff: the doctor, and what the operating system does."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import structlog

EXAMINE_S: Final = 40.0
ORDER_S: Final = 30.0
_OUT_OF_SIGHT: Final = frozenset({"display", "touch", "sound"})
"""The agent has no window, no input and no loudspeaker: who reads the answer on the screen sees and
touches the glass, and tries the sound by hand."""
_WORST_FIRST: Final = ("broken", "attention", "unknown")
SOON_S: Final = 1.0
"""Seconds before an order is carried out: the page says what happens, and the log has it."""

log = structlog.get_logger()


class NotDone(Exception):
    """A command did not end as it should; the message says which."""


def examine(state: Path, settings: Sequence[Path]) -> dict[str, object]:
    """Return what ``kiosk doctor --json`` finds.

    Raises:
        NotDone: it did not end in time, or said something else.
    """
    layers = [word for path in settings for word in ("--settings", str(path))]
    command = [sys.executable, "-P", "-m", "kiosk", "doctor", "--json", "--state", str(state)]
    try:
        done = subprocess.run(
            [*command, *layers], check=False, capture_output=True, timeout=EXAMINE_S
        )
        found = json.loads(done.stdout)
    except (OSError, subprocess.TimeoutExpired, ValueError) as error:
        raise NotDone(f"kiosk doctor: {type(error).__name__}") from error
    findings = found.get("findings") if isinstance(found, dict) else None
    if not isinstance(findings, list):
        raise NotDone("kiosk doctor: another form")
    seen = [one for one in findings if one.get("check") not in _OUT_OF_SIGHT]
    there = {one.get("verdict") for one in seen}
    verdict = next((word for word in _WORST_FIRST if word in there), "ok")
    return {"findings": seen, "verdict": verdict}


def order(command: Sequence[str]) -> None:
    """Run a command of the operating system a moment later."""

    def run() -> None:
        try:
            done = subprocess.run(
                list(command), check=False, timeout=ORDER_S, stdout=subprocess.DEVNULL
            )
        except (OSError, subprocess.TimeoutExpired) as error:
            log.error("order_failed", program=command[0], problem=type(error).__name__)  # noqa: TRY400
            return
        if done.returncode:
            log.error("order_failed", program=command[0], status=done.returncode)

    timer = threading.Timer(SOON_S, run)
    timer.daemon = True
    timer.start()
