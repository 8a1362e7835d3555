"""Root works in the agent's directory as the agent: follows no link, leaves nothing of its own."""

from __future__ import annotations

import multiprocessing
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from kiosk.cli import main
from kiosk.enrolment.staging import Staging
from kiosk.installation import as_agent, take_identity
from kiosk.maintenance.keeping import Keeping
from kiosk.maintenance.staff import Staff
from tests.enrolment_desk import QUICK, Desk
from tests.waiting import PATIENCE_S

AGENT = 12345
"""A user that is not root and owns nothing else."""

pytestmark = pytest.mark.skipif(os.geteuid() != 0, reason="only root can become another user")


@pytest.fixture
def place() -> Iterator[Path]:
    """A directory that any user gets through."""
    made = Path(tempfile.mkdtemp(prefix="yiduan-own-"))
    made.chmod(0o711)
    yield made
    shutil.rmtree(made)


@pytest.fixture
def state(place: Path) -> Path:
    """The agent's state directory."""
    made = place / "state"
    made.mkdir(mode=0o700)
    os.chown(made, AGENT, AGENT)
    return made


@pytest.fixture
def treasure(place: Path) -> Path:
    """A file of root's."""
    made = place / "root" / "treasure"
    made.parent.mkdir(mode=0o755)
    made.write_text("root's")
    made.chmod(0o600)
    return made


def owners(directory: Path) -> set[int]:
    """Return the users to whom anything in a directory belongs."""
    return {path.lstat().st_uid for path in (directory, *directory.rglob("*"))}


def test_what_root_left_is_the_agents_and_no_link_is_followed(state: Path, treasure: Path) -> None:
    """Neither a symbolic link nor a second name of root's file gives it away."""
    (state / "keys").mkdir()
    (state / "keys" / "left").write_text("by an interrupted command")
    (state / "link").symlink_to(treasure)
    (state / "folder").symlink_to(treasure.parent)
    (state / "second").hardlink_to(treasure)
    with as_agent(state):
        (state / "made").write_text("now")
        with pytest.raises(PermissionError):
            (state / "link").write_text("over it")
    assert os.geteuid() == 0
    assert owners(treasure.parent) == {0}
    assert treasure.read_text() == "root's"
    mine = ("keys", "keys/left", "made")
    assert {(state / name).stat().st_uid for name in mine} == {AGENT}


def test_the_list_of_staff_is_the_agents(state: Path, treasure: Path) -> None:
    """From the first byte; and it is not written where a link leads that only root may follow."""
    Keeping(state).keep_staff(Staff())
    assert owners(state) == {AGENT}
    shutil.rmtree(state / "maintenance")
    (state / "maintenance").symlink_to(treasure.parent)
    with pytest.raises(OSError, match=r"denied|exists"):
        Keeping(state).keep_staff(Staff())
    assert os.listdir(treasure.parent) == [treasure.name]


class Died(Exception):
    """The terminal lost power here."""


def test_an_identity_is_the_agents_at_every_moment(
    place: Path, state: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A first one, and one with new keys whose command dies as soon as it is in force."""
    monkeypatch.setattr(sys.modules["kiosk.enrolment.enrol"], "Waiting", lambda: QUICK)
    with Desk(root=tmp_path / "centre") as desk:
        desk.enrolled(tmp_path / "another", "T-another")
        heard, said = multiprocessing.get_context("fork").Pipe(duplex=False)

        def say(step: str, values: Mapping[str, str]) -> None:
            if step == "code":
                said.send(values["code"])

        wish = desk.wish("T-owned", ca=desk.ca.read_bytes())
        child = multiprocessing.get_context("fork").Process(
            target=take_identity, args=(wish, place, say), kwargs={"state": state}
        )
        child.start()
        assert heard.poll(PATIENCE_S)
        assert owners(state) == {AGENT}, "while it waits"
        desk.approve(heard.recv())
        child.join(PATIENCE_S)
        assert child.exitcode == 0
        assert owners(state) == {AGENT}
        before = (state / "keys" / "agent-signing.pem").read_bytes()

        def dies(_: Staging) -> None:
            raise Died

        monkeypatch.setattr(Staging, "_tidy", dies)
        with pytest.raises(Died):
            main(["enrol", "--rotate", "--state", str(state)])
        assert (state / "keys" / "agent-signing.pem").read_bytes() != before, "in force"
        assert owners(state) == {AGENT}
