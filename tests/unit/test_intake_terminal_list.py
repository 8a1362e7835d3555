"""A terminal of the list is revoked and taken back while the intake runs; its calls are counted."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from intake.cli import main
from tests.intake_desk import TERMINAL, IntakeDesk, problem_of
from tests.waiting import until


def test_a_terminal_is_revoked_and_taken_back(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Its answer is a problem with a code, counted; what it kept is taken afterwards."""
    with IntakeDesk(state=tmp_path) as desk:
        listed = ("--terminals", str(tmp_path / "intake" / "terminals.json"))
        application = desk.application()
        assert main(["revoke", TERMINAL, *listed]) == 0
        assert main(["terminals", *listed, "--json"]) == 0
        (row,) = json.loads(capsys.readouterr().out)
        assert row["terminal"] == TERMINAL
        assert row["revoked"]
        until(lambda: desk.submit(application).status_code == 403)
        assert problem_of(desk.submit(application))["code"] == "TERMINAL_REVOKED"
        assert main(["unrevoke", TERMINAL, *listed]) == 0
        until(lambda: desk.submit(application).status_code in {200, 201})
        desk.stop()
        assert main(["counts", "--db", f"sqlite:///{tmp_path}/intake.db"]) == 0
        assert "TERMINAL_REVOKED" in capsys.readouterr().out


def test_a_terminal_that_is_not_there(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Nothing is written, and both mistakes are told."""
    listed = tmp_path / "terminals.json"
    assert main(["revoke", "T-1", "--terminals", str(listed)]) == 1
    listed.write_text("{}")
    assert main(["revoke", "T-1", "--terminals", str(listed)]) == 1
    assert "no T-1" in capsys.readouterr().err
    assert listed.read_text() == "{}"
