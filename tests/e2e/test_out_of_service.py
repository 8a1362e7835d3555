"""A wrong settings or catalogue file: a page that says so, never a black screen or a traceback."""

from __future__ import annotations

import io
import shutil
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from PIL import Image, ImageChops, ImageStat

from kiosk.agent.pictures import Pictures
from kiosk.agent.wishes import Wishes
from kiosk.channel import Secrets, Server
from kiosk.desk.display import VirtualScreen, start_virtual_screen
from kiosk.desk.part import Part, Running
from kiosk.desk.stack import REPOSITORY
from kiosk.play.rehearsal_link import RehearsalLink, Seen
from kiosk.play.screen import Screen
from kiosk.status.command import Command, Kind
from tests.waiting import until

pytestmark = pytest.mark.e2e
GOOD = "terminal: {id: t-0001}\nintake: {api_url: 'https://h:1', public_url: 'http://h:2'}\n"


@pytest.fixture
def display() -> Iterator[VirtualScreen]:
    """A virtual screen."""
    screen = start_virtual_screen(1080, 1920)
    yield screen
    screen.stop()


def _wrong_settings(place: Path) -> tuple[str, dict[str, str]]:
    return GOOD.replace("api_url", "api_ur"), {}


def _wrong_catalogue(place: Path) -> tuple[str, dict[str, str]]:
    config = place / "config"
    shutil.copytree(REPOSITORY / "config", config)
    thing = config / "catalogue" / "things" / "medical-expenses.yaml"
    thing.write_text(thing.read_text() + "\nnonsense: 1\n")
    return GOOD, {"YIDUAN_CONFIG": str(config)}


@pytest.mark.parametrize("wrong", [_wrong_settings, _wrong_catalogue])
def test_a_wrong_file_shows_out_of_service(
    tmp_path: Path, display: VirtualScreen, wrong: object
) -> None:
    """The page is painted and stays; the log names file and line."""
    assert callable(wrong)
    text, environment = wrong(tmp_path)
    (tmp_path / "terminal.yaml").write_text(text)
    subprocess.run(
        [sys.executable, "-m", "kiosk", "provision", "--state", tmp_path, "--terminal", "t-0001"],
        check=True,
        cwd=REPOSITORY,
    )
    secrets = Secrets.generate(["session", "shell", "rehearsal"])
    command = [
        *(sys.executable, "-P", "-m", "kiosk", "shell", "--state", str(tmp_path)),
        *("--run", str(tmp_path), "--settings", str(tmp_path / "terminal.yaml")),
        *("--rehearsal", "--secrets-on-stdin", "--with-parent"),
    ]
    part = Part(
        name="shell",
        command=command,
        greeting=secrets.line(),
        environment={"DISPLAY": display.name, "PYTHONPATH": str(REPOSITORY), **environment},
    )
    shell = Running(part, tmp_path)
    try:
        shell.wait_ready(30)
        link = RehearsalLink(tmp_path / "rehearsal.sock", secrets.roles["rehearsal"])

        def settled() -> Seen | None:
            seen = link.look()
            return seen if seen is not None and seen.settled else None

        assert until(settled).page == "out_of_service"
        picture = Screen(display.name).picture()
        assert len(picture.getcolors(maxcolors=1 << 20)) > 50
        assert "settings_refused" in (tmp_path / "shell.log").read_text()
        _the_centre_sees_the_same(tmp_path, secrets, picture)
    finally:
        shell.stop()


def _the_centre_sees_the_same(place: Path, secrets: Secrets, screen: Image.Image) -> None:
    """A picture that the centre asks for is what stands on the glass, made smaller."""
    wishes = Wishes()
    pictures = Pictures(wishes.put)
    operations = {**pictures.operations(), ("shell", "wish"): wishes.wish}
    agent = Server(place / "agent.sock", secrets, operations)
    agent.start()
    try:
        now = datetime.now(UTC)
        sent = pictures.take(
            Command(
                id="look-0001",
                to="t-0001",
                kind=Kind.SCREENSHOT,
                by="0021",
                issued_at=now,
                expires_at=now,
            )
        )
    finally:
        agent.close()
    told = Image.open(io.BytesIO(sent.data))
    assert told.size == (720, 1280)
    seen = ImageChops.difference(told.convert("L"), screen.convert("L").resize(told.size))
    assert ImageStat.Stat(seen).mean[0] < 4
