"""A training: begun for staff, ended with their stay, and nothing of it touches what is here.

``train_begin`` runs the command of the settings and waits at the socket ``training.sock`` for who
it starts (`kiosk.desk.training`, the life).  The connection is the training's life: it is closed
when staff say so, when their own connection ends, however, and when this process dies.  The command
has to stay for as long as the training runs, but nothing hangs on it: on an installed terminal it
is ``systemctl start --wait`` of a unit with walls of its own.  One that hangs outlives its life and
that command; then the unit is stopped by the same program (`stopping`).

===============  ==========  ======================================================================
operation        fields      answer
===============  ==========  ======================================================================
``train_begin``  –           nothing
``train_look``   –           ``phase``: ``none``, ``starting``, ``ready``; then how it ended:
                             ``left``, ``idle``, ``stopped``, ``failed``
``train_end``    –           nothing
===============  ==========  ======================================================================
"""

from __future__ import annotations

import contextlib
import socket
import subprocess
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Final

import structlog

from kiosk.agent.maintenance.presence import Note, work_no
from kiosk.audit import Event
from kiosk.channel import Caller, Refused, Request
from kiosk.channel.server import Handler
from kiosk.maintenance.staff import Right

log = structlog.get_logger()
SOCKET: Final = "training.sock"
COMES_S: Final = 20.0
"""Seconds until the process that the command starts has to be there."""
READY_S: Final = 90.0
"""Seconds until its first page has to be on the screen."""
MOST_S: Final = 4 * 3600.0
"""Nobody learns longer in one go."""
GOES_S: Final = 30.0
"""Seconds it has to stop everything it started."""
STOPS_S: Final = 45.0
"""Seconds its unit has to be stopped in; above the unit's ``TimeoutStopSec=``, which kills it."""
_LOOK_S: Final = 0.3
_LONGEST: Final = 32
_ENDS: Final = frozenset({"left", "idle", "failed"})
_MEMORY: Final = "training"


class Training:
    """The operations that begin and end one, at most one at a time."""

    def __init__(self, command: Sequence[str], run: Path, note: Note) -> None:
        self._command, self._path, self._note = tuple(command), run / SOCKET, note
        self._one = threading.Lock()
        self._running: Run | None = None

    def operations(self) -> Mapping[str, tuple[Right, Handler]]:
        """Return them by name, each with the right it takes."""
        return {
            "train_begin": (Right.TRAIN, self.begin),
            "train_look": (Right.TRAIN, self.look),
            "train_end": (Right.TRAIN, self.end),
        }

    def begin(self, request: Request) -> None:
        """Begin one, in the name of who is signed in."""
        if not self._command:
            raise Refused("not_here", "this machine has no command for it")
        person = work_no(request)
        with self._one:
            if self._running is not None and self._running.alive:
                raise Refused("unusable", "there is one already")
            try:
                run = Run(self._command, self._path, lambda how, s: self._ended(person, how, s))
            except OSError as error:
                raise Refused("unusable", str(error)) from error
            self._running = run
        request.caller.memory[_MEMORY] = run
        self._note(Event("training_began"), person=person)
        run.start()

    def look(self, request: Request) -> Mapping[str, object]:
        """Tell how the training of this connection stands."""
        run = request.caller.memory.get(_MEMORY)
        return {"phase": run.phase if isinstance(run, Run) else "none"}

    def end(self, request: Request) -> None:
        """End it."""
        self.left(request.caller)

    @staticmethod
    def left(caller: Caller) -> None:
        """End what a connection began: who learns goes with who signed in."""
        run = caller.memory.get(_MEMORY)
        if isinstance(run, Run):
            run.stop()

    def _ended(self, person: str, how: str, seconds: float) -> None:
        self._note(Event("training_ended"), person=person, how=how, seconds=round(seconds))


class Run:
    """One training from the command to its end; a thread of its own waits for it."""

    def __init__(
        self, command: Sequence[str], path: Path, ended: Callable[[str, float], None]
    ) -> None:
        """Listen, and run the command.

        Raises:
            OSError: there is no such program, or the socket cannot be made.
        """
        self.phase = "starting"
        self._command, self._path, self._ended = tuple(command), path, ended
        self._stopped = threading.Event()
        self._life: socket.socket | None = None
        self._began = time.monotonic()
        path.unlink(missing_ok=True)
        self._door = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self._door.bind(str(path))
        path.chmod(0o660)
        self._door.listen(1)
        try:
            self._process = subprocess.Popen(
                list(command), stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL
            )
        except OSError:
            self._door.close()
            raise

    @property
    def alive(self) -> bool:
        """Whether it has not ended yet."""
        return self.phase in {"starting", "ready"}

    def start(self) -> None:
        """Wait for it on a thread."""
        threading.Thread(target=self._wait, name="training", daemon=True).start()

    def stop(self) -> None:
        """Let go of its life; it ends by itself."""
        self._stopped.set()
        life = self._life
        if life is not None:
            with contextlib.suppress(OSError):
                life.shutdown(socket.SHUT_RDWR)

    def _wait(self) -> None:
        try:
            how = self._served()
        except OSError as error:
            log.warning("training_lost", problem=type(error).__name__)
            how = "failed"
        self._close()
        self.phase = "stopped" if self._stopped.is_set() else how
        self._ended(self.phase, time.monotonic() - self._began)

    def _served(self) -> str:
        """Return how it ended, by its own word; a line that breaks is a training that failed."""
        life = self._life = self._come()
        if life is None or self._stopped.is_set():
            return "failed"
        life.settimeout(READY_S)
        with life.makefile("r", encoding="ascii", errors="replace") as words:
            word = words.readline(_LONGEST).strip()
            if word == "ready":
                self.phase = "ready"
                life.settimeout(MOST_S)
                word = words.readline(_LONGEST).strip()
        return word if word in _ENDS else "failed"

    def _come(self) -> socket.socket | None:
        """Wait for the process that the command starts."""
        self._door.settimeout(_LOOK_S)
        deadline = time.monotonic() + COMES_S
        while time.monotonic() < deadline and not self._stopped.is_set():
            if self._process.poll() is not None:
                return None
            with contextlib.suppress(TimeoutError):
                return self._door.accept()[0]
        return None

    def _close(self) -> None:
        """Close both lines, and wait until what ran is gone from the screen."""
        for line in (self._life, self._door):
            if line is not None:
                line.close()
        with contextlib.suppress(OSError):
            self._path.unlink(missing_ok=True)
        try:
            self._process.wait(GOES_S)
        except subprocess.TimeoutExpired:
            log.error("training_stays")  # noqa: TRY400 - what it is told next is its end
            _stop_unit(self._command)
            self._process.kill()
            self._process.wait()


def stopping(command: Sequence[str]) -> tuple[str, ...]:
    """Return the command that ends what a command started; empty when it is its own process."""
    program, *words = command
    if Path(program).name != "systemctl" or "start" not in words:
        return ()
    return (program, "stop", *(word for word in words if word.endswith(".service")))


def _stop_unit(command: Sequence[str]) -> None:
    """Have a unit that hangs ended; who asked for it to be started has no hold on it."""
    if not (stop := stopping(command)):
        return
    try:
        subprocess.run(
            stop,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            timeout=STOPS_S,
            check=True,
        )
    except (OSError, subprocess.SubprocessError) as error:
        log.error("training_not_stopped", problem=type(error).__name__)  # noqa: TRY400 - the same
