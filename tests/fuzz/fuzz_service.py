"""The service's front: any bytes as messages, in any order with what devices and clocks do.

The input is a script: pieces between ``0xff`` bytes, which UTF-8 never has.  The first byte of a
piece says what happens, see `_STEPS`, the rest is the message.  Whatever comes: nothing is raised,
everything sent can be read again, every accepted command gets exactly one completion unless its
connection is gone, and an event belongs to a command that is still open.
"""

from __future__ import annotations

import json
from typing import Final

import structlog

from drivers.service.envelope import CompletionCode, Message, MessageType, Outcome, build, parse
from drivers.service.front import ServiceFront
from drivers.service.interfaces.common import DeviceWord
from drivers.service.interfaces.id_reader import ID_READER
from drivers.service.roles import Role

ROLES: Final = (Role.SESSION, Role.SESSION, Role.AGENT, Role.MAINTENANCE)
END: Final = b"\xff"


def command(name: str, request_id: int = 1, version: str = "2.0", **payload: object) -> bytes:
    """Return a command as its bytes."""
    header = {"name": name, "type": "command", "version": version, "requestId": request_id}
    return json.dumps({"header": {**header, "timeout": 50}, "payload": payload}).encode()


_READ = command("XIdCard.Read", 3, "1.0", visit="v")
SEEDS: Final = (
    END.join([b"0" + _READ, b"f", b"0" + command("Common.Status")]),
    END.join([b"0" + _READ, b"1" + _READ, b"e", b"0" + command("Common.Cancel", 4), b"c"]),
    END.join([b"0" + _READ, b"h", b"3" + _READ, b"f", b"g", b"t", b"t", b"r", b"0" + _READ]),
    END.join([b"0" + _READ, b"x", b"l", b"r", b"0" + _READ, b"t", b"t", b"t", b"a"]),
    b"0" + command("Common.SetVersions", 5, commands={"XIdCard.Read": 1}),
    b"0" + command("Common.SetTransactionState", 6, state="active", transactionID="7"),
)


class Stage(ServiceFront):
    """A service whose clock and device are moved by hand."""

    def __init__(self) -> None:
        super().__init__(ID_READER, "fuzz", DeviceWord.ONLINE)
        self.log = structlog.wrap_logger(structlog.ReturnLogger())
        self.clock = 0.0
        self.start()

    def now(self) -> float:
        """Return the clock moved by hand."""
        return self.clock

    def _set_timer(self) -> None:
        """Wait for nothing."""


class Client:
    """One connection; keeps the books of its commands."""

    def __init__(self, stage: Stage, role: Role) -> None:
        self.open: set[int] = set()
        self.connected = True
        self.number = stage.connected(self._take, role)

    def _take(self, message: Message) -> None:
        again = parse(build(message)).header
        number = again.request_id or 0
        match again.type:
            case MessageType.ACKNOWLEDGE if again.status is None:
                assert number not in self.open
                self.open.add(number)
            case MessageType.COMPLETION:
                self.open.remove(number)  # a second completion raises
            case MessageType.EVENT:
                assert number in self.open
            case MessageType.ACKNOWLEDGE | MessageType.UNSOLICITED:
                pass
            case other:
                raise AssertionError(f"a service sends no {other}")


class Play:
    """One script on one stage."""

    def __init__(self) -> None:
        self.stage = Stage()
        self.clients = [Client(self.stage, role) for role in ROLES]

    def step(self, what: bytes, message: bytes) -> None:
        """Do one step; an unknown one does nothing."""
        if what in _CLIENTS:
            client = self.clients[_CLIENTS.index(what)]
            if client.connected:
                self.stage.received(client.number, message)
        elif what in _STEPS:
            _STEPS[what](self)

    def finish(self, code: CompletionCode = CompletionCode.SUCCESS) -> None:
        """The device ends its command."""
        running = self.stage.dispatcher.running
        if running is not None:
            self.stage.do(self.stage.dispatcher.finished(running.key, Outcome(code=code)))

    def event(self) -> None:
        """The device tells something."""
        running = self.stage.dispatcher.running
        key = running.key if running else 1
        self.stage.do(self.stage.dispatcher.event(key, "CardReader.InsertCardEvent", "2.0", {}))

    def leave(self) -> None:
        """The first connection that is there ends."""
        for client in self.clients:
            if client.connected:
                client.connected = False
                self.stage.disconnected(client.number)
                return

    def pass_time(self) -> None:
        """A while passes."""
        self.stage.clock += 0.1
        self.stage.tick()

    def hand_over(self, *, active: bool) -> None:
        """Maintenance takes the device, or gives it back."""
        losing = self.stage.of_role(Role.SESSION if active else Role.MAINTENANCE)
        self.stage.set_status(self.stage.status, handed_over=active)
        cause = CompletionCode.DEVICE_NOT_READY
        self.stage.do(self.stage.dispatcher.withdraw(losing, cause, self.stage.clock))

    def lose_worker(self) -> None:
        """The worker ends."""
        self.stage.do(self.stage.dispatcher.worker_lost("ended"))

    def resume(self) -> None:
        """A worker is there."""
        self.stage.do(self.stage.dispatcher.resume())

    def end(self) -> None:
        """Let everything end; then no command may be open."""
        self.resume()
        while self.stage.dispatcher.running is not None:
            self.finish()
            self.resume()
        for client in self.clients:
            assert not client.connected or not client.open, client.open


_CLIENTS: Final = (b"0", b"1", b"2", b"3")
_STEPS: Final = {
    b"f": Play.finish,
    b"c": lambda play: play.finish(CompletionCode.CANCELED),
    b"e": Play.event,
    b"x": Play.leave,
    b"t": Play.pass_time,
    b"h": lambda play: play.hand_over(active=True),
    b"g": lambda play: play.hand_over(active=False),
    b"l": Play.lose_worker,
    b"r": Play.resume,
}


def one_input(data: bytes) -> None:
    """Play one script."""
    play = Play()
    for piece in data.split(END)[:200]:
        play.step(piece[:1], piece[1:])
    play.end()
