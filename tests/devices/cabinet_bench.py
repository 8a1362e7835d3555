"""A device host over the devices of the cabinet alone: pad, board, UPS, card."""

from __future__ import annotations

import json
import queue
import secrets
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Self

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from drivers.service.client import CommandFailed, Event, ServiceClient, ServiceUnavailable
from drivers.service.status import device_word
from drivers.simulated.device import SimulatedDevice, Surroundings
from tests.devices.service_bench import REPOSITORY, TERMINAL, pem
from tests.waiting import PATIENCE_S, until


def surroundings(link: Path, **options: object) -> Surroundings:
    """Return where a simulated device lives, its bytes unpaced."""
    return Surroundings(link=link, baud=None, papers=link.parent, options=options, seed=7)


class CabinetBench:
    """A host process whose file of ports names what the devices of a test need.

    The devices that every terminal has are named too, but not there.
    """

    def __init__(self) -> None:
        self.run = Path(tempfile.mkdtemp(prefix="yd-"))
        self.devices: list[SimulatedDevice] = []
        self._ports: dict[str, Mapping[str, object]] = {}
        self._secret = secrets.token_hex(16)
        self._log = self.run / "host.log"
        self._host: subprocess.Popen[bytes] | None = None

    def link(self, device: str) -> Path:
        """Return the path a device of that name is opened at by default."""
        return self.run / "devices" / device

    def add(self, device: str, simulated: SimulatedDevice, **options: object) -> None:
        """Have the host serve a simulated device."""
        self.devices.append(simulated)
        self._ports[device] = options

    def __enter__(self) -> Self:
        (self.run / "evidence.pem").write_bytes(pem(Ed25519PrivateKey.generate()))
        (self.run / "ports.yaml").write_text(json.dumps({"devices": self._ports}))
        self._host = subprocess.Popen(
            [
                *(sys.executable, "-m", "drivers", "serve", "--run", str(self.run)),
                *("--evidence-key", str(self.run / "evidence.pem"), "--terminal", TERMINAL),
                *("--config", str(self.run / "ports.yaml")),
                *("--secrets-on-stdin", "--with-parent"),
            ],
            cwd=REPOSITORY,
            stdin=subprocess.PIPE,
            stderr=self._log.open("wb"),
        )
        assert self._host.stdin is not None
        self._host.stdin.write(json.dumps({"roles": {"session": self._secret}}).encode() + b"\n")
        self._host.stdin.close()
        return self

    def __exit__(self, *_: object) -> None:
        assert self._host is not None
        self._host.terminate()
        try:
            self._host.wait(PATIENCE_S)
        finally:
            self._host.kill()
            for device in self.devices:
                device.close()
            shutil.rmtree(self.run)

    @contextmanager
    def visit(self, service: str) -> Iterator[ServiceClient]:
        """Lend a client that disconnects at the end, as a visit does."""
        socket = self.run / "xfs4iot" / f"{service}.sock"
        client = ServiceClient(socket, service, self._secret)
        try:
            yield client
        finally:
            client.close()

    def word(self, service: str) -> str:
        """Return ``common.device`` of a service."""
        with self.visit(service) as client:
            try:
                return device_word(client.call("Common.Status", None, 10.0).payload)
            except (ServiceUnavailable, CommandFailed):
                return "unreachable"

    def await_word(self, service: str, word: str, timeout: float = PATIENCE_S) -> None:
        """Wait until a service's device is in a state."""
        until(lambda: self.word(service) == word, timeout=timeout, every=0.1)

    def log(self) -> str:
        """Return what the host logged so far."""
        return self._log.read_text()


def part(client: ServiceClient, name: str) -> Mapping[str, object]:
    """Return one object of the status; an empty one when it is left out."""
    found = client.call("Common.Status", None, 10.0).payload.get(name)
    return found if isinstance(found, Mapping) else {}


def listen(client: ServiceClient, name: str) -> queue.SimpleQueue[Mapping[str, object]]:
    """Return a queue that gets the payload of every such unsolicited event."""
    heard: queue.SimpleQueue[Mapping[str, object]] = queue.SimpleQueue()

    def hear(event: Event) -> None:
        if event.name == name:
            heard.put(event.payload)

    client.on_unsolicited(hear)
    client.connect()
    return heard
