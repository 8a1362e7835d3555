"""Files of maintenance mode that cannot be read: what the commands say of them."""

from __future__ import annotations

from pathlib import Path

import pytest

from kiosk.cli import main
from kiosk.maintenance.keeping import Keeping


def test_a_damaged_list_has_a_next_step(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """What to do is said, not only what the parser met."""
    Keeping(tmp_path).make()
    (Keeping(tmp_path).folder / "staff.json").write_text("{")
    assert main(["staff", "--state", str(tmp_path), "list"]) == 1
    assert "kiosk staff add" in capsys.readouterr().err
