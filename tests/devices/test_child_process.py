"""A process for work that may go wrong answers, or is killed and says why."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator

import numpy as np
import psutil
import pytest

from drivers.camera.reader import TextReader
from drivers.camera.reading import ROOM
from drivers.child_process import ChildProcess, Ending, NoAnswer
from tests.devices import asked_child
from tests.waiting import until

NEVER = threading.Event()
PATIENT_S = 20.0
SECRET = "40" + "7" * 14


@pytest.fixture
def child() -> Iterator[ChildProcess]:
    """Lend a process that runs."""
    child = ChildProcess(asked_child.__name__)
    child.start()
    yield child
    child.close()


def ending(child: ChildProcess, question: str, limit_s: float = PATIENT_S) -> Ending:
    """Return why a question is not answered; the process must be gone then."""
    pid = child.pid
    with pytest.raises(NoAnswer) as caught:
        child.ask(question.encode(), None, limit_s, NEVER)
    assert child.pid is None
    assert pid is not None
    assert not psutil.pid_exists(pid)
    return caught.value.ending


def asked(child: ChildProcess, question: str, data: bytes | None = None) -> bytes:
    """Return the answer."""
    child.start()
    return child.ask(question.encode(), data, PATIENT_S, NEVER)


def test_it_answers_and_stays(child: ChildProcess) -> None:
    """Question after question goes to the one process, with bytes beside it or without."""
    first = child.pid
    assert asked(child, "hello") == b"hello"
    assert asked(child, "bytes", b"12345") == b"12345"
    assert child.pid == first


@pytest.mark.parametrize(("question", "word"), [("die", Ending.ENDED), ("long", Ending.NONSENSE)])
def test_what_is_no_answer_ends_it(child: ChildProcess, question: str, word: Ending) -> None:
    """It is killed, the next question starts another."""
    assert ending(child, question) is word
    assert asked(child, "again") == b"again"


def test_what_takes_too_long_ends_it(child: ChildProcess) -> None:
    """Its late answer could be taken for the next."""
    assert asked(child, "hello") == b"hello"
    assert ending(child, "sleep", 0.2) is Ending.TOO_SLOW
    assert asked(child, "again") == b"again"


@pytest.mark.parametrize("grace_s", [0.0, 0.2])
def test_who_gives_up_ends_it(grace_s: float) -> None:
    """With or without a grace, no answer comes to who does not want it any more."""
    child = ChildProcess(asked_child.__name__, grace_s=grace_s)
    child.start()
    assert asked(child, "hello") == b"hello"
    pid, cancelled = child.pid, threading.Event()
    cancelled.set()
    with pytest.raises(NoAnswer) as caught:
        child.ask(b"sleep", None, PATIENT_S, cancelled)
    assert caught.value.ending is Ending.GIVEN_UP
    assert pid is not None
    assert not psutil.pid_exists(pid)


def test_within_the_grace_an_answer_saves_it() -> None:
    """A quick answer keeps a process that is dear to load."""
    child = ChildProcess(asked_child.__name__, grace_s=PATIENT_S)
    child.start()
    cancelled = threading.Event()
    cancelled.set()
    first = child.pid
    assert child.ask(b"hello", None, PATIENT_S, cancelled) == b"hello"
    assert child.pid == first
    child.close()


def test_memory_is_bounded(child: ChildProcess) -> None:
    """It may grow by what it was given and no more."""
    assert asked(child, "grow") == b"no room"


def test_it_is_not_slowed_down(monkeypatch: pytest.MonkeyPatch) -> None:
    """What poisons the freed memory of the terminal's other processes is not passed on."""
    monkeypatch.setenv("PYTHONMALLOC", "debug")
    monkeypatch.setenv("MALLOC_PERTURB_", "165")
    child = ChildProcess(asked_child.__name__)
    surroundings = json.loads(asked(child, "environment"))
    child.close()
    assert {"PYTHONMALLOC", "MALLOC_PERTURB_"} & set(surroundings) == set()


def test_closing_ends_it(child: ChildProcess) -> None:
    """Nothing is left, and closing twice is closing."""
    pid = child.pid
    child.close()
    child.close()
    assert pid is not None
    until(lambda: not psutil.pid_exists(pid))


@pytest.mark.parametrize(
    "answer",
    [
        {"fault": "ValueError", "text": SECRET},
        {"lines": SECRET},
        {"lines": [[SECRET]]},
        {"lines": [["a", SECRET, 1, 1, 1]]},
        SECRET,
    ],
)
def test_what_is_on_a_paper_is_in_no_error(monkeypatch: pytest.MonkeyPatch, answer: object) -> None:
    """Errors are told to others than the citizen: they have a kind and nothing more."""
    monkeypatch.setattr(ChildProcess, "start", lambda _: True)
    monkeypatch.setattr(ChildProcess, "ask", lambda *_: json.dumps(answer).encode())
    with pytest.raises(NoAnswer) as caught:
        TextReader().lines(np.zeros((2, 2, 3), np.uint8), NEVER)
    assert (str(caught.value), caught.value.ending) == ("nonsense", Ending.NONSENSE)
    assert SECRET not in repr(caught.value.__cause__)


def test_reading_print_is_bounded() -> None:
    """What reads papers may not take the terminal's memory either."""
    reader = TextReader()
    try:
        assert reader.turn(np.full((200, 300, 3), 255, np.uint8), NEVER) is None
        most, _ = psutil.Process(reader.pid).rlimit(psutil.RLIMIT_AS)
        assert 0 < most < 3 * ROOM
    finally:
        reader.close()
