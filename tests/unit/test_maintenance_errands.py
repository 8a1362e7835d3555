"""Every wish of the course has somebody who carries it out."""

from __future__ import annotations

from pathlib import Path
from typing import get_args

import pytest

from kiosk.channel import Secrets
from kiosk.maintenance.effects import Effect
from kiosk.session.maintenance import Stay, parts
from kiosk.settings import load
from tests.unit.test_diagnostics import DESK


class _Nobody:
    """A shell that hears nothing."""

    def ended(self, how: str) -> None:
        """Take the end."""


@pytest.fixture
def stay(tmp_path: Path) -> Stay:
    """A stay at a desk where nothing runs."""
    secrets = Secrets.generate(["maintenance"])
    made = parts(tmp_path, load([DESK]), secrets, "hold", _Nobody())  # type: ignore[arg-type]
    return Stay(made, lambda _woken: None)


def test_every_effect_is_carried_out(stay: Stay) -> None:
    """One of the course's effects that nobody knows would stop the screen's thread."""
    assert set(stay.carries_out) == set(get_args(Effect))
