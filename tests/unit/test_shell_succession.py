"""What a shell leaves to the next one: its memory, its sessions, and when nothing is taken over."""

from __future__ import annotations

import os
import select
import signal
import socket
from collections.abc import Iterator
from pathlib import Path
from unittest.mock import Mock

import pytest

from kiosk.channel.process import die_with_pipe
from kiosk.channel.service_manager import ServiceManager
from kiosk.desk.descriptor_store import DescriptorStore
from kiosk.shell import memory as memories
from kiosk.shell.held_process import HeldProcess
from kiosk.shell.memory import Forgotten
from kiosk.shell.policy import SEEN_WITHIN, Kill, Policy, Show
from kiosk.shell.reporter import Reporter
from kiosk.shell.shell import Shell
from kiosk.shell.slot import After, Phase
from kiosk.shell.succession import MOST_RETURNS, WITHIN_S, Succession


def _serving() -> Policy:
    """Slot 1 on the screen, past submit, slot 2 ready behind it."""
    policy = Policy()
    policy.tick(0)
    policy.ready(1, 0.5)
    policy.ready(2, 1)
    policy.seen(1)
    policy.visit_began(1, "v1")
    policy.submitted(1, "L1")
    return policy


def test_what_was_known_is_known_again() -> None:
    """The next shell owes the same page, and lets a slow session have its time anew."""
    left = memories.parse(_serving().memory().line())
    policy = Policy.recalled(left, 100.0)
    assert policy.memory() == left
    assert policy.tick(104.9) == []
    assert Show(slot=2, after=After(how="crashed", local_no="L1")) in policy.exited(1, -9, 105)


def test_what_is_said_again_changes_nothing() -> None:
    """A session that says once more how far it is is not shown, counted or begun again."""
    policy = Policy.recalled(_serving().memory(), 100.0)
    before = policy.memory()
    assert policy.ready(1, 101) == policy.ready(2, 101) == policy.visit_began(1, "v1") == []
    policy.submitted(1, "L1")
    assert policy.memory() == before


def test_the_end_of_a_visit_that_nobody_heard_is_heard() -> None:
    """Said while no shell was there, or read by one that died over it: the standby is shown."""
    policy = Policy.recalled(_serving().memory(), 100.0)
    assert Show(slot=2, after=None) in policy.ended(1, "finished", 101)


def test_who_was_leaving_is_let_go() -> None:
    """A process whose end was decided ends, though the shell that decided it is gone."""
    policy = _serving()
    policy.ended(1, "finished", 2)
    later = Policy.recalled(policy.memory(), 100.0)
    later.framed(2, 100 + SEEN_WITHIN)
    assert Kill(slot=1) in later.tick(100 + SEEN_WITHIN)


@pytest.mark.parametrize("line", [b"", b"{}", b"[1]", b'{"slots": [{}], "owed": null}', b"\xff"])
def test_anything_else_is_no_memory(line: bytes) -> None:
    """Damaged, or of another version: forgotten, not guessed at."""
    with pytest.raises(Forgotten):
        memories.parse(line)


class Manager:
    """A service manager with a store: what it hears, and what it hands to the next start."""

    def __init__(self, place: Path) -> None:
        self.store = DescriptorStore()
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._socket.bind(str(place / "notify"))
        self.address = str(place / "notify")

    def hears(self) -> None:
        """Take all notices that came."""
        while select.select([self._socket], [], [], 0)[0]:
            notice, files, _, _ = socket.recv_fds(self._socket, 4096, 1)
            self.store.hear(notice, files)

    def starts(self) -> Succession:
        """Start the next shell: it gets the descriptors under numbers of its own."""
        self.hears()
        given = {name: os.dup(fd) for name, fd in self.store._kept.items()}
        if not given:
            return Succession({"NOTIFY_SOCKET": self.address})
        succession = Succession({})
        succession._manager = ServiceManager({"NOTIFY_SOCKET": self.address})
        succession._file, succession._given = given.pop("memory", -1), given
        return succession


@pytest.fixture
def manager(tmp_path: Path) -> Iterator[Manager]:
    """A manager of one service."""
    made = Manager(tmp_path)
    yield made
    made.store.close()


class Sleeper:
    """A child that ends with its lifeline, and its end of a control socket."""

    def __init__(self) -> None:
        ours, self.control = socket.socketpair()
        life, lifeline = os.pipe()
        said, say = os.pipe()
        self.pid = os.fork()
        if self.pid == 0:
            os.close(lifeline)
            die_with_pipe(life)
            os.write(say, b"1")
            signal.pause()
            os._exit(1)
        os.close(life)
        os.read(said, 1)
        self.held = HeldProcess(ours, os.pidfd_open(self.pid), lifeline)

    def lives(self) -> bool:
        """Whether it has not ended."""
        return os.waitpid(self.pid, os.WNOHANG) == (0, 0)


def _dies(held: HeldProcess) -> None:
    """Let go of a session as a killed shell does."""
    held.control.close()
    os.close(held.ended)
    os.close(held.lifeline)


def test_a_session_outlives_its_shell_and_not_the_service(manager: Manager) -> None:
    """Killed shells change nothing for it; an emptied store ends it, by the kernel."""
    sleeper, shell = Sleeper(), manager.starts()
    shell.hold(1, sleeper.held)
    shell.note(_serving())
    manager.hears()
    _dies(sleeper.held)
    left = manager.starts().inherit(10.0)
    assert sleeper.lives()
    assert left.policy.memory().active == 1
    assert left.lost == (2,)
    left.processes[1].ask_again()
    assert b"again" in sleeper.control.recv(100)
    _dies(left.processes[1])
    manager.store.close()
    os.waitpid(sleeper.pid, 0)


def test_a_memory_over_which_shells_die_is_left(manager: Manager) -> None:
    """After so many returns within the ladder's time the next shell ends all and begins anew."""
    first = manager.starts()
    policy = Policy()
    policy.tick(0)
    first.note(policy)
    for at in range(MOST_RETURNS):
        shell = manager.starts()
        assert shell.inherit(float(at)).policy.slots[1].phase is Phase.WARMING
        shell.note(policy)
    assert manager.starts().inherit(5.0).policy.slots == {}
    assert manager.starts().inherit(5.0 + WITHIN_S).policy.slots != {}


def _goes_on(succession: Succession, place: Path) -> Policy:
    """Let a whole shell take over what was left; return what it knows then."""
    shell = Shell(place / "agent.sock", "")
    shell._succession = succession
    shell._reporter = Mock(spec=Reporter)  # a real one would go on trying, into other tests' output
    shell._go_on()
    for process in shell._processes.values():
        process.kill()
        process.reap()
    return shell._policy


def test_a_shell_whose_sessions_all_died_with_it_begins_with_new_ones(
    manager: Manager, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A standby that is lost as well is not shown; the visit's number is still owed."""
    monkeypatch.setattr(Shell, "_spawn", lambda _shell, _wanted: None)
    manager.starts().note(_serving())
    policy = _goes_on(manager.starts(), tmp_path)
    assert [(slot.name, slot.phase) for slot in policy.slots.values()] == [(3, Phase.WARMING)]
    assert Show(slot=3, after=After(how="crashed", local_no="L1")) in policy.ready(3, 10.0)


def test_a_return_counts_before_anything_is_done_with_the_memory(
    manager: Manager, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Shells that die while they go on, of whatever, come to the end of the memory too."""
    monkeypatch.setattr(Policy, "exited", lambda *_: 1 / 0)
    manager.starts().note(_serving())
    for _ in range(MOST_RETURNS):
        with pytest.raises(ZeroDivisionError):
            _goes_on(manager.starts(), tmp_path)
    assert _goes_on(manager.starts(), tmp_path).slots == {}


def test_an_end_in_order_leaves_nothing(manager: Manager) -> None:
    """A shell that is stopped ends its sessions; the next one begins anew."""
    shell = manager.starts()
    shell.note(_serving())
    shell.forget()
    shell.note(_serving())
    assert manager.starts().inherit(1.0).policy.slots == {}


def test_without_a_manager_nothing_is_kept() -> None:
    """Started by hand a shell works as ever; descriptors of another process are not ours."""
    shell = Succession({"LISTEN_PID": "1", "LISTEN_FDS": "2", "LISTEN_FDNAMES": "a:b"})
    shell.note(_serving())
    assert shell.inherit(1.0).processes == {}
