"""What the agent sees of its terminal, as conditions: looked at, never waited for long.

Parts that are there by the second are looked at themselves: devices, disk, outbox, the files of
staff, releases. What only root sees, or what takes long, the nightly doctor has written down
(``kiosk-doctor.service``), and a unit that stayed down the ladder (`kiosk.doctor.ladder`): both in
directories beside the agent's own.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from kiosk.agent.reporting import looking
from kiosk.maintenance import conditions
from kiosk.maintenance.conditions import of_finding
from kiosk.maintenance.damage import damaged
from kiosk.maintenance.faults import Condition
from kiosk.outbox import OutboxError
from kiosk.outbox.records import Counts, State
from kiosk.outbox.report import damaged_files
from kiosk.release import course as courses
from kiosk.release.telling import looked

SETTLE_S: Final = 60.0
"""Seconds after the start in which devices that are not there yet are no fault."""
NIGHT_S: Final = 26 * 3600.0
"""Age up to which the nightly look counts."""
DOWN_S: Final = 3600.0
"""For how long a unit that stayed down is told, whatever mended it."""
NIGHTLY: Final = Path("doctor") / "last.json"
DOWN: Final = Path("ladder") / "down.json"
_BY_NIGHT: Final = frozenset(
    {"units", "display", "touch", "sound", "settings", "catalogue", "keys", "clock"}
    | {"heat", "memory", "audit"}
)
"""Checks of the doctor that nothing here looks at by itself."""
_BAD: Final = frozenset({"broken", "attention"})


@dataclass(frozen=True, kw_only=True, slots=True)
class Place:
    """Where things are.

    Attributes:
        state: the agent's directory.
        run_dir: directory of sockets.
        secret: of the devices' role ``agent``.
        reserve: bytes of the disk that submissions need.
        releases: directory of releases.
        counts: tells what the outbox holds.
    """

    state: Path
    run_dir: Path
    secret: str
    reserve: int
    releases: Path
    counts: Callable[[], Counts]


class Sights:
    """All looks of one terminal."""

    def __init__(self, place: Place) -> None:
        """Take the place; nothing is looked at yet."""
        self._place = place
        self._cabinet = looking.Cabinet(place.run_dir, place.secret)
        self._began = time.monotonic()

    def close(self) -> None:
        """Let go of the devices."""
        self._cabinet.close()

    def conditions(self) -> Iterator[Condition]:
        """Yield everything that is not as it should be."""
        yield from self._devices()
        yield from self._disk()
        yield from self._outbox()
        yield from self._files()
        course = courses.read(self._place.releases)
        yield from conditions.of_release(looked(self._place.releases), str(course.stage))
        yield from _of_night(self._place.state.parent / NIGHTLY)
        yield from _of_ladder(self._place.state.parent / DOWN)

    def _devices(self) -> Iterator[Condition]:
        statuses = self._cabinet.statuses()
        settled = time.monotonic() - self._began > SETTLE_S
        if not statuses and settled:
            yield Condition(subject="host", word="gone")
        yield from looking.conditions(statuses)

    def _disk(self) -> tuple[Condition, ...]:
        try:
            disk = os.statvfs(self._place.state)
        except OSError:
            return conditions.of_disk(None, self._place.reserve, read_only=False)
        return conditions.of_disk(
            disk.f_bavail * disk.f_frsize,
            self._place.reserve,
            read_only=bool(disk.f_flag & os.ST_RDONLY),
        )

    def _outbox(self) -> Iterator[Condition]:
        if damaged_files(self._place.state):
            yield Condition(subject="outbox", word="damaged")
        try:
            counts = self._place.counts()
        except OutboxError:
            yield Condition(subject="outbox", word="unusable")
            return
        yield from conditions.of_outbox(
            refused=counts.by_state[State.REFUSED],
            waiting=len(counts.waiting),
            oldest_s=counts.oldest_s or 0,
        )

    def _files(self) -> Iterator[Condition]:
        yield from conditions.of_files(damaged(self._place.state))
        if any((self._place.state / "audit").glob("*.damaged-*")):
            yield Condition(subject="audit", word="broken")


def _of_night(path: Path) -> Iterator[Condition]:
    """Yield what the nightly look found of what is not seen from here."""
    told = _fresh(path, NIGHT_S)
    findings = told.get("findings")
    for one in findings if isinstance(findings, list) else []:
        if not isinstance(one, dict) or one.get("verdict") not in _BAD:
            continue
        check, values = str(one.get("check")), one.get("values")
        if check in _BY_NIGHT:
            case = str(one.get("case"))
            yield of_finding(check, case, values if isinstance(values, dict) else {})


def _of_ladder(path: Path) -> Iterator[Condition]:
    """Yield that a unit stayed down a short while ago."""
    unit = _fresh(path, DOWN_S).get("unit")
    if isinstance(unit, str):
        yield Condition(subject="units", word="down", values={"unit": unit})


def _fresh(path: Path, seconds: float) -> dict[str, object]:
    """Return a file that root left; empty when there is none, or it is old or no such file."""
    try:
        if time.time() - path.stat().st_mtime > seconds:
            return {}
        told = json.loads(path.read_bytes())
    except (OSError, ValueError):
        return {}
    return told if isinstance(told, dict) else {}
