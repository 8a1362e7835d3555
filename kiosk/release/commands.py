"""What an update asks of other processes: the validators, and a visit by itself.

Whatever a release does to them, crash, hang or eat, is its own fault and not ours.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from kiosk.release import course as courses
from kiosk.release.errors import Unusable
from kiosk.release.package import VERSIONS
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
        words = ["check-release", str(generation), *_layers(settings)]
        done = _run(words, CHECK_S, generation)
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
        done = _run(words, VISIT_S, new)
        if done is None:
            raise Unusable(f"no visit came to its end within {VISIT_S:.0f} s", Reason.VISIT)
        if done.returncode not in {0, _SAYS_NOTHING} and done.returncode > 0:
            raise Unusable(_words(done, "the visit"), Reason.VISIT)

    return visit


def _run(
    words: Sequence[str], seconds: float, generation: Path
) -> subprocess.CompletedProcess[str] | None:
    """Run a command of the software that a generation needs; none: it did not end in time."""
    try:
        return subprocess.run(
            [sys.executable, "-P", "-m", "kiosk", *words],
            check=False,
            capture_output=True,
            text=True,
            timeout=seconds,
            env={**os.environ, **_program(generation)},
        )
    except subprocess.TimeoutExpired:
        return None


def _program(generation: Path) -> dict[str, str]:
    """Return where the programs are that a generation names: beside those in force, or the same."""
    offer = courses.read(generation.parents[1]).offer
    if offer is None or offer.software is None:
        return {}
    home = Path("/", VERSIONS, offer.software.version)
    return {"PYTHONPATH": f"{home / 'app'}:{home / 'libraries'}"} if home.is_dir() else {}


def _layers(settings: Sequence[Path]) -> list[str]:
    return [word for path in settings for word in ("--settings", str(path))]


def _words(done: subprocess.CompletedProcess[str], what: str) -> str:
    told = (done.stdout + done.stderr).strip()[-_TOLD:]
    return told or f"{what} ended with {done.returncode}"
