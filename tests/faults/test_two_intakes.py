"""A terminal that files in two places: each has its own intake, and one may be dead."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from kiosk.cli import main
from tests.faults.stub_intake import StubIntake
from tests.faults.terminal import Filing, agent_thread, make, session, state_of, submit
from tests.waiting import until

CITY = "410103"


def test_each_place_gets_its_own_and_a_dead_one_waits_alone(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """What is for the dead intake stays, is seen, and goes to no other."""
    state, run = tmp_path / "state", tmp_path / "run"
    made = make(state)
    intake = StubIntake(state)
    dead = {CITY: "https://127.0.0.1:9"}
    here, there = Filing(place="410700"), Filing(place=CITY)
    with agent_thread(state, run, intake.url, by_jurisdiction=dead), session(run) as client:
        submit(client, made, there)
    with agent_thread(state, run, intake.url, by_jurisdiction=dead), session(run) as client:
        submit(client, made, here)
        assert state_of(client, here)["state"] == "submitted"

        def seen() -> dict[str, object]:
            capsys.readouterr()
            main(["outbox", "--state", str(state), "--json"])
            told: dict[str, object] = json.loads(capsys.readouterr().out)
            return told

        def city() -> dict[str, object]:
            lines = seen()["addresses"]
            assert isinstance(lines, list)
            found: dict[str, object] = next(one for one in lines if not one["default"])
            return found

        until(lambda: city()["open"] is True)
        assert (city()["owed"], city()["jurisdictions"]) == (1, [CITY])
    assert len(intake.filed) == 1
    with agent_thread(state, run, intake.url, by_jurisdiction={}):  # the settings changed
        until(lambda: len(intake.filed) == 2)
    intake.close()
