"""A real mosquitto for tests, with an authority of its own; it goes with the test session."""

from __future__ import annotations

import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from fleet.broker import Broker, write
from kiosk.crypto.certificates import Authority, Issued
from kiosk.desk.part import free_port
from kiosk.status import topics
from kiosk.status.address import Address
from tests.waiting import until


@dataclass(frozen=True, kw_only=True, slots=True)
class Bus:
    """A running broker and who may come to it."""

    authority: Authority
    place: Path
    port: int

    def address(self, name: str) -> Address:
        """Return how ``name`` connects, with a certificate made for it."""
        leaf = self.authority.client(name)
        certificate, key = self._files(name, leaf)
        return Address(
            host="localhost",
            port=self.port,
            authority=self.place / "ca.crt",
            certificate=certificate,
            key=key,
        )

    def _files(self, name: str, leaf: Issued) -> tuple[Path, Path]:
        certificate, key = self.place / f"{name}.crt", self.place / f"{name}.pem"
        certificate.write_bytes(leaf.certificate)
        key.write_bytes(leaf.key)
        return certificate, key


@contextmanager
def running(place: Path, port: int = 0) -> Iterator[Bus]:
    """Run a broker in a directory; what it retained there before it still knows."""
    authority = _authority(place)
    port = port or free_port()
    path = write(
        Broker(
            address="127.0.0.1",
            port=port,
            authority=place / "ca.crt",
            certificate=place / "broker.crt",
            key=place / "broker.pem",
            data=place,
        )
    )
    process = subprocess.Popen(["mosquitto", "-c", str(path)], stderr=subprocess.DEVNULL)
    try:
        until(lambda: _listens(port))
        yield Bus(authority=authority, place=place, port=port)
    finally:
        process.terminate()
        process.wait()


def _authority(place: Path) -> Authority:
    if (place / "ca.pem").exists():
        kept = Issued(
            certificate=(place / "ca.crt").read_bytes(), key=(place / "ca.pem").read_bytes()
        )
        return Authority.load(kept)
    authority = Authority.create("terminals")
    own = authority.server("broker")
    for name, data in {
        "ca.crt": authority.issued.certificate,
        "ca.pem": authority.issued.key,
        "broker.crt": own.certificate,
        "broker.pem": own.key,
    }.items():
        (place / name).write_bytes(data)
    for path in (place, *place.iterdir()):  # mosquitto gives up root before it reads them
        path.chmod(0o777 if path.is_dir() else 0o644)
    return authority


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


@pytest.fixture(scope="module")
def bus() -> Iterator[Bus]:
    """A broker for the tests of one file."""
    with tempfile.TemporaryDirectory(prefix="bus-") as place, running(Path(place)) as own:
        yield own


CENTRE = topics.CENTRE
