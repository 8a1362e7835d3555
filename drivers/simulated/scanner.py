"""A simulated scanner of the Newland family: unified commands and any payload, over a pty."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

from drivers.scanner.codec import Verdict
from drivers.scanner.newland import ALIVE, ASK_ALIVE, command_reply
from drivers.scanner.symbology import ToldBy, mark_for
from drivers.simulated.device import Surroundings
from drivers.simulated.faults import FaultKind
from drivers.simulated.scanner_module import (
    HOLD_S,
    LONGEST_REQUEST,
    Code,
    SimulatedModule,
)

__all__ = ["HOLD_S", "INFO", "SimulatedScanner"]

INFO: Final = b"Yiduan simulated scanner 1.0"

_REQUEST = re.compile(rb"~\x010000([@#][^\x03]*);\x03|\?")
_VALUES: Final[dict[str, str]] = {
    "SCNMOD": "[0-9]",
    "TSUENA": "[01]",
    "TSUSET": "([0-9A-F]{2}){1,7}",
    "APSENA": "[01]",
    "AIDENA": "[01]",
    "QRCENA": "[01]",
    "128ENA": "[01]",
    "PDFENA": "[01]",
}
"""What it can be set to."""

_TAG = 6


class SimulatedScanner(SimulatedModule):
    """One scanner behind `link`.

    Args:
        link: Symbolic link a driver opens.
        pace_baud: Line speed to imitate, in bits a second; None sends at once.
        suffix: What is sent after a payload while nothing else is set: CR, LF, both or nothing.
        lacks: Settings this engine does not know: whole, or by tag and sub-tag.
        seed: Where its chance begins.
    """

    def __init__(
        self,
        link: Path,
        pace_baud: int | None = None,
        *,
        suffix: bytes = b"\r",
        lacks: frozenset[str] = frozenset(),
        seed: int = 0,
    ) -> None:
        self._suffix = suffix
        self._lacks = lacks
        self._pending = b""
        super().__init__(link, pace_baud, seed=seed)

    @classmethod
    def simulated(cls, around: Surroundings) -> SimulatedScanner:
        """Build it from its entry of the file of simulated devices; it has no options."""
        return cls(around.link, around.baud, seed=around.seed)

    def _framed(self, code: Code) -> bytes:
        mark = b""
        if self._settings.get("AIDENA") == "1":
            mark = mark_for(ToldBy.AIM, code.symbology)
        suffix = self._suffix
        if self._settings.get("TSUENA") == "1":
            suffix = bytes.fromhex(self._settings.get("TSUSET", "0D"))
        return mark + code.payload + suffix

    def _foreign(self) -> bytes:
        return command_reply(b"@QRYPDN", Verdict.ACCEPTED)

    def _hear(self, data: bytes) -> None:
        self._pending += data
        end = 0
        for match in _REQUEST.finditer(self._pending):
            end = match.end()
            self._serve(match)
        self._pending = self._pending[end:][-LONGEST_REQUEST:]

    def _serve(self, match: re.Match[bytes]) -> None:
        fault = self.faults.take(at_work=False)
        if match[0] == ASK_ALIVE:
            self._answer(ALIVE, fault)
            return
        text = match[1].decode("ascii", "replace")
        parts = text[1:].split(";")
        refused = fault is not None and fault.kind is FaultKind.STATUS
        verdicts = [
            self._refusal(fault.detail) if refused and fault else self._set(p) for p in parts
        ]
        echo = text[0] + ";".join(self._valued(part) for part in parts)
        info = INFO if parts == ["QRYSYS"] else b""
        self._answer(command_reply(echo.encode(), *verdicts, data=info), fault)
        if parts[0] in {"SCNTRG0", "SCNTRG1"} and not refused:
            self._trigger(on=parts[0] == "SCNTRG1")

    def _refusal(self, detail: str) -> Verdict:
        return Verdict.UNKNOWN_COMMAND if detail == "05" else Verdict.BAD_VALUE

    def _set(self, part: str) -> Verdict:
        """Carry out one part of a command, and judge it."""
        tag, value = part[:_TAG], part[_TAG:]
        if part in {"SCNTRG0", "SCNTRG1", "QRYSYS"}:
            return Verdict.ACCEPTED
        if tag not in _VALUES or {tag, part} & self._lacks:
            return Verdict.UNKNOWN_COMMAND
        if value == "*":
            return Verdict.ACCEPTED
        if not re.fullmatch(_VALUES[tag], value):
            return Verdict.BAD_VALUE
        self._settings[tag] = value
        return Verdict.ACCEPTED

    def _valued(self, part: str) -> str:
        """Return a part as it is repeated: a query has its value."""
        if not part.endswith("*"):
            return part
        return part[:_TAG] + self._settings.get(part[:_TAG], "2")
