"""The stick of staff: a mount, before and after each write."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from kiosk.agent.stick import NoStick, Stick


def test_a_directory_that_was_left_over_is_no_stick(tmp_path: Path) -> None:
    """Nothing goes to the inner disk while the screen says it is on the stick."""
    stick = Stick(tmp_path)
    assert not stick.there
    with pytest.raises(NoStick):
        stick.path("report", "pdf")
    assert Stick(tmp_path, folder=True).there, "said so at a desk"


def test_a_stick_that_is_pulled_during_a_write_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is looked at again when the bytes are down."""
    mounted = iter([True, False])
    monkeypatch.setattr(os.path, "ismount", lambda _: next(mounted))
    stick = Stick(tmp_path)
    path = stick.path("report", "pdf")
    with (tmp_path / "made").open("x+b") as report, pytest.raises(NoStick):
        stick.take(path, report.fileno())
