"""What the log has of one device: how often it worked today, what went wrong lately.

Counts are of the hall's day; troubles go back a week, at most `MOST_LINES` of the log.  Nothing of
a visit is told: an event's kind, its reason, when, and how often.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import Final

from kiosk.audit.chain import AuditBroken
from kiosk.audit.reading import Said, since
from kiosk.channel import Refused, Request
from kiosk.channel.server import Handler
from kiosk.domain.calendar import LEGAL_TIME
from kiosk.maintenance.staff import Right

WEEK: Final = timedelta(days=7)
MOST_LINES: Final = 20_000
MOST_TROUBLES: Final = 6


@dataclass(frozen=True, kw_only=True, slots=True)
class Events:
    """The events of a part: ``well`` and ``ill`` ends of what citizens do with it."""

    well: str = ""
    ill: str = ""


PARTS: Final[Mapping[str, Events]] = {
    "id_reader": Events(well="identity_read", ill="identity_failed"),
    "receipt_printer": Events(well="receipt_printed", ill="receipt_not_printed"),
    "document_camera": Events(well="page_captured", ill="capture_failed"),
    "scanner": Events(ill="code_refused"),
}
_TRIED: Final = frozenset({"device_tested", "device_reset", "supplies_replaced"})
"""Events of staff that name the device; what did not end well is a trouble of it."""
_WELL: Final = frozenset({"passed", "printed"})
_FAULT: Final = "fault_began"
"""A fault of the list began; its id begins with the device."""
_OUTAGES: Final = {"ups": "power_lost"}
"""What the log has of an outage however short; the fault is only of one that was looked at."""
_LOOKED_AT: Final = "ups.battery"


def _now() -> datetime:
    return datetime.now(LEGAL_TIME)


class History:
    """Reads the log of this terminal; ``clock`` tells the time of the hall."""

    def __init__(self, state: Path, clock: Callable[[], datetime] = _now) -> None:
        self._directory, self._clock = state / "audit", clock

    def operations(self) -> Mapping[str, tuple[Right, Handler]]:
        """Return them by name, each with the right it takes."""
        return {"history": (Right.LOOK, self.history)}

    def history(self, request: Request) -> Mapping[str, object]:
        """Tell what the log has of a part."""
        part = request.text("part")
        try:
            said = list(islice(self._since(WEEK), MOST_LINES))
        except (OSError, ValueError, EOFError, AuditBroken) as error:
            raise Refused("unusable", type(error).__name__) from error
        own, today = PARTS.get(part, Events()), self._midnight()
        counted = Counter(one.raw["e"] for one in said if one.at >= today)
        counts = {"today": counted[own.well]} if own.well else {}
        if own.ill:
            counts["failed"] = counted[own.ill]
        return {"counts": counts, "troubles": _troubles(said, part, own.ill)}

    def unprinted(self) -> int:
        """Return how many slips of today did not print; 0 where the log cannot be read."""
        ill = PARTS["receipt_printer"].ill
        try:
            said = self._since(self._clock() - self._midnight())
            return sum(one.raw["e"] == ill for one in said)
        except (OSError, ValueError, EOFError, AuditBroken):
            return 0

    def _since(self, ago: timedelta) -> Iterator[Said]:
        return since(self._directory, self._clock() - ago)

    def _midnight(self) -> datetime:
        return self._clock().replace(hour=0, minute=0, second=0, microsecond=0)


def _troubles(said: list[Said], part: str, ill: str) -> list[dict[str, object]]:
    """Return the newest kinds of trouble, each once, with its last time and how often."""
    times: Counter[tuple[str, str]] = Counter()
    newest: dict[tuple[str, str], datetime] = {}
    for one in said:  # newest first
        kind = _kind(one, part, ill)
        if kind is not None:
            times[kind] += 1
            newest.setdefault(kind, one.at)
    listed = list(newest.items())[:MOST_TROUBLES]
    return [
        {"at": at.isoformat(), "event": kind[0], "reason": kind[1], "times": times[kind]}
        for kind, at in listed
    ]


def _kind(one: Said, part: str, ill: str) -> tuple[str, str] | None:
    event, fields = str(one.raw["e"]), one.raw.get("f")
    told = fields if isinstance(fields, dict) else {}
    if event == ill:
        return event, str(told.get("reason", ""))
    if event == _OUTAGES.get(part):
        return event, ""
    fault = str(told.get("fault", ""))
    if event == _FAULT and fault.startswith(f"{part}.") and fault != _LOOKED_AT:
        return event, fault
    if event in _TRIED and told.get("device") == part and told.get("result") not in _WELL:
        return event, str(told.get("result", ""))
    return None
