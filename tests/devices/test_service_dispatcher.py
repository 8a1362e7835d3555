"""The dispatcher's table: which command runs when, and who is told what."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.service.dispatcher import (
    Abandon,
    Action,
    Answer,
    Dispatcher,
    Send,
    Start,
    Stop,
)
from drivers.service.envelope import (
    CompletionCode,
    Header,
    Message,
    MessageType,
    Outcome,
    Payload,
    Refusal,
)
from drivers.service.interfaces.id_reader import ID_READER
from drivers.service.interfaces.spec import MOST_REQUESTS

READ = "XIdCard.Read"
GRACE = 0.4


def command(
    request_id: int | None,
    name: str = READ,
    payload: Payload | None = None,
    *,
    timeout: int | None = None,
    version: str = "",
    kind: MessageType = MessageType.COMMAND,
) -> Message:
    """Return a command of the ID reader."""
    return Message(
        header=Header(
            name=name,
            type=kind,
            version=version or ("1.0" if name == READ else "2.0"),
            request_id=request_id,
            timeout=timeout,
        ),
        payload={"visit": "v"} if payload is None and name == READ else payload or {},
    )


@dataclass
class Desk:
    """A dispatcher with a ready worker, and short words for what it does."""

    dispatcher: Dispatcher = field(default_factory=lambda: Dispatcher(ID_READER.commands()))

    def __post_init__(self) -> None:
        self.dispatcher.resume()

    def receive(self, connection: int, message: Message, now: float = 0.0) -> list[str]:
        """Take a message; return what was done."""
        return tell(self.dispatcher.receive(connection, message, now))

    def finish(self, code: CompletionCode = CompletionCode.SUCCESS) -> list[str]:
        """End the running command."""
        running = self.dispatcher.running
        assert running is not None
        return tell(self.dispatcher.finished(running.key, Outcome(code=code)))


def tell(actions: list[Action]) -> list[str]:
    """Return actions as short texts: ``1 completion 7 success``, ``start 7`` and so on."""
    return [_tell(action) for action in actions]


def _tell(action: Action) -> str:
    match action:
        case Send(connection=connection, message=message):
            head = message.header
            end = head.completion_code or head.status or ""
            return f"{connection} {head.type} {head.request_id} {end}".strip()
        case Start(command=one):
            return f"start {one.connection}/{one.request_id}"
        case Stop(command=one):
            return f"stop {one.connection}/{one.request_id}"
        case Abandon(command=one):
            return f"abandon {one.connection}/{one.request_id}"
        case Answer(command=one):
            return f"answer {one.connection}/{one.request_id}"


def test_one_at_a_time_first_come_first_served() -> None:
    """Commands of two connections run in the order they came."""
    desk = Desk()
    assert desk.receive(1, command(1)) == ["1 acknowledge 1", "start 1/1"]
    assert desk.receive(2, command(1)) == ["2 acknowledge 1"]
    assert desk.receive(1, command(2)) == ["1 acknowledge 2"]
    assert desk.finish() == ["1 completion 1 success", "start 2/1"]
    assert desk.finish() == ["2 completion 1 success", "start 1/2"]
    assert desk.finish() == ["1 completion 2 success"]


@pytest.mark.parametrize("name", ["Common.Status", "Common.Capabilities"])
def test_parallel_commands_do_not_wait(name: str) -> None:
    """Status and capabilities are answered whatever runs."""
    desk = Desk()
    desk.receive(1, command(1))
    assert desk.receive(1, command(2, name)) == ["1 acknowledge 2", "answer 1/2"]


def test_nothing_starts_without_a_worker() -> None:
    """Before the first worker is ready, and while one is replaced, commands wait."""
    dispatcher = Dispatcher(ID_READER.commands())
    assert tell(dispatcher.receive(1, command(1), 0)) == ["1 acknowledge 1"]
    assert tell(dispatcher.resume()) == ["start 1/1"]


REFUSALS = [
    (command(1), Refusal.INVALID_REQUEST_ID),
    (command(None), Refusal.INVALID_REQUEST_ID),
    (command(9, kind=MessageType.EVENT), Refusal.INVALID_MESSAGE),
    (command(9, kind=MessageType.COMPLETION), Refusal.INVALID_MESSAGE),
]


@pytest.mark.parametrize(("message", "refusal"), REFUSALS)
def test_refusals(message: Message, refusal: Refusal) -> None:
    """A used id, no id, and what is not a command are refused without a completion."""
    desk = Desk()
    desk.receive(1, command(1))
    told = desk.receive(1, message)
    assert len(told) == 1
    assert told[0].endswith(refusal)


def test_an_id_is_free_again_after_its_completion() -> None:
    """Ids are unique among unfinished commands of one connection only."""
    desk = Desk()
    desk.receive(1, command(1))
    assert desk.receive(2, command(1)) == ["2 acknowledge 1"]
    desk.finish()
    assert desk.receive(1, command(1)) == ["1 acknowledge 1"]


def test_too_many_requests_of_one_connection() -> None:
    """A connection may have so many unfinished commands; others, and Cancel, are not touched."""
    desk = Desk()
    for number in range(1, MOST_REQUESTS + 1):
        desk.receive(1, command(number))
    assert desk.receive(1, command(99)) == ["1 acknowledge 99 tooManyRequests"]
    assert desk.receive(2, command(99)) == ["2 acknowledge 99"]
    assert desk.receive(1, command(98, "Common.Cancel"))[:2] == [
        "1 acknowledge 98",
        "1 completion 98 success",
    ]


@pytest.mark.parametrize(
    ("message", "code"),
    [
        (command(1, "XIdCard.Write"), CompletionCode.UNSUPPORTED_COMMAND),
        (command(1, "Printer.PrintRaw"), CompletionCode.UNSUPPORTED_COMMAND),
        (command(1, READ, version="9.0"), CompletionCode.UNSUPPORTED_COMMAND),
        (command(1, READ, payload={"visit": ""}), CompletionCode.INVALID_DATA),
        (command(1, READ, payload={"visit": 7}), CompletionCode.INVALID_DATA),
        (command(1, "Common.Cancel", payload={"requestIds": []}), CompletionCode.INVALID_DATA),
        (command(1, "Common.Cancel", payload={"requestIds": ["1"]}), CompletionCode.INVALID_DATA),
    ],
)
def test_commands_that_are_not_carried_out(message: Message, code: CompletionCode) -> None:
    """Unknown names, versions and payloads are acknowledged and completed at once."""
    assert Desk().receive(1, message) == ["1 acknowledge 1", f"1 completion 1 {code}"]


def test_cancel_all_is_only_ones_own() -> None:
    """Without ids every command of the caller is cancelled, queued ones at once."""
    desk = Desk()
    desk.receive(1, command(1))
    desk.receive(2, command(1))
    desk.receive(1, command(2))
    assert desk.receive(1, command(3, "Common.Cancel")) == [
        "1 acknowledge 3",
        "1 completion 3 success",
        "stop 1/1",
        "1 completion 2 canceled",
    ]
    assert desk.finish(CompletionCode.CANCELED) == ["1 completion 1 canceled", "start 2/1"]


def test_cancel_by_id() -> None:
    """Ids pick among the caller's commands; nobody else's can be named."""
    desk = Desk()
    desk.receive(1, command(1))
    desk.receive(1, command(2))
    desk.receive(2, command(7))
    cancel = command(3, "Common.Cancel", {"requestIds": [2, 5]})
    assert desk.receive(1, cancel)[1:] == ["1 completion 3 success", "1 completion 2 canceled"]
    foreign = command(4, "Common.Cancel", {"requestIds": [7]})
    assert desk.receive(1, foreign)[1:] == ["1 completion 4 commandErrorCode"]


def test_cancel_of_nothing_says_so() -> None:
    """The error code is the standard's."""
    actions = Desk().dispatcher.receive(1, command(1, "Common.Cancel"), 0)
    completion = actions[1]
    assert isinstance(completion, Send)
    assert completion.message.payload == {"errorCode": "noMatchingRequestIDs"}


def test_a_result_that_came_first_is_the_result() -> None:
    """A command that succeeded while it was being cancelled has succeeded."""
    desk = Desk()
    desk.receive(1, command(1))
    desk.receive(1, command(2, "Common.Cancel"))
    assert desk.finish(CompletionCode.SUCCESS) == ["1 completion 1 success"]


def test_deadline_counts_from_receipt() -> None:
    """Time spent in the queue counts; a queued command times out without having run."""
    desk = Desk()
    desk.receive(1, command(1))
    desk.receive(2, command(1, timeout=500), now=10.0)
    assert desk.dispatcher.next_time() == 10.5
    assert tell(desk.dispatcher.tick(10.4)) == []
    assert tell(desk.dispatcher.tick(10.5)) == ["2 completion 1 timeOut"]
    assert desk.dispatcher.next_time() is None


def test_deadline_of_a_running_command() -> None:
    """It is asked to stop and completes as timed out, not as cancelled."""
    desk = Desk()
    desk.receive(1, command(1, timeout=500), now=10.0)
    assert tell(desk.dispatcher.tick(10.5)) == ["stop 1/1"]
    assert tell(desk.dispatcher.tick(10.6)) == []
    assert desk.finish(CompletionCode.CANCELED) == ["1 completion 1 timeOut"]


def test_a_command_that_does_not_stop_is_abandoned() -> None:
    """After its grace the completion is sent, and nothing starts before a fresh worker."""
    desk = Desk()
    desk.receive(1, command(1), now=10.0)
    desk.receive(2, command(1), now=10.0)
    desk.receive(1, command(2, "Common.Cancel"), now=11.0)
    assert desk.dispatcher.next_time() == 11.0 + GRACE
    told = tell(desk.dispatcher.tick(11.0 + GRACE))
    assert told == ["abandon 1/1", "1 completion 1 canceled"]
    assert tell(desk.dispatcher.tick(12.0)) == []
    assert tell(desk.dispatcher.resume()) == ["start 2/1"]


def test_disconnect_drops_and_stops() -> None:
    """A connection that goes takes its queued commands along; a running one is stopped."""
    desk = Desk()
    desk.receive(1, command(1))
    desk.receive(1, command(2))
    desk.receive(2, command(1))
    assert tell(desk.dispatcher.disconnect(1, 5.0)) == ["stop 1/1"]
    assert desk.finish(CompletionCode.CANCELED) == ["1 completion 1 canceled", "start 2/1"]
    assert desk.finish() == ["2 completion 1 success"]


def test_disconnect_without_commands() -> None:
    """Nothing happens to others."""
    desk = Desk()
    desk.receive(1, command(1))
    assert tell(desk.dispatcher.disconnect(2, 5.0)) == []


def test_worker_lost() -> None:
    """The running command fails; the next one waits for a worker."""
    desk = Desk()
    desk.receive(1, command(1))
    desk.receive(2, command(1))
    assert tell(desk.dispatcher.worker_lost("gone")) == ["1 completion 1 hardwareError"]
    assert tell(desk.dispatcher.resume()) == ["start 2/1"]


def test_events_go_to_the_caller_only_while_it_runs() -> None:
    """Events carry the id of the running command; late and foreign ones are dropped."""
    desk = Desk()
    desk.receive(1, command(4))
    running = desk.dispatcher.running
    assert running is not None
    event = desk.dispatcher.event(running.key, "CardReader.InsertCardEvent", "2.0", {})
    assert tell(event) == ["1 event 4"]
    assert desk.dispatcher.event(running.key + 1, "CardReader.InsertCardEvent", "2.0", {}) == []
    desk.finish()
    assert desk.dispatcher.event(running.key, "CardReader.InsertCardEvent", "2.0", {}) == []
    assert desk.dispatcher.finished(running.key, Outcome()) == []


steps = st.lists(
    st.tuples(
        st.sampled_from(["read", "cancel", "leave", "finish", "stopped", "tick", "lost", "resume"]),
        st.integers(1, 3),
        st.integers(0, 2),
    ),
    max_size=40,
)


class Ledger:
    """Runs a script against a dispatcher and keeps which commands are still owed a completion."""

    def __init__(self) -> None:
        self.dispatcher = Dispatcher(ID_READER.commands())
        self.owed: set[tuple[int, int]] = set()
        self.now = 0.0

    def take(self, actions: list[Action]) -> None:
        """Book what was sent."""
        for action in actions:
            if isinstance(action, Send):
                self._book((action.connection, action.message.header.request_id or 0), action)

    def _book(self, key: tuple[int, int], action: Send) -> None:
        head = action.message.header
        if head.type is MessageType.ACKNOWLEDGE and head.status is None:
            assert key not in self.owed
            self.owed.add(key)
        elif head.type is MessageType.COMPLETION:
            assert key in self.owed
            self.owed.remove(key)

    def step(self, word: str, connection: int, number: int) -> None:
        """Do one step of a script."""
        cancel = command(number, "Common.Cancel")
        read = command(number, timeout=2000)
        steps: dict[str, Callable[[], list[Action]]] = {
            "read": lambda: self.dispatcher.receive(connection, read, self.now),
            "cancel": lambda: self.dispatcher.receive(connection, cancel, self.now),
            "leave": lambda: self.leave(connection),
            "finish": lambda: self.finish(CompletionCode.SUCCESS),
            "stopped": lambda: self.finish(CompletionCode.CANCELED),
            "tick": lambda: self.dispatcher.tick(self.now),
            "lost": lambda: self.dispatcher.worker_lost("gone"),
            "resume": self.dispatcher.resume,
        }
        self.take(steps[word]())

    def leave(self, connection: int) -> list[Action]:
        """Disconnect: dropped commands have nobody to tell, a running one completes to nobody."""
        running = self.dispatcher.running
        kept = running.request_id if running and running.connection == connection else 0
        self.owed = {one for one in self.owed if one[0] != connection or one[1] == kept}
        return self.dispatcher.disconnect(connection, self.now)

    def finish(self, code: CompletionCode) -> list[Action]:
        """End the running command, if any."""
        running = self.dispatcher.running
        return self.dispatcher.finished(running.key, Outcome(code=code)) if running else []


@given(steps)
def test_every_accepted_command_ends_exactly_once(script: list[tuple[str, int, int]]) -> None:
    """Whatever happens in whatever order: one completion each, one running at a time."""
    ledger = Ledger()
    for number, (word, connection, pause) in enumerate(script, start=1):
        ledger.now += pause
        ledger.step(word, connection, number)
    ledger.take(ledger.dispatcher.resume())
    while ledger.dispatcher.running is not None:
        ledger.take(ledger.finish(CompletionCode.SUCCESS))
    assert ledger.owed == set()
