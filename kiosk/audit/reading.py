"""Reading events back, in the words that staff understand."""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from kiosk.audit.chain import Head, claim
from kiosk.audit.events import catalogue
from kiosk.audit.segments import files, lines


@dataclass(frozen=True, kw_only=True, slots=True)
class Said:
    """One event: when (with its offset), what staff read, and the line as it stands."""

    at: datetime
    words: str
    raw: dict[str, object]


def newest(directory: Path, count: int, event: str | None = None) -> tuple[Said, ...]:
    """Return the newest ``count`` events, oldest first; of one kind if ``event`` names it.

    Raises:
        ValueError: there is no such event, or a line cannot be read.
    """
    if event is not None and event not in catalogue():
        raise ValueError(f"there is no event {event}; see kiosk audit events")
    kept: deque[Said] = deque(maxlen=max(count, 0))
    for line in _from_the_end(directory):
        said = json.loads(line)
        if event in (None, said["e"]):
            kept.appendleft(_said(said))
        if len(kept) == kept.maxlen:
            break
    return tuple(kept)


def since(directory: Path, start: datetime) -> Iterator[Said]:
    """Yield the events from ``start`` (with its offset) on, newest first.

    Raises:
        ValueError: a line cannot be read.
    """
    for line in _from_the_end(directory):
        said = _said(json.loads(line))
        if said.at < start:
            return
        yield said


def beginning(directory: Path) -> Head | None:
    """Return what the first kept line says of itself; none when there is no line.

    Raises:
        AuditBroken: it is no log line.
        EOFError, OSError: a file is damaged.
    """
    for path in files(directory):
        for line in lines(path):
            return claim(line, 1)
    return None


def line_at(directory: Path, sequence: int) -> Head | None:
    """Return what the line of a number says of itself; none when the log has no such line.

    Newest lines are looked at first, so that what is near the end is found soon.

    Raises:
        AuditBroken: a line before it is none.
        EOFError, OSError: a file is damaged.
    """
    for line in _from_the_end(directory):
        if not line:
            continue
        found = claim(line, sequence)
        if found.sequence <= sequence:
            return found if found.sequence == sequence else None
    return None


def _said(line: dict[str, object]) -> Said:
    known = catalogue().get(str(line["e"]))
    fields = line.get("f")
    pairs = fields.items() if isinstance(fields, dict) else ()
    told = "，".join(f"{name}={value}" for name, value in pairs)
    words = known.staff if known else str(line["e"])
    return Said(
        at=datetime.fromisoformat(str(line["t"])),
        words=f"{words}（{told}）" if told else words,
        raw=line,
    )


def _from_the_end(directory: Path) -> Iterator[bytes]:
    for path in reversed(files(directory)):
        yield from reversed(list(lines(path)))
