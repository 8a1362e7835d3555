"""A tactile pad as a device: its keys are events and never typing.

A real pad is an input node below ``/dev/input/by-id``; it is grabbed (EVIOCGRAB), so that neither
the screen nor another program sees its keys.  Anything else that carries the same events (a
simulated pad's pseudo-terminal, a pipe) is read as it is.

A pad says nothing while nobody touches it; that it is gone is told by the kernel at once, as an end
of file or an error of the next read.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import select
import stat
import time
from collections.abc import Iterator, Sequence

import evdev

from drivers.errors import DeviceGarbled, TransportLost
from drivers.panel.input_events import EVENT_BYTES, InputEvent, Receiver
from drivers.panel.keys import Decoder, Headset, Key, KeyMap, PadEvent

STUCK_S = 30.0
"""A key that is down for longer is stuck, or something leans on it."""

_PIECE = 64 * EVENT_BYTES
_MOST_DROPPED = 64  # pieces; more than any pipe holds
_INPUT_MAJOR = 13
"""Device number of input nodes: Documentation/admin-guide/devices.txt of Linux."""
_SWITCH_BYTES = 8
_EVIOCGSW = (2 << 30) | (_SWITCH_BYTES << 16) | (ord("E") << 8) | 0x1B
"""Asks an input node for the state of its switches: ``linux/input.h``."""


class _Node:
    """One input node: its descriptor, and what has come from it."""

    def __init__(self, descriptor: int, name: str, keymap: KeyMap, model: str = "") -> None:
        self.descriptor = descriptor
        self.decoder = Decoder(keymap)
        self.model = model
        self._name = name
        self._receiver = Receiver()
        if keymap.switch is not None and model:
            self.decoder.headset = _switch(descriptor, keymap.switch)

    @classmethod
    def open(cls, path: str, keymap: KeyMap) -> _Node:
        """Open and, if it is an input node, grab it."""
        with _one_error(path):
            if not _is_input_node(path):
                flags = os.O_RDONLY | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC
                descriptor = os.open(path, flags)
                _drop_waiting(descriptor)
                return cls(descriptor, path, keymap)
            node = evdev.InputDevice(path)
            try:
                node.grab()
                return cls(os.dup(node.fd), path, keymap, model=node.name or "keypad")
            finally:
                node.close()

    def read(self) -> list[PadEvent]:
        """Return what came."""
        with _one_error(self._name):
            try:
                data = os.read(self.descriptor, _PIECE)
            except BlockingIOError:
                return []  # woken for nothing
        if not data:
            raise TransportLost(f"{self._name}: hung up")
        events: list[InputEvent] = []
        for event in self._receiver.receive(data):
            if not isinstance(event, InputEvent):
                raise DeviceGarbled(f"{self._name}: not the events of an input node")
            events.append(event)
        return self.decoder.decode(events)

    def close(self) -> None:
        """Close it; a grabbed one is free again."""
        with contextlib.suppress(OSError):
            os.close(self.descriptor)


class Keypad:
    """One pad. Calls come from one thread. Made by `Keypad.open`; closed by `close`."""

    def __init__(self, nodes: Sequence[_Node]) -> None:
        self._nodes = tuple(nodes)
        self._down_since: dict[Key, float] = {}

    @classmethod
    def open(cls, keymap: KeyMap, *paths: str) -> Keypad:
        """Open and, if they are input nodes, grab a pad; what was pressed before is not told.

        A pad whose volume keys are those of a multimedia keyboard has a second node for them.

        Raises:
            TransportLost: There is no such node, it may not be opened, or another program has it.
        """
        nodes: list[_Node] = []
        try:
            for path in paths:
                nodes.append(_Node.open(path, keymap))  # noqa: PERF401  # closed if one fails
        except TransportLost:
            cls(nodes).close()
            raise
        return cls(nodes)

    @property
    def model(self) -> str:
        """What the pad calls itself; empty if it is not an input node."""
        return self._nodes[0].model

    @property
    def headset(self) -> Headset:
        """What is known of the headset jack."""
        states = (node.decoder.headset for node in self._nodes)
        return next((state for state in states if state is not Headset.UNKNOWN), Headset.UNKNOWN)

    def read(self, deadline: float) -> list[PadEvent]:
        """Return what happened, as soon as something did; nothing when `deadline` passes first.

        Raises:
            TransportLost: The pad was unplugged.
            DeviceGarbled: What comes is not the events of an input node.
        """
        wait = max(0.0, deadline - time.monotonic())
        with _one_error("keypad"):
            ready, _, _ = select.select([node.descriptor for node in self._nodes], [], [], wait)
        woken = [node for node in self._nodes if node.descriptor in ready]
        happened = [event for node in woken for event in node.read()]
        self._note_held()
        return happened

    def stuck(self) -> list[Key]:
        """Return the keys that are down for longer than `STUCK_S`."""
        now = time.monotonic()
        return sorted(key for key, since in self._down_since.items() if now - since > STUCK_S)

    def close(self) -> None:
        """Close the pad."""
        for node in self._nodes:
            node.close()

    def _note_held(self) -> None:
        now = time.monotonic()
        held = {key for node in self._nodes for key in node.decoder.held}
        self._down_since = {key: self._down_since.get(key, now) for key in held}


def _is_input_node(path: str) -> bool:
    status = os.stat(path)  # noqa: PTH116  # os.major needs the raw number
    return stat.S_ISCHR(status.st_mode) and os.major(status.st_rdev) == _INPUT_MAJOR


def _drop_waiting(descriptor: int) -> None:
    """Drop what was pressed before; an input node keeps nothing for who was not there."""
    with contextlib.suppress(OSError):
        for _ in range(_MOST_DROPPED):
            if not os.read(descriptor, _PIECE):
                return


def _switch(descriptor: int, code: int) -> Headset:
    """Ask an input node for its jack; nodes that cannot tell leave it unknown."""
    try:
        states = fcntl.ioctl(descriptor, _EVIOCGSW, bytes(_SWITCH_BYTES))
    except OSError:
        return Headset.UNKNOWN
    lit = int.from_bytes(states, "little") >> code & 1
    return Headset.PRESENT if lit else Headset.NOT_PRESENT


@contextlib.contextmanager
def _one_error(name: str) -> Iterator[None]:
    """Turn what the kernel says of a node that cannot be used into `TransportLost`."""
    try:
        yield
    except (OSError, ValueError) as error:
        raise TransportLost(f"{name}: {error}") from error
