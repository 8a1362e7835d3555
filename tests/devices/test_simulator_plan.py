"""The file of simulated devices, and the devices beside the four of every terminal."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from drivers.service.binding import SPECS
from drivers.simulated import control
from drivers.simulated.camera import SimulatedCamera
from drivers.simulated.kinds import KINDS, Kind
from drivers.simulated.plan import Plan, PlanError, plan
from drivers.simulated.simulator import Simulator, UnknownDevice
from tests.browser import Page, browser
from tests.waiting import until

__all__ = ["browser"]


@pytest.fixture(scope="module")
def simulator(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Simulator]:
    """Lend a terminal that has everything."""
    place = tmp_path_factory.mktemp("simulated")
    simulator = Simulator(
        place, paper_dir=place / "papers", others={name: {} for name in KINDS}, seed=1
    )
    yield simulator
    simulator.close()


def test_the_command_line_wins_over_the_file(tmp_path: Path) -> None:
    """What is given is taken, what is not comes from the file."""
    file = tmp_path / "plan.yaml"
    file.write_text(
        "run: /somewhere\npopulation: people.json\npapers: papers\npace: line\n"
        "devices:\n  ups: {protocol: nut}\n  panel:\n",
        encoding="utf-8",
    )
    made = plan(file, {"run": tmp_path, "pace": None, "seed": 7})
    assert made == Plan(
        run=tmp_path,
        population=Path("people.json"),
        papers=Path("papers"),
        pace="line",
        seed=7,
        devices={"ups": {"protocol": "nut"}, "panel": {}},
    )


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("[1]", "not a map"),
        ("runs: /x", "runs"),
        ("pace: quick", "pace"),
        ("seed: true", "seed"),
        ("devices: {ups: [1]}", "devices.ups"),
        ("run: {", "cannot be read"),
        ("run: /x", "population"),
    ],
)
def test_a_wrong_file_is_refused_by_key(tmp_path: Path, text: str, named: str) -> None:
    """Who wrote it is told what to mend."""
    file = tmp_path / "plan.yaml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(PlanError, match=named):
        plan(file, {})


def test_a_device_that_there_is_not_is_refused(tmp_path: Path) -> None:
    """By its name, with those that there are."""
    with pytest.raises(ValueError, match="toaster"):
        Simulator(tmp_path, paper_dir=tmp_path, others={"toaster": {}})
    with pytest.raises(ValueError, match="bar"):
        Simulator(tmp_path, paper_dir=tmp_path, others={"ups": {"bar": 3}})


@pytest.mark.parametrize("name", KINDS)
def test_every_simulated_device_can_be_served(name: str) -> None:
    """It has the name under which the host knows it."""
    assert name in SPECS


@pytest.mark.parametrize(("name", "kind"), KINDS.items())
def test_every_button_of_the_page_is_understood(
    simulator: Simulator, name: str, kind: Kind
) -> None:
    """And leaves a state that the page can show."""
    for action in kind.actions:
        simulator.control(name, dict(action.command))
        assert isinstance(simulator.state()[name], dict), action.label
    offered = next(one for one in simulator.devices() if one["name"] == name)
    assert offered["title"] == kind.title


def test_nonsense_is_refused_by_every_device(simulator: Simulator) -> None:
    """Nothing is done, and the reason is told."""
    for name in KINDS:
        with pytest.raises(ValueError, match=r"\S"):
            simulator.control(name, {"dance": True})
    with pytest.raises(UnknownDevice):
        simulator.other("toaster")


@pytest.mark.browser
def test_the_page_cuts_the_power(simulator: Simulator, browser: Page) -> None:
    """In a real browser: every device has its place, and a button does what it says."""
    simulator.control("ups", {"power": "back"})
    with control.serve(simulator, 0) as url:
        browser.open(url)
        until(lambda: browser.run("document.querySelectorAll('#others section').length"))
        until(lambda: browser.run("document.querySelector('#link.on') !== null"))
        assert browser.run("document.querySelectorAll('#others section').length") == len(KINDS)
        browser.click("#other-ups .acts button")
        until(lambda: simulator.other("ups").state()["mains"] is False)


def test_a_pulled_camera_is_gone_whatever_was_on_its_way(tmp_path: Path) -> None:
    """A frame that was about to come when the cable was pulled does not bring the folder back."""
    camera = SimulatedCamera(tmp_path / "camera")
    until((tmp_path / "camera").exists)
    camera.control({"unplug": True})
    camera._put(camera._coat_file(0))
    assert not (tmp_path / "camera").exists()
    camera.control({"replug": True})
    until((tmp_path / "camera").exists)
    camera.close()


def test_a_simulator_that_cannot_be_made_leaves_nothing(tmp_path: Path) -> None:
    """No device of it goes on, and its ports are free for the next."""
    with pytest.raises(ValueError, match="toaster"):
        Simulator(tmp_path, paper_dir=tmp_path, others={"ups": {}, "toaster": {}})
    assert list((tmp_path / "devices").iterdir()) == []
