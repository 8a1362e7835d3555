"""The release that staff said yes to on the screen is the one that is installed from a stick."""

from __future__ import annotations

from pathlib import Path

import pytest

from kiosk.cli import main
from kiosk.release.confirmed import confirm, confirmed
from kiosk.release.course import Stage
from kiosk.release.errors import Unusable
from kiosk.release.fetching import Stick
from kiosk.settings import config_root
from tests.releases.conftest import Terminal
from tests.releases.repositories import Fleet

OTHER = "0" * 64


def test_another_release_than_was_confirmed_is_not_taken(fleet: Fleet, terminal: Terminal) -> None:
    """The stick was changed after the look; the other one is not refused for good, either."""
    served = Stick(fleet.release("2"))
    with pytest.raises(Unusable, match="another release than was confirmed"):
        terminal.updating().run(terminal.root, served, OTHER)
    assert (terminal.phone, terminal.course.refused) == ("1", ())
    course = terminal.updating().run(terminal.root, served)
    assert (course.stage, terminal.phone) == (Stage.COMMITTED, "2")
    assert course.offer is not None
    newer = Stick(fleet.release("3"))
    with pytest.raises(Unusable, match="another"):
        terminal.updating().run(terminal.root, newer, course.offer.digest)


def test_the_command_of_the_unit_takes_what_was_confirmed_alone(
    fleet: Fleet, terminal: Terminal, place: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Nothing confirmed, something torn, something else: nothing is installed, and it says so."""
    stick = fleet.release("2")
    (place / "root.json").write_bytes(terminal.root)
    files = ("--from-usb", str(stick), "--root", str(place / "root.json"))
    desk = str(config_root() / "terminals" / "desk.yaml")
    words = ("release", "update", *files, "--folder", str(terminal.folder), "--settings", desk)
    words = (*words, "--group", terminal.group, "--no-visit", "--trial", "0", "--confirmed")

    def says() -> str:
        assert main(words) == 1
        return capsys.readouterr().err

    assert "no release was confirmed" in says()
    confirm(terminal.folder, "torn")
    assert "no release was confirmed" in says()
    confirm(terminal.folder, OTHER)
    assert confirmed(terminal.folder) == OTHER
    assert "another release than was confirmed" in says()
    assert terminal.phone == "1"
