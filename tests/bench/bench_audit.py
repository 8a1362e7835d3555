"""How long checking a terminal's whole log takes: a million events in packed files."""

from __future__ import annotations

import tempfile
import time
from pathlib import Path

from kiosk.audit import verify
from kiosk.audit.chain import EMPTY, Head, written
from kiosk.audit.segments import ACTIVE, pack, set_full
from tests.bench.figure import Figure

EVENTS = 1_000_000
FILE = 40_000
LIMIT_S = 10.0


def measure() -> list[Figure]:
    """Write the log without flushing each line, then check it as ``kiosk audit verify`` does."""
    with tempfile.TemporaryDirectory() as directory:
        head = _fill(Path(directory))
        size = sum(own.stat().st_size for own in Path(directory).iterdir())
        began = time.perf_counter()
        found = verify(Path(directory))
        took = time.perf_counter() - began
    if found.head != head:
        raise AssertionError("the log that was checked is not the one written")
    return [
        Figure(
            name="checking the audit log of a million events",
            value=took,
            unit="s",
            limit=LIMIT_S,
            measured=f"{1e6 * took / EVENTS:.1f} us an event",
            note=f"{size / EVENTS:.0f} bytes an event packed; the log may take 256 MB",
        )
    ]


def _fill(directory: Path) -> Head:
    head = EMPTY
    for first in range(1, EVENTS + 1, FILE):
        with (directory / ACTIVE).open("wb") as file:
            for number in range(FILE):
                data, head = written(head, _event(number))
                file.write(data)
        pack(set_full(directory, first))
    return head


def _event(number: int) -> dict[str, object]:
    how = ("finished", "abandoned", "timed_out")[number % 3]
    return {
        "t": f"2026-05-04T09:{number // 60 % 60:02}:{number % 60:02}.{number % 997:03}+00:00",
        "e": "visit_ended",
        "f": {"visit": f"{number * 2654435761 % 2**32:08x}", "how": how},
    }
