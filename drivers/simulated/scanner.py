"""A simulated scanner of the Newland family: unified commands and any payload, over a pty."""

from __future__ import annotations

import re
from typing import Final

from drivers.scanner.codec import Verdict
from drivers.scanner.newland import ALIVE, ASK_ALIVE, command_reply
from drivers.scanner.symbology import ToldBy, mark_for
from drivers.simulated.faults import FaultKind
from drivers.simulated.scanner_module import (
    HOLD_S,
    LONGEST_REQUEST,
    Code,
)
from drivers.simulated.scanner_tagged import TaggedModule

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


class SimulatedScanner(TaggedModule):
    """One scanner behind `link`; see `TaggedModule`."""

    VALUES = _VALUES
    ORDERS = frozenset({"SCNTRG0", "SCNTRG1", "QRYSYS"})
    QUERY = "*"
    FACTORY = "2"

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
