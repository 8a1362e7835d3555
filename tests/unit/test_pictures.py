"""A picture of the page for the centre: taken when nobody is there, and a touch wins."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from kiosk.agent import pictures as agent
from kiosk.agent.pictures import Pictures
from kiosk.agent.reporting.orders import OrderFailed, OrderRefused
from kiosk.channel import Client, Refused, Secrets, Server
from kiosk.shell.pictures import Pictures as OfShell
from kiosk.shell.policy import After, Policy
from kiosk.shell.shell import Shell
from kiosk.status.command import Command, Kind

NOW = datetime(2026, 11, 3, 10, 0, tzinfo=UTC)
COMMAND = Command(
    id="look-0001", to="T-1", kind=Kind.SCREENSHOT, by="0021", issued_at=NOW, expires_at=NOW
)
JPEG = b"\xff\xd8\xff a page"
SECRETS = Secrets.generate(["shell"])


def memory_file(data: bytes) -> int:
    """Return a memory file."""
    file = os.memfd_create("page")
    os.write(file, data)
    return file


@pytest.fixture
def asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Pictures, OfShell]]:
    """An agent that asks, and a shell that answers over its socket."""
    monkeypatch.setattr(agent, "PATIENCE_S", 5.0)
    own = Pictures(lambda _wish: None)
    server = Server(tmp_path / "agent.sock", SECRETS, own.operations())
    server.start()
    yield own, OfShell(tmp_path / "agent.sock", SECRETS.roles["shell"])
    server.close()


def test_a_picture_comes_over_the_socket(asked: tuple[Pictures, OfShell]) -> None:
    """As a memory file that the shell never opens."""
    own, shell = asked
    own._wish = lambda _wish: shell.hand_over(memory_file(JPEG))
    assert own.take(COMMAND).data == JPEG


@pytest.mark.parametrize("why", ["occupied", "other_page"])
def test_why_there_is_none_is_told(asked: tuple[Pictures, OfShell], why: str) -> None:
    """As a refusal: nothing is wrong."""
    own, shell = asked
    own._wish = lambda _wish: shell.refuse(why)
    with pytest.raises(OrderRefused) as refused:
        own.take(COMMAND)
    assert refused.value.why == why


def test_a_shell_that_does_not_answer(
    asked: tuple[Pictures, OfShell], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Is told; what comes too late is thrown away, also before the next question."""
    own, shell = asked
    monkeypatch.setattr(agent, "PATIENCE_S", 0.05)
    with pytest.raises(OrderFailed, match="no_answer"):
        own.take(COMMAND)
    shell.hand_over(memory_file(JPEG))
    for one in threading.enumerate():
        if one.name == "picture":
            one.join(5)
    with pytest.raises(OrderFailed, match="no_answer"):
        own.take(COMMAND)


@pytest.mark.parametrize("data", [b"", b"GIF89a", b"\xff\xd8"])
def test_what_is_no_picture_is_refused(
    asked: tuple[Pictures, OfShell], tmp_path: Path, data: bytes
) -> None:
    """Nothing else of a session reaches the centre this way."""
    del asked
    file = memory_file(data)
    client = Client(tmp_path / "agent.sock", "shell", SECRETS.roles["shell"])
    with client, pytest.raises(Refused):
        client.call("picture", fds=(file,), why="")
    os.close(file)


def on_screen() -> Policy:
    """Slot 1 is on the screen and nobody has touched it."""
    policy = Policy()
    policy.tick(0)
    policy.ready(1, 0.5)
    policy.ready(2, 1)
    policy.seen(1)
    return policy


def test_the_shell_lets_only_an_untouched_page_be_seen() -> None:
    """Not while it serves, not while staff are there, not while nothing is shown."""
    policy, served = on_screen(), on_screen()
    seen = [Policy().picturable, policy.picturable]
    policy.maintain("command", 2)
    seen.append(policy.picturable)
    policy.ready(3, 3)
    served.visit_began(1, "v1")
    assert [*seen, policy.picturable, served.picturable] == [None, 1, 1, None, None]


class Process:
    """A session that has handed over a picture."""

    def __init__(self) -> None:
        self.wanted = 0

    def want_picture(self) -> None:
        """Count that it was asked."""
        self.wanted += 1

    def file(self) -> int:
        """Return the picture."""
        return memory_file(JPEG)

    def show(self, after: After | None) -> None:
        """Be shown."""


class Told:
    """What the agent was told."""

    def __init__(self) -> None:
        self.said: list[str] = []

    def hand_over(self, file: int) -> None:
        """Take a picture."""
        os.close(file)
        self.said.append("picture")

    def refuse(self, why: str) -> None:
        """Take a word."""
        self.said.append(why)


def test_a_touch_between_question_and_picture_wins(tmp_path: Path) -> None:
    """The picture is thrown away, and nobody else can have it."""
    shell = Shell(tmp_path / "agent.sock", "")
    told, process, policy = Told(), Process(), on_screen()
    shell._pictures, shell._policy = told, policy  # type: ignore[assignment]
    shell._processes = {1: process}  # type: ignore[dict-item]
    open_before = len(os.listdir("/proc/self/fd"))
    shell._want_picture()
    assert process.wanted == 1
    shell._understand(1, {"op": "picture"})
    shell._want_picture()
    policy.visit_began(1, "v1")
    shell._understand(1, {"op": "picture"})
    shell._want_picture()
    assert told.said == ["picture", "occupied", "occupied"]
    assert process.wanted == 2
    assert len(os.listdir("/proc/self/fd")) == open_before
