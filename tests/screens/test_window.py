"""Real sessions on a real X server: hidden, shown, touched, and what keys do not do."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from Xlib import XK, X
from Xlib.display import Display
from Xlib.ext import xtest

from kiosk.channel import Client
from screens import theme as look
from tests.screens.conftest import ROOT, start_xvfb
from tests.waiting import PATIENCE_S, until

CORNER = (16, 400)
"""A dot in the margin: nothing but ground on the attract page and on the home page."""


class Eye:
    """Looks at the screen and touches it."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.display = Display(name)
        self.root = self.display.screen().root

    def dot(self, x: int = CORNER[0], y: int = CORNER[1]) -> str:
        """Return the colour of a dot."""
        blue, green, red, _ = self.root.get_image(x, y, 1, 1, X.ZPixmap, 0xFFFFFFFF).data
        return f"#{red:02X}{green:02X}{blue:02X}"

    def picture(self) -> bytes:
        """Return all dots but the last fifth, where the clock stands."""
        return bytes(self.root.get_image(0, 0, 1080, 1600, X.ZPixmap, 0xFFFFFFFF).data)

    def tap(self, x: float, y: float) -> None:
        """Put a finger down and lift it."""
        xtest.fake_input(self.display, X.MotionNotify, x=round(x), y=round(y))
        xtest.fake_input(self.display, X.ButtonPress, 1)
        xtest.fake_input(self.display, X.ButtonRelease, 1)
        self.display.sync()

    def press(self, *names: str) -> None:
        """Press keys together and let them go."""
        codes = [self.display.keysym_to_keycode(XK.string_to_keysym(name)) for name in names]
        for kind, order in ((X.KeyPress, codes), (X.KeyRelease, codes[::-1])):
            for code in order:
                xtest.fake_input(self.display, kind, code)
        self.display.sync()


NOTHING_THERE = 250
"""Height on the home page, between its title and the search, where no touch leads anywhere."""


class Session:
    """A session process as the shell sees it."""

    def __init__(self, eye: Eye, run: Path) -> None:
        ours, theirs = socket.socketpair()
        self._socket = ours
        self._run = run
        keep = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.screens.waiting_session", str(theirs.fileno()), str(run)],
            env={**keep, "DISPLAY": eye.name, "PYTHONMALLOC": "debug", "MALLOC_PERTURB_": "165"},
            pass_fds=[theirs.fileno()],
            cwd=ROOT,
        )
        theirs.close()
        ours.settimeout(PATIENCE_S)
        self._lines = ours.makefile("r")
        self.hear("ready")

    def hear(self, op: str) -> None:
        """Wait for a message."""
        while json.loads(self._lines.readline())["op"] != op:
            pass

    def show(self) -> None:
        """Tell it to raise its window."""
        self._socket.sendall(b'{"op": "show", "after": null}\n')

    def where(self) -> dict[str, object]:
        """Ask what is on the screen."""
        client = Client(self._run / "rehearsal.sock", "rehearsal", "00", timeout=PATIENCE_S)
        with contextlib.closing(client):
            return dict(client.call("where"))

    def on(self, page: str) -> bool:
        """Whether a frame with ``page`` was drawn."""
        now = self.where()
        return now["page"] == page and not now["busy"]

    def middle(self, name: str) -> tuple[float, float]:
        """Return where to touch a target."""
        targets = self.where()["targets"]
        assert isinstance(targets, list)
        own = next(target for target in targets if target["id"] == name)
        return own["x"] + own["w"] / 2, own["y"] + own["h"] / 2

    def end(self) -> None:
        """End it at once."""
        self.process.kill()
        self.process.wait(PATIENCE_S)
        self._lines.close()
        self._socket.close()


@pytest.fixture(scope="module")
def eye() -> Iterator[Eye]:
    """A virtual screen of its own."""
    server, name = start_xvfb()
    seen = Eye(name)
    yield seen
    seen.display.close()
    server.terminate()
    server.wait(PATIENCE_S)


@pytest.fixture
def active(eye: Eye, tmp_path: Path) -> Iterator[Session]:
    """A session that is on the screen, on its home page."""
    session = Session(eye, tmp_path)
    session.show()
    session.hear("seen")
    until(lambda: (tmp_path / "rehearsal.sock").exists() and session.on("attract"))
    eye.tap(500, 900)
    until(lambda: session.on("home"))
    until(lambda: eye.dot() == look.PAPER)
    yield session
    session.end()


@pytest.mark.parametrize("stopped", [False, True], ids=["running", "stopped"])
def test_the_standby_is_shown_at_once(
    eye: Eye, active: Session, tmp_path: Path, stopped: bool
) -> None:
    """After ``show`` its first page is on the screen, nothing between; `make bench`: how soon."""
    between = set()
    if stopped:
        os.kill(active.process.pid, signal.SIGSTOP)
    standby = Session(eye, tmp_path)
    assert eye.dot() == look.PAPER, "a standby is hidden"
    deadline = time.perf_counter() + PATIENCE_S
    standby.show()
    while (dot := eye.dot()) != look.DEEP and time.perf_counter() < deadline:
        between.add(dot)
    assert eye.dot() == look.DEEP
    standby.end()
    until(lambda: eye.dot() == look.PAPER)
    assert between <= {look.PAPER}


def test_a_death_shows_the_standby(eye: Eye, active: Session, tmp_path: Path) -> None:
    """When the active session dies, the page of the one below is there without being asked."""
    standby = Session(eye, tmp_path)
    between = set()
    os.kill(active.process.pid, signal.SIGKILL)
    deadline = time.perf_counter() + PATIENCE_S
    while (dot := eye.dot()) != look.DEEP and time.perf_counter() < deadline:
        between.add(dot)
    assert eye.dot() == look.DEEP
    assert between <= {look.PAPER}
    standby.end()


def test_a_hidden_session_feels_nothing(eye: Eye, active: Session, tmp_path: Path) -> None:
    """Touches on the active session do not reach the one below."""
    standby = Session(eye, tmp_path)
    eye.tap(500, 900)
    standby.show()
    standby.hear("seen")
    until(lambda: eye.dot() == look.DEEP)
    standby.end()


def test_touches_lead_from_page_to_page(eye: Eye, active: Session) -> None:
    """Real touches on real dots: a thing, back, the scanner; one that slides off does nothing."""
    eye.tap(*active.middle("open_thing:medical-expenses"))
    until(lambda: active.on("guide"))
    eye.tap(*active.middle("back"))
    until(lambda: active.on("home"))
    x, y = active.middle("open_progress")
    xtest.fake_input(eye.display, X.MotionNotify, x=round(x), y=round(y))
    xtest.fake_input(eye.display, X.ButtonPress, 1)
    xtest.fake_input(eye.display, X.MotionNotify, x=round(x), y=NOTHING_THERE)
    xtest.fake_input(eye.display, X.ButtonRelease, 1)
    eye.display.sync()
    until(lambda: active.on("home"))
    eye.tap(x, y)
    until(lambda: active.on("progress_scan"))


def test_a_leaf_is_turned_without_the_journey(eye: Eye, active: Session) -> None:
    """The rules of the guide are a leaf of the same page."""
    eye.tap(*active.middle("open_thing:medical-expenses"))
    until(lambda: active.on("guide"))
    eye.tap(*active.middle("screen:turn:+1"))
    until(lambda: active.on("guide") and "screen:turn:-1" in str(active.where()["targets"]))


def test_keys_do_nothing(eye: Eye, active: Session) -> None:
    """F1, Escape, Alt+F4 and others: same process, same page, same dots."""
    before = eye.picture()
    chords = (
        *(("F1",), ("Escape",), ("F11",), ("F12",), ("Menu",), ("Super_L",), ("Print",)),
        *(("Alt_L", "F4"), ("Control_L", "q"), ("Control_L", "e"), ("Control_L", "c")),
        *(("Control_L", "Shift_L", "i"), ("Tab",), ("Return",), ("space",)),
    )
    for chord in chords:
        eye.press(*chord)
    frame = active.where()["frame"]
    assert isinstance(frame, int)
    until(lambda: active.where()["frame"] != frame)
    assert active.process.poll() is None
    assert active.on("home")
    assert eye.picture() == before


def test_nothing_is_written_to_disk(eye: Eye, tmp_path: Path) -> None:
    """No Kivy home, no cache, no log appears in the home directory."""
    home = tmp_path / "home"
    home.mkdir()
    before = os.environ.get("HOME", "")
    os.environ["HOME"] = str(home)
    try:
        session = Session(eye, tmp_path)
    finally:
        os.environ["HOME"] = before
    session.end()
    assert list(home.rglob("*")) == []
