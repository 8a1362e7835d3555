"""A simulated scanner of the Honeywell family: menu commands and any payload, over a pty."""

from __future__ import annotations

import re
from typing import Final

from drivers.scanner.codec import Verdict
from drivers.scanner.honeywell import MENU, TRIGGER_OFF, TRIGGER_ON, command_reply
from drivers.scanner.symbology import ToldBy, mark_for
from drivers.simulated.faults import FaultKind
from drivers.simulated.scanner_module import LONGEST_REQUEST, Code
from drivers.simulated.scanner_tagged import TaggedModule

INFO: Final = (
    b"Product Name: Yiduan simulated engine\r\nBoot Revision: : 1\r\n"
    b"Software Revision: 1.0\r\nSerial Number: 0000000001\r\nSupported IF: Serial\r\n"
)
"""What REVINF answers, in the lines of a real one."""

_REQUEST = re.compile(rb"\x16([TU])\r|\x16M\r([^.!]{0,400}[.!])")
_VALUES: Final[dict[str, str]] = {
    "TRGMOD": "[0-9]",
    "PAPHHF": "",
    "VSUFCR": "",
    "SUFBK2": "99([0-9A-F]{2})+",
    "PRECA2": "",
    "PREBK2": "99([0-9A-F]{2})+",
    "QRCENA": "[01]",
    "128ENA": "[01]",
    "PDFENA": "[01]",
}
"""What it can be set to."""

_CLEARS: Final[dict[str, str]] = {"PRECA2": "PREBK2", "VSUFCR": "SUFBK2"}


class SimulatedHoneywell(TaggedModule):
    """One scanner behind `link`; see `TaggedModule`."""

    VALUES = _VALUES
    ORDERS = frozenset({"REVINF"})
    QUERY = "?"
    FACTORY = "3"

    def _framed(self, code: Code) -> bytes:
        prefix = self._settings.get("PREBK2", "")
        told_by = {"995C81": ToldBy.AIM, "995C80": ToldBy.CODE_ID}.get(prefix, ToldBy.NOTHING)
        suffix = b"\r" if "VSUFCR" in self._settings else self._suffix
        if "SUFBK2" in self._settings:
            suffix = bytes.fromhex(self._settings["SUFBK2"][2:])
        return mark_for(told_by, code.symbology) + code.payload + suffix

    def _foreign(self) -> bytes:
        return command_reply(b"BEPLVL3!", Verdict.ACCEPTED)

    def _hear(self, data: bytes) -> None:
        self._pending += data
        end = 0
        for match in _REQUEST.finditer(self._pending):
            end = match.end()
            if match[0] in {TRIGGER_ON, TRIGGER_OFF}:
                self._trigger(on=match[0] == TRIGGER_ON)
            elif match[0].startswith(MENU):
                self._serve(match[2].decode("ascii", "replace"))
        self._pending = self._pending[end:][-LONGEST_REQUEST:]

    def _serve(self, text: str) -> None:
        fault = self.faults.take(at_work=False)
        storage, parts = text[-1], text[:-1].split(";")
        if fault and fault.kind is FaultKind.STATUS:
            verdicts = [self._refusal(fault.detail) for _ in parts]
        else:
            verdicts = [self._set(part) for part in parts]
        echo = ";".join(self._valued(part) for part in parts) + storage
        info = INFO if parts == ["REVINF"] else b""
        self._answer(info + command_reply(echo.encode(), *verdicts), fault)

    def _keep(self, tag: str, value: str) -> None:
        """Keep a setting; clearing prefixes or suffixes clears what was set of them."""
        if tag in _CLEARS:
            self._settings.pop(_CLEARS[tag], None)
        super()._keep(tag, value)
