"""``kiosk-fleet rollout begin`` tells what is wrong before it asks for a password and a code."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from fleet.cli import main


def words(tmp_path: Path, *more: str) -> list[str]:
    """Return a command that would have to ask who begins."""
    own = (f"--db=sqlite:///{tmp_path}/fleet.db", f"--repository={tmp_path}", "--person=0031")
    return ["rollout", "begin", "2026.11.4", *own, *more]


@pytest.mark.parametrize("limit", ["failed_share=50", "soak_s=a while"])
def test_a_bad_limit_is_told_before_anybody_is_asked(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], limit: str
) -> None:
    """A code of the second factor is good once."""
    assert main(words(tmp_path, f"--limit={limit}")) == 1
    assert limit in capsys.readouterr().err


def test_without_a_terminal_a_sentence_says_what_to_give(tmp_path: Path) -> None:
    """A job of the night read a traceback."""
    done = subprocess.run(
        [sys.executable, "-m", "fleet.cli", *words(tmp_path)],
        check=False,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        start_new_session=True,
    )
    assert done.returncode == 1
    assert "no password: give --password-file and --code without a terminal" in done.stderr
    assert "Traceback" not in done.stderr
