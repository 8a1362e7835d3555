"""What an update asks of other processes: the validators, and a visit by itself.

Whatever a release does to them, crash, hang or eat, is its own fault and not ours.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from kiosk.release.errors import Unusable
from kiosk.release.reasons import Reason
from kiosk.release.update import Check, Visit

CHECK_S: Final = 600.0
"""Seconds a check may take; a release that takes longer is refused."""
VISIT_S: Final = 600.0
"""Seconds for a visit under a release, and for another under the one before; usually ten."""
_SAYS_NOTHING: Final = 3
"""Exit status of a visit that stopped under the release before, too."""
_TOLD: Final = 1500


def by_command(settings: Sequence[Path] = ()) -> Check:
    """Return the validators, as ``kiosk check-release`` in a process of their own."""

    def check(generation: Path) -> None:
        done = _run(["check-release", str(generation), *_layers(settings)], CHECK_S)
        if done is None:
            raise Unusable(f"not checked within {CHECK_S:.0f} s", Reason.CHECK_HANGS)
        if done.returncode != 0:
            raise Unusable(_words(done, "the check"), Reason.CHECK)

    return check


def visit_by_command(settings: Sequence[Path] = ()) -> Visit:
    """Return a visit, as ``kiosk try-visit``; what is killed from outside says nothing."""

    def visit(new: Path, before: Path | None) -> None:
        against = ["--before", str(before / "config")] if before else []
        words = ["try-visit", str(new / "config"), *against, *_layers(settings)]
        done = _run(words, VISIT_S)
        if done is None:
            raise Unusable(f"no visit came to its end within {VISIT_S:.0f} s", Reason.VISIT)
        if done.returncode not in {0, _SAYS_NOTHING} and done.returncode > 0:
            raise Unusable(_words(done, "the visit"), Reason.VISIT)

    return visit


def _run(words: Sequence[str], seconds: float) -> subprocess.CompletedProcess[str] | None:
    """Run a command of ours; none: it did not end in time."""
    try:
        return subprocess.run(
            [sys.executable, "-P", "-m", "kiosk", *words],
            check=False,
            capture_output=True,
            text=True,
            timeout=seconds,
        )
    except subprocess.TimeoutExpired:
        return None


def _layers(settings: Sequence[Path]) -> list[str]:
    return [word for path in settings for word in ("--settings", str(path))]


def _words(done: subprocess.CompletedProcess[str], what: str) -> str:
    told = (done.stdout + done.stderr).strip()[-_TOLD:]
    return told or f"{what} ended with {done.returncode}"
