"""`kiosk training`: somebody learns at the terminal, and nothing of it is real.

Theory of operation
-------------------
The agent asks for it, on behalf of staff in maintenance mode, and listens on a socket: *the life*.
The training connects to it before it does anything else and ends with it, so that it ends with the
stay of the person who began it, with the agent and with the session, by the kernel; without a life
it does not begin.  It says there, a word a line, ``ready`` and then how it ends: ``left`` by its
button, ``idle`` after `IDLE_S` without a touch, ``failed``.

A whole terminal is started beside the real one (`TrainingStack`): its own keys, agent and outbox,
simulated devices, the reference intake with its synthetic people.  Its windows lie over the page of
maintenance, which waits beneath; real devices stay handed over to that page.  On an installed
terminal the unit ``kiosk-training.service`` gives it a network of its own with nothing in it but
itself.  All it writes is below one directory, which is emptied before and after.

Its sessions know no address: what a learner touches on the strip (`screens.learning`) comes to the
socket ``training.sock`` beside their others, a JSON object a datagram, and is done here on the
simulated devices: ``touched``, ``end``, ``card``, ``lift``, ``paper``, and ``code``, which is that
of the slip that was printed last.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import shutil
import signal
import socket
import sys
import tempfile
import threading
import time
import urllib.request
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

import structlog

from kiosk.channel.process import die_with_parent
from kiosk.desk.part import PartFailed
from kiosk.desk.stack import Options
from kiosk.desk.supervisor import Supervisor
from kiosk.desk.training_stack import TrainingStack
from kiosk.settings import SettingsError, load

log = structlog.get_logger()
IDLE_S: Final = 180.0
"""Seconds without a touch after which nobody learns any more."""
LOOK_S: Final = 0.5
NOBODY: Final = 69
"""Exit status (EX_UNAVAILABLE): nobody waits for a training here."""
FAILED: Final = 1
SOCKET: Final = "training.sock"
PEOPLE: Final = ("chen-xiaoyun", "li-jianguo")
"""Whose card is put down, in turn: a mother, then the father of her child."""
PAPERS: Final[Mapping[str, tuple[str, ...]]] = {
    "page": ("discharge_record", "discharge_record-2"),
    "card": ("bank_card",),
}
"""What is laid under the camera, in turn, by the shape that the page asks for.

A sheet is a sheet to the camera: a page of a hospital stands for every paper of every place.
"""
_LONGEST: Final = 1024


class Ended(Exception):
    """The training is over; the message says how, in the words of the life."""


class Bench:
    """The simulated devices, as the hands of a learner."""

    def __init__(self, control_url: str) -> None:
        self._url = control_url
        self._cards = self._papers = 0

    def obey(self, message: Mapping[str, object]) -> None:
        """Do what was touched on the strip; what is not known is not done."""
        match message.get("op"):
            case "card":
                self._do("id-reader", put=PEOPLE[self._cards % len(PEOPLE)])
                self._cards += 1
            case "lift":
                self._do("id-reader", lift=True)
            case "code":
                self._show_the_slip()
            case "paper":
                self._do("camera", scene=self._paper(str(message.get("wanted"))))

    def _paper(self, wanted: str) -> str:
        every = tuple(one for papers in PAPERS.values() for one in papers)
        papers = PAPERS.get(wanted, every)
        self._papers += 1
        return papers[(self._papers - 1) % len(papers)]

    def _show_the_slip(self) -> None:
        """Show the code of the slip that was printed last; without one nobody can."""
        papers = json.loads(self._asked("printer/papers") or b"[]")
        codes = [code for paper in papers for code in paper.get("qr", ())]
        if codes:
            self._do("scanner", show=codes[-1])

    def _do(self, device: str, **command: object) -> None:
        self._asked(device, json.dumps(command).encode())

    def _asked(self, what: str, body: bytes | None = None) -> bytes:
        request = urllib.request.Request(  # noqa: S310 - our own process on the loopback interface
            f"{self._url}/api/{what}", data=body, headers={"Content-Type": "application/json"}
        )
        direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        try:
            with direct.open(request, timeout=5) as answer:
                said: bytes = answer.read()
        except OSError as error:
            log.warning("not_done", device=what, problem=type(error).__name__)
            return b""
        return said


class Life:
    """The line to who wanted the training."""

    def __init__(self, path: Path) -> None:
        """Connect.

        Raises:
            OSError: nobody listens.
        """
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self._socket.connect(str(path))

    def say(self, word: str) -> None:
        """Tell how it stands."""
        with contextlib.suppress(OSError):
            self._socket.sendall(word.encode() + b"\n")

    def end_with(self) -> None:
        """From now on have this process told to stop when the other end is gone."""

        def wait() -> None:
            with contextlib.suppress(OSError):
                while self._socket.recv(16):
                    pass
            os.kill(os.getpid(), signal.SIGTERM)

        threading.Thread(target=wait, name="life", daemon=True).start()


def main(options: argparse.Namespace) -> int:
    """Run a training until it is left, nobody touches it, or who wanted it is gone."""
    if options.with_parent:
        die_with_parent()
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, _stop)
    how = "failed"
    try:
        life = Life(options.life)
    except OSError as error:
        print(f"kiosk training: nobody waits for one here: {error}", file=sys.stderr)
        return NOBODY
    try:
        life.end_with()
        with _emptied(options.place) as place:
            _train(options, place, life)
    except Ended as end:
        how = str(end)
    except (PartFailed, SettingsError, OSError) as error:
        log.error("training_failed", problem=str(error))  # noqa: TRY400 - it says which log to read
    life.say(how)
    return FAILED if how == "failed" else 0


def _stop(*_: object) -> None:
    """End once, wherever it stands; what is asked while everything is stopped changes nothing."""
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    raise Ended("stopped")


@contextlib.contextmanager
def _emptied(place: Path) -> Iterator[Path]:
    """Give an empty directory to all that is written, and leave nothing of it behind."""
    shutil.rmtree(place, ignore_errors=True)
    place.mkdir(parents=True, mode=0o700)
    tempfile.tempdir = os.environ["TMPDIR"] = str(place)
    try:
        yield place
    finally:
        shutil.rmtree(place, ignore_errors=True)


def _train(options: argparse.Namespace, place: Path, life: Life) -> None:
    """Start everything and serve the learner.

    Raises:
        Ended: always in the end, unless it failed.
        PartFailed: a process did not come up, or went too often.
    """
    settings = load(options.settings)
    desk = Options(
        state=place / "state",
        width=settings.display.width,
        height=settings.display.height,
        display=os.environ["DISPLAY"],
        rehearsal=options.rehearsal,
        pace=options.pace,
    )
    stack = TrainingStack(desk, settings)
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as strip:
        strip.bind(str(stack.run / SOCKET))
        strip.settimeout(LOOK_S)
        if options.rehearsal:
            _tell_the_hand(options.life, stack)
        with stack:
            life.say("ready")
            _serve(strip, Bench(stack.control_url), Supervisor(stack))


def _tell_the_hand(life: Path, stack: TrainingStack) -> None:
    """Leave beside the life where a rehearsal finds the buttons."""
    found = {
        "run": str(stack.run),
        "state": str(stack.state),
        "control_url": stack.control_url,
        "intake_url": stack.intake_url,
        "secret": stack.secrets.roles["rehearsal"],
    }
    made = life.with_suffix(".new")
    made.write_text(json.dumps(found))
    made.replace(life.with_suffix(".rehearsal"))


def _serve(strip: socket.socket, bench: Bench, supervisor: Supervisor) -> None:
    touched = time.monotonic()
    while True:
        supervisor.look()
        message = _heard(strip)
        if message.get("op") == "end":
            raise Ended("left")
        if message:
            touched = time.monotonic()
            bench.obey(message)
        elif time.monotonic() - touched > IDLE_S:
            raise Ended("idle")


def _heard(strip: socket.socket) -> Mapping[str, object]:
    """Return what was touched; empty when nothing was, or when it is not understood."""
    try:
        message = json.loads(strip.recv(_LONGEST))
    except (TimeoutError, ValueError):
        return {}
    return message if isinstance(message, dict) else {}
