"""The diagnostics bundle says what it could not read, and carries nobody's password."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from kiosk.agent.diagnostics import bundle
from kiosk.agent.maintenance import Upkeep

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
    upkeep = Upkeep(state=state, settings=(tmp_path / "terminal.yaml",))
    bundle(tmp_path / "bundle.zip", upkeep, {})
    with zipfile.ZipFile(tmp_path / "bundle.zip") as archive:
        return {name: archive.read(name).decode() for name in archive.namelist()}


def test_a_journal_that_may_not_be_read_is_told(taken: dict[str, str]) -> None:
    """An empty log would look like a quiet process."""
    assert "session_ready" in taken["logs/shell.log"]
    assert taken["logs/agent.log"] == "not readable: journalctl ended with 1"
