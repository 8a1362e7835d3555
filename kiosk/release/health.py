"""Is the terminal well under a new release: what the audit log says, and who answers.

A trial ends badly at once when a session refuses the settings or the catalogue, or when sessions
crash or hang more than once, or when who serves a socket is silent for a minute in a row: the
screen may be dead as long. It ends well when, at the end of its time, nothing of the kind was
said and every process that serves a socket answers on it.
"""

from __future__ import annotations

import socket
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Final, Protocol

from kiosk.audit.reading import newest
from kiosk.release.reasons import Reason

ONCE: Final = {"settings_refused": Reason.SETTINGS}
"""Events that are one too many."""
TWICE: Final = {"session_crashed": Reason.CRASHED, "session_hung": Reason.HUNG}
"""Events of which one may be chance."""
SILENT_S: Final = 60.0
"""Seconds without an answer in a row that are an illness; a process that starts anew takes less."""
_READ: Final = 2000
_PATIENCE_S: Final = 2.0


class State(StrEnum):
    """How the terminal is."""

    WELL = "well"
    ILL = "ill"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Verdict:
    """How the terminal is, and why it is not well: a sentence, and a word."""

    state: State
    why: str = ""
    code: str = ""


class Health(Protocol):
    """Says how the terminal is."""

    def look(self, since: str) -> Verdict:
        """Judge what happened since a time (ISO 8601)."""


class AuditHealth:
    """Health by the terminal's own log and sockets."""

    def __init__(
        self,
        audit: Path,
        sockets: Sequence[Path],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Take the log's directory, the sockets that have to answer, and a clock in seconds."""
        self._audit = audit
        self._sockets = sockets
        self._clock = clock
        self._silent_since: Mapping[Path, float] = {}

    def look(self, since: str) -> Verdict:
        """Judge what happened since a time."""
        try:
            seen = self._events(datetime.fromisoformat(since))
        except (OSError, ValueError, EOFError) as error:
            return Verdict(State.UNKNOWN, f"the log cannot be read: {error}", Reason.LOG)
        for name in sorted(seen):
            if name in ONCE or (name in TWICE and seen[name] > 1):
                return Verdict(State.ILL, f"{name} ×{seen[name]}", {**ONCE, **TWICE}[name])
        return self._heard()

    def _heard(self) -> Verdict:
        """Judge who answers: one that was silent at every look for `SILENT_S` makes it ill."""
        now = self._clock()
        silent = [path for path in self._sockets if not _answers(path)]
        self._silent_since = {path: self._silent_since.get(path, now) for path in silent}
        if not silent:
            return Verdict(State.WELL)
        long = max(now - since for since in self._silent_since.values())
        state = State.ILL if long >= SILENT_S else State.UNKNOWN
        names = ", ".join(path.name for path in silent)
        return Verdict(state, f"{names} does not answer", Reason.SILENT)

    def _events(self, since: datetime) -> Counter[str]:
        said = newest(self._audit, _READ)
        return Counter(str(own.raw["e"]) for own in said if own.at >= since)


def _answers(path: Path) -> bool:
    try:
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as own:
            own.settimeout(_PATIENCE_S)
            own.connect(str(path))
    except OSError:
        return False
    return True
