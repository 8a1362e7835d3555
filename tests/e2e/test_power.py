"""The mains fail: who is there may finish, nobody begins, and the terminal shuts itself down."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from tests.e2e.desk import Desk
from tests.waiting import until

pytestmark = pytest.mark.e2e


def test_an_outage_ends_what_cannot_be_finished_and_shuts_down(tmp_path: Path) -> None:
    """By a simulated UPS and board on real lines, to the real screen and the agent's command."""
    shut, settings = tmp_path / "shut", tmp_path / "power.yaml"
    settings.write_text(yaml.safe_dump({"power": {"shutdown": ["touch", str(shut)]}}))
    with Desk(pace="fast", settings=(settings,), devices=("ups", "panel")) as desk:
        desk.play("power-lost")
        desk.player.devices.do("ups", power="lost", charge=5)
        until(lambda: desk.noted("power_off"))
        until(shut.exists)
        desk.player.devices.do("ups", power="back", charge=100)
        for event in ("power_lost", "power_back"):
            until(lambda event=event: desk.noted(event))
        desk.sees(page="attract", targets="begin")
        desk.play("cabinet-opened")
        assert not desk.stored()
