"""One started process and its readiness, by the service manager's own protocol."""

from __future__ import annotations

import contextlib
import os
import random
import signal
import socket
import subprocess
import tempfile
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from kiosk.desk.descriptor_store import DescriptorStore

OURS = range(20_000, 32_000)
"""Ports below those that outgoing connections are given."""
_given: set[int] = set()
STOP_WITHIN = 4.0
"""Seconds a process has to end after SIGTERM before it is killed."""


def free_port(wanted: int = 0) -> int:
    """Return a loopback port that nobody uses now: the wanted one if it can be had.

    Its part binds it a moment later: none is given twice, and the kernel gives none of ours away.
    """
    ours = [port for port in random.sample(OURS, 50) if port not in _given]
    for port in [wanted, *ours] if wanted else ours:
        with socket.socket() as probe, contextlib.suppress(OSError):
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(("127.0.0.1", port))
            _given.add(port)
            return port
    raise PartFailed("no free port on the loopback interface")


class PartFailed(Exception):
    """A process ended, or was not ready in time. Says where its log is."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Part:
    """What to start.

    Attributes:
        name: short name, also of its log file.
        command: argument list.
        greeting: what it reads from standard input; empty closes it.
        environment: variables besides the desk's own.
        notifies: whether it says READY=1 (our own processes do).
        store: keeps descriptors for its next start, and what they hold alive outlives it
            (``FileDescriptorStoreMax=`` and ``KillMode=process`` of its unit).
    """

    name: str
    command: Sequence[str]
    greeting: str = ""
    environment: Mapping[str, str] = field(default_factory=dict)
    notifies: bool = True
    store: DescriptorStore | None = None


class Running:
    """A started part."""

    def __init__(self, part: Part, log_dir: Path) -> None:
        self.part = part
        self.log = log_dir / f"{part.name}.log"
        self._ready = threading.Event()
        self._heard: float | None = None
        self._notify = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._place = Path(tempfile.mkdtemp(prefix="yd-"))
        self._notify.bind(str(self._place / "n"))
        environment = {**os.environ, **part.environment}
        environment.pop("NOTIFY_SOCKET", None)
        if part.notifies:
            environment["NOTIFY_SOCKET"] = str(self._place / "n")
        command, handed = part.store.starting(part.command) if part.store else (part.command, ())
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                list(command),
                pass_fds=handed,
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=log,
                env=environment,
                start_new_session=True,
            )
        threading.Thread(target=self._hear, name=f"notify-{part.name}", daemon=True).start()
        if self.process.stdin is not None:
            with contextlib.suppress(BrokenPipeError):
                self.process.stdin.write(part.greeting.encode())
                self.process.stdin.close()

    def wait_ready(self, timeout: float) -> None:
        """Return when the process said READY=1.

        Raises:
            PartFailed: it ended or stayed silent.
        """
        deadline = time.monotonic() + timeout
        while self.part.notifies and not self._ready.wait(0.05):
            if self.process.poll() is not None:
                raise PartFailed(self._told(f"ended with status {self.process.returncode}"))
            if time.monotonic() > deadline:
                raise PartFailed(self._told(f"not ready within {timeout:.0f} s"))

    def _hear(self) -> None:
        """Take every notice: a full queue would stop the watched process in its tracks."""
        while True:
            try:
                notice, files, _, _ = socket.recv_fds(self._notify, 4096, 1)
            except OSError:
                return
            if notice == b"":
                return
            if self.part.store is not None:
                self.part.store.hear(notice, files)
            self._heard = time.monotonic()
            if b"READY=1" in notice:
                self._ready.set()

    @property
    def ready(self) -> bool:
        """Whether it runs and said READY=1."""
        return self.alive() and (self._ready.is_set() or not self.part.notifies)

    def alive(self) -> bool:
        """Say whether the process runs."""
        return self.process.poll() is None

    def silent_for(self, now: float) -> float:
        """Return the seconds since its last notice; 0 before it is ready, as systemd counts."""
        heard = self._heard
        return now - heard if heard is not None and self._ready.is_set() else 0.0

    def kill(self) -> None:
        """End it at once, and all in its process group; works on stopped ones too."""
        self._kill_all()
        self.process.wait()

    def _kill_all(self) -> None:
        with contextlib.suppress(ProcessLookupError):
            if self.part.store is None:
                os.killpg(self.process.pid, signal.SIGKILL)
            elif self.process.returncode is None:
                self.process.kill()

    def ask_to_stop(self) -> None:
        """Send SIGTERM."""
        with contextlib.suppress(ProcessLookupError):
            self.process.send_signal(signal.SIGTERM)

    def stop(self) -> None:
        """End the process and whatever it left in its process group."""
        self.ask_to_stop()
        try:
            self.process.wait(STOP_WITHIN)
        except subprocess.TimeoutExpired:
            pass
        finally:
            self._kill_all()
            self.process.wait()
            self._close_notices()

    def _close_notices(self) -> None:
        with contextlib.suppress(OSError):
            self._notify.shutdown(socket.SHUT_RDWR)
        self._notify.close()
        with contextlib.suppress(OSError):
            (self._place / "n").unlink()
            self._place.rmdir()

    def _told(self, what: str) -> str:
        tail = self.log.read_text(errors="replace").splitlines()[-12:]
        return f"{self.part.name} {what}; log {self.log}:\n" + "\n".join(tail)
