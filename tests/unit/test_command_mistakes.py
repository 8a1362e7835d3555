"""Commands given what is not there: told what and where, no traceback, no false nought."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from kiosk.cli import READER_GONE, main

GUIDE = ("guide", "--thing", "newborn")


@pytest.mark.parametrize(
    ("command", "status", "told"),
    [
        (("guide", "--thing", "nonsuch"), 2, "there are"),
        ((*GUIDE, "--format", "pdf", "--out", "/nowhere/x.pdf"), 2, "/nowhere/x.pdf"),
        ((*GUIDE, "--out", "/nowhere/x.txt"), 2, "/nowhere/x.txt"),
        (("outbox", "--state", "/nowhere"), 1, "there is no /nowhere"),
        (("audit", "show", "--state", "/nowhere"), 2, "no log in /nowhere"),
        (("catalogue", "diff", "config", "/nowhere"), 1, "/nowhere holds no jurisdictions"),
    ],
)
def test_what_is_not_there_is_named(
    command: tuple[str, ...], status: int, told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """On standard error, with another exit status than when all is well."""
    assert main(command) == status
    assert told in capsys.readouterr().err


def test_a_place_without_a_list_has_no_figures(capsys: pytest.CaptureFixture[str]) -> None:
    """No share of nothing."""
    assert main(["effect", "--jurisdiction", "新县"]) == 0
    said = capsys.readouterr().out
    assert "算不出" in said
    assert "%" not in said


def test_a_reader_that_has_had_enough(tmp_path: Path) -> None:
    """As with `| head -1`: an end, not a traceback."""
    end = subprocess.Popen(
        [sys.executable, "-m", "kiosk", "audit", "events"],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=Path(__file__).parents[2],
    )  # fmt: skip
    assert end.stdout is not None
    assert end.stderr is not None
    end.stdout.close()
    assert end.stderr.read() == b""
    assert end.wait() == READER_GONE
