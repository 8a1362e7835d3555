"""A training as the agent sees it: begun by who may, ended with who began it, and written down."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import pytest

from kiosk.channel import Refused
from kiosk.cli import main
from kiosk.maintenance.staff import Role
from tests.faults.test_agent_maintenance import Terminal
from tests.waiting import until

LEARNER = """
import socket, sys
life = socket.socket(socket.AF_UNIX)
life.connect(sys.argv[1])
for word in sys.argv[2:]:
    life.sendall(word.encode() + b"\\n")
    if word == "ready":
        life.recv(1)
"""
"""A process that says what a training says; after ``ready`` it lives as long as it is wanted."""


class Training(Terminal):
    """A terminal whose training is a small process."""

    def __init__(self, place: Path, role: Role, *words: str) -> None:
        command = (sys.executable, "-c", LEARNER, str(place / "training.sock"), *words)
        super().__init__(place, role, training=command, run=place)

    def ended(self) -> dict[str, Any] | None:
        """Return the fields of its end, once it ended."""
        return next((dict(f) for name, f in self.noted if name == "training_ended"), None)


def phase(own: Any) -> str:
    """Ask how it stands."""
    return str(own.call("train_look")["phase"])


@pytest.mark.parametrize("how", ["idle", ""])
def test_its_own_word_is_its_end(tmp_path: Path, how: str) -> None:
    """A line that breaks without a word is a training that failed."""
    terminal = Training(tmp_path, Role.CLERK, *filter(None, [how]))
    try:
        own = terminal.signed_in()
        own.call("train_begin")
        until(lambda: phase(own) == (how or "failed"))
        ended = until(terminal.ended)
        assert (ended["person"], ended["how"]) == ("0317", how or "failed")
        assert not (tmp_path / "training.sock").exists()
    finally:
        terminal.close()


@pytest.mark.parametrize("goes", ["says", "is gone"])
def test_it_ends_with_the_stay(tmp_path: Path, goes: str) -> None:
    """Whoever began it says so, or is gone: nobody goes on in its windows."""
    terminal = Training(tmp_path, Role.ENGINEER, "ready")
    try:
        own = terminal.signed_in()
        own.call("train_begin")
        until(lambda: phase(own) == "ready")
        if goes == "says":
            own.call("train_end")
        else:
            own.close()
        assert until(terminal.ended)["how"] == "stopped"
        assert "training_began" in terminal.events()
    finally:
        terminal.close()


def test_one_at_a_time_and_not_for_everybody(tmp_path: Path) -> None:
    """A second one is refused; a vendor learns elsewhere; without a command there is none."""
    terminal = Training(_made(tmp_path / "a"), Role.CLERK, "ready")
    vendor = Training(_made(tmp_path / "b"), Role.VENDOR)
    bare = Terminal(_made(tmp_path / "c"), Role.CLERK)
    try:
        own = terminal.signed_in()
        own.call("train_begin")
        assert "train" in own.call("look")["orders"]  # type: ignore[operator]
        with pytest.raises(Refused, match="unusable"):
            own.call("train_begin")
        with pytest.raises(Refused, match="not_allowed"):
            vendor.signed_in().call("train_begin")
        with pytest.raises(Refused, match="not_here"):
            bare.signed_in().call("train_begin")
    finally:
        for one in (terminal, vendor, bare):
            one.close()


def _made(place: Path) -> Path:
    place.mkdir()
    return place


def test_the_clock_is_set_by_the_command(tmp_path: Path) -> None:
    """The command is told how, an engineer may, and the log says how far it moved."""
    command = ("touch", f"{tmp_path}/{{}}")
    terminal = Terminal(tmp_path, Role.ENGINEER, clock=command)
    try:
        own = terminal.signed_in()
        assert own.call("set_clock", how="step")["moved_s"] == 0
        own.call("set_clock", how="set", at=1_800_000_000)
        assert (tmp_path / "step").exists()
        assert (tmp_path / "1800000000").exists()
        for how, at in (("set", 5), ("leap", 1_800_000_000)):
            with pytest.raises(Refused, match="bad_request"):
                own.call("set_clock", how=how, at=at)
        done = [fields for name, fields in terminal.noted if name == "clock_set"]
        assert [one["how"] for one in done] == ["step", "set"]
    finally:
        terminal.close()


def test_the_command_sets_no_time_of_another_age(capsys: pytest.CaptureFixture[str]) -> None:
    """As root, too, a number is a time of this machine's life or nothing happens."""
    for wrong in ("5", "now", "-1", "99999999999999"):
        assert main(["clock", "--", wrong]) == 2
    assert "not a time" in capsys.readouterr().err
