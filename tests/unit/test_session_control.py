"""The pipe to the shell, the reporter, and how a card that lay there is told from a fresh one."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from drivers.service.client import Event
from kiosk.audit import Event as Audited
from kiosk.channel import Request, Secrets, Server
from kiosk.domain.receipt import Printed
from kiosk.journey.facts import Code, Condition, Print, Shown, Trouble
from kiosk.session import Control, Show, devices
from kiosk.session.control import End, Heard
from kiosk.session.errands import start
from kiosk.session.reporter import Reporter
from tests.journeys.stage import ROOT
from tests.waiting import until


@pytest.fixture
def pipe() -> Iterator[tuple[socket.socket, Control, list[Heard]]]:
    """A control socket: the shell's end, the session's, and what the session heard."""
    ours, theirs = socket.socketpair()
    heard: list[Heard] = []
    control = Control(theirs.detach(), heard.append)
    control.listen()
    yield ours, control, heard
    ours.close()


def test_what_the_shell_says(pipe: tuple[socket.socket, Control, list[Heard]]) -> None:
    """Show with and without something to explain; nonsense is passed over."""
    shell, _, heard = pipe
    shell.sendall(b'{"op":"show","after":null}\n{"op":"show","after":')
    shell.sendall(
        b'{"how":"crashed","local_no":"L1"}}\nnonsense\n{"op":"dance"}\n[]\n{"op":"end"}\n'
    )
    until(lambda: len(heard) == 3)
    assert heard == [Show(shown=Shown()), Show(shown=Shown(how="crashed", local_no="L1")), End()]


def test_the_end_of_the_shell_is_the_end(
    pipe: tuple[socket.socket, Control, list[Heard]],
) -> None:
    """Nobody owns the display any more; saying something then hurts nobody."""
    shell, control, heard = pipe
    shell.close()
    until(lambda: heard == [End()])
    control.ended("finished")


def test_what_the_session_says(pipe: tuple[socket.socket, Control, list[Heard]]) -> None:
    """One JSON line each; frames at most once a second."""
    shell, control, _ = pipe
    control.ready()
    control.seen()
    for _ in range(60):
        control.frame()
    control.visit("v")
    control.submitted("L1")
    control.ended("finished")
    lines = b""
    while lines.count(b"\n") < 6:
        lines += shell.recv(4096)
    assert [json.loads(line) for line in lines.splitlines()] == [
        {"op": "ready"},
        {"op": "seen"},
        {"op": "frame"},
        {"op": "visit", "visit": "v"},
        {"op": "submitted", "local_no": "L1"},
        {"op": "ended", "how": "finished"},
    ]


def test_events_reach_the_agent_and_an_agent_that_is_away_costs_nothing(tmp_path: Path) -> None:
    """They go one by one; `finish` waits for the last, but not for ever."""
    told: list[tuple[str, object]] = []

    def audit(request: Request) -> None:
        told.append((request.text("event"), request.fields["fields"]))

    secrets = Secrets.generate(["session"])
    server = Server(tmp_path / "agent.sock", secrets, {("session", "audit"): audit})
    server.start()
    reporter = Reporter(tmp_path / "agent.sock", secrets.roles["session"])
    reporter.say("card_left", visit="v")
    reporter.finish(2)
    assert told == [("card_left", {"visit": "v"})]
    server.close()
    away = Reporter(tmp_path / "agent.sock", secrets.roles["session"])
    away.say("card_left", visit="v")
    away.finish(2)


def test_every_event_that_is_said_is_in_the_catalogue() -> None:
    """Names in the source of this room are names of the audit's catalogue."""
    text = (ROOT / "kiosk" / "session" / "notes.py").read_text(encoding="utf-8")
    said = {part.split('"')[1] for part in text.split("_report(")[1:] if part.startswith('"')}
    assert said <= {event.value for event in Audited}
    assert len(said) >= 5


def test_a_card_found_at_once_lay_there() -> None:
    """A fresh one is found by a later poll, or after the old one was lifted."""
    told: list[str] = []
    fresh = _fresh(told)
    fresh.happened(Event(name="CardReader.InsertCardEvent"))
    fresh.happened(Event(name="CardReader.MediaInsertedEvent"))
    assert (told, fresh.stale) == (["wanted", "left"], True)
    told.clear()
    again = _fresh(told)
    for name in ("CardReader.InsertCardEvent", "XIdCard.LiftCardEvent"):
        again.happened(Event(name=name))
    again.happened(Event(name="CardReader.MediaRemovedEvent"))
    again.happened(Event(name="CardReader.MediaInsertedEvent"))
    assert (told, again.stale) == (["wanted", "left", "lifted", "seen"], False)


def _fresh(told: list[str]) -> devices._Fresh:
    return devices._Fresh(
        wanted=lambda: told.append("wanted"),
        left=lambda: told.append("left"),
        lifted=lambda: told.append("lifted"),
        seen=lambda: told.append("seen"),
    )


@pytest.mark.parametrize(
    ("payload", "code"),
    [
        ({"readOutput": [{"barcodeData": "YWI="}]}, Code(data=b"ab")),
        ({"readOutput": []}, Trouble(reason="invalid")),
        ({"readOutput": [{"barcodeData": "?"}]}, Trouble(reason="invalid")),
        ({}, Trouble(reason="invalid")),
    ],
)
def test_codes(payload: dict[str, object], code: Code | Trouble) -> None:
    """Bytes as they came, or a named trouble."""
    assert devices._code(payload) == code


@pytest.mark.parametrize(
    ("status", "condition"),
    [
        ({"common": {"device": "online"}}, Condition.READY),
        ({"common": {"device": "online"}, "printer": {"paper": {"upper": "out"}}}, Condition.OUT),
        ({"common": {"device": "online"}, "printer": {"paper": {"upper": "low"}}}, Condition.LOW),
        ({"common": {"device": "starting"}}, Condition.UNKNOWN),
        ({"common": {"device": "noDevice"}}, Condition.ABSENT),
        ({"common": {"device": "userError"}}, Condition.BROKEN),
        ({}, Condition.UNKNOWN),
    ],
)
def test_conditions(status: dict[str, object], condition: Condition) -> None:
    """The standard's words; unknown stays unknown."""
    assert devices._printer(status) is condition


def test_an_errand_that_fails_is_answered_all_the_same() -> None:
    """A screen never waits for ever for a bug."""
    answered: list[Print] = []

    def work() -> None:
        raise ZeroDivisionError

    start("test", work, lambda: answered.append(Print(printed=Printed.UNKNOWN)))
    until(lambda: answered)
