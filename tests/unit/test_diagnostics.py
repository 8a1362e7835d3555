"""The diagnostics bundle says what it could not read, and carries nobody's password."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from kiosk.agent.diagnostics import bundle
from kiosk.agent.maintenance import Upkeep
from kiosk.settings import config_root

DESK = config_root() / "terminals" / "desk.yaml"
SETTINGS = """
intake:
  api_url: https://terminal:Zutritt/1@2@intake.invalid/api
  public_url: http://pages.invalid
"""
JOURNAL = """#!/bin/sh
case "$*" in
*kiosk-shell*) echo '{"event": "session_ready"}' ;;
*) echo "No journal files were opened due to insufficient permissions." >&2; exit 1 ;;
esac
"""
"""What `journalctl` does for who may read one unit's journal and not the others'."""


@pytest.fixture
def taken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """The parts of a bundle of a terminal, by name."""
    command = tmp_path / "bin" / "journalctl"
    command.parent.mkdir()
    command.write_text(JOURNAL)
    command.chmod(0o700)
    monkeypatch.setenv("PATH", f"{command.parent}:/usr/bin:/bin")
    state = tmp_path / "state"
    state.mkdir()
    own = tmp_path / "terminal.yaml"
    own.write_text(SETTINGS)
    upkeep = Upkeep(state=state, settings=(DESK, own))
    bundle(tmp_path / "bundle.zip", upkeep, {})
    with zipfile.ZipFile(tmp_path / "bundle.zip") as archive:
        return {name: archive.read(name).decode() for name in archive.namelist()}


def test_a_journal_that_may_not_be_read_is_told(taken: dict[str, str]) -> None:
    """An empty log would look like a quiet process."""
    assert "session_ready" in taken["logs/shell.log"]
    assert taken["logs/agent.log"] == "not readable: journalctl ended with 1"


def test_an_address_goes_without_user_and_password(taken: dict[str, str]) -> None:
    """Where it leads is still told."""
    assert "intake.api_url = https://(removed)@intake.invalid/api" in taken["settings.txt"]
    assert not [name for name, text in taken.items() if "Zutritt" in text or "1@2" in text]
