"""A console as it runs, in a process of its own, and a browser that is signed in."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pyotp
import requests
from sqlalchemy import Engine

from fleet.people import Role
from fleet.people.signing_in import add
from kiosk.desk.part import free_port
from tests.bench.fleet_rows import PASSWORD
from tests.broker import CENTRE, Bus
from tests.waiting import until


class Browser:
    """Reads pages over one kept connection."""

    def __init__(self, base: str, engine: Engine) -> None:
        """Sign in as a releaser, who sees every page."""
        self.base, self.session = base, requests.Session()
        secret = add(engine, "bench", Role.RELEASER, PASSWORD, must_change=False)
        form = {"work_no": "bench", "password": PASSWORD, "code": pyotp.TOTP(secret).now()}
        self.session.post(f"{base}/sign-in", form, timeout=30).raise_for_status()

    def ms(self, path: str, patience: float = 60.0) -> float:
        """Return how long a page took, in milliseconds, from the request to its last byte."""
        began = time.perf_counter()
        answer = self.session.get(f"{self.base}{path}", timeout=patience)
        took = (time.perf_counter() - began) * 1000
        if answer.status_code != 200 or answer.history:
            raise RuntimeError(f"{path}: {answer.status_code} {answer.url}")
        return took


@contextmanager
def serving(url: str, place: Path, bus: Bus, *options: object) -> Iterator[str]:
    """Run ``kiosk-fleet serve``; offers its address."""
    port, address = free_port(), bus.address(CENTRE)
    (place / "state").mkdir(exist_ok=True)
    words = (
        *("serve", "--db", url, "--state", place / "state", "--port", port),
        *("--bus-host", "localhost", "--bus-port", bus.port, "--bus-ca", address.authority),
        *("--bus-cert", address.certificate, "--bus-key", address.key, *options),
    )
    process = subprocess.Popen([sys.executable, "-m", "fleet.cli", *map(str, words)])
    base = f"http://127.0.0.1:{port}"
    try:
        until(lambda: process.poll() is not None or _answers(base))
        yield base
    finally:
        process.terminate()
        process.wait()


def _answers(base: str) -> bool:
    try:
        return requests.get(f"{base}/sign-in", timeout=5).ok
    except requests.ConnectionError:
        return False
