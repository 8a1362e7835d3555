"""The terminal's own validators, by command: what they refuse is never published."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Final

from fleet.errors import SourceRefused

LONGEST_S: Final = 600.0
"""A check that takes longer would be refused by terminals, too."""


def check(pack: Path, *arguments: str) -> str:
    """Hold a pack, or the directory of one, against ``kiosk check-release``; returns what it says.

    Raises:
        SourceRefused: it is refused; the message names each file, line and next step.
    """
    command = [sys.executable, "-P", "-m", "kiosk", "check-release", str(pack), *arguments]
    try:
        done = subprocess.run(
            command, check=False, capture_output=True, text=True, timeout=LONGEST_S
        )
    except subprocess.TimeoutExpired as error:
        raise SourceRefused(f"{pack}: not checked within {LONGEST_S:.0f} s") from error
    if done.returncode != 0:
        raise SourceRefused((done.stdout + done.stderr).strip())
    return done.stdout.strip()
