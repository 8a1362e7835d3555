"""How sessions outlive the shell that started them.

Theory of operation
-------------------
A shell that dies must not take the citizen's visit with it: the session draws, reads and submits
without it. So the shell gives what holds its sessions into the service manager's descriptor store
(``FDSTORE=1``, sd_notify(3); ``FileDescriptorStoreMax=`` of the unit): for each session its control
socket, its process descriptor and its lifeline, and one memory file with what the policy knows. The
next shell gets them back (``LISTEN_FDS``), goes on from the memory, and lets each session say once
more how far it is, since the last words before the death may have been read and not written down.

Nobody outlives the service: a store that is emptied (the unit is stopped, or has failed for good)
closes the last writer of each lifeline, and the kernel ends the sessions (`die_with_pipe`). A shell
that ends in order ends its sessions itself and leaves an empty store.

A memory over which shells die is poison, so each return is written down before anything is done
with it, and it is taken over `MOST_RETURNS` times within
`WITHIN_S`; then the next shell ends all sessions and begins anew.
"""

from __future__ import annotations

import fcntl
import os
import socket
from collections.abc import MutableMapping
from dataclasses import dataclass, field, replace
from typing import Final

from kiosk.channel.service_manager import ServiceManager
from kiosk.shell import memory as memories
from kiosk.shell.held_process import HeldProcess
from kiosk.shell.memory import Forgotten, Memory
from kiosk.shell.policy import Policy

FIRST_FD: Final = 3
"""``SD_LISTEN_FDS_START`` of sd_listen_fds(3)."""
MEMORY: Final = "memory"
PARTS: Final = ("control", "ended", "lifeline")
MOST_RETURNS: Final = 2
WITHIN_S: Final = 300.0
"""The unit's ``StartLimitIntervalSec``: its ladder must not be kept from its work."""
BARRIER_S: Final = 2.0
_LONGEST: Final = 1 << 16


@dataclass(frozen=True, kw_only=True, slots=True)
class Inheritance:
    """What a shell begins with.

    Attributes:
        policy: what is known.
        processes: the sessions that live, or whose death is still to be heard.
        lost: slots of the policy whose session is gone; the one on the screen last, so that none
            of them is shown in its place.
    """

    policy: Policy = field(default_factory=Policy)
    processes: dict[int, HeldProcess] = field(default_factory=dict)
    lost: tuple[int, ...] = ()


class Succession:
    """The way to the service manager's store.

    Args:
        environment: where ``NOTIFY_SOCKET`` and ``LISTEN_…`` stand; the latter are taken out.
    """

    def __init__(self, environment: MutableMapping[str, str]) -> None:
        self._manager = ServiceManager(environment)
        self._given = _handed_back(environment)
        self._written = b""
        self._returns: tuple[float, ...] = ()
        self._file = self._given.pop(MEMORY, -1)
        if self._file < 0 and self._manager.there:
            self._file = os.memfd_create(MEMORY)
            self._tell("FDSTORE=1", MEMORY, self._file)

    def inherit(self, now: float) -> Inheritance:
        """Return what the shell before left; nothing, and all its sessions ended, if it is poison.

        Args:
            now: seconds of CLOCK_MONOTONIC, which goes on from shell to shell.
        """
        try:
            left = self._left(now)
        except Forgotten:
            self._end_all()
            return Inheritance()
        slots = sorted((slot.name for slot in left.slots), key=lambda name: name == left.active)
        processes = {name: self._process(name) for name in slots}
        self._end_all()  # what is left over belongs to no slot
        return Inheritance(
            policy=Policy.recalled(left, now),
            processes={name: process for name, process in processes.items() if process},
            lost=tuple(name for name, process in processes.items() if process is None),
        )

    def hold(self, slot: int, process: HeldProcess) -> None:
        """Let a session outlive this process."""
        held = (process.control.fileno(), process.ended, process.lifeline)
        for part, fd in zip(PARTS, held, strict=True):
            self._tell("FDSTORE=1", f"{slot}.{part}", fd)

    def release(self, slot: int) -> None:
        """Forget a session that is gone."""
        for part in PARTS:
            self._tell("FDSTOREREMOVE=1", f"{slot}.{part}")

    def note(self, policy: Policy) -> None:
        """Write down what the policy knows, if that changed; say what found no room before."""
        self._manager.catch_up()
        if self._file < 0:
            return
        line = replace(policy.memory(), returns=self._returns).line()
        if line != self._written:
            os.pwrite(self._file, line, 0)  # a rest of a longer line stays behind its end
            self._written = line

    def forget(self) -> None:
        """Leave no memory, now and from now on: the shell ends in order, its sessions with it."""
        if self._file >= 0:
            os.ftruncate(self._file, 0)
            self._file = -1  # the descriptor lives as long as we do
            self._tell("FDSTOREREMOVE=1", MEMORY)

    def settle(self) -> None:
        """Wait until the service manager did all it was told: it may not hear who is gone."""
        self._manager.settle(BARRIER_S)

    def _left(self, now: float) -> Memory:
        """Read the memory and count this return.

        Raises:
            Forgotten: there is none, or shells die over it.
        """
        line = os.pread(self._file, _LONGEST, 0).partition(b"\n")[0] if self._file >= 0 else b""
        left = memories.parse(line)
        before = tuple(at for at in left.returns if now - at < WITHIN_S)
        if len(before) >= MOST_RETURNS:
            raise Forgotten("too many returns")
        self._returns = (*before, now)
        return left

    def _process(self, slot: int) -> HeldProcess | None:
        """Return a session by its three descriptors; None when one of them is missing."""
        names = [f"{slot}.{part}" for part in PARTS]
        if not all(name in self._given for name in names):
            return None
        control, ended, lifeline = (self._given.pop(name) for name in names)
        return HeldProcess(socket.socket(fileno=control), ended, lifeline)

    def _end_all(self) -> None:
        """Let go of what was handed back: the kernel ends whose lifeline it was."""
        for name, fd in self._given.items():
            self._tell("FDSTOREREMOVE=1", name)
            os.close(fd)
        self._given.clear()

    def _tell(self, what: str, name: str, *fds: int) -> None:
        """Tell the service manager; one that is gone, or has no store, is no reason to fail."""
        self._manager.tell(f"{what}\nFDNAME={name}", *fds)


def _handed_back(environment: MutableMapping[str, str]) -> dict[str, int]:
    """Return what the service manager kept, by name; no child of ours inherits it."""
    ours = environment.pop("LISTEN_PID", "") == str(os.getpid())
    count, names = environment.pop("LISTEN_FDS", "0"), environment.pop("LISTEN_FDNAMES", "")
    if not ours:
        return {}
    given = dict(zip(names.split(":"), range(FIRST_FD, FIRST_FD + int(count)), strict=True))
    for fd in given.values():
        fcntl.fcntl(fd, fcntl.F_SETFD, fcntl.FD_CLOEXEC)
    return given
