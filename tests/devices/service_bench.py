"""A device host as its own process, on simulated devices in this one."""

from __future__ import annotations

import datetime as dt
import json
import os
import queue
import secrets
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Self

import psutil
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.types import PrivateKeyTypes
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
)

from drivers.id_reader.card import Card
from drivers.service.client import CommandFailed, Event, ServiceClient, ServiceUnavailable
from drivers.service.roles import Role
from drivers.service.status import device_word
from drivers.simulated.simulator import Simulator
from tests.waiting import PATIENCE_S, until

REPOSITORY = Path(__file__).resolve().parents[2]
TERMINAL = "T0001"
READ = "XIdCard.Read"

CARD = Card(
    name="陈小云",
    sex_code="2",
    nation_code="01",
    birth_date=dt.date(1990, 1, 1),
    address="某省某市某路1号",
    id_no="400701199001010029",
    issuer="某市公安局",
    valid_from=dt.date(2015, 5, 5),
    valid_to=None,
)


class Bench:
    """Simulated devices, a host process over them, and clients.

    With a `file` (top keys) the host is started from its file alone, secrets included.
    `others` are simulated devices beside the four of every terminal, bound where they are.
    """

    def __init__(
        self,
        pace: str = "fast",
        file: Mapping[str, object] | None = None,
        others: Iterable[str] = (),
    ) -> None:
        more: dict[str, dict[str, object]] = {name: {} for name in others}
        self.run = Path(tempfile.mkdtemp(prefix="yd-"))
        self.key = Ed25519PrivateKey.generate()
        self.secrets = {role: secrets.token_hex(16) for role in Role}
        self.secret = self.secrets[Role.SESSION]
        self.file = {"devices": more, **(file or {})} if more else file
        papers = self.run / "papers"
        self.simulator = Simulator(self.run, pace=pace, paper_dir=papers, others=more)
        self.clients: list[ServiceClient] = []
        self.systemd = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.systemd.bind(str(self.run / "notify"))
        self.log = self.run / "host.log"
        self.host = self._start_host()
        self.last_visit = 0

    def __enter__(self) -> Self:
        until(lambda: self.socket("ReceiptPrinter").exists())
        for service in ("IdReader", "Scanner"):
            self.await_word(service, "online", PATIENCE_S)
        return self

    def __exit__(self, *_: object) -> None:
        for client in self.clients:
            client.close()
        self.host.terminate()
        try:
            self.host.wait(PATIENCE_S)
        finally:
            self.host.kill()
            self.simulator.close()
            self.systemd.close()
            shutil.rmtree(self.run)

    def _start_host(self) -> subprocess.Popen[bytes]:
        (self.run / "evidence.pem").write_bytes(pem(self.key))
        from_file = self.file is not None
        host = subprocess.Popen(
            [
                *(sys.executable, "-m", "drivers", "serve", "--with-parent"),
                *(self._from_file() if from_file else self._from_options()),
            ],
            cwd=REPOSITORY,
            env={**os.environ, "NOTIFY_SOCKET": str(self.run / "notify")},
            stdin=subprocess.PIPE,
            stderr=self.log.open("wb"),
        )
        assert host.stdin is not None
        if not from_file:
            host.stdin.write(self._roles().encode())
        host.stdin.close()
        return host

    def _roles(self) -> str:
        return json.dumps({"roles": self.secrets}) + "\n"

    def _from_options(self) -> list[str]:
        key = str(self.run / "evidence.pem")
        named = ["--evidence-key", key, "--terminal", TERMINAL, "--secrets-on-stdin"]
        return ["--run", str(self.run), *named]

    def _from_file(self) -> list[str]:
        """Write the host's file, with paths beside it."""
        (self.run / "secrets.json").write_text(self._roles())
        (self.run / "secrets.json").chmod(0o600)
        file: dict[str, object] = {
            "run": ".",
            "terminal": TERMINAL,
            "evidence_key": "evidence.pem",
            "secrets": "secrets.json",
            **(self.file or {}),
        }
        (self.run / "host.yaml").write_text(json.dumps(file))  # JSON is YAML
        return ["--config", str(self.run / "host.yaml")]

    def socket(self, service: str) -> Path:
        """Return the socket of a service."""
        return self.run / "xfs4iot" / f"{service}.sock"

    def client(self, service: str, secret: str | None = None) -> ServiceClient:
        """Return a new client; closed with the bench."""
        client = ServiceClient(self.socket(service), service, secret or self.secret)
        self.clients.append(client)
        return client

    @contextmanager
    def visit(self, service: str) -> Iterator[ServiceClient]:
        """Lend a client that disconnects at the end, as a visit does."""
        client = self.client(service)
        try:
            yield client
        finally:
            client.close()
            self.clients.remove(client)

    def word(self, service: str) -> str:
        """Return ``common.device`` of a service as a stranger sees it."""
        with self.visit(service) as client:
            try:
                return device_word(client.call("Common.Status", None, 10.0).payload)
            except (ServiceUnavailable, CommandFailed):
                return "unreachable"

    def await_word(self, service: str, word: str, timeout: float = PATIENCE_S) -> None:
        """Wait until a service's device is in a state."""
        until(lambda: self.word(service) == word, timeout=timeout, every=0.05)

    def workers(self, device: str) -> list[int]:
        """Return the process ids of a device's workers."""
        title = f"kiosk-devices: worker {device}"
        found = []
        for process in psutil.Process(self.host.pid).children(recursive=True):
            try:
                if process.cmdline()[:1] and process.cmdline()[0].startswith(title):
                    found.append(process.pid)
            except psutil.Error:
                continue  # it ended meanwhile
        return found

    def worker(self, device: str) -> int:
        """Wait for the one worker of a device and return its process id."""
        return until(lambda: next(iter(self.workers(device)), 0))

    def hear_notices(self) -> None:
        """Take what the host told its service manager; it waits once ten words are unheard."""
        with suppress(BlockingIOError):
            while self.systemd.recv(64, socket.MSG_DONTWAIT):
                pass

    def log_lines(self) -> list[dict[str, object]]:
        """Return what the host logged so far."""
        lines = self.log.read_text().splitlines()
        return [json.loads(line) for line in lines if line.startswith("{")]


class Reading:
    """A call on its own thread, with its events and its end."""

    def __init__(
        self, client: ServiceClient, name: str = READ, timeout_s: float | None = 10.0
    ) -> None:
        self.events: queue.SimpleQueue[str] = queue.SimpleQueue()
        self.error: Exception | None = None
        self.payload: dict[str, object] = {}
        self.ended_at = 0.0
        self._call = (client, name, timeout_s)
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def _run(self) -> None:
        client, name, timeout_s = self._call
        payload = {"visit": "visit-1"} if name == READ else {}
        try:
            done = client.call(name, payload, timeout_s, on_event=self._on_event)
            self.payload = dict(done.payload)
        except (CommandFailed, ServiceUnavailable) as error:
            self.error = error
        self.ended_at = time.monotonic()

    def _on_event(self, event: Event) -> None:
        self.events.put(event.name)

    def event(self) -> str:
        """Wait for the next event."""
        return self.events.get(timeout=PATIENCE_S)

    def end(self) -> str:
        """Wait for the end; return how it ended."""
        self._thread.join(PATIENCE_S)
        assert not self._thread.is_alive()
        if isinstance(self.error, CommandFailed):
            return self.error.error_code or self.error.completion_code
        return "success" if self.error is None else type(self.error).__name__


def pem(key: PrivateKeyTypes) -> bytes:
    """Return a private key as an unencrypted PEM."""
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def is_alive(pid: int) -> bool:
    """Say whether a process is there."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True
