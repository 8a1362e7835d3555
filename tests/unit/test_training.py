"""A training before anything of it runs: what it is told of the terminal, what it leaves."""

from __future__ import annotations

import socket
import subprocess
import sys
import tempfile
from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, Literal, cast

import pytest
import yaml

from drivers.simulated.camera_scenes import SceneName
from kiosk.catalogue.files import load as catalogue_of
from kiosk.desk import training
from kiosk.desk.stack import Options
from kiosk.desk.training_stack import TrainingStack
from kiosk.domain.catalogue import Mode
from kiosk.journey.context import Context
from kiosk.journey.facts import Condition, Devices, Intake
from kiosk.journey.intents import touch
from kiosk.journey.machine import Journey
from kiosk.journey.states import State
from kiosk.session.equipment import site_of
from kiosk.settings import config_root, load
from tests.journeys.reach import offered, touched, where

if TYPE_CHECKING:
    from kiosk.desk.supervisor import Supervisor

REAL: dict[str, Any] = {
    "terminal": {"id": "410702-0031", "name": "9 号机", "site_name": "真的大厅"},
    "intake": {"api_url": "https://intake.example:8443", "public_url": "https://p.example"},
    "centre": {"bus_host": "bus.example"},
    "power": {"shutdown": ["systemctl", "poweroff"]},
    "maintenance": {"restart": ["systemctl", "reboot"], "update": ["systemctl", "start", "x"]},
    "help": {"phone": "0373-1234567"},
}


@pytest.fixture
def stack(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> TrainingStack:
    """A training over a terminal that has everything real."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    own = tmp_path / "terminal.yaml"
    own.write_text(yaml.safe_dump(REAL, allow_unicode=True))
    return TrainingStack(Options(state=tmp_path / "state", display=":0"), load([own]))


def test_nothing_real_can_be_reached_from_its_settings(stack: TrainingStack) -> None:
    """Pages show whose terminal it is; addresses and commands are not those of the terminal."""
    (made,) = stack.settings_files()
    told = load([made])
    assert (told.terminal.site_name, told.help.phone) == ("真的大厅", "0373-1234567")
    assert told.intake.api_url.startswith("https://127.0.0.1:")
    assert told.intake.public_url.startswith("http://127.0.0.1:")
    assert told.centre.bus_host == ""
    assert told.power.shutdown == []
    can = told.maintenance
    assert [can.restart, can.shut_down, can.update, can.training, can.clock] == [[]] * 5
    assert told.terminal.id != "410702-0031"
    for word in ("example", "systemctl"):
        assert word not in made.read_text()


PLACES = sorted(path.stem for path in (config_root() / "jurisdictions").glob("[0-9]" * 6 + ".yaml"))


@pytest.mark.parametrize("code", PLACES)
def test_every_place_has_its_own_training(
    code: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its settings load, and each of its things can be begun: filed, or read about and taken along.

    What a place files nobody can practise elsewhere; what it does not file it does not here.
    """
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    own = tmp_path / "terminal.yaml"
    real = {**REAL, "jurisdiction": code, "terminal": {**REAL["terminal"], "id": f"{code}-0031"}}
    own.write_text(yaml.safe_dump(real, allow_unicode=True))
    stack = TrainingStack(Options(state=tmp_path / "state", display=":0"), load([own]))
    told = load(stack.settings_files())
    assert (told.jurisdiction, told.help.phone) == (code, "0373-1234567")
    catalogue = catalogue_of(config_root(), code)
    ready = Devices(id_reader=Condition.READY, scanner=Condition.READY)
    fresh = Context(
        site=site_of(told, catalogue),
        catalogue=catalogue,
        today=date(2026, 11, 22),
        devices=ready,
        intake=Intake.UP,
    )
    begun = 0
    for thing in (*catalogue.things, *catalogue.typical):
        journey = Journey(fresh)
        touched(journey, "begin").apply(touch(f"open_thing:{thing.code}"))
        assert where(journey) is State.GUIDE
        if "start" in offered(journey):
            touched(journey, "start")
            begun += 1
        else:
            assert "print_guide" in offered(journey), thing.code
    files = any(item.mode is Mode.FILE for thing in catalogue.things for item in thing.open_items)
    assert bool(begun) is files


@pytest.mark.parametrize("page", ["page", "card"])
def test_a_paper_of_the_shape_that_is_asked_for_is_laid_down(
    page: Literal["page", "card"], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever paper a place's material is: a sheet is a sheet to the camera, a card a card."""
    laid: list[str] = []
    monkeypatch.setattr(training.Bench, "_do", lambda _, __, **own: laid.append(own["scene"]))
    bench = training.Bench("http://127.0.0.1:9")
    for _ in range(3):
        bench.obey({"op": "paper", "wanted": page})
    assert all((scene == "bank_card") is (page == "card") for scene in laid)
    assert {SceneName(scene) for scene in laid} <= set(SceneName)
    bench.obey({"op": "paper", "wanted": ""})
    assert len(laid) == 4


def test_its_shell_is_marked(stack: TrainingStack) -> None:
    """The one thing that makes its sessions say 练习."""
    assert stack._shell().command[-1] == "--training"


def test_without_a_life_there_is_none(tmp_path: Path) -> None:
    """Nobody who starts the command by hand puts its windows over citizens."""
    line = ["training", "--life", str(tmp_path / "no.sock"), "--place", str(tmp_path / "place")]
    done = subprocess.run(
        [sys.executable, "-m", "kiosk", *line], check=False, capture_output=True, timeout=30
    )
    assert done.returncode == training.NOBODY
    assert not (tmp_path / "place").exists()


def test_what_it_wrote_is_gone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Before it begins, for a training that was killed, and when it ends."""
    monkeypatch.setattr(tempfile, "tempdir", tempfile.gettempdir())
    monkeypatch.setenv("TMPDIR", tempfile.gettempdir())
    place = tmp_path / "place"
    place.mkdir()
    (place / "left").write_text("of a killed one")
    with training._emptied(place):
        assert not any(place.iterdir())
        (place / "outbox.db").write_text("x")
    assert not place.exists()


def test_nobody_who_touches_it_is_its_end(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """It ends by itself, and says that it did; a strange word on its socket is no touch."""
    monkeypatch.setattr(training, "IDLE_S", 0.2)
    monkeypatch.setattr(training, "LOOK_S", 0.05)
    supervisor = cast("Supervisor", SimpleNamespace(look=lambda: None))
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as strip:
        strip.bind(str(tmp_path / "s"))
        strip.settimeout(0.05)
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as hand:
            hand.sendto(b"no words", str(tmp_path / "s"))
            with pytest.raises(training.Ended, match="idle"):
                training._serve(strip, training.Bench("http://127.0.0.1:9"), supervisor)
            hand.sendto(b'{"op": "end"}', str(tmp_path / "s"))
            with pytest.raises(training.Ended, match="left"):
                training._serve(strip, training.Bench("http://127.0.0.1:9"), supervisor)
