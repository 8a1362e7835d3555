"""What the terminal tells of itself: devices, outbox, machine; looked at, never waited for long."""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Final

from drivers.service.client import CommandFailed, ServiceClient, ServiceUnavailable
from kiosk.maintenance.conditions import of_device
from kiosk.maintenance.faults import Condition
from kiosk.status.state import Device, Machine

DEVICES: Final[Mapping[str, str]] = {
    "IdReader": "id-reader",
    "DocumentCamera": "document-camera",
    "ReceiptPrinter": "receipt-printer",
    "Scanner": "scanner",
    "CameraScanner": "camera-scanner",
    "Keypad": "keypad",
    "FaceCamera": "face-camera",
    "DocumentPrinter": "a4-printer",
    "SocialCard": "social-card",
    "Panel": "panel",
    "Ups": "ups",
}
"""Devices by the names of their services."""
STATUS_S: Final = 2.0
_MIB: Final = 1024 * 1024

Payload = Mapping[str, object]


class Cabinet:
    """The devices of one terminal, through their services."""

    def __init__(self, run_dir: Path, secret: str) -> None:
        """Take the directory of sockets and the secret of the devices' role ``agent``."""
        self._sockets = run_dir / "xfs4iot"
        self._secret = secret
        self._clients: dict[str, ServiceClient] = {}

    def statuses(self) -> dict[str, Payload | None]:
        """Ask every service that is there; ``None`` for one that does not answer."""
        there = {
            service: device
            for service, device in DEVICES.items()
            if (self._sockets / f"{service}.sock").exists()
        }
        if not there:
            return {}
        with ThreadPoolExecutor(max_workers=len(there)) as pool:
            asked = {device: pool.submit(self._ask, service) for service, device in there.items()}
            return {device: answer.result() for device, answer in asked.items()}

    def close(self) -> None:
        """Let go of the services."""
        for client in self._clients.values():
            client.close()

    def _ask(self, service: str) -> Payload | None:
        client = self._clients.get(service)
        if client is None:
            client = ServiceClient(self._sockets / f"{service}.sock", service, self._secret)
            self._clients[service] = client
        try:
            return client.call("Common.Status", None, STATUS_S).payload
        except (CommandFailed, ServiceUnavailable):
            return None


def devices(statuses: Mapping[str, Payload | None]) -> tuple[Device, ...]:
    """Return devices as they are reported, in the standard's words."""
    return tuple(
        Device(
            device=name,
            word=_word(status, "common", "device") or "unknown",
            paper=_word(status, "printer", "paper", "upper"),
            toner=_word(status, "printer", "toner"),
        )
        for name, status in statuses.items()
    )


def conditions(statuses: Mapping[str, Payload | None]) -> Iterator[Condition]:
    """Return what the devices' statuses say is wrong."""
    for name, status in statuses.items():
        yield from of_device(name.replace("-", "_"), status)


def machine(state_dir: Path, *, proc: Path = Path("/proc"), heat: Path | None = None) -> Machine:
    """Look at disk, memory, temperature; what can't be seen is not told."""
    zones = sorted((heat or Path("/sys/class/thermal")).glob("thermal_zone*/temp"))
    degrees = [one for one in (_number(zone, 1000) for zone in zones) if one is not None]
    return Machine(
        disk_free_mb=shutil.disk_usage(state_dir).free // _MIB,
        memory_free_mb=_available(proc / "meminfo"),
        degrees=max(degrees, default=None),
        up_s=int(time.monotonic()),
    )


def _available(meminfo: Path) -> int | None:
    for line in _lines(meminfo):
        name, _, rest = line.partition(":")
        if name == "MemAvailable":
            return int(rest.split()[0]) // 1024
    return None


def _lines(path: Path) -> Iterable[str]:
    try:
        return path.read_text(encoding="ascii").splitlines()
    except OSError:
        return ()


def _number(path: Path, divisor: int) -> int | None:
    try:
        return int(path.read_text(encoding="ascii")) // divisor
    except (OSError, ValueError):
        return None


def _word(status: Payload | None, *path: str) -> str | None:
    value: object = status
    for step in path:
        value = value.get(step) if isinstance(value, Mapping) else None
    return value if isinstance(value, str) else None
